//! How the catalogue keeps up with a database that falls silent, loses something, comes from elsewhere or is held up.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use ocop_market::front::shelf::feed::{CHANNEL, Shelf};
use ocop_market::platform::db::Db;
use ocop_market::routes;
use serde_json::json;
use sqlx::PgConnection;
use sqlx::postgres::PgConnectOptions;
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

use super::fresh::{PATIENCE, counted, now, price, reprice, set_price, two_wares};
use crate::support::TestApp;

/// A way to the database on which all connections can go dead without being closed, as when the machine behind is gone.
struct Wire {
    folder: TempDir,
    options: PgConnectOptions,
    cut: Arc<Notify>,
}

impl Wire {
    async fn to(app: &TestApp) -> Self {
        let (folder, options, cut) = (tempfile::tempdir().unwrap(), app.options().await, Arc::new(Notify::new()));
        let file = format!(".s.PGSQL.{}", options.get_port());
        let (far, near) = (options.get_socket().unwrap().join(&file), folder.path().join(&file));
        let (listener, each) = (UnixListener::bind(near).unwrap(), Arc::clone(&cut));
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (mut far, cut) = (UnixStream::connect(&far).await.unwrap(), Arc::clone(&each));
                tokio::spawn(async move {
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        () = cut.notified() => std::future::pending().await,
                    }
                });
            }
        });
        Self { folder, options, cut }
    }

    fn options(&self) -> PgConnectOptions {
        self.options.clone().socket(self.folder.path())
    }

    /// From now on nothing passes on the connections there are.
    fn cut(&self) {
        self.cut.notify_waiters();
    }
}

#[tokio::test]
async fn a_server_that_vanishes_without_a_word_is_not_waited_for() {
    let app = TestApp::new().await;
    let (tea, ..) = two_wares(&app).await;
    let wire = Wire::to(&app).await;
    let db = Db::new(wire.options(), 1).with_patience(Duration::from_secs(2));
    let shelf = Shelf::new(db.clone(), app.clock.clone());
    let reader = app.anyone().without_catching_up().through(routes::everything(&app.app, &shelf));
    shelf.catch_up().await.unwrap();
    // By the time something is heard, the connection of before is back in the pool.
    let hearing = async || {
        let mut listener = db.listen(CHANNEL).await.unwrap();
        app.app.db.announce(CHANNEL).await.unwrap();
        timeout(PATIENCE, db.hear(&mut listener)).await.expect("the announcement is heard").unwrap();
        listener
    };
    let mut listener = hearing().await;

    reprice(&app, &tea, 90_000).await;
    wire.cut();
    let (looked, heard) = timeout(PATIENCE, async { tokio::join!(shelf.catch_up(), db.hear(&mut listener)) })
        .await
        .expect("nobody waits for ever");
    assert!(looked.is_err() && heard.is_err());
    // The pool has one connection: the dead one is not kept.
    shelf.catch_up().await.unwrap();
    assert_eq!(price(&reader, &tea).await, json!(90_000));
    drop(hearing().await);
    wire.cut();
    let announced = timeout(PATIENCE, db.announce(CHANNEL)).await.expect("nobody waits for ever");
    assert!(announced.is_err());
    db.announce(CHANNEL).await.unwrap();
    db.close().await;
    app.finish().await;
}

#[tokio::test]
async fn an_instance_of_which_the_server_is_alive_hears_after_a_long_silence() {
    let app = TestApp::new().await;
    let db = Db::new(app.options().await, 1).with_patience(Duration::from_millis(200));
    let mut listener = db.listen(CHANNEL).await.unwrap();
    let asked = "select count(*) from pg_stat_activity where datname = current_database() and query = 'select 1'";
    let announce = async {
        while app.count(asked).await == 0 {}
        app.app.db.announce(CHANNEL).await
    };
    let both = async { tokio::join!(db.hear(&mut listener), announce) };
    let (heard, announced) = timeout(PATIENCE, both).await.expect("the announcement is heard");
    announced.unwrap();
    heard.unwrap();
    db.close().await;
    app.finish().await;
}

#[tokio::test]
async fn a_standby_that_took_over_may_lack_any_transaction_and_is_read_anew() {
    let app = TestApp::new().await;
    let (tea, honey, _) = two_wares(&app).await;
    // What the server says of its timeline is said here, for this instance.
    app.sql(
        "create table timeline (name text not null);
         insert into timeline values ('000000010000000000000001');
         create function pg_walfile_name(pg_lsn) returns text language sql as 'select name from timeline'",
    )
    .await;
    let db = Db::new(app.options().await.options([("search_path", "public,pg_catalog")]), 1);
    let shelf = Shelf::new(db.clone(), app.clock.clone());
    let reader = app.anyone().without_catching_up().through(routes::everything(&app.app, &shelf));
    reprice(&app, &tea, 1_000).await;
    reprice(&app, &honey, 99_000).await;
    shelf.catch_up().await.unwrap();
    app.app
        .db
        .act(async |conn| {
            sqlx::raw_sql("set local session_replication_role = replica").execute(&mut *conn).await?;
            set_price(conn, &tea, 185_000).await?;
            let lost = "delete from shelf_news where subject = $1";
            sqlx::query(lost).bind(tea.listing).execute(conn).await?;
            Ok(())
        })
        .await
        .unwrap();
    shelf.catch_up().await.unwrap();
    assert_eq!((counted(&shelf, "shelf_builds_total"), price(&reader, &tea).await), (1, json!(1_000)));
    app.sql("update timeline set name = '000000020000000000000001'").await;
    shelf.catch_up().await.unwrap();
    assert_eq!((counted(&shelf, "shelf_builds_total"), price(&reader, &tea).await), (2, json!(185_000)));
    assert_eq!(price(&reader, &honey).await, json!(99_000));
    shelf.catch_up().await.unwrap();
    assert_eq!(counted(&shelf, "shelf_builds_total"), 2, "once");
    db.close().await;
    app.finish().await;
}

