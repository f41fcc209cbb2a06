//! The tables `vouchers`, `voucher_participants`, and the counters `voucher_buyers` and `voucher_shops`.

pub mod redemptions;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::discount::Counts;
use super::model::{Bearers, CODE_TAKEN, Discount, Issuer, Limits, Promise, Scope, Voucher, VoucherCode};
use crate::kernel::{AccountId, Price, Rate, SellerId, Vnd, VoucherId};
use crate::market::certification::SetNo;
use crate::platform::error::{Error, OnConstraint as _, Result};

/// A row of `vouchers`.
struct Row {
    id: VoucherId,
    code: String,
    title_vi: String,
    title_en: Option<String>,
    province_code: Option<String>,
    seller_id: Option<SellerId>,
    platform_bps: Rate,
    province_bps: Rate,
    seller_bps: Rate,
    rate_bps: Option<Rate>,
    cap_vnd: Option<Price>,
    amount_vnd: Option<Price>,
    minimum_vnd: Vnd,
    for_sellers: Vec<SellerId>,
    for_sets: Vec<SetNo>,
    for_provinces: Vec<String>,
    valid_from: NaiveDate,
    valid_to: NaiveDate,
    limit_total: Option<i32>,
    limit_per_buyer: Option<i32>,
    limit_per_shop: Option<i32>,
    budget_vnd: Option<Price>,
    uses: i32,
    spent_vnd: Vnd,
    created_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    participants: Vec<SellerId>,
}

/// Selects whole vouchers: the columns, once for all the queries that differ only in what follows them.
macro_rules! select_vouchers {
    ($rest:tt $($arguments:tt)*) => {
        sqlx::query_as!(
            Row,
            r#"select id as "id: VoucherId", code, title_vi, title_en, province_code,
                      seller_id as "seller_id: SellerId", platform_bps as "platform_bps: Rate",
                      province_bps as "province_bps: Rate", seller_bps as "seller_bps: Rate",
                      rate_bps as "rate_bps: Rate", cap_vnd as "cap_vnd: Price", amount_vnd as "amount_vnd: Price",
                      minimum_vnd as "minimum_vnd: Vnd", for_sellers as "for_sellers: Vec<SellerId>",
                      for_sets as "for_sets: Vec<SetNo>", for_provinces, valid_from, valid_to, limit_total,
                      limit_per_buyer, limit_per_shop, budget_vnd as "budget_vnd: Price", uses,
                      spent_vnd as "spent_vnd: Vnd", created_at, ended_at,
                      array(
                          select voucher_participants.seller_id
                            from voucher_participants
                           where voucher_id = vouchers.id) as "participants!: Vec<SellerId>"
                 from vouchers
               "# + $rest
            $($arguments)*
        )
    };
}

impl Row {
    fn into_voucher(self) -> Result<Voucher> {
        let issuer = match (self.province_code, self.seller_id) {
            (Some(code), _) => Issuer::Province { code },
            (None, Some(seller_id)) => Issuer::Shop { seller_id },
            (None, None) => Issuer::Platform,
        };
        let discount = match (self.rate_bps, self.cap_vnd, self.amount_vnd) {
            (Some(rate_bps), Some(cap_vnd), None) => Discount::Percent { rate_bps, cap_vnd },
            (None, None, Some(amount_vnd)) => Discount::Amount { amount_vnd },
            _ => return Err(Error::fault(format!("voucher {} takes off nothing known", self.id))),
        };
        let bearers =
            Bearers { platform_bps: self.platform_bps, province_bps: self.province_bps, shop_bps: self.seller_bps };
        let promise = Promise {
            code: VoucherCode::try_from(self.code)?,
            title_vi: self.title_vi,
            title_en: self.title_en,
            issuer,
            bearers,
            discount,
            minimum_vnd: self.minimum_vnd,
            scope: Scope { sellers: self.for_sellers, sets: self.for_sets, provinces: self.for_provinces },
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            limits: Limits {
                total: self.limit_total,
                per_buyer: self.limit_per_buyer,
                per_shop: self.limit_per_shop,
                budget_vnd: self.budget_vnd,
            },
        };
        Ok(Voucher {
            id: self.id,
            promise,
            uses: self.uses,
            spent_vnd: self.spent_vnd,
            created_at: self.created_at,
            ended_at: self.ended_at,
            participants: self.participants,
        })
    }
}

