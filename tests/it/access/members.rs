//! A shop's members: invited, taken in, let go.

use ocop_market::people::access::OfficerRole;
use serde_json::json;

use super::grant_by;
use crate::support::sellers::cooperative;
use crate::support::{LAI_CHAU, TestApp};

#[tokio::test]
async fn an_owner_takes_people_into_the_shop_and_lets_them_go() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let packer = app.account("Người đóng gói").await;
    packer.get(&shop.path("")).await.refused(404, "not-found");
    let joins = json!({ "contact": packer.contact(), "role": "packer" });
    let members = shop.post(&shop.path("/members"), joins.clone()).await.ok();
    let id = members[1]["id"].as_str().unwrap();
    packer.put(&format!("/v1/me/invitations/{id}"), json!({})).await.ok();
    let members = shop.get(&shop.path("/members")).await.ok();
    assert_eq!(members[1]["account_id"], json!(packer.account()));
    assert_eq!(members[1]["invited_as"], json!(null));
    assert_eq!(members[1]["role"], "packer");
    packer.get(&shop.path("")).await.ok();
    shop.post(&shop.path("/members"), joins).await.refused(409, "member-already");
    let membership = shop.path(&format!("/members/{}", members[1]["id"].as_str().unwrap()));
    packer.delete(&membership).await.refused(403, "not-your-function");
    shop.delete(&membership).await.ok();
    packer.get(&shop.path("")).await.refused(404, "not-found");
    shop.delete(&membership).await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn an_invitation_gives_and_tells_nothing_until_it_is_accepted() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let invited = app.account("Người được mời").await;
    let joins = json!({ "contact": invited.contact(), "role": "owner" });
    let members = shop.post(&shop.path("/members"), joins.clone()).await.ok();
    let pending = &members[1];
    for unknown in ["account_id", "display_name", "accepted_at"] {
        assert_eq!(pending[unknown], json!(null), "{unknown}");
    }
    assert_eq!(pending["invited_as"], invited.contact());
    invited.get(&shop.path("")).await.refused(404, "not-found");
    assert_eq!(invited.get("/v1/me/shops").await.ok(), json!([]));
    let invitations = invited.get("/v1/me/invitations").await.ok();
    assert_eq!((&invitations[0]["id"], &invitations[0]["role"]), (&pending["id"], &json!("owner")));

    let id = pending["id"].as_str().unwrap();
    let (invitation, membership) = (format!("/v1/me/invitations/{id}"), format!("/v1/me/memberships/{id}"));
    let stranger = app.account("Người lạ").await;
    stranger.put(&invitation, json!({})).await.refused(404, "not-found");
    stranger.delete(&membership).await.refused(404, "not-found");
    invited.delete(&membership).await.ok();
    invited.put(&invitation, json!({})).await.refused(404, "not-found");
    assert_eq!(invited.get("/v1/me/invitations").await.ok(), json!([]));

    let members = shop.post(&shop.path("/members"), joins).await.ok();
    let id = members[1]["id"].as_str().unwrap();
    for _ in 0..2 {
        invited.put(&format!("/v1/me/invitations/{id}"), json!({})).await.ok();
    }
    invited.get(&shop.path("")).await.ok();
    invited.delete(&format!("/v1/me/memberships/{id}")).await.ok();
    invited.get(&shop.path("")).await.refused(404, "not-found");
    app.finish().await;
}

#[tokio::test]
async fn a_shop_cannot_ask_by_invitations_who_has_an_account() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let guess = |number: u32| json!({ "contact": format!("0999 888 {number:03}"), "role": "packer" });
    for number in 0..20 {
        shop.post(&shop.path("/members"), guess(number)).await.refused(409, "no-such-account");
    }
    shop.post(&shop.path("/members"), guess(20)).await.refused(429, "too-many-attempts");
    app.finish().await;
}

#[tokio::test]
async fn nobody_without_an_account_is_made_a_member_or_an_officer() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let member = json!({ "contact": "0999 888 777", "role": "manager" });
    shop.post(&shop.path("/members"), member).await.refused(409, "no-such-account");
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let grant = grant_by("0999 888 777", "so-cong-thuong-12", "reviewer", &app);
    head.post("/admin/v1/grants", grant).await.refused(409, "no-such-account");
    app.finish().await;
}

#[tokio::test]
async fn a_shop_keeps_at_least_one_owner() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let members = shop.get(&shop.path("/members")).await.ok();
    let first = shop.path(&format!("/members/{}", members[0]["id"].as_str().unwrap()));
    shop.delete(&first).await.refused(409, "last-owner");
    let second = app.account("Đồng sở hữu").await;
    let members = shop.post(&shop.path("/members"), json!({ "contact": second.contact(), "role": "owner" })).await.ok();
    shop.delete(&first).await.refused(409, "last-owner");
    let id = members[1]["id"].as_str().unwrap();
    second.put(&format!("/v1/me/invitations/{id}"), json!({})).await.ok();
    shop.delete(&first).await.ok();
    second.delete(&format!("/v1/me/memberships/{id}")).await.refused(409, "last-owner");
    shop.get(&shop.path("")).await.refused(404, "not-found");
    second.get(&shop.path("/members")).await.ok();
    app.finish().await;
}
