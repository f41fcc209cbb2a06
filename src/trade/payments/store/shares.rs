//! The tables `payments` and `payment_allocations`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{CheckoutId, OrderId, PaymentId, SellerId, Vnd};
use crate::platform::error::{Error, Result};
use crate::trade::payments::model::{Allocation, AllocationStatus, DuePayment, Method, NewPayment};

pub async fn insert(conn: &mut PgConnection, payments: &[NewPayment], now: DateTime<Utc>) -> Result<()> {
    let ids: Vec<PaymentId> = payments.iter().map(|payment| payment.id).collect();
    let checkouts: Vec<CheckoutId> = payments.iter().map(|payment| payment.checkout).collect();
    let methods: Vec<Method> = payments.iter().map(|payment| payment.method).collect();
    let amounts: Vec<Vnd> = payments.iter().map(|payment| payment.amount).collect();
    let references: Vec<Option<String>> = payments.iter().map(|payment| payment.reference.clone()).collect();
    let deadlines: Vec<Option<DateTime<Utc>>> = payments.iter().map(|payment| payment.pay_by).collect();
    sqlx::query!(
        "insert into payments (id, checkout_id, method, amount_vnd, reference, pay_by, created_at)
         select id, checkout_id, method, amount_vnd, reference, pay_by, $7
           from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::timestamptz[])
             as payment (id, checkout_id, method, amount_vnd, reference, pay_by)",
        &ids as _,
        &checkouts as _,
        &methods as _,
        &amounts as _,
        &references as _,
        &deadlines as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn insert_allocations(conn: &mut PgConnection, payments: &[NewPayment], now: DateTime<Utc>) -> Result<()> {
    let shares = || payments.iter().flat_map(|payment| payment.shares.iter().map(move |share| (payment, share)));
    let ids: Vec<PaymentId> = shares().map(|(payment, _)| payment.id).collect();
    let orders: Vec<OrderId> = shares().map(|(_, share)| share.0).collect();
    let amounts: Vec<Vnd> = shares().map(|(_, share)| share.1).collect();
    let paid: Vec<bool> = shares().map(|(payment, share)| payment.is_paid(share)).collect();
    sqlx::query!(
        "insert into payment_allocations (payment_id, order_id, amount_vnd, status, paid_at)
         select payment_id, order_id, amount_vnd,
                case when paid then 'captured' else 'due' end,
                case when paid then $5::timestamptz end
           from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::boolean[])
             as share (payment_id, order_id, amount_vnd, paid)",
        &ids as _,
        &orders as _,
        &amounts as _,
        &paid,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Locks the payment an order has a share in: before the order itself, by the lock order of the house.
pub async fn lock(conn: &mut PgConnection, order: OrderId) -> Result<()> {
    sqlx::query!(
        "select payments.id
           from payments
           join payment_allocations on payment_id = payments.id
          where order_id = $1
            for update of payments",
        order as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// The order's share.
pub async fn find_allocation(conn: &mut PgConnection, order: OrderId) -> Result<Allocation> {
    let allocation = sqlx::query_as!(
        Allocation,
        r#"select payment_id as "payment_id: PaymentId",
                  method as "method: _",
                  payment_allocations.amount_vnd as "amount_vnd: Vnd",
                  status as "status: _",
                  captured_vnd as "captured_vnd: Vnd",
                  refunded_vnd as "refunded_vnd: Vnd",
                  pay_by,
                  paid_at
             from payment_allocations
             join payments on payments.id = payment_id
            where order_id = $1"#,
        order as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(allocation)
}

/// What is still to be paid for a placed checkout; a payment without a due share is not among it.
pub async fn due_of_checkout(conn: &mut PgConnection, checkout: CheckoutId) -> Result<Vec<DuePayment>> {
    let due = sqlx::query_as!(
        DuePayment,
        r#"select payments.id as "payment_id: PaymentId",
                  method as "method: Method",
                  sum(payment_allocations.amount_vnd)::bigint as "amount_vnd!: Vnd",
                  pay_by
             from payments
             join payment_allocations on payment_id = payments.id
            where checkout_id = $1
              and status = 'due'
            group by payments.id
            order by payments.id"#,
        checkout as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(due)
}

/// Takes the order's share from one state to another, unless it is in a third.
pub async fn settle(
    conn: &mut PgConnection,
    order: OrderId,
    (from, to): (AllocationStatus, AllocationStatus),
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "update payment_allocations
            set status = $3,
                captured_vnd = case when $3 = 'void' then 0 else amount_vnd end,
                paid_at = case when $3 in ('captured', 'collected') then $4 else paid_at end
          where order_id = $1
            and status = $2",
        order as _,
        from as _,
        to as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that payouts carry so much more of these orders to their shops, or less; faults unless each has a share.
pub async fn add_paid_out(conn: &mut PgConnection, amounts: &[(OrderId, Vnd)]) -> Result<()> {
    let (orders, amounts): (Vec<OrderId>, Vec<Vnd>) = amounts.iter().copied().unzip();
    let done = sqlx::query!(
        "update payment_allocations as shares
            set paid_out_vnd = paid_out_vnd + carried.amount_vnd
           from unnest($1::uuid[], $2::bigint[]) as carried (order_id, amount_vnd)
          where shares.order_id = carried.order_id",
        &orders as _,
        &amounts as _,
    )
    .execute(conn)
    .await?;
    if usize::try_from(done.rows_affected())? == orders.len() {
        Ok(())
    } else {
        Err(Error::fault("a payout carries money of an order that has no payment"))
    }
}

/// What payouts have carried of the order to its shop.
pub async fn paid_out(conn: &mut PgConnection, order: OrderId) -> Result<Vnd> {
    let paid_out = sqlx::query_scalar!(
        r#"select paid_out_vnd as "paid_out: Vnd" from payment_allocations where order_id = $1"#,
        order as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(paid_out)
}

/// Whose order it is, and its share.
pub async fn seller_and_amount(conn: &mut PgConnection, order: OrderId) -> Result<(SellerId, Vnd)> {
    let row = sqlx::query!(
        r#"select seller_id as "seller: SellerId", payment_allocations.amount_vnd as "amount: Vnd"
             from payment_allocations
             join orders on orders.id = order_id
            where order_id = $1"#,
        order as _,
    )
    .fetch_one(conn)
    .await?;
    Ok((row.seller, row.amount))
}