fn vouchers(rows: Vec<Row>) -> Result<Vec<Voucher>> {
    rows.into_iter().map(Row::into_voucher).collect()
}

/// The vouchers of these codes; an unknown one is missing.
pub async fn of_codes(conn: &mut PgConnection, codes: &[VoucherCode]) -> Result<Vec<Voucher>> {
    let keys: Vec<String> = codes.iter().map(VoucherCode::key).collect();
    vouchers(select_vouchers!("where code_key = any($1)", &keys).fetch_all(conn).await?)
}

/// These vouchers.
pub async fn of_ids(conn: &mut PgConnection, ids: &[VoucherId]) -> Result<Vec<Voucher>> {
    vouchers(select_vouchers!("where id = any($1) order by id", ids as _).fetch_all(conn).await?)
}

/// The vouchers, locked in the order of their ids until the transaction ends, and read after that.
pub async fn lock(conn: &mut PgConnection, ids: &[VoucherId]) -> Result<Vec<Voucher>> {
    sqlx::query!("select id from vouchers where id = any($1) order by id for no key update", ids as _)
        .fetch_all(&mut *conn)
        .await?;
    of_ids(conn, ids).await
}

/// The shop's own voucher.
pub async fn of_shop(conn: &mut PgConnection, seller: SellerId, id: VoucherId) -> Result<Option<Voucher>> {
    let row = select_vouchers!("where id = $1 and seller_id = $2", id as _, seller as _).fetch_optional(conn).await?;
    row.map(Row::into_voucher).transpose()
}

/// The shop's own vouchers, newest first.
pub async fn page_of_shop(
    conn: &mut PgConnection,
    seller: SellerId,
    before: Option<VoucherId>,
    limit: i64,
) -> Result<Vec<Voucher>> {
    let rows = select_vouchers!(
        "where seller_id = $1
           and ($2::uuid is null or id < $2)
         order by id desc
         limit $3",
        seller as _,
        before as _,
        limit,
    );
    vouchers(rows.fetch_all(conn).await?)
}

/// A voucher of these provinces' programmes, or, where `platform`, of the marketplace.
pub async fn of_officers(
    conn: &mut PgConnection,
    provinces: &[String],
    platform: bool,
    id: VoucherId,
) -> Result<Option<Voucher>> {
    let row = select_vouchers!(
        "where id = $1
           and (province_code = any($2) or $3 and issuer = 'platform')",
        id as _,
        provinces,
        platform,
    );
    row.fetch_optional(conn).await?.map(Row::into_voucher).transpose()
}

/// Like [`of_officers`], all of them, newest first.
pub async fn page_of_officers(
    conn: &mut PgConnection,
    provinces: &[String],
    platform: bool,
    before: Option<VoucherId>,
    limit: i64,
) -> Result<Vec<Voucher>> {
    let rows = select_vouchers!(
        "where (province_code = any($1) or $2 and issuer = 'platform')
           and ($3::uuid is null or id < $3)
         order by id desc
         limit $4",
        provinces,
        platform,
        before as _,
        limit,
    );
    vouchers(rows.fetch_all(conn).await?)
}

/// Vouchers of others, not over on the day, that would have the shop bear a share of the discount on its goods.
pub async fn open_to_shop(
    conn: &mut PgConnection,
    seller: SellerId,
    province: &str,
    today: NaiveDate,
) -> Result<Vec<Voucher>> {
    let rows = select_vouchers!(
        "where issuer <> 'shop'
           and seller_bps > 0
           and ended_at is null
           and valid_to >= $3
           and (province_code is null or province_code = $2)
           and (for_provinces = '{}' or $2 = any(for_provinces))
           and (for_sellers = '{}' or $1 = any(for_sellers))
         order by id desc",
        seller as _,
        province,
        today,
    );
    vouchers(rows.fetch_all(conn).await?)
}

