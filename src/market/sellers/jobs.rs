//! What shops are told by itself.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::store::authentication::{self, Warning};
use crate::app::App;
use crate::people::access;
use crate::people::notify;
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// Shops warned in one transaction.
const CHUNK: i64 = 50;

/// Shops without e-authentication are warned some days before nobody sells without (rows of `selling_rules`).
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct WarnUnauthenticated {}

impl Job for WarnUnauthenticated {
    const KIND: &'static str = "sellers.warn_unauthenticated";
}

/// Warns whoever is to be warned today: each shop once for each row, with the note of it in the same transaction.
pub async fn warn_unauthenticated(app: &App, _: WarnUnauthenticated) -> Result<()> {
    let (today, now) = (app.clock.today(), app.clock.now());
    loop {
        let letters = app
            .db
            .act(async |conn| {
                let mut letters = Vec::new();
                let warnings = authentication::take_warnings(conn, today, now, CHUNK).await?;
                for Warning { seller, effective_from } in &warnings {
                    let subject = "Cần xác thực điện tử / E-authentication needed";
                    let body = words(*effective_from);
                    letters.extend(access::write_to_members(conn, *seller, subject, &body, now).await?);
                }
                Ok((!warnings.is_empty()).then_some(letters))
            })
            .await?;
        let Some(letters) = letters else { return Ok(()) };
        for letter in &letters {
            notify::show_in_demo(app.settings.demo, letter);
        }
    }
}

fn words(from: NaiveDate) -> String {
    let day = from.format("%d/%m/%Y");
    format!(
        "Từ ngày {day}, cửa hàng chưa xác thực điện tử sẽ không thể bán hàng. Xin xác thực qua VNeID hoặc tại Sở Công \
         Thương trước ngày đó. / From {day} (day/month/year) on, a shop without e-authentication cannot sell. Please \
         authenticate by VNeID, or at the department of industry and trade, before that day."
    )
}
