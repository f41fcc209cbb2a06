//! What a browser, a cache and a program at the other end of the wire get of the catalogue.

use axum::body::Bytes;
use axum::http::{Method, header};
use ocop_market::app::{App, Parts};
use ocop_market::config::Settings;
use ocop_market::routes;

use crate::support::{HONEY, LAI_CHAU, TEA, TestApp};

#[tokio::test]
async fn a_tag_holds_for_every_coding_and_one_language() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    for _ in 0..4 {
        app.shelve(&stall, TEA).await;
    }
    let anyone = app.anyone();
    let plain = anyone.get("/v1/listings").await;
    let tag = plain.header("etag").unwrap().to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    assert_eq!(plain.header("content-encoding"), None);
    for coding in ["gzip", "br"] {
        let packed = anyone.get_with("/v1/listings", &[("accept-encoding", coding)]).await;
        assert_eq!((packed.header("content-encoding"), packed.header("etag")), (Some(coding), Some(tag.as_str())));
        assert!(packed.bytes.len() < plain.bytes.len() / 2, "{coding}: {} bytes", packed.bytes.len());
        let known = [("accept-encoding", coding), ("if-none-match", tag.as_str())];
        let again = anyone.get_with("/v1/listings", &known).await;
        assert_eq!((again.status, again.bytes.len()), (304, 0));
        let varies: Vec<_> = again.headers.get_all("vary").iter().collect();
        assert_eq!(varies, ["accept-language, accept-encoding"]);
    }
    let english = anyone.get_with("/v1/listings", &[("accept-language", "en"), ("if-none-match", &tag)]).await;
    assert_eq!(english.status, 200);
    let refused = anyone.get_with("/v1/listings", &[("accept-encoding", "gzip;q=0, br;q=0")]).await;
    assert_eq!(refused.header("content-encoding"), None);
    app.sql("update listings set price_vnd = price_vnd + 1000").await;
    assert_eq!(anyone.get_with("/v1/listings", &[("if-none-match", &tag)]).await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn what_many_ask_for_is_packed_well_once_and_kept() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    for _ in 0..6 {
        app.shelve(&stall, TEA).await;
    }
    let anyone = app.anyone();
    let ask = async || anyone.get_with("/v1/listings", &[("accept-encoding", "br")]).await.bytes.len();
    let quick = ask().await;
    let mut asked = 0;
    let thorough = loop {
        let length = ask().await;
        if length < quick {
            break length;
        }
        asked += 1;
        assert!(asked < 10_000, "never packed thoroughly");
    };
    for _ in 0..50 {
        assert_eq!(ask().await, thorough);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_full_list_is_a_list_of_pages() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let (tea, honey) = (app.shelve(&stall, TEA).await, app.shelve(&stall, HONEY).await);
    let list = app.anyone().get("/v1/listings?view=full&sort=newest").await.ok();
    for (at, ware) in [honey, tea].iter().enumerate() {
        let page = app.anyone().get(&format!("/v1/listings/{}", ware.slug)).await.ok();
        assert_eq!(list["items"][at], page);
        let card = app.anyone().get("/v1/listings?view=card&sort=newest").await.ok()["items"][at].clone();
        for (name, value) in card.as_object().unwrap() {
            assert_eq!(page[name], *value, "{name}");
        }
    }
    app.anyone().get("/v1/listings?view=half").await.refused(422, "invalid");
    app.finish().await;
}

#[tokio::test]
async fn reads_of_the_catalogue_keep_the_promises_of_every_answer() {
    let app = TestApp::new().await;
    let anyone = app.anyone();
    let found = anyone.get("/v1/listings").await;
    assert_eq!((found.status, found.header("x-content-type-options")), (200, Some("nosniff")));
    assert_eq!(found.header("cache-control"), Some("public, no-cache"));
    assert!(found.header("x-request-id").is_some());
    let missing = anyone.get("/v1/listings/khong-co").await;
    let trace = missing.header("x-request-id").unwrap().to_owned();
    assert_eq!(missing.header("cache-control"), Some("no-store"));
    assert_eq!(missing.refused(404, "not-found")["trace_id"], trace);
    anyone.send(Method::DELETE, "/v1/provinces", &[], Bytes::new()).await.refused(405, "method-not-allowed");
    let head = anyone.send(Method::HEAD, "/v1/listings", &[], Bytes::new()).await;
    assert_eq!((head.status, head.header("etag"), head.bytes.len()), (200, found.header("etag"), 0));
    app.finish().await;
}

#[tokio::test]
async fn pages_of_other_origins_read_the_catalogue_only_where_they_are_allowed() {
    const ALLOWED: &str = "https://ocop.example.vn";
    let app = TestApp::new().await;
    let settings = Settings { allowed_origins: vec![ALLOWED.to_owned()], ..app.app.settings.clone() };
    let allowing = App::new(Parts { settings, ..Parts::clone(&app.app) });
    let (nobody, anyone) = (app.anyone(), app.anyone().through(routes::everything(&allowing, &app.shelf)));
    let ask = [("access-control-request-method", "GET"), ("access-control-request-headers", "if-none-match")];
    for path in ["/v1/listings", "/v1/suggestions?q=tra", "/v1/provinces", "/v1/listings/khong-co"] {
        for (origin, allows) in [(ALLOWED, Some(ALLOWED)), ("https://other.example.vn", None), ("null", None)] {
            let answer = anyone.get_with(path, &[("origin", origin)]).await;
            assert_eq!(answer.header("access-control-allow-origin"), allows, "{path} {origin}");
            assert!(answer.headers.get_all(header::VARY).iter().any(|vary| vary.to_str().unwrap().contains("origin")));
            let exposed = answer.header("access-control-expose-headers").unwrap();
            assert!(exposed.contains("etag"), "{path} {exposed}");

            let preflight = [("origin", origin), ask[0], ask[1]];
            let preflight = anyone.send(Method::OPTIONS, path, &preflight, Bytes::new()).await;
            assert_eq!(
                (preflight.status, preflight.header("access-control-allow-origin")),
                (200, allows),
                "{path} {origin}"
            );
            let (methods, headers) = ("access-control-allow-methods", "access-control-allow-headers");
            assert!(preflight.header(methods).is_some_and(|methods| methods.contains("GET")), "{path} {origin}");
            assert!(
                preflight.header(headers).is_some_and(|headers| headers.contains("if-none-match")),
                "{path} {origin}"
            );
        }
        // Where no origin is allowed, none is answered.
        let answer = nobody.get_with(path, &[("origin", ALLOWED)]).await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
    app.finish().await;
}
