//! What the queue finds and counts.

use chrono::TimeDelta;
use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::{desk, newest, reviewer};
use crate::support::sellers::cooperative;
use crate::support::{Actor, LAI_CHAU, TestApp, VINH_LONG};

async fn titles(officer: &Actor, query: &str) -> Vec<String> {
    let page = officer.get(&format!("/admin/v1/cases?{query}")).await.ok();
    page["items"].as_array().unwrap().iter().map(|case| case["title"].as_str().unwrap().to_owned()).collect()
}

async fn submit(app: &TestApp, form: Value) -> String {
    let shop = app.draft_shop(form).await;
    shop.paper("business_registration").await;
    shop.post(&shop.path("/submission"), json!({})).await.ok();
    newest(&shop).await
}

fn named(name: &str, province: &str) -> Value {
    let mut form = cooperative(province);
    form["name"] = json!(name);
    form
}

#[tokio::test]
async fn the_queue_is_searched_without_accents_by_hands_and_by_lateness() {
    let app = TestApp::new().await;
    let honey = submit(&app, named("Mật ong Mèo Vạc", LAI_CHAU)).await;
    app.clock.advance(TimeDelta::days(5));
    let tea = submit(&app, named("Đặc sản trà Tả Lèng", LAI_CHAU)).await;
    submit(&app, named("Miến dong Bình Lư", LAI_CHAU)).await;
    let (me, other) = (reviewer(&app).await, reviewer(&app).await);
    me.put(&desk(&honey, "/lease"), json!({})).await.ok();
    other.put(&desk(&tea, "/lease"), json!({})).await.ok();

    for (query, found) in [
        ("q=dac%20san%20tra", vec!["Đặc sản trà Tả Lèng"]),
        ("q=M%E1%BA%ADt%20o", vec!["Mật ong Mèo Vạc"]),
        ("q=ong%20b", vec![]),
        ("q=%21", vec!["Mật ong Mèo Vạc", "Đặc sản trà Tả Lèng", "Miến dong Bình Lư"]),
        ("lease=mine", vec!["Mật ong Mèo Vạc"]),
        ("lease=taken", vec!["Đặc sản trà Tả Lèng"]),
        ("lease=free", vec!["Miến dong Bình Lư"]),
        ("late=true", vec!["Mật ong Mèo Vạc"]),
        ("late=false&lease=free", vec!["Miến dong Bình Lư"]),
        ("late=true&status=decided", vec![]),
    ] {
        assert_eq!(titles(&me, query).await, found, "{query}");
    }
    for wrong in ["late=perhaps", "lease=yours", "q="] {
        me.get(&format!("/admin/v1/cases?{wrong}")).await.refused(422, "invalid");
    }
    let counts = |found: &Value| (found["kinds"][0]["count"].clone(), found["kinds"][0]["late"].clone());
    let counted = me.get("/admin/v1/cases?facets=kind&kind=complaint").await.ok();
    assert_eq!(counts(&counted), (json!(3), json!(1)), "{counted}");
    let counted = me.get("/admin/v1/cases?facets=kind&lease=taken&q=tra").await.ok();
    assert_eq!(counts(&counted), (json!(1), json!(0)), "{counted}");

    app.clock.advance(TimeDelta::hours(5));
    assert_eq!(titles(&me, "lease=mine").await, [""; 0], "the lease ran out");
    assert_eq!(titles(&me, "lease=free").await.len(), 3);
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn the_officer_of_a_merged_province_divides_the_work_by_its_predecessors() {
    let app = TestApp::new().await;
    let officer = app.officer(VINH_LONG, OfficerRole::Reviewer).await;
    for (name, commune) in
        [("Dừa sáp Trà Vinh", "tra-vinh"), ("Kẹo dừa Bến Tre", "ben-tre"), ("Bưởi Năm Roi", "vinh-long")]
    {
        let code = commune_formerly_of(&app, commune).await;
        let mut form = named(name, VINH_LONG);
        form["commune_code"] = json!(code);
        submit(&app, form).await;
    }
    submit(&app, named("Trà Sin Suối Hồ", LAI_CHAU)).await;

    assert_eq!(titles(&officer, "").await.len(), 3);
    assert_eq!(titles(&officer, "legacy_province=ben-tre").await, ["Kẹo dừa Bến Tre"]);
    assert_eq!(titles(&officer, "legacy_province=tra-vinh").await, ["Dừa sáp Trà Vinh"]);
    assert_eq!(titles(&officer, "legacy_province=vinh-long").await, ["Bưởi Năm Roi"]);
    assert_eq!(titles(&officer, "legacy_province=lai-chau").await, [""; 0]);
    app.finish().await;
}

/// A commune of today all of which lay in one former province.
async fn commune_formerly_of(app: &TestApp, slug: &str) -> String {
    let statement = "
        select commune_code
          from commune_successions
          join legacy_communes on legacy_communes.id = legacy_commune_id
          join legacy_districts on legacy_districts.id = district_id
          join legacy_provinces on legacy_provinces.code = legacy_province_code
         group by commune_code
        having bool_and(legacy_provinces.slug = $1)
         order by commune_code
         limit 1";
    let found =
        app.app.db.see(async |conn| Ok(sqlx::query_scalar::<_, String>(statement).bind(slug).fetch_one(conn).await?));
    found.await.unwrap()
}
