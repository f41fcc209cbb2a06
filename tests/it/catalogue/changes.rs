//! What an edit changes, field by field.

use ocop_market::market::catalogue::{Change, changes};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::catalogue::{id_of, packs};
use crate::support::{LAI_CHAU, TestApp};

fn lines(found: &[Change]) -> Vec<String> {
    found.iter().map(|change| format!("{}: {} -> {}", change.path, change.before, change.after)).collect()
}

#[test]
fn every_leaf_that_differs_is_named_by_its_path() {
    let before = json!({
        "title": "Chè", "summary": null, "label": { "storage": "Khô ráo", "usage": null }, "set_no": 11,
        "pictures": ["a", "b", "c"], "variants": [{ "sku": "S", "name": "Nhỏ" }, { "sku": "L", "name": "Lớn" }],
    });
    let after = json!({
        "title": "Trà", "label": { "storage": null, "warnings": "Nóng" }, "set_no": 10,
        "pictures": ["c", "a", "d"], "variants": [{ "sku": "L", "name": "To" }, { "sku": "M", "name": "Vừa" }],
    });
    assert_eq!(
        lines(&changes(&before, &after)),
        [
            r#"label.storage: "Khô ráo" -> null"#,
            r#"label.warnings: null -> "Nóng""#,
            r#"pictures[d]: null -> "d""#,
            r#"pictures[b]: "b" -> null"#,
            r#"pictures: ["a","c"] -> ["c","a"]"#,
            "set_no: 11 -> 10",
            r#"title: "Chè" -> "Trà""#,
            r#"variants[L].name: "Lớn" -> "To""#,
            r#"variants[M].name: null -> "Vừa""#,
            r#"variants[M].sku: null -> "M""#,
            r#"variants[S].name: "Nhỏ" -> null"#,
            r#"variants[S].sku: "S" -> null"#,
        ]
    );
}

#[test]
fn what_came_from_nothing_is_all_new_and_empty_fields_are_none() {
    let after = json!({ "title": "Chè", "summary": null, "label": {}, "pictures": [], "packs": ["a"] });
    assert_eq!(lines(&changes(&Value::Null, &after)), [r#"packs[a]: null -> "a""#, r#"title: null -> "Chè""#]);
    assert_eq!(changes(&after, &after), []);
}

#[test]
fn a_field_that_changes_its_kind_is_one_change() {
    let found = changes(&json!({ "a": "x" }), &json!({ "a": { "b": 1 } }));
    assert_eq!(lines(&found), [r#"a: "x" -> {"b":1}"#]);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::Null), any::<i8>().prop_map(Value::from), "[a-c]{0,2}".prop_map(Value::from)];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-c]", inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_differs_from_itself_and_both_directions_mirror_each_other(one in any_json(), other in any_json()) {
        prop_assert_eq!(changes(&one, &one), vec![]);
        let there = changes(&one, &other);
        let back = changes(&other, &one);
        prop_assert_eq!(there.len(), back.len());
        for change in there {
            let mirrored = Change { path: change.path, before: change.after, after: change.before };
            prop_assert!(back.contains(&mirrored), "{:?}", mirrored);
        }
    }
}

#[tokio::test]
async fn an_officer_sees_each_changed_field_beside_what_is_published() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let draft = shop.draft(150_000).await;
    let submitted = shop.submit(id_of(&draft)).await.ok();
    let subject = async |listing: &Value| {
        let case = shop.case_about(id_of(&listing["revision"])).await;
        let officer = app.officer(LAI_CHAU, ocop_market::people::access::OfficerRole::Reviewer).await;
        officer.get(&format!("/admin/v1/cases/{case}")).await.ok()["subject"].clone()
    };
    let first = subject(&submitted).await;
    let all = first["changes"].as_array().unwrap();
    assert!(all.iter().all(|change| change["before"].is_null() && !change["after"].is_null()), "{first}");
    let title = json!({ "path": "content.title_vi", "before": null, "after": "Chè Shan tuyết Tả Lèng" });
    assert!(all.contains(&title), "{first}");
    assert!(all.iter().any(|change| change["path"] == "variants[HOP-200].name_vi"), "{first}");
    app.decide(&shop, id_of(&submitted["revision"]), json!({ "verdict": "approve" })).await;

    let path = shop.path(&format!("/listings/{}/variants", id_of(&draft)));
    shop.put(&path, packs(&[("HOP-200", 140_000, Some(260)), ("GOI-50", 40_000, Some(80))])).await.ok();
    let listing = shop.listing(id_of(&draft)).await;
    let mut content = listing["published"].clone();
    let (old, new) = (content["pictures"][0].clone(), json!(shop.picture().await));
    content["pictures"] = json!([new]);
    content["label"]["net_quantity"] = json!("200 g, 50 g");
    content["summary_en"] = json!("Hand-roasted buds.");
    shop.save(&listing, content).await.ok();
    let edited = subject(&shop.submit(id_of(&draft)).await.ok()).await;
    assert_eq!(
        edited["changes"],
        json!([
            { "path": "content.label.net_quantity", "before": "200 g", "after": "200 g, 50 g" },
            { "path": format!("content.pictures[{}]", new.as_str().unwrap()), "before": null, "after": new },
            { "path": format!("content.pictures[{}]", old.as_str().unwrap()), "before": old, "after": null },
            { "path": "content.summary_en", "before": null, "after": "Hand-roasted buds." },
            { "path": "variants[GOI-50].name_vi", "before": null, "after": "Gói GOI-50" },
            { "path": "variants[GOI-50].sku", "before": null, "after": "GOI-50" },
        ])
    );
    app.finish().await;
}
