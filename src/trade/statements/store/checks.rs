//! The books beside the tables of what happened. Each question answers what is wrong, up to [`SHOWN`] of it.

pub mod direct;

use sqlx::PgConnection;

use crate::platform::error::Result;

/// Findings of a kind that are shown.
const SHOWN: i64 = 100;

/// Entries and closed months.
pub async fn size(conn: &mut PgConnection) -> Result<(i64, i64)> {
    let row = sqlx::query!(
        r#"select (select count(*) from ledger_entries) as "entries!", (select count(*) from ledger_months) as "months!""#
    )
    .fetch_one(conn)
    .await?;
    Ok((row.entries, row.months))
}

pub async fn broken_transfers(conn: &mut PgConnection) -> Result<Vec<String>> {
    let wrong = sqlx::query_scalar!(
        r#"select distinct concat(kind, ' ', subject_id) as "transfer!"
             from ledger_transfers as transfers
             left join ledger_entries as entries on entries.transfer_id = transfers.id
            where entries.transfer_id is null
               or entries.amount_vnd <= 0
               or entries.debit = entries.credit
               or entries.at <> transfers.at
            order by 1
            limit $1"#,
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    Ok(wrong)
}

/// Every closed month's balances are summed up from the first entry on, whatever the snapshots before say.
pub async fn wrong_snapshots(conn: &mut PgConnection) -> Result<Vec<String>> {
    let wrong = sqlx::query_scalar!(
        r#"with moved as (
               select debit as account, at, amount_vnd from ledger_entries
                union all
               select credit, at, -amount_vnd from ledger_entries
           ),
           monthly as (
               select account,
                      (select min(until) from ledger_months where until > at) as until,
                      sum(amount_vnd) as amount_vnd
                 from moved
                group by 1, 2
           ),
           summed as (
               select accounts.account,
                      ledger_months.until,
                      coalesce(sum(amount_vnd) over (partition by accounts.account order by ledger_months.until), 0)
                          as balance_vnd
                 from ledger_months
                cross join (select distinct account from monthly) as accounts
                 left join monthly on monthly.account = accounts.account
                      and monthly.until = ledger_months.until
           )
           select concat(coalesce(summed.account, noted.account), ' ', coalesce(summed.until, noted.until)) as "snapshot!"
             from summed
             full join ledger_snapshots as noted on noted.account = summed.account
                  and noted.until = summed.until
            where coalesce(summed.balance_vnd, 0) <> coalesce(noted.balance_vnd, 0)
            order by 1
            limit $1"#,
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    Ok(wrong)
}

/// Of money that was held and then applied by a person the books name no order; its capture must still be whole.
pub async fn wrong_captures(conn: &mut PgConnection) -> Result<Vec<String>> {
    let wrong = sqlx::query_scalar!(
        r#"select orders.number as "subject!"
             from payment_allocations as shares
             join orders on orders.id = shares.order_id
             left join order_books as books on books.order_id = orders.id
             left join payment_exceptions as held on held.capture_id = shares.capture_id
            where held.id is null
              and shares.captured_vnd <> coalesce(books.captured_vnd, 0)
            union all
           select concat(provider, ' ', provider_ref)
             from payment_captures
            where amount_vnd <> (
                  select coalesce(sum(ledger_entries.amount_vnd), 0)
                    from ledger_transfers
                    join ledger_entries on transfer_id = ledger_transfers.id
                   where kind = 'capture'
                     and subject_id = payment_captures.id)
            order by 1
            limit $1"#,
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    Ok(wrong)
}

pub async fn wrong_sales(conn: &mut PgConnection) -> Result<Vec<String>> {
    let wrong = sqlx::query_scalar!(
        "select orders.number
           from orders
           left join order_books as books on books.order_id = orders.id
          where coalesce(books.sold_vnd, 0) <> case when orders.paid_at is null then 0 else orders.total_vnd end
          order by orders.number
          limit $1",
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    Ok(wrong)
}

pub async fn wrong_reversals(conn: &mut PgConnection) -> Result<Vec<String>> {
    let wrong = sqlx::query_scalar!(
        r#"select transfers.subject_id::text as "refund!"
             from ledger_transfers as transfers
             left join refunds on refunds.id = transfers.subject_id
            where transfers.kind = 'reversal'
              and coalesce(refunds.amount_vnd, 0) <> (
                  select coalesce(sum(amount_vnd), 0)
                    from ledger_entries
                   where transfer_id = transfers.id
                     and credit = 'buyer_funds')
            order by 1
            limit $1"#,
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    Ok(wrong)
}

/// Of an order paid in advance money waits for a moment: from the capture until the order hears of it. What was held and
/// then applied came in without an order's name.
pub async fn unexplained_funds(conn: &mut PgConnection) -> Result<Vec<String>> {
    let wrong = sqlx::query_scalar!(
        "select orders.number
           from order_books as books
           join orders on orders.id = books.order_id
           join payment_allocations as shares on shares.order_id = orders.id
           left join payment_exceptions as held on held.capture_id = shares.capture_id
           left join lateral (
                select coalesce(sum(amount_vnd), 0) as promised_vnd
                  from refunds
                 where refunds.order_id = orders.id
                   and status <> 'arrived') as refunds on true
          where books.captured_vnd + case when held.id is null then 0 else shares.captured_vnd end
                - sold_vnd + taken_back_vnd - given_back_vnd <> promised_vnd
            and not (orders.status = 'awaiting_payment' and sold_vnd = 0 and given_back_vnd = 0)
          order by orders.number
          limit $1",
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    Ok(wrong)
}

/// Buyers' money without an order's name: on its way back, held for a person, or applied by one.
pub async fn unexplained_rest(conn: &mut PgConnection) -> Result<Option<String>> {
    let differs = sqlx::query_scalar!(
        r#"select (select coalesce(sum(case when credit = 'buyer_funds' then amount_vnd else -amount_vnd end), 0)
                     from ledger_entries
                    where order_id is null
                      and 'buyer_funds' in (debit, credit))
               <> (select coalesce(sum(amount_vnd), 0) from refunds where order_id is null and status <> 'arrived')
                + (select coalesce(sum(captures.amount_vnd), 0)
                     from payment_exceptions as held
                     join payment_captures as captures on captures.id = held.capture_id
                    where resolved_at is null)
                + (select coalesce(sum(captured_vnd), 0)
                     from payment_exceptions as held
                     join payment_allocations as shares on shares.capture_id = held.capture_id) as "differs!""#
    )
    .fetch_one(conn)
    .await?;
    Ok(differs.then(|| "buyer_funds".to_owned()))
}

pub async fn wrong_refunds(conn: &mut PgConnection) -> Result<Vec<String>> {
    let wrong = sqlx::query_scalar!(
        "select orders.number
           from payment_allocations as shares
           join orders on orders.id = shares.order_id
           left join order_books as books on books.order_id = orders.id
           left join lateral (
                select coalesce(sum(amount_vnd), 0) as promised_vnd,
                       coalesce(sum(amount_vnd) filter (where status = 'arrived'), 0) as arrived_vnd
                  from refunds
                 where refunds.order_id = orders.id) as refunds on true
          where promised_vnd <> shares.refunded_vnd
             or promised_vnd > shares.captured_vnd
             or arrived_vnd <> coalesce(given_back_vnd, 0)
          order by orders.number
          limit $1",
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    Ok(wrong)
}

/// Of each payout: what its orders bring, what is on its way to the shop by its own transfers, and what its end moved. Of
/// each order: what payouts have carried of it.
pub async fn wrong_payouts(conn: &mut PgConnection) -> Result<Vec<String>> {
    let wrong = sqlx::query_scalar!(
        r#"select payouts.id::text as "payout!"
             from payouts
             left join lateral (
                  select coalesce(sum(amount_vnd), 0) as carried_vnd
                    from payout_items
                   where payout_id = payouts.id) as items on true
             left join lateral (
                  select coalesce(sum(amount_vnd) filter (where kind = 'payout' and starts_with(credit, 'payouts_in_transit:')), 0)
                             as sent_vnd,
                         coalesce(sum(amount_vnd) filter (where kind = 'payout' and credit = 'fees'), 0) as fee_vnd,
                         coalesce(sum(amount_vnd) filter (where kind = 'offset'), 0) as offset_vnd,
                         coalesce(sum(amount_vnd) filter (where kind = 'payout_settlement'), 0) as arrived_vnd,
                         coalesce(sum(amount_vnd) filter (where kind = 'payout_return'), 0) as returned_vnd
                    from ledger_transfers
                    join ledger_entries on transfer_id = ledger_transfers.id
                   where subject_id = payouts.id) as books on true
            where (carried_vnd, sent_vnd, books.fee_vnd, books.offset_vnd)
                  <> (gross_vnd, payouts.amount_vnd, payouts.fee_vnd, payouts.offset_vnd)
               or arrived_vnd <> case status when 'succeeded' then payouts.amount_vnd else 0 end
               or returned_vnd <> case status when 'failed' then gross_vnd else 0 end
            union all
           select orders.number
             from payment_allocations as shares
             join orders on orders.id = shares.order_id
            where paid_out_vnd <> (
                  select coalesce(sum(payout_items.amount_vnd), 0)
                    from payout_items
                    join payouts on payouts.id = payout_id
                   where payout_items.order_id = shares.order_id
                     and payouts.status <> 'failed')
            order by 1
            limit $1"#,
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    Ok(wrong)
}

/// By provider: what is on its way to shops is the sum of the payouts nobody knows the end of.
pub async fn wrong_transit(conn: &mut PgConnection) -> Result<Vec<String>> {
    let wrong = sqlx::query_scalar!(
        r#"with moved as (
               select account, moved_vnd as amount_vnd
                 from ledger_entries
                cross join lateral (values (credit, amount_vnd), (debit, -amount_vnd)) as sides (account, moved_vnd)
                where starts_with(account, 'payouts_in_transit:')
                union all
               select 'payouts_in_transit:' || provider, -amount_vnd from payouts where status = 'sending'
           )
           select account as "account!"
             from moved
            group by account
           having sum(amount_vnd) <> 0
            order by 1
            limit $1"#,
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    Ok(wrong)
}

/// By gateway: captured, less refunds that arrived, less payouts that arrived. What a person put right is left out.
pub async fn wrong_clearing(conn: &mut PgConnection) -> Result<Vec<String>> {
    let wrong = sqlx::query_scalar!(
        r#"with moved as (
               select account, moved_vnd as amount_vnd
                 from ledger_entries
                 join ledger_transfers on ledger_transfers.id = transfer_id
                cross join lateral (values (debit, ledger_entries.amount_vnd), (credit, -ledger_entries.amount_vnd))
                           as sides (account, moved_vnd)
                where kind <> 'correction'
                  and starts_with(account, 'clearing:')
                union all
               select 'clearing:' || provider, -amount_vnd from payment_captures
                union all
               select 'clearing:' || provider, refunds.amount_vnd
                 from refunds
                 join payment_captures on payment_captures.id = capture_id
                where refunds.status = 'arrived'
                union all
               select 'clearing:' || provider, amount_vnd from payouts where status = 'succeeded'
           )
           select account as "account!"
             from moved
            group by account
           having sum(amount_vnd) <> 0
            order by 1
            limit $1"#,
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    Ok(wrong)
}
