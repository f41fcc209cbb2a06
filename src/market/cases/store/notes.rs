//! The table `case_notes`.

use sqlx::PgConnection;

use crate::kernel::CaseId;
use crate::market::cases::model::{CaseNote, Voice};
use crate::platform::error::Result;

pub async fn insert_note(conn: &mut PgConnection, case: CaseId, note: &CaseNote) -> Result<()> {
    sqlx::query!(
        "insert into case_notes (id, case_id, voice, author, words, at)
         values ($1, $2, $3, $4, $5, $6)",
        note.id as _,
        case as _,
        note.voice as _,
        note.author as _,
        note.words,
        note.at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn count_notes(conn: &mut PgConnection, case: CaseId, voice: Voice) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from case_notes where case_id = $1 and voice = $2"#,
        case as _,
        voice as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// What was said, in order; each voice is bounded, hence the whole is.
pub async fn notes(conn: &mut PgConnection, case: CaseId) -> Result<Vec<CaseNote>> {
    let notes = sqlx::query_as!(
        CaseNote,
        r#"select id as "id: _", voice as "voice: _", author as "author: _", words, at
             from case_notes
            where case_id = $1
            order by id"#,
        case as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(notes)
}
