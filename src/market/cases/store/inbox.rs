//! The shop's own cases.

use sqlx::PgConnection;

use super::find_reasons;
use crate::kernel::{CaseId, SellerId};
use crate::market::cases::model::{Case, CaseNote, Reason};
use crate::platform::db::Scoped;
use crate::platform::error::Result;

/// The shop's cases, newest first, and the reasons they give; `before` is the last case of the page before. What an
/// authority asks about the shop is not the shop's to know, here and below.
pub async fn page_of_seller(
    scope: &mut Scoped<'_, SellerId>,
    before: Option<CaseId>,
    limit: i64,
) -> Result<(Vec<Case>, Vec<Reason>)> {
    let (conn, seller) = scope.split();
    let cases = select_cases!(
        "where seller_id = $1
           and kind <> 'information_request'
           and ($2::uuid is null or id < $2)
         order by id desc
         limit $3",
        *seller as _,
        before as _,
        limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    let codes: Vec<String> = cases.iter().flat_map(|case| case.reason_codes.clone()).collect();
    let reasons = find_reasons(conn, &codes).await?;
    Ok((cases, reasons))
}

/// One of the shop's cases, and the reasons it gives.
pub async fn find_of_seller(scope: &mut Scoped<'_, SellerId>, id: CaseId) -> Result<Option<(Case, Vec<Reason>)>> {
    let (conn, seller) = scope.split();
    let found = select_cases!(
        "where id = $1
           and seller_id = $2
           and kind <> 'information_request'",
        id as _,
        *seller as _,
    )
    .fetch_optional(&mut *conn);
    let Some(case) = found.await? else { return Ok(None) };
    let reasons = find_reasons(conn, &case.reason_codes).await?;
    Ok(Some((case, reasons)))
}

/// The shop's own case, locked.
pub async fn lock_of_seller(conn: &mut PgConnection, seller: SellerId, id: CaseId) -> Result<Option<Case>> {
    let case = select_cases!(
        "where id = $1
           and seller_id = $2
           and kind <> 'information_request'
           for update",
        id as _,
        seller as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(case)
}

/// The shop's appeal against its case.
pub async fn appeal_of_seller(scope: &mut Scoped<'_, SellerId>, id: CaseId) -> Result<Option<CaseId>> {
    let (conn, seller) = scope.split();
    let appeal = sqlx::query_scalar!(
        r#"select id as "id: CaseId"
             from cases
            where subject_id = $1
              and kind = 'appeal'
              and seller_id = $2"#,
        id as _,
        *seller as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(appeal)
}

/// What the shop and its officers said to each other, in order; what officers say among themselves is not for the shop.
pub async fn conversation(scope: &mut Scoped<'_, SellerId>, id: CaseId) -> Result<Vec<CaseNote>> {
    let (conn, seller) = scope.split();
    let notes = sqlx::query_as!(
        CaseNote,
        r#"select case_notes.id as "id: _", voice as "voice: _", author as "author: _", case_notes.words, at
             from case_notes
             join cases on cases.id = case_id
            where case_id = $1
              and seller_id = $2
              and voice <> 'internal'
            order by case_notes.id"#,
        id as _,
        *seller as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(notes)
}
