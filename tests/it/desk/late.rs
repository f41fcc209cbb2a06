//! What becomes of a case nobody decides in time.

use chrono::TimeDelta;
use ocop_market::market::cases::jobs::CaseLate;
use ocop_market::people::access::OfficerRole;
use ocop_market::platform::jobs::Job as _;

use super::{approval, decide, letters_to, newest, reviewer};
use crate::support::{Actor, LAI_CHAU, LAO_CAI, TestApp};

async fn told(app: &TestApp, officer: &Actor) -> usize {
    letters_to(app, officer.contact()).await.iter().filter(|subject| subject.contains("quá hạn")).count()
}

#[tokio::test]
async fn supervisors_of_the_province_hear_once_of_a_case_that_is_late() {
    let app = TestApp::new().await;
    let supervisor = app.officer(LAI_CHAU, OfficerRole::Supervisor).await;
    let reviewer = reviewer(&app).await;
    let elsewhere = app.officer(LAO_CAI, OfficerRole::Supervisor).await;
    let operator = app.operator().await;
    let (late, decided, withdrawn) =
        (app.submitted_shop(LAI_CHAU).await, app.submitted_shop(LAI_CHAU).await, app.submitted_shop(LAI_CHAU).await);
    decide(&reviewer, &newest(&decided).await, approval()).await;
    withdrawn.delete(&withdrawn.path("/submission")).await.ok();

    // Due when Wednesday 25 November ends in Viet Nam: a second before that.
    app.clock.advance(TimeDelta::days(4) + TimeDelta::hours(15) - TimeDelta::seconds(1));
    app.run_jobs().await;
    assert_eq!(told(&app, &supervisor).await, 0);
    app.clock.advance(TimeDelta::seconds(1));
    app.run_jobs().await;
    assert_eq!(told(&app, &supervisor).await, 1);
    let letter = app.last_message(supervisor.contact()).await;
    assert!(letter.contains("Hợp tác xã Trà Sin Suối Hồ") && letter.contains("past its deadline"), "{letter}");
    for other in [&reviewer, &elsewhere, &operator] {
        assert_eq!(told(&app, other).await, 0);
    }

    // The job again, as after a worker that died.
    let (case, now) = (newest(&late).await.parse().unwrap(), app.clock.now());
    app.app.db.act(async |conn| CaseLate { case }.enqueue(conn, now).await).await.unwrap();
    app.run_jobs().await;
    assert_eq!(told(&app, &supervisor).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_province_without_a_supervisor_has_the_national_department() {
    let app = TestApp::new().await;
    let reviewer = reviewer(&app).await;
    let operator = app.operator().await;
    app.submitted_shop(LAI_CHAU).await;
    app.clock.advance(TimeDelta::days(6));
    app.run_jobs().await;
    assert_eq!((told(&app, &operator).await, told(&app, &reviewer).await), (1, 0));
    app.finish().await;
}
