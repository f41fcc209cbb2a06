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
    let now = app.clock.now();
    let flood = async |conn: &mut PgConnection| {
        for number in 0..1_001_u32 {
            keep_unbelieved(conn, &message(Source::Ghn, &number.to_be_bytes()), Heard::Forged, now).await?;
        }
        keep_unbelieved(conn, &message(Source::Bank, &[0; 5_000]), Heard::Forged, now).await
    };
    app.app.db.act(flood).await.unwrap();
    assert_eq!(app.count("select count(*) from webhooks where source = 'ghn'").await, 1_000);
    assert_eq!(app.count("select octet_length(raw)::bigint from webhooks where source = 'bank'").await, 2_048);
    // An hour later somebody may try again.
    app.clock.advance(TimeDelta::hours(1));
    let later = app.clock.now();
    let again = async |conn: &mut PgConnection| {
        keep_unbelieved(conn, &message(Source::Ghn, b"x"), Heard::Forged, later).await?;
        keep(conn, &message(Source::Ghn, b"x"), later).await
    };
    app.app.db.act(again).await.unwrap();
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
    let now = app.clock.now();
    let hear = async |conn: &mut PgConnection| {
        let judged = keep(conn, &message(Source::Vnpay, b"judged"), now).await?;
        note(conn, judged, Heard::Applied).await?;
        // That it changed something is not forgotten.
        note(conn, judged, Heard::Duplicate).await?;
        assert_eq!(lock(conn, judged).await?, Some(Heard::Applied));
        keep(conn, &message(Source::Momo, b"lost"), now).await
    };
    let lost = app.app.db.act(hear).await.unwrap();
    find_unheard(&app.app, FindUnheard {}).await.unwrap();
    app.clock.advance(TimeDelta::hours(1));
    let told = find_unheard(&app.app, FindUnheard {}).await.unwrap_err();
    assert!(format!("{told:?}").contains(&lost.to_string()), "{told:?}");
    app.app.db.act(async |conn| note(conn, lost, Heard::Pending).await).await.unwrap();
    find_unheard(&app.app, FindUnheard {}).await.unwrap();
    app.finish().await;
}
