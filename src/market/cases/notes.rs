//! What is said beside a case.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{CaseNote, Voice};
use super::store;
use crate::kernel::{AccountId, CaseId, NoteId};
use crate::platform::error::{Problem, Result};

/// As much was said as a case keeps.
pub const TOO_MANY_NOTES: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "case-too-many-notes",
    vi: "Hồ sơ đã có số ghi chú, trao đổi tối đa",
    en: "As much has been said about this case as it keeps",
};

/// Writes words down beside a case that the caller has locked.
pub async fn say(
    conn: &mut PgConnection,
    case: CaseId,
    voice: Voice,
    author: AccountId,
    words: &str,
    now: DateTime<Utc>,
) -> Result<CaseNote> {
    if store::count_notes(conn, case, voice).await? >= voice.most() {
        return Err(TOO_MANY_NOTES.because(format!("at most {}", voice.most())));
    }
    let note = CaseNote { id: NoteId::new(now), voice, author, words: words.to_owned(), at: now };
    store::insert_note(conn, case, &note).await?;
    Ok(note)
}

/// Everything said beside the case, in order.
pub async fn notes(conn: &mut PgConnection, case: CaseId) -> Result<Vec<CaseNote>> {
    store::notes(conn, case).await
}
