//! Later work: due by the app's clock, tried again, given up visibly, never lost.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use ocop_market::app::App;
use ocop_market::platform::error::{Error, Result};
use ocop_market::platform::jobs::{self, Backlog, Job, Worker};
use serde::{Deserialize, Serialize};

use crate::support::TestApp;

static DONE: AtomicUsize = AtomicUsize::new(0);

#[derive(Default, Serialize, Deserialize)]
struct Greet {}

impl Job for Greet {
    const KIND: &'static str = "test.greet";
}

#[derive(Default, Serialize, Deserialize)]
struct Fail {}

impl Job for Fail {
    const KIND: &'static str = "test.fail";
}

async fn greet(_: &App, _: Greet) -> Result<()> {
    DONE.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

async fn fail(_: &App, _: Fail) -> Result<()> {
    Err(Error::fault("it always fails"))
}

async fn backlog(app: &TestApp) -> Backlog {
    let now = app.clock.now();
    app.app.db.see(async |conn| jobs::backlog(conn, now).await).await.unwrap()
}

async fn run(app: &TestApp, worker: &Worker<App>) -> usize {
    worker.run_due(&app.app, &app.app.db, &app.clock).await.unwrap()
}

#[tokio::test]
async fn a_job_runs_when_the_clock_says_so_and_only_then() {
    let app = TestApp::new().await;
    let worker = Worker::default().on::<Greet>(greet);
    let due = app.clock.now() + TimeDelta::hours(2);
    app.app.db.act(async |conn| Greet {}.enqueue(conn, due).await).await.unwrap();
    assert_eq!(run(&app, &worker).await, 0);
    app.clock.advance(TimeDelta::hours(2));
    assert_eq!(run(&app, &worker).await, 1);
    assert_eq!(run(&app, &worker).await, 0);
    assert_eq!(DONE.load(Ordering::Relaxed), 1);
    app.finish().await;
}

#[tokio::test]
async fn a_job_that_keeps_failing_becomes_a_dead_letter_that_can_be_revived() {
    let app = TestApp::new().await;
    let worker = Worker::default().on::<Fail>(fail);
    let now = app.clock.now();
    app.app.db.act(async |conn| Fail {}.enqueue(conn, now).await).await.unwrap();
    let mut tries = 0;
    while backlog(&app).await.dead == 0 {
        tries += run(&app, &worker).await;
        app.clock.advance(TimeDelta::hours(12));
    }
    assert_eq!(tries, 10);
    let letters = app.app.db.see(async |conn| jobs::dead_letters(conn).await).await.unwrap();
    assert_eq!(letters[0].last_error.as_deref(), Some("it always fails"));
    let now = app.clock.now();
    let revive = async |id| app.app.db.act(async |conn| jobs::revive(conn, id, now).await).await.unwrap();
    assert!(revive(letters[0].id).await);
    assert!(!revive(letters[0].id).await, "it is not dead any more");
    assert_eq!(run(&app, &worker).await, 1);
    app.abandon().await;
}

#[tokio::test]
async fn a_daily_job_that_died_is_planned_again_for_the_next_day() {
    let app = TestApp::new().await;
    let worker = Worker::default().daily::<Fail>(3, fail);
    run(&app, &worker).await;
    while backlog(&app).await.dead == 0 {
        app.clock.advance(TimeDelta::hours(12));
        run(&app, &worker).await;
    }
    run(&app, &worker).await;
    app.clock.advance(TimeDelta::days(1));
    assert_eq!(backlog(&app).await.due, 1);
    app.abandon().await;
}

#[tokio::test]
async fn a_job_whose_worker_never_comes_back_is_given_up_in_the_end() {
    let app = TestApp::new().await;
    let now = app.clock.now();
    app.app.db.act(async |conn| Greet {}.enqueue(conn, now).await).await.unwrap();
    // A worker that dies between claiming and finishing, ten times over.
    let lost = "update jobs set attempts = 10";
    app.app.db.act(async |conn| Ok(sqlx::query(lost).execute(conn).await?)).await.unwrap();
    let worker = Worker::default().on::<Greet>(greet);
    assert_eq!(run(&app, &worker).await, 0);
    assert_eq!(backlog(&app).await, Backlog { due: 0, dead: 1 });
    app.abandon().await;
}

#[tokio::test]
async fn a_round_comes_again_so_long_after_each_time_and_is_never_work_left_behind() {
    let app = TestApp::new().await;
    let worker = Worker::default().every::<Round>(TimeDelta::minutes(5), round);
    assert_eq!(run(&app, &worker).await, 0);
    for _ in 0..3 {
        app.clock.advance(TimeDelta::minutes(4));
        assert_eq!(run(&app, &worker).await, 0);
        app.clock.advance(TimeDelta::days(1));
        assert_eq!(backlog(&app).await, Backlog { due: 0, dead: 0 });
        assert_eq!(run(&app, &worker).await, 1, "one round for all the time that has passed");
        assert_eq!(run(&app, &worker).await, 0);
    }
    app.finish().await;
}

#[derive(Default, Serialize, Deserialize)]
struct Round {}

impl Job for Round {
    const KIND: &'static str = "test.round";
}

async fn round(_: &App, _: Round) -> Result<()> {
    Ok(())
}