#[tokio::test]
async fn thousands_of_news_beside_a_transaction_that_does_not_end_are_all_read_and_once() {
    const MANY: &str = "insert into shelf_news (kind, subject)
        select 'listing', gen_random_uuid() from generate_series(1, 4500)";
    let app = TestApp::new().await;
    let (tea, honey, reader) = two_wares(&app).await;
    let (begun, has_begun) = oneshot::channel();
    let (commit, may_commit) = oneshot::channel::<()>();
    let (begun, may_commit) = (Mutex::new(Some(begun)), tokio::sync::Mutex::new(may_commit));
    let long = app.app.db.act(async |conn: &mut PgConnection| {
        set_price(conn, &honey, 99_000).await?;
        sqlx::raw_sql(MANY).execute(conn).await?;
        begun.lock().unwrap().take().unwrap().send(()).unwrap();
        (&mut *may_commit.lock().await).await.unwrap();
        Ok(())
    });
    let meanwhile = async {
        has_begun.await.unwrap();
        reprice(&app, &tea, 90_000).await;
        app.sql(MANY).await;
        assert!(app.shelf.catch_up().await.unwrap());
        assert_eq!((price(&reader, &tea).await, price(&reader, &honey).await), (json!(90_000), json!(320_000)));
        let taken = counted(&app.shelf, "shelf_taken_total");
        assert!(!app.shelf.catch_up().await.unwrap());
        reprice(&app, &tea, 91_000).await;
        assert!(app.shelf.catch_up().await.unwrap());
        assert_eq!(price(&reader, &tea).await, json!(91_000));
        assert_eq!(counted(&app.shelf, "shelf_taken_total"), taken + 1, "what was read is not read again");
        commit.send(()).unwrap();
    };
    let (done, ()) = tokio::join!(long, meanwhile);
    done.unwrap();
    let taken = counted(&app.shelf, "shelf_taken_total");
    assert!(app.shelf.catch_up().await.unwrap());
    assert_eq!((price(&reader, &tea).await, price(&reader, &honey).await), (json!(91_000), json!(99_000)));
    assert_eq!(counted(&app.shelf, "shelf_taken_total"), taken + 4_501);
    app.finish().await;
}

#[tokio::test]
async fn rows_restored_from_a_cluster_far_ahead_are_no_news_and_hide_none() {
    const RESTORED: &str = "select count(*) from shelf_news where tx >= pg_snapshot_xmax(pg_current_snapshot())";
    let app = TestApp::new().await;
    let (tea, _, reader) = two_wares(&app).await;
    app.run_jobs().await;
    app.sql("update shelf_news set tx = (tx::text::bigint + 1000000000000)::text::xid8").await;
    assert!(app.count(RESTORED).await > 0);
    app.shelf.catch_up().await.unwrap();
    assert_eq!(counted(&app.shelf, "shelf_builds_total"), 2);
    let taken = counted(&app.shelf, "shelf_taken_total");
    reprice(&app, &tea, 90_000).await;
    assert!(app.shelf.catch_up().await.unwrap());
    assert_eq!(price(&reader, &tea).await, json!(90_000));
    assert_eq!(counted(&app.shelf, "shelf_taken_total"), taken + 1);
    timeout(PATIENCE, app.shelf.caught_up_to(now(&app).await)).await.expect("the last row of this cluster is taken in");
    app.clock.advance(TimeDelta::days(1));
    app.run_jobs().await;
    assert_eq!(app.count(RESTORED).await, 0);
    app.shelf.catch_up().await.unwrap();
    assert_eq!(counted(&app.shelf, "shelf_builds_total"), 2);
    app.finish().await;
}

#[tokio::test]
async fn a_table_of_nothing_but_restored_rows_gets_one_to_stand_at() {
    let app = TestApp::new().await;
    app.run_jobs().await;
    app.sql("update shelf_news set tx = (tx::text::bigint + 1000000000000)::text::xid8").await;
    app.clock.advance(TimeDelta::days(1));
    app.run_jobs().await;
    assert_eq!(app.count("select count(*) from shelf_news").await, 1);
    app.shelf.catch_up().await.unwrap();
    timeout(PATIENCE, app.shelf.caught_up_to(now(&app).await)).await.expect("the row is of this cluster");
    app.finish().await;
}
