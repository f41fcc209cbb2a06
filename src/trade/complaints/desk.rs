//! What officers do with complaints.

use axum::http::StatusCode;
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::model::{Complaint, ComplaintStatus};
use super::store::{self, End, Reached};
use crate::kernel::{ComplaintId, MediaId};
use crate::market::cases::{Decision, Verdict};
use crate::market::media::{self, evidence};
use crate::market::sellers;
use crate::people::access::Provinces;
use crate::platform::error::{Error, NOT_FOUND, Problem, Result};
use crate::platform::extract::INVALID;
use crate::trade::orders::{self, Dealing};

/// Nobody decides on what they complained about.
pub const OWN_COMPLAINT: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "own-complaint",
    vi: "Không thể tự quyết định khiếu nại của chính mình",
    en: "You cannot decide on your own complaint",
};

/// Gives a complaint against a shop of `provinces` its written result: upheld (approve) or not (reject).
pub async fn decide(
    conn: &mut PgConnection,
    id: ComplaintId,
    provinces: &Provinces,
    decision: &Decision,
) -> Result<()> {
    let reached = Reached::by_case(id);
    let complaint = store::lock(conn, reached).await?;
    require_in(conn, &complaint, provinces).await?;
    if complaint.account == decision.by {
        return Err(Error::from(&OWN_COMPLAINT));
    }
    let status = match decision.verdict {
        Verdict::Approve => ComplaintStatus::Upheld,
        Verdict::Reject => ComplaintStatus::NotUpheld,
        Verdict::RequestChanges => {
            return Err(Error::from(&INVALID).at("verdict", "phải là approve (có cơ sở) hoặc reject (không có cơ sở) / must be approve (upheld) or reject (not upheld)"));
        }
    };
    let Some(words) = &decision.words else {
        return Err(Error::from(&INVALID)
            .at("words", "phải có: đây là kết quả bằng văn bản / must be given: they are the written result"));
    };
    let end = End { status, result: Some(words), reason_codes: &decision.reason_codes, at: decision.at };
    if store::close(conn, reached, &end).await? {
        Ok(())
    } else {
        Err(Error::fault(format!("complaint {id} had an open case but is {:?}", complaint.status)))
    }
}

/// Refuses a complaint whose shop does not lie in `provinces`.
async fn require_in(conn: &mut PgConnection, complaint: &Complaint, provinces: &Provinces) -> Result<()> {
    let shop = sellers::summary(conn, complaint.seller_id).await?;
    if provinces.contains(&shop.province_code) { Ok(()) } else { Err(Error::from(&NOT_FOUND)) }
}

/// What an officer reads before deciding on a complaint.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComplaintDossier)]
pub struct Dossier {
    /// The complaint with the shop's answer.
    #[serde(flatten)]
    pub complaint: Complaint,
    /// Pictures the complainant attached.
    pub photos: Vec<MediaId>,
    /// The order it is about, without the address.
    pub order: Option<Dealing>,
}

/// The dossier of a complaint against a shop of `provinces`.
pub async fn dossier(conn: &mut PgConnection, id: ComplaintId, provinces: &Provinces) -> Result<Dossier> {
    let complaint = store::find(conn, Reached::by_case(id)).await?;
    require_in(conn, &complaint, provinces).await?;
    let order = match complaint.order_id {
        Some(order) => orders::dealing_of_buyer(conn, complaint.account, order).await?,
        None => None,
    };
    let photos = evidence::attached(conn, &[id.as_uuid()]).await?.into_iter().map(|(_, photo)| photo).collect();
    Ok(Dossier { complaint, photos, order })
}

/// A picture the complainant attached to a complaint against a shop of `provinces`.
pub async fn photo(
    conn: &mut PgConnection,
    id: ComplaintId,
    provinces: &Provinces,
    photo: MediaId,
) -> Result<media::Evidence> {
    let complaint = store::find(conn, Reached::by_case(id)).await?;
    require_in(conn, &complaint, provinces).await?;
    evidence::find(conn, id.as_uuid(), photo).await
}
