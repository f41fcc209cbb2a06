//! The books beside what went to shops directly: by carriers, and by bank transfer.

use sqlx::PgConnection;

use super::SHOWN;
use crate::platform::error::Result;

/// Of each order paid in cash: what one carrier has collected and not remitted, and no other has anything.
pub async fn wrong_carrier_cash(conn: &mut PgConnection) -> Result<Vec<String>> {
    let wrong = sqlx::query_scalar!(
        "select orders.number
           from orders
           join payment_allocations as shares on shares.order_id = orders.id
           left join lateral (
                select coalesce(sum(cash_vnd), 0) as cash_vnd, count(*) filter (where cash_vnd <> 0) as carriers
                  from (select account, sum(moved_vnd) as cash_vnd
                          from ledger_entries
                         cross join lateral (values (debit, amount_vnd), (credit, -amount_vnd))
                                    as sides (account, moved_vnd)
                         where ledger_entries.order_id = orders.id
                           and starts_with(account, 'carrier_cash:')
                         group by account) as by_carrier) as books on true
          where orders.method = 'cod'
            and (cash_vnd <> case when shares.status = 'collected' then shares.captured_vnd else 0 end or carriers > 1)
          order by orders.number
          limit $1",
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    Ok(wrong)
}

/// Of each order: what its shop received, with what carriers kept of it or never brought.
pub async fn wrong_seller_cash(conn: &mut PgConnection) -> Result<Vec<String>> {
    let wrong = sqlx::query_scalar!(
        "select orders.number
           from orders
           join payment_allocations as shares on shares.order_id = orders.id
           left join lateral (
                select coalesce(sum(moved_vnd), 0) as received_vnd
                  from ledger_entries
                  join ledger_transfers on ledger_transfers.id = transfer_id
                 cross join lateral (values (debit, amount_vnd), (credit, -amount_vnd)) as sides (account, moved_vnd)
                 where ledger_entries.order_id = orders.id
                   and kind in ('capture', 'remittance')
                   and split_part(account, ':', 1) in ('seller_cash', 'carrier_fees', 'carrier_difference')) as books on true
          where received_vnd <> case
                    when shares.status = 'remitted' or (orders.method = 'vietqr' and shares.status = 'captured')
                        then shares.captured_vnd
                    else 0
                end
          order by orders.number
          limit $1",
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    Ok(wrong)
}

/// Of each parcel whose cash was remitted: how it was split, by the carrier's list or by what the shop said last. Of each
/// row that only names a fee: that fee.
pub async fn wrong_remittances(conn: &mut PgConnection) -> Result<Vec<String>> {
    let wrong = sqlx::query_scalar!(
        r#"select concat(carrier, ' ', parcels.tracking_code) as "parcel!"
             from parcels
             join payment_allocations as shares on shares.order_id = parcels.order_id
             left join lateral (
                  select received_vnd, fee_vnd
                    from cash_receipts
                   where parcel_id = parcels.id
                   order by seq desc
                   limit 1) as told on true
             left join remittance_rows as listed on listed.parcel_id = parcels.id
                  and outcome = 'remitted'
             left join lateral (
                  select coalesce(sum(moved_vnd) filter (where starts_with(account, 'seller_cash:')), 0) as received_vnd,
                         coalesce(sum(moved_vnd) filter (where starts_with(account, 'carrier_fees:')), 0) as fee_vnd
                    from (select 'remittance' as kind, parcels.id
                           union all
                          select 'correction', id from cash_receipts where parcel_id = parcels.id) as causes
                    join ledger_transfers on ledger_transfers.kind = causes.kind
                         and subject_id = causes.id
                    join ledger_entries on transfer_id = ledger_transfers.id
                   cross join lateral (values (debit, ledger_entries.amount_vnd), (credit, -ledger_entries.amount_vnd))
                              as sides (account, moved_vnd)) as books on true
            where remitted_at is not null
              and (books.received_vnd, books.fee_vnd) is distinct from
                  (coalesce(told.received_vnd, listed.amount_vnd - coalesce(listed.fee_vnd, 0)),
                   coalesce(told.fee_vnd, listed.fee_vnd, 0))
            union all
           select concat('fee ', coalesce(listed.id, posted.subject_id))
             from (select id, fee_vnd from remittance_rows where outcome = 'fee_only') as listed
             full join (select subject_id, amount_vnd
                          from ledger_transfers
                          join ledger_entries on transfer_id = ledger_transfers.id
                         where kind = 'carrier_fee') as posted on subject_id = listed.id
            where coalesce(listed.fee_vnd, 0) <> coalesce(posted.amount_vnd, 0)
            order by 1
            limit $1"#,
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    Ok(wrong)
}

/// Of each entry of the review lists: that it is on its shop's suspense account as long as it waits. By shop: that nothing
/// else is.
pub async fn wrong_suspense(conn: &mut PgConnection) -> Result<Vec<String>> {
    let wrong = sqlx::query_scalar!(
        r#"with moved as (
               select account, moved_vnd as amount_vnd
                 from ledger_entries
                cross join lateral (values (credit, amount_vnd), (debit, -amount_vnd)) as sides (account, moved_vnd)
                where starts_with(account, 'suspense:')
                union all
               select 'suspense:' || seller_id, -amount_vnd from transfer_exceptions where resolved_at is null
           )
           select account as "subject!"
             from moved
            group by account
           having sum(amount_vnd) <> 0
            union all
           select concat(bank_reference, ' ', transfer_exceptions.id)
             from transfer_exceptions
             left join lateral (
                  select coalesce(sum(amount_vnd) filter (where kind = 'suspense'), 0) as held_vnd,
                         coalesce(sum(amount_vnd) filter (where kind = 'suspense_release'), 0) as released_vnd
                    from ledger_transfers
                    join ledger_entries on transfer_id = ledger_transfers.id
                   where kind in ('suspense', 'suspense_release')
                     and subject_id = transfer_exceptions.id) as books on true
            where held_vnd <> amount_vnd
               or released_vnd <> case when resolved_at is null then 0 else amount_vnd end
            order by 1
            limit $1"#,
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    Ok(wrong)
}
