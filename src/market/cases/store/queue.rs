//! The queue: the table `cases` as officers list and count it.

use sqlx::PgConnection;

use crate::kernel::{CaseId, SellerId};
use crate::market::cases::model::Case;
use crate::market::cases::queue::{CaseFilter, KindCount, QueuePosition};
use crate::people::access::Provinces;
use crate::platform::error::Result;

/// One walk along the index `cases_queue` for each province, merged: with a bare `province_code = any(…)` the index
/// gives no order, and the whole queue would be sorted for every page. The filters are one condition, false unless one
/// that is asked for does not fit: taken one by one, the planner would think that together they leave nothing, and
/// rather sort that nothing than walk.
pub async fn queue(
    conn: &mut PgConnection,
    provinces: &Provinces,
    filter: &CaseFilter,
    after: Option<&QueuePosition>,
    limit: i64,
) -> Result<Vec<Case>> {
    let cases = sqlx::query_as!(
        Case,
        r#"select id as "id: CaseId", kind as "kind: _", subject_id, matter_id,
                  seller_id as "seller_id: SellerId",
                  province_code, commune_code, legacy_province_code, title, status as "status: _",
                  opened_at, due_at, verdict as "verdict: _", reason_codes, words,
                  decided_by as "decided_by: _", decided_at, appeal_until, national,
                  leased_by as "leased_by: _", leased_until
             from unnest($1::text[]) as reach (code)
            cross join lateral (
                  select id, kind, subject_id, matter_id, seller_id, province_code, commune_code, legacy_province_code,
                         title, status, opened_at, due_at, verdict, reason_codes, words, decided_by, decided_at,
                         appeal_until, national, leased_by, leased_until
                    from cases
                   where province_code = reach.code
                     and status = $2
                     and (due_at, id) > (coalesce($3, '-infinity'::timestamptz),
                                         coalesce($4, '00000000-0000-0000-0000-000000000000'::uuid))
                     and not coalesce(
                         due_at >= $5
                         or kind <> $6
                         or coalesce(legacy_province_code, '') <> $7
                         or commune_code <> $8
                         or ' ' || search_text not like '% ' || $9 || '%'
                         or (status = 'open' and due_at <= $11) <> $10
                         or case when leased_until is null or leased_until <= $11 then 'free'
                                 when leased_by = $13 then 'mine'
                                 else 'taken' end <> $12, false)
                   order by due_at, id
                   limit $14) as cases
            where not coalesce(reach.code <> $15, false)
            order by due_at, id
            limit $14"#,
        provinces.codes(),
        filter.status as _,
        after.map(|position| position.due_at),
        after.map(|position| position.id) as _,
        filter.due_before,
        filter.kind as _,
        filter.legacy_province,
        filter.commune,
        filter.words,
        filter.late,
        filter.now,
        filter.holder as _,
        filter.viewer as _,
        limit,
        filter.province,
    )
    .fetch_all(conn)
    .await?;
    Ok(cases)
}

/// Of each kind, whatever kind the filter asks for.
pub async fn count_by_kind(
    conn: &mut PgConnection,
    provinces: &Provinces,
    filter: &CaseFilter,
) -> Result<Vec<KindCount>> {
    let counts = sqlx::query_as!(
        KindCount,
        r#"select kind as "kind: _",
                  count(*) as "count!",
                  count(*) filter (where status = 'open' and due_at <= $8) as "late!"
             from cases
            where province_code = any($1)
              and status = $2
              and not coalesce(
                  province_code <> $3
                  or coalesce(legacy_province_code, '') <> $4
                  or commune_code <> $5
                  or due_at >= $6
                  or ' ' || search_text not like '% ' || $7 || '%'
                  or (status = 'open' and due_at <= $8) <> $9
                  or case when leased_until is null or leased_until <= $8 then 'free'
                          when leased_by = $11 then 'mine'
                          else 'taken' end <> $10, false)
            group by kind
            order by kind"#,
        provinces.codes(),
        filter.status as _,
        filter.province,
        filter.legacy_province,
        filter.commune,
        filter.due_before,
        filter.words,
        filter.now,
        filter.late,
        filter.holder as _,
        filter.viewer as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(counts)
}
