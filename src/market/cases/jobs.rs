//! What happens to a case nobody decides in time.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::model::Case;
use super::store;
use crate::app::App;
use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, CaseId};
use crate::people::access::{self, AssignCases, Permission as _};
use crate::people::notify::{self, Message};
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// The deadline of a case has come.
#[derive(Debug, Serialize, Deserialize)]
pub struct CaseLate {
    /// Which case.
    pub case: CaseId,
}

impl Job for CaseLate {
    const KIND: &'static str = "cases.late";
}

/// Tells the supervisors, once, if the case still waits.
pub async fn case_late(app: &App, job: CaseLate) -> Result<()> {
    let now = app.clock.now();
    let letters = app.db.act(async |conn| tell_supervisors(conn, job.case, now).await).await?;
    for letter in &letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
    Ok(())
}

async fn tell_supervisors(conn: &mut PgConnection, id: CaseId, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let late = store::lock_any(conn, id).await?.filter(|case| case.is_late(now));
    let Some(case) = late else { return Ok(Vec::new()) };
    if !store::set_late_told(conn, id, now).await? {
        return Ok(Vec::new());
    }
    let supervisors = supervisors_of(conn, &case, now).await?;
    let subject = "Hồ sơ quá hạn / A case is late";
    let title = &case.title;
    let body = format!(
        "Hồ sơ “{title}” đã quá thời hạn giải quyết. Xin phân công cán bộ xử lý. / \
         The case “{title}” is past its deadline. Please see that an officer decides on it."
    );
    access::write(conn, &supervisors, subject, &body, now).await
}

/// Those of the province who give cases to others; the national department's where the province has none, or where the
/// case is theirs.
async fn supervisors_of(conn: &mut PgConnection, case: &Case, now: DateTime<Utc>) -> Result<Vec<AccountId>> {
    let (province, today) = (&case.province_code, day_of(now));
    if !case.national {
        let own = access::officers_of(conn, province, AssignCases::NAME, today).await?;
        if !own.is_empty() {
            return Ok(own);
        }
    }
    access::national_officers_of(conn, province, AssignCases::NAME, today).await
}
