//! The shelf: what the public finds, and what it does not.

mod answers;
mod fresh;
mod hostile;
mod market;
mod model;
mod oracle;
mod outages;
mod relevance;
mod search;
mod words;

use serde_json::{Value, json};

use crate::support::{Goods, LAI_CHAU, TEA, TestApp};

const WINE: Goods<'static> = Goods { title: "Rượu ngô", set_no: 14, ..TEA };

#[tokio::test]
async fn a_province_counts_what_its_list_shows() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    app.shelve(&stall, TEA).await;
    app.shelve(&stall, WINE).await;
    let list = app.anyone().get("/v1/listings?province=lai-chau").await.ok();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.anyone().get("/v1/provinces/lai-chau").await.ok()["listings"]["total"], 1);
    let provinces = app.anyone().get("/v1/provinces").await.ok();
    let lai_chau = provinces.as_array().unwrap().iter().find(|province| province["code"] == LAI_CHAU).unwrap();
    assert_eq!(lai_chau["listings"], json!({ "total": 1, "by_stars": {} }));
    app.finish().await;
}

#[tokio::test]
async fn reviews_are_shown_where_the_page_of_the_listing_is() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let (tea, wine) = (app.shelve(&stall, TEA).await, app.shelve(&stall, WINE).await);
    let pages =
        |slug: &str, age: &str| [format!("/v1/listings/{slug}{age}"), format!("/v1/listings/{slug}/reviews{age}")];
    for (slug, age, shown) in
        [(&tea.slug, "", true), (&wine.slug, "", false), (&wine.slug, "?age=17", false), (&wine.slug, "?age=18", true)]
    {
        for page in pages(slug, age) {
            assert_eq!(app.anyone().get(&page).await.status, if shown { 200 } else { 404 }, "{page}");
        }
    }
    app.sql("update sellers set status = 'suspended'").await;
    for page in pages(&tea.slug, "") {
        app.anyone().get(&page).await.refused(404, "not-found");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_cursor_is_of_a_filter_and_an_order_however_the_list_is_read() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    for _ in 0..3 {
        app.shelve(&stall, TEA).await;
    }
    let anyone = app.anyone();
    let all = anyone.get("/v1/listings?sort=newest").await.ok();
    let first = anyone.get("/v1/listings?sort=newest&facets=stars,province&view=full&limit=1").await.ok();
    assert_eq!((&first["items"][0]["slug"], first["facets"].is_object()), (&all["items"][0]["slug"], true));
    let after = first["next"].as_str().unwrap();
    let rest = anyone.get(&format!("/v1/listings?sort=newest&after={after}")).await.ok();
    assert_eq!(rest["items"].as_array().unwrap(), &all["items"].as_array().unwrap()[1..]);
    assert_eq!((&rest["next"], &rest["facets"]), (&Value::Null, &Value::Null));
    for other in ["sort=price", "sort=newest&set=10", "sort=newest&q=tra", "sort=newest&age=18"] {
        let refusal = anyone.get(&format!("/v1/listings?{other}&after={after}")).await.refused(422, "invalid");
        assert_eq!(refusal["errors"][0]["at"], "after", "{other}");
    }
    app.finish().await;
}

#[tokio::test]
async fn what_no_listing_can_have_is_refused_by_name() {
    let app = TestApp::new().await;
    for (at, wrong) in
        [("stars_min", ["0", "6"]), ("age", ["-1", "151"]), ("stars", ["2", "3,6"]), ("set", ["0", "11,27"])]
    {
        for value in wrong {
            let refusal = app.anyone().get(&format!("/v1/listings?{at}={value}")).await.refused(422, "invalid");
            assert_eq!(refusal["errors"][0]["at"], at, "{at}={value}: {refusal}");
        }
    }
    for slug in ["x", "x/reviews"] {
        let refusal = app.anyone().get(&format!("/v1/listings/{slug}?age=151")).await.refused(422, "invalid");
        assert_eq!(refusal["errors"][0]["at"], "age");
    }
    let widest = "/v1/listings?stars_min=1&age=150&stars=3,4,5&set=1,26";
    assert_eq!(app.anyone().get(widest).await.ok()["items"], Value::Array(vec![]));
    app.finish().await;
}

#[tokio::test]
async fn caches_keep_an_answer_for_each_language() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let reviews = format!("/v1/listings/{}/reviews", tea.slug);
    for page in ["/v1/listings", "/v1/provinces", "/v1/product_sets", &reviews] {
        let answer = app.anyone().get(page).await;
        let vary: Vec<_> = answer.headers.get_all("vary").iter().filter_map(|value| value.to_str().ok()).collect();
        assert!(vary.join(", ").contains("accept-language"), "{page}: {vary:?}");
        let tag = answer.header("etag").unwrap();
        let again = app.anyone().get_with(page, &[("if-none-match", tag)]).await;
        assert_eq!((again.status, again.header("etag")), (304, Some(tag)), "{page}");
        assert!(again.headers.contains_key("vary"), "{page}");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_version_of_a_listing_under_edit_is_no_tag_of_a_body() {
    let app = TestApp::new().await;
    let shop = app.approved_shop(LAI_CHAU).await;
    let listing = shop.draft(150_000).await;
    let path = shop.path(&format!("/listings/{}", listing["id"].as_str().unwrap()));
    let tag = format!("\"{}\"", listing["version"]);
    let again = shop.get_with(&path, &[("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.header("etag")), (200, Some(tag.as_str())));
    app.finish().await;
}
