//! Pictures by which a buyer shows what arrived: attached to a matter, never public.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::intake::Stored;
use super::model::{Evidence, Mime, OpenedPaper, evidence_file};
use super::store;
use crate::kernel::{AccountId, MediaId};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::INVALID;
use crate::platform::files::Files;

/// Pictures of one matter.
pub const MOST_PHOTOS: usize = 6;

/// Writes down which buyer's the [`Stored`] picture is.
pub async fn add(conn: &mut PgConnection, account: AccountId, stored: &Stored, now: DateTime<Utc>) -> Result<MediaId> {
    let id = MediaId::new(now);
    store::insert(conn, id, (None, account), stored, now).await?;
    Ok(id)
}

/// Shows the buyer's own pictures to both sides and the officers of `subject`; too many, one named twice or somebody
/// else's is refused at `photos`.
pub async fn attach(conn: &mut PgConnection, account: AccountId, subject: Uuid, photos: &[MediaId]) -> Result<()> {
    if photos.len() > MOST_PHOTOS {
        let why = format!("không quá {MOST_PHOTOS} ảnh / must be at most {MOST_PHOTOS}");
        return Err(Error::from(&INVALID).at("photos", why));
    }
    if store::attach(conn, account, subject, photos).await? == photos.len() as u64 {
        return Ok(());
    }
    Err(Error::from(&INVALID)
        .at("photos", "phải là ảnh bạn đã tải lên, mỗi ảnh một lần / must be pictures you uploaded, each once"))
}

/// The pictures attached to each of the subjects.
pub async fn attached(conn: &mut PgConnection, subjects: &[Uuid]) -> Result<Vec<(Uuid, MediaId)>> {
    store::attached(conn, subjects).await
}

/// A picture attached to the subject; whether the reader may know of the subject is the caller's to judge.
pub async fn find(conn: &mut PgConnection, subject: Uuid, id: MediaId) -> Result<Evidence> {
    store::find_attached(conn, subject, id).await?.or_refuse(&NOT_FOUND)
}

/// The picture's content, as an answer nobody keeps.
pub async fn open(files: &Files, evidence: &Evidence) -> Result<OpenedPaper> {
    let bytes = files.get(&evidence_file(&evidence.name)).await?.or_refuse(&NOT_FOUND)?;
    Ok(OpenedPaper::new(evidence.id, Mime::Jpeg, bytes))
}
