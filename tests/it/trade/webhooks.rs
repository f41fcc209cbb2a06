//! What providers send, whatever becomes of it.

use chrono::TimeDelta;
use ocop_market::trade::webhooks::jobs::{FindUnheard, ForgetUnbelieved, find_unheard, forget_unbelieved};
use ocop_market::trade::webhooks::{Heard, Message, Source, keep, keep_unbelieved, lock, note};
use sqlx::PgConnection;

use crate::support::TestApp;

fn message(source: Source, raw: &[u8]) -> Message<'_> {
    Message { source, raw, seal: None }
}

#[tokio::test]
async fn what_is_not_believed_cannot_fill_the_disk_and_is_forgotten() {
    let app = TestApp::new().await;
    for number in 0..1_001_u32 {
        keep_unbelieved(&app.app, &message(Source::Ghn, &number.to_be_bytes()), Heard::Forged).await.unwrap();
    }
    keep_unbelieved(&app.app, &message(Source::Bank, &[0; 5_000]), Heard::Forged).await.unwrap();
    assert_eq!(app.count("select count(*) from webhooks where source = 'ghn'").await, 1_000);
    assert_eq!(app.count("select octet_length(raw)::bigint from webhooks where source = 'bank'").await, 2_048);
    // An hour later somebody may try again.
    app.clock.advance(TimeDelta::hours(1));
    keep_unbelieved(&app.app, &message(Source::Ghn, b"x"), Heard::Forged).await.unwrap();
    keep(&app.app, &message(Source::Ghn, b"x")).await.unwrap();
    assert_eq!(app.count("select count(*) from webhooks where source = 'ghn'").await, 1_002);
    app.clock.advance(TimeDelta::hours(719) + TimeDelta::minutes(1));
    forget_unbelieved(&app.app, ForgetUnbelieved {}).await.unwrap();
    assert_eq!(app.count("select count(*) from webhooks").await, 2);
    app.clock.advance(TimeDelta::hours(1));
    forget_unbelieved(&app.app, ForgetUnbelieved {}).await.unwrap();
    assert_eq!(app.count("select count(*) from webhooks where verified").await, 1);
    assert_eq!(app.count("select count(*) from webhooks").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_signed_message_nobody_judged_is_found_in_the_night() {
    let app = TestApp::new().await;
    let judged = keep(&app.app, &message(Source::Vnpay, b"judged")).await.unwrap();
    let judge = async |conn: &mut PgConnection| {
        note(conn, judged, Heard::Applied).await?;
        // That it changed something is not forgotten.
        note(conn, judged, Heard::Duplicate).await?;
        lock(conn, judged).await
    };
    assert_eq!(app.app.db.act(judge).await.unwrap(), Some(Heard::Applied));
    let lost = keep(&app.app, &message(Source::Momo, b"lost")).await.unwrap();
    find_unheard(&app.app, FindUnheard {}).await.unwrap();
    app.clock.advance(TimeDelta::hours(1));
    let told = find_unheard(&app.app, FindUnheard {}).await.unwrap_err();
    assert!(format!("{told:?}").contains(&lost.to_string()), "{told:?}");
    app.app.db.act(async |conn| note(conn, lost, Heard::Pending).await).await.unwrap();
    find_unheard(&app.app, FindUnheard {}).await.unwrap();
    app.finish().await;
}
