//! Pictures and papers that shops upload, and pictures by which buyers show what arrived.
//!
//! What a file is, its content says: neither its name nor its header is believed. Every image is decoded and written
//! anew (`pictures`), so that neither a camera's position nor anything else hidden in a file survives. Pictures are
//! public under names nobody can guess; a paper is read by the shop's members and by the officers of its province; a
//! buyer's picture by the buyer, and by the other side and the officers of the matter it was attached to.

pub mod evidence;
pub mod http;
mod intake;
mod model;
mod pictures;
mod store;

pub use intake::{Stored, take_in};
pub use model::{Evidence, Mime, OpenedPaper, Paper, PictureUrls, Purpose, picture_urls};
pub use pictures::{PICTURE_TOO_LARGE, PICTURE_UNREADABLE, workshop};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, MediaId, SellerId};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::files::Files;

/// Writes down whose the [`Stored`] file is.
pub async fn add(
    conn: &mut PgConnection,
    seller: SellerId,
    uploaded_by: AccountId,
    stored: &Stored,
    now: DateTime<Utc>,
) -> Result<MediaId> {
    let id = MediaId::new(now);
    store::insert(conn, id, (Some(seller), uploaded_by), stored, now).await?;
    Ok(id)
}

/// Whether the seller uploaded this file for this purpose.
pub async fn owned(conn: &mut PgConnection, id: MediaId, seller: SellerId, purpose: Purpose) -> Result<bool> {
    store::owned(conn, id, seller, purpose).await
}

/// A paper by its id. It says whose it is; whether the reader may read it is the caller's to judge.
pub async fn find_paper(conn: &mut PgConnection, id: MediaId) -> Result<Option<Paper>> {
    store::find_paper(conn, id).await
}

/// The paper's content, as an answer nobody keeps.
pub async fn open_paper(files: &Files, paper: &Paper) -> Result<OpenedPaper> {
    let bytes = files.get(&model::paper_file(&paper.name, paper.mime)).await?.or_refuse(&NOT_FOUND)?;
    Ok(OpenedPaper::new(paper.id, paper.mime, bytes))
}
