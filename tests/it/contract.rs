//! The contract: every change of the API shows in a snapshot, and README says what the program says.

use ocop_market::{cli, routes};

#[test]
fn the_public_document_is_the_one_in_the_snapshot() {
    let document = serde_json::to_value(routes::public_api().1).unwrap();
    insta::assert_json_snapshot!("openapi_v1", document);
}

#[test]
fn the_officers_document_is_the_one_in_the_snapshot() {
    let document = serde_json::to_value(routes::officers_api().1).unwrap();
    insta::assert_json_snapshot!("openapi_admin_v1", document);
}

#[test]
fn operations_are_named_once_and_described() {
    for document in [routes::public_api().1, routes::officers_api().1] {
        let document = serde_json::to_value(document).unwrap();
        let mut names = std::collections::BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap();
                assert!(names.insert(name.to_owned()), "two operations are called {name}");
                assert!(operation["summary"].is_string(), "{method} {path} has no summary");
            }
        }
    }
}

#[test]
fn the_table_of_configuration_in_the_readme_is_the_programs() {
    let readme = include_str!("../../README.md");
    assert!(readme.contains(cli::config_table().trim()), "put this into README:\n{}", cli::config_table());
}

#[tokio::test]
async fn the_documentation_asks_nothing_of_the_outside() {
    let app = crate::support::TestApp::new().await;
    let home = app.anyone().get("/").await;
    assert_eq!((home.status, home.header("location")), (307, Some("/docs/")));
    let page = app.anyone().get("/docs/").await;
    assert_eq!(page.status, 200);
    let html = String::from_utf8(page.bytes.to_vec()).unwrap();
    assert!(!html.contains("http://") && !html.contains("https://") && !html.contains("src=\"//"), "{html}");
    for document in ["/v1/openapi.json", "/admin/v1/openapi.json"] {
        assert_eq!(app.anyone().get(document).await.ok()["openapi"], "3.1.0");
    }
    app.finish().await;
}
