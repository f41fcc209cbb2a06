//! Which step follows which, and what a label and a sale need by the product's set.

use ocop_market::market::cases::Verdict;
use ocop_market::market::catalogue::{self, ListingStatus, RevisionStatus};
use ocop_market::market::certification::SetNo;
use serde_json::{Value, json};

use super::missing;
use crate::support::catalogue::{id_of, packs};
use crate::support::sellers::ShopActor;
use crate::support::{LAI_CHAU, TestApp};

#[test]
fn a_listing_moves_only_where_its_life_allows() {
    use ListingStatus::{Archived, Draft, Paused, Published, TakenDown, Withdrawn};
    for (status, approved, paused, archived) in [
        (Draft, Some(Published), None, Some(Archived)),
        (Published, Some(Published), Some(Paused), Some(Archived)),
        (Paused, Some(Paused), Some(Paused), Some(Archived)),
        (Archived, None, None, Some(Archived)),
        (Withdrawn, None, None, None),
        (TakenDown, None, None, None),
    ] {
        assert_eq!(status.approved().ok(), approved, "{status:?} approved");
        assert_eq!(status.paused(true).ok(), paused, "{status:?} paused");
        assert_eq!(status.paused(false).ok(), paused.map(|_| Published), "{status:?} resumed");
        assert_eq!(status.archived().ok(), archived, "{status:?} archived");
    }
}

#[test]
fn a_revision_is_edited_and_handed_in_only_while_nobody_decides_on_it() {
    use RevisionStatus::{Approved, ChangesRequested, Draft, Rejected, Submitted};
    for (status, edited, submitted) in [
        (Draft, Some(Some(Draft)), Some(Submitted)),
        (ChangesRequested, Some(Some(Draft)), Some(Submitted)),
        (Submitted, None, None),
        // The edit begins another revision.
        (Approved, Some(None), None),
        (Rejected, Some(None), None),
    ] {
        assert_eq!(status.edited().ok(), edited, "{status:?} edited");
        assert_eq!(status.submitted().ok(), submitted, "{status:?} submitted");
        assert_eq!(status.decided(Verdict::Approve), (status == Submitted).then_some(Approved));
        assert_eq!(status.decided(Verdict::RequestChanges), (status == Submitted).then_some(ChangesRequested));
        assert_eq!(status.decided(Verdict::Reject), (status == Submitted).then_some(Rejected));
    }
}

#[test]
fn what_a_label_must_say_depends_on_the_group() {
    use ocop_market::market::certification::Group;
    let codes = |group| {
        let missing = catalogue::Label::default().missing(group);
        missing.into_iter().map(|missing| missing.code.replace("label.", "")).collect::<Vec<_>>()
    };
    let everywhere = ["responsible_name", "responsible_address"];
    let consumed = ["ingredients", "net_quantity", "shelf_life", "storage"];
    for group in [Group::Food, Group::Drink, Group::Herbal] {
        assert_eq!(codes(group), [&consumed[..], &everywhere[..]].concat());
    }
    assert_eq!(codes(Group::Handicraft), [&["ingredients"][..], &everywhere[..]].concat());
    for group in [Group::Ornamental, Group::Tourism] {
        assert_eq!(codes(group), everywhere);
    }
}

#[tokio::test]
async fn sale_rules_follow_from_the_product_set() {
    let app = TestApp::new().await;
    let today = app.clock.today();
    let rule = async |set: i16| {
        let set = SetNo::try_from(set).unwrap();
        app.app.db.see(async |conn| catalogue::sale_rule(conn, set, today).await).await.unwrap()
    };
    for set in [14, 15] {
        let alcohol = rule(set).await;
        assert_eq!((alcohol.orderable, alcohol.cash_allowed, alcohol.minimum_age), (true, false, Some(18)), "{set}");
    }
    assert!(!rule(26).await.orderable);
    for set in (1..=13).chain(16..=25) {
        let usual = rule(set).await;
        assert_eq!((usual.orderable, usual.cash_allowed, usual.minimum_age), (true, true, None), "{set}");
    }
    app.finish().await;
}

#[tokio::test]
async fn alcohol_needs_a_licence_and_a_service_no_weight() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let alcohol = with_set(&shop, 14).await;
    assert_eq!(missing(&alcohol), ["paper.alcohol_licence"]);
    assert_eq!(alcohol["sale_rule"]["minimum_age"], 18);
    shop.submit(id_of(&alcohol)).await.refused(422, "listing-incomplete");
    shop.paper("alcohol_licence").await;
    shop.submit(id_of(&alcohol)).await.ok();

    let service = with_set(&shop, 26).await;
    let path = shop.path(&format!("/listings/{}/variants", id_of(&service)));
    let service = shop.put(&path, packs(&[("DEM", 450_000, None)])).await.ok();
    assert_eq!((missing(&service), &service["sale_rule"]["orderable"]), (vec![], &json!(false)));
    app.finish().await;
}

async fn with_set(shop: &ShopActor, set_no: i16) -> Value {
    let draft = shop.draft(150_000).await;
    let mut content = draft["revision"]["content"].clone();
    content["set_no"] = json!(set_no);
    shop.save(&draft, content).await.ok()
}