/// Notes that the shop agrees, or finds that it has.
pub async fn insert_participant(
    conn: &mut PgConnection,
    (voucher, seller): (VoucherId, SellerId),
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into voucher_participants (voucher_id, seller_id, account_id, agreed_at)
         values ($1, $2, $3, $4)
         on conflict on constraint voucher_participants_pk do nothing",
        voucher as _,
        seller as _,
        account as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that the shop agrees no longer; `false` if it had not agreed.
pub async fn delete_participant(conn: &mut PgConnection, voucher: VoucherId, seller: SellerId) -> Result<bool> {
    let done = sqlx::query!(
        "delete from voucher_participants where voucher_id = $1 and seller_id = $2",
        voucher as _,
        seller as _,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes a new voucher down, unless another has its code ([`CODE_TAKEN`]).
pub async fn insert(
    conn: &mut PgConnection,
    id: VoucherId,
    promise: &Promise,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    let (rate, cap, amount) = match promise.discount {
        Discount::Percent { rate_bps, cap_vnd } => (Some(rate_bps), Some(cap_vnd), None),
        Discount::Amount { amount_vnd } => (None, None, Some(amount_vnd)),
    };
    let inserted = sqlx::query!(
        "insert into vouchers (id, code, code_key, title_vi, title_en, issuer, province_code, seller_id, platform_bps,
                               province_bps, seller_bps, rate_bps, cap_vnd, amount_vnd, minimum_vnd, for_sellers,
                               for_sets, for_provinces, valid_from, valid_to, limit_total, limit_per_buyer,
                               limit_per_shop, budget_vnd, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                 $23, $24, $25, $26)",
        id as _,
        promise.code.as_ref(),
        promise.code.key(),
        promise.title_vi,
        promise.title_en,
        promise.issuer.name(),
        promise.issuer.province(),
        promise.issuer.seller() as _,
        promise.bearers.platform_bps as _,
        promise.bearers.province_bps as _,
        promise.bearers.shop_bps as _,
        rate as _,
        cap as _,
        amount as _,
        promise.minimum_vnd as _,
        &promise.scope.sellers as _,
        &promise.scope.sets as _,
        &promise.scope.provinces,
        promise.valid_from,
        promise.valid_to,
        promise.limits.total,
        promise.limits.per_buyer,
        promise.limits.per_shop,
        promise.limits.budget_vnd as _,
        account as _,
        now,
    );
    inserted.execute(conn).await.map(drop).on_constraint("vouchers_code_key", &CODE_TAKEN)
}

/// Ends a voucher now. Ended once is ended.
pub async fn end(conn: &mut PgConnection, id: VoucherId, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update vouchers set ended_at = $2 where id = $1 and ended_at is null", id as _, now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Which of these are no shops, or, where a province is given, not that province's.
pub async fn foreign_sellers(
    conn: &mut PgConnection,
    sellers: &[SellerId],
    province: Option<&str>,
) -> Result<Vec<SellerId>> {
    let foreign = sqlx::query_scalar!(
        r#"select id as "id!: SellerId"
             from unnest($1::uuid[]) as named (id)
            where not exists (
                select 1
                  from sellers
                 where sellers.id = named.id
                   and ($2::text is null or province_code = $2))"#,
        sellers as _,
        province,
    )
    .fetch_all(conn)
    .await?;
    Ok(foreign)
}

/// How often the vouchers have been used by the account, and with these shops. Where a phone number is given and the account
/// is a guest's, by all guests with that number if that is more.
pub async fn counts(
    conn: &mut PgConnection,
    (account, phone): (AccountId, Option<&str>),
    ids: &[VoucherId],
    sellers: &[SellerId],
) -> Result<Counts> {
    let rows = sqlx::query!(
        r#"select voucher_id as "voucher_id!: VoucherId", null::uuid as "seller_id: SellerId", max(uses) as "uses!"
             from (select voucher_id, uses
                     from voucher_buyers
                    where voucher_id = any($1)
                      and account_id = $2
                    union all
                   select voucher_id, count(*)::integer
                     from checkouts
                     join accounts as other on other.id = checkouts.account_id and other.guest
                     join accounts as this on this.id = $2 and this.guest
                     join voucher_redemptions on checkout_id = checkouts.id
                    where phone = $4
                      and status = 'placed'
                      and voucher_id = any($1)
                      and released_at is null
                    group by voucher_id) as used
            group by voucher_id
            union all
           select voucher_id, seller_id, uses
             from voucher_shops
            where voucher_id = any($1)
              and seller_id = any($3)"#,
        ids as _,
        account as _,
        sellers as _,
        phone,
    )
    .fetch_all(conn)
    .await?;
    let mut counts = Counts::default();
    for row in rows {
        match row.seller_id {
            None => counts.by_buyer.insert(row.voucher_id, row.uses),
            Some(seller) => counts.with_shop.insert((row.voucher_id, seller), row.uses),
        };
    }
    Ok(counts)
}
