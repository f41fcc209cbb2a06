//! What is seen of orders, and what must be true of them whatever happened.

use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::{Json, Uuid};

use ocop_market::trade::ledger;
use ocop_market::trade::statements::checks::verify;

use super::market::Market;
use super::tale::Tally;

/// An order as the tables have it: all that an act that was refused, or done before, must leave alone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Seen {
    pub id: Uuid,
    pub seller: String,
    pub status: String,
    pub method: String,
    pub total_vnd: i64,
    pub payment: Uuid,
    pub reference: Option<String>,
    pub share: String,
    pub captured_vnd: i64,
    pub refunded_vnd: i64,
    /// Entries in the books, and movements of the stock.
    pub entries: i64,
    pub movements: i64,
    pub lines: Vec<Line>,
    pub parcels: Vec<Parcel>,
    /// The return that is open.
    pub wish: Option<Wish>,
    pub wishes: i64,
    /// A refund the shop has still to send.
    pub owed: Option<Uuid>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Line {
    pub id: Uuid,
    pub quantity: i32,
    pub returned: i32,
    /// In no parcel yet.
    pub unsent: i32,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Parcel {
    pub id: Uuid,
    pub status: String,
    pub code: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Wish {
    pub id: Uuid,
    pub status: String,
    pub lines: Vec<Asked>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Asked {
    pub order_line_id: Uuid,
    pub asked: i32,
}

const LOOK: &str = "
select coalesce(jsonb_agg(jsonb_build_object(
           'id', orders.id, 'seller', orders.seller_id, 'status', orders.status, 'method', orders.method,
           'total_vnd', orders.total_vnd, 'payment', share.payment_id, 'reference', payments.reference,
           'share', share.status, 'captured_vnd', share.captured_vnd, 'refunded_vnd', share.refunded_vnd,
           'entries', (select count(*) from ledger_entries where order_id = orders.id),
           'movements', (select count(*) from stock_movements where order_id = orders.id),
           'lines', (
               select jsonb_agg(jsonb_build_object(
                          'id', id, 'quantity', quantity,
                          'returned', coalesce((select returned from returned_units where order_line_id = order_lines.id), 0),
                          'unsent', quantity - coalesce((
                              select sum(parcel_lines.quantity)
                                from parcel_lines
                                join parcels on parcels.id = parcel_id
                               where order_line_id = order_lines.id
                                 and status not in ('cancelled', 'lost', 'damaged')), 0)) order by id)
                 from order_lines
                where order_id = orders.id),
           'parcels', coalesce((
               select jsonb_agg(jsonb_build_object('id', id, 'status', status, 'code', tracking_code) order by id)
                 from parcels
                where order_id = orders.id), '[]'),
           'wish', (
               select jsonb_build_object('id', id, 'status', status, 'lines', (
                          select jsonb_agg(jsonb_build_object('order_line_id', order_line_id, 'asked', asked)
                                           order by order_line_id)
                            from return_lines
                           where return_id = returns.id))
                 from returns
                where order_id = orders.id
                  and closed_at is null
                order by id
                limit 1),
           'wishes', (select count(*) from returns where order_id = orders.id),
           'owed', (
               select id
                 from refunds
                where order_id = orders.id
                  and channel = 'shop'
                  and status <> 'arrived'
                order by id
                limit 1)) order by orders.id), '[]')
  from orders
  join payment_allocations as share on share.order_id = orders.id
  join payments on payments.id = share.payment_id
 where orders.id = any($1)";

/// The rules of these orders that do not hold.
const BROKEN: &str = "
with touched as (select * from orders where id = any($1)),
lines as (
    select order_lines.*,
           coalesce((select sum(amount_vnd) from order_line_discounts where order_line_id = order_lines.id), 0) as borne_vnd
      from order_lines
     where order_id = any($1)),
wares as (select * from stock where variant_id in (select variant_id from lines))
select 'an order is the sum of its lines'
  from touched
  join lateral (select sum(amount_vnd) as goods, sum(discount_vnd) as discount, sum(shipping_share_vnd) as shipping
                  from lines
                 where order_id = touched.id) as parts on true
 where (goods_vnd, discount_vnd, shipping_vnd) <> (goods, discount, shipping)
    or total_vnd <> goods - discount + shipping
 union all
select 'a discount is what its bearers pay, and what is charged is charged on the rest of the price'
  from lines
 where discount_vnd <> discount_by_seller_vnd + borne_vnd
    or basis_vnd <> amount_vnd - discount_by_seller_vnd
 union all
select 'a checkout is the sum of its orders, and of its payments, and each payment that of its shares'
  from checkouts
 where id in (select checkout_id from touched)
   and (total_vnd <> (select sum(total_vnd) from orders where checkout_id = checkouts.id)
        or total_vnd <> (select sum(amount_vnd) from payments where checkout_id = checkouts.id)
        or exists (select 1
                     from payments
                    where checkout_id = checkouts.id
                      and amount_vnd <> (select sum(amount_vnd)
                                           from payment_allocations
                                          where payment_id = payments.id)))
 union all
select 'a share is what its order costs, and of it no more goes back than came'
  from touched
  join payment_allocations as share on share.order_id = touched.id
 where share.amount_vnd <> touched.total_vnd
    or refunded_vnd > captured_vnd
    or refunded_vnd <> (select coalesce(sum(amount_vnd), 0) from refunds where refunds.order_id = touched.id)
 union all
select 'of what a gateway took no more goes back than came'
  from payment_captures as captures
  join payment_attempts on payment_attempts.id = attempt_id
 where payment_id in (select payment_id from payment_allocations where order_id = any($1))
   and (refunded_vnd > captures.amount_vnd
        or refunded_vnd <> (select coalesce(sum(amount_vnd), 0) from refunds where capture_id = captures.id))
 union all
select 'nothing is sold that is not there, and what is there is the sum of its movements'
  from wares
 where held < 0
    or on_hand < held
    or (on_hand, held) <> (select sum(quantity), sum(held) from stock_movements where variant_id = wares.variant_id)
 union all
select 'what is held is what the open holds hold'
  from wares
 where held <> (select coalesce(sum(quantity), 0)
                  from stock_holds
                 where variant_id = wares.variant_id
                   and ended_at is null)
 union all
select 'who waits for money holds the goods; who was cancelled or got them back has none; any other has taken them'
  from touched
  join lateral (select sum(held) as held, sum(quantity) filter (where kind <> 'return') as taken,
                       coalesce(sum(quantity) filter (where kind = 'return'), 0) as put_back
                  from stock_movements
                 where order_id = touched.id) as moved on true
  join lateral (select sum(quantity) as bought, sum(coalesce(returned, 0)) as returned
                  from lines
                  left join returned_units on order_line_id = lines.id
                 where order_id = touched.id) as lines on true
 where held <> case when status = 'awaiting_payment' then bought else 0 end
    or not case
           when status in ('awaiting_payment', 'cancelled') then taken = 0
           -- Where the shop said nothing the order is over, and its goods are where nobody knows until it does.
           when status = 'returned'
               then taken = 0
                    or taken = -bought and exists (
                        select 1 from order_events where order_id = touched.id and status = 'returned' and by = 'system')
           else taken = -bought
           end
    or put_back > returned";

/// What stands in the books for each line, beside what its kept units are worth by the frozen line.
const MISPOSTED: &str = "
with lines as (
    select order_lines.id, order_lines.order_id, coalesce(returned, 0) as returned, quantity,
           paid_at is not null and orders.status not in ('cancelled', 'returned') as stands,
           unnest(array['goods', 'goods', 'commission', 'vat', 'pit', 'borne']) as what,
           unnest(array[amount_vnd, -order_lines.discount_vnd, commission_vnd, vat_vnd, pit_vnd]) as worth
      from order_lines
      join orders on orders.id = order_id
      left join returned_units on order_line_id = order_lines.id
     where order_id = any($1)),
borne as (
    select order_line_id, bearer, amount_vnd from order_line_discounts),
worth as (
    select lines.id, lines.order_id, returned, quantity, stands, what, worth from lines where what <> 'borne'
     union all
    select lines.id, lines.order_id, returned, quantity, stands, bearer, amount_vnd
      from lines
      join borne on order_line_id = lines.id
     where what = 'borne'),
kept as (
    select id, order_id, what,
           sum(case when stands
                    then worth - sign(worth) * (returned * (abs(worth) / quantity) + least(returned, abs(worth) % quantity))
                    else 0 end) as worth
      from worth
     group by id, order_id, what),
posted as (
    select entries.order_line_id as id,
           case when 'buyer_funds' in (debit, credit) then 'goods'
                when 'commission' in (debit, credit) then 'commission'
                when debit ^@ 'vat_withheld' or credit ^@ 'vat_withheld' then 'vat'
                when debit ^@ 'pit_withheld' or credit ^@ 'pit_withheld' then 'pit'
                when debit ^@ 'voucher_expense:' then substring(debit from 17)
                when credit ^@ 'voucher_expense:' then substring(credit from 17) end as what,
           sum(case when kind = 'sale' then amount_vnd else -amount_vnd end) as worth
      from ledger_entries as entries
      join ledger_transfers on ledger_transfers.id = transfer_id
     where entries.order_id = any($1)
       and entries.order_line_id is not null
       and kind in ('sale', 'reversal')
     group by 1, 2)
select concat(coalesce(what, '?'), ' of line ', id, ': ', coalesce(posted.worth, 0), ' posted, ',
              coalesce(kept.worth, 0), ' kept')
  from kept
  full join posted using (id, what)
 where coalesce(kept.worth, 0) <> coalesce(posted.worth, 0)";

/// Whatever the books hold in all.
const ASTRAY: &str = "
select 'the held stock is not what the open holds hold'
 where (select sum(held) from stock)
       <> (select coalesce(sum(quantity), 0) from stock_holds where ended_at is null)
 union all
select 'less than nothing is there of ' || variant_id
  from stock
 where on_hand < 0 or held < 0 or held > on_hand
 union all
select concat('payout ', id, ' is not the sum of what it carries')
  from payouts
 where gross_vnd <> (select sum(amount_vnd) from payout_items where payout_id = payouts.id)
 union all
select concat('more was carried of order ', orders.id, ' than it brought')
  from orders
  join lateral (select sum(case when credit ^@ 'seller_balance:' then amount_vnd else 0 end) as ever
                  from ledger_entries
                 where order_id = orders.id) as brought on true
  join lateral (select sum(payout_items.amount_vnd) as amount_vnd
                  from payout_items
                  join payouts on payouts.id = payout_id
                 where order_id = orders.id
                   and status <> 'failed') as carried on true
 where carried.amount_vnd > brought.ever
 union all
select concat('shop ', seller_id, ' was not paid for what its orders brought')
  from (select orders.seller_id, sum(case when credit ^@ 'seller_balance:' then amount_vnd else 0 end
                                     - case when debit ^@ 'seller_balance:' then amount_vnd else 0 end) as amount_vnd
          from ledger_entries
          join orders on orders.id = order_id
         group by 1) as brought
  join (select split_part(account, ':', 2)::uuid as seller_id, sum(amount_vnd) as amount_vnd
          from (select credit as account, amount_vnd from ledger_entries where credit ^@ 'seller_balance:'
                 union all
                select debit, -amount_vnd from ledger_entries where debit ^@ 'seller_balance:') as moved
         group by 1) as stands using (seller_id)
 where stands.amount_vnd
       <> brought.amount_vnd - (select coalesce(sum(gross_vnd), 0)
                                  from payouts
                                 where payouts.seller_id = stands.seller_id
                                   and status <> 'failed')
 union all
select concat('voucher ', code, ' counts other uses than it had')
  from vouchers
 where uses <> (select count(*) from voucher_redemptions where voucher_id = vouchers.id and released_at is null)
    or spent_vnd <> (select coalesce(sum(part.spent_vnd), 0)
                       from voucher_redemption_parts as part
                       join voucher_redemptions as redemption on redemption.id = redemption_id
                      where voucher_id = vouchers.id
                        and part.released_at is null)";

impl Market {
    /// The orders as they are now; panics if a rule of theirs does not hold. Both are asked after every step: they are
    /// planned once.
    pub async fn look(&self, orders: &[Uuid]) -> Vec<Seen> {
        let look = async |conn: &mut PgConnection| {
            sqlx::query("set local plan_cache_mode = force_generic_plan").execute(&mut *conn).await?;
            let broken = sqlx::query_scalar::<_, String>(BROKEN).bind(orders).fetch_all(&mut *conn).await?;
            let seen = sqlx::query_scalar::<_, Json<Vec<Seen>>>(LOOK).bind(orders).fetch_one(conn).await?;
            Ok((broken, seen.0))
        };
        let (broken, seen) = self.app.app.db.see(look).await.unwrap();
        assert_eq!(broken, Vec::<String>::new());
        seen
    }

    /// What the books say of these orders that their lines do not.
    pub async fn misposted(&self, orders: &[Uuid]) -> Vec<String> {
        let ask = async |conn: &mut PgConnection| {
            sqlx::query("set local plan_cache_mode = force_generic_plan").execute(&mut *conn).await?;
            Ok(sqlx::query_scalar::<_, String>(MISPOSTED).bind(orders).fetch_all(conn).await?)
        };
        self.app.app.db.see(ask).await.unwrap()
    }

    /// Everything there is: the books by `ledger verify`, that they sum to nothing, the stock, the payouts, and what the
    /// partner has sent.
    pub async fn check_everything(&self) {
        let (verified, balances, astray) = self
            .app
            .app
            .db
            .see(async |conn| {
                let astray = sqlx::query_scalar::<_, String>(ASTRAY).fetch_all(&mut *conn).await?;
                Ok((verify(conn).await?, ledger::balances(conn, "").await?, astray))
            })
            .await
            .unwrap();
        assert!(verified.agrees, "{:#?}", verified.findings);
        assert_eq!(balances.iter().map(|(_, balance)| balance.get()).sum::<i64>(), 0, "{balances:?}");
        assert_eq!(astray, Vec::<String>::new());
        let state = self.providers.state().await;
        let sent = state["payouts"].as_array().unwrap().iter().filter(|payout| payout["stand"] == "succeeded");
        let sent: i64 = sent.map(|payout| payout["order"]["amount"].as_i64().unwrap()).sum();
        let arrived = "select coalesce(sum(amount_vnd), 0)::bigint from payouts where status = 'succeeded'";
        let on_the_way = "select coalesce(sum(amount_vnd), 0)::bigint from payouts where status = 'sending'";
        let arrived = self.app.count(arrived).await;
        assert!((arrived..=arrived + self.app.count(on_the_way).await).contains(&sent), "{sent} sent, {arrived} known");
    }
}

/// Where everything has ended.
const ENDS: &str = "
select jsonb_object_agg(what, often)
  from (select concat('order ', method, ' ', status) as what, count(*) as often from orders group by 1
         union all
        select concat('share ', status), count(*) from payment_allocations group by 1
         union all
        select concat('refund ', channel, ' ', reason, ' ', status), count(*) from refunds group by 1
         union all
        select concat('return ', status), count(*) from returns group by 1
         union all
        select concat('payout ', status), count(*) from payouts group by 1
         union all
        select concat('ledger ', kind), count(*) from ledger_transfers group by 1
         union all
        select concat('held for a person: ', kind), count(*) from payment_exceptions group by 1
         union all
        select concat('review of a transfer: ', kind), count(*) from transfer_exceptions group by 1) as ends";

impl Market {
    /// How many orders, refunds, returns and payouts ended where.
    pub async fn ends(&self) -> Tally {
        let ends =
            async |conn: &mut PgConnection| Ok(sqlx::query_scalar::<_, Json<Tally>>(ENDS).fetch_one(conn).await?.0);
        self.app.app.db.see(ends).await.unwrap()
    }
}
