//! Folds of the view `tax_entries`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::kernel::{Month, SellerId, Vnd};
use crate::people::access::Provinces;
use crate::platform::error::Result;
use crate::trade::statements::taxes::{CertifiedMonth, TaxReturnRow, Withheld};

/// What was withheld in the month from sellers whose orders belong to these provinces.
pub async fn of_month(conn: &mut PgConnection, provinces: &Provinces, month: Month) -> Result<Vec<TaxReturnRow>> {
    let rows = sqlx::query!(
        r#"select tax_entries.province_code as "province_code!",
                  provinces.name_vi as province,
                  sellers.id as "seller_id: SellerId",
                  coalesce(sellers.legal_name, sellers.name) as "seller!",
                  coalesce(sellers.tax_code, repeat('•', 9) || sellers.personal_id_last) as tax_code,
                  coalesce(sum(revenue_vnd) filter (where revenue_vnd > 0), 0)::bigint as "revenue_vnd!: Vnd",
                  coalesce(sum(-revenue_vnd) filter (where revenue_vnd < 0), 0)::bigint as "revenue_offset_vnd!: Vnd",
                  coalesce(sum(vat_vnd) filter (where vat_vnd > 0), 0)::bigint as "vat_vnd!: Vnd",
                  coalesce(sum(-vat_vnd) filter (where vat_vnd < 0), 0)::bigint as "vat_offset_vnd!: Vnd",
                  coalesce(sum(pit_vnd) filter (where pit_vnd > 0), 0)::bigint as "pit_vnd!: Vnd",
                  coalesce(sum(-pit_vnd) filter (where pit_vnd < 0), 0)::bigint as "pit_offset_vnd!: Vnd",
                  sum(vat_vnd + pit_vnd)::bigint as "due_vnd!: Vnd"
             from tax_entries
             join sellers on sellers.id = tax_entries.seller_id
             join provinces on provinces.code = tax_entries.province_code
            where tax_entries.province_code = any($1)
              and at >= $2
              and at < $3
            group by tax_entries.province_code, provinces.name_vi, sellers.id
            order by tax_entries.province_code, 4, sellers.id"#,
        provinces.codes(),
        month.start(),
        month.end(),
    )
    .fetch_all(conn)
    .await?;
    let returned = rows.into_iter().map(|row| TaxReturnRow {
        province_code: row.province_code,
        province: row.province,
        seller_id: row.seller_id,
        seller: row.seller,
        tax_code: row.tax_code,
        withheld: Withheld {
            revenue_vnd: row.revenue_vnd,
            revenue_offset_vnd: row.revenue_offset_vnd,
            vat_vnd: row.vat_vnd,
            vat_offset_vnd: row.vat_offset_vnd,
            pit_vnd: row.pit_vnd,
            pit_offset_vnd: row.pit_offset_vnd,
            due_vnd: row.due_vnd,
        },
    });
    Ok(returned.collect())
}

/// What was withheld from the seller between two instants, month by month.
pub async fn of_seller(
    conn: &mut PgConnection,
    seller: SellerId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<CertifiedMonth>> {
    let rows = sqlx::query!(
        r#"select date_trunc('month', at at time zone 'Asia/Ho_Chi_Minh')::date as "month!",
                  coalesce(sum(revenue_vnd) filter (where revenue_vnd > 0), 0)::bigint as "revenue_vnd!: Vnd",
                  coalesce(sum(-revenue_vnd) filter (where revenue_vnd < 0), 0)::bigint as "revenue_offset_vnd!: Vnd",
                  coalesce(sum(vat_vnd) filter (where vat_vnd > 0), 0)::bigint as "vat_vnd!: Vnd",
                  coalesce(sum(-vat_vnd) filter (where vat_vnd < 0), 0)::bigint as "vat_offset_vnd!: Vnd",
                  coalesce(sum(pit_vnd) filter (where pit_vnd > 0), 0)::bigint as "pit_vnd!: Vnd",
                  coalesce(sum(-pit_vnd) filter (where pit_vnd < 0), 0)::bigint as "pit_offset_vnd!: Vnd",
                  sum(vat_vnd + pit_vnd)::bigint as "due_vnd!: Vnd"
             from tax_entries
            where seller_id = $1
              and at >= $2
              and at < $3
            group by 1
            order by 1"#,
        seller as _,
        from,
        until,
    )
    .fetch_all(conn)
    .await?;
    let months = rows.into_iter().map(|row| CertifiedMonth {
        month: Month::of(row.month),
        withheld: Withheld {
            revenue_vnd: row.revenue_vnd,
            revenue_offset_vnd: row.revenue_offset_vnd,
            vat_vnd: row.vat_vnd,
            vat_offset_vnd: row.vat_offset_vnd,
            pit_vnd: row.pit_vnd,
            pit_offset_vnd: row.pit_offset_vnd,
            due_vnd: row.due_vnd,
        },
    });
    Ok(months.collect())
}

/// What the seller's lines that were taxed between two instants rest on, and whether any of it is provisional.
pub async fn grounds(
    conn: &mut PgConnection,
    seller: SellerId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(Vec<String>, bool)> {
    let rows = sqlx::query!(
        r#"select tax_basis as "tax_basis!", bool_or(tax_provisional) as "provisional!"
             from orders
             join order_lines on order_lines.order_id = orders.id
            where seller_id = $1
              and tax_basis is not null
              and exists (
                  select 1
                    from ledger_entries
                   where ledger_entries.order_id = orders.id
                     and at >= $2
                     and at < $3)
            group by tax_basis
            order by tax_basis"#,
        seller as _,
        from,
        until,
    )
    .fetch_all(conn)
    .await?;
    let provisional = rows.iter().any(|row| row.provisional);
    Ok((rows.into_iter().map(|row| row.tax_basis).collect(), provisional))
}

/// Who a certificate is for.
#[derive(Debug)]
pub struct Taxpayer {
    pub seller: String,
    pub tax_code: Option<String>,
    pub province: String,
    pub demo: bool,
}

/// The seller by the name in the register, or else the shop's.
pub async fn taxpayer(conn: &mut PgConnection, seller: SellerId) -> Result<Taxpayer> {
    let taxpayer = sqlx::query_as!(
        Taxpayer,
        r#"select coalesce(legal_name, name) as "seller!",
                  coalesce(tax_code, repeat('•', 9) || personal_id_last) as tax_code,
                  provinces.name_vi as province,
                  demo
             from sellers
             join provinces on provinces.code = province_code
            where sellers.id = $1"#,
        seller as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(taxpayer)
}

/// The day of the next month a month's return is due on, by the row in force on the day, with what it rests on.
pub async fn return_day(conn: &mut PgConnection, on: NaiveDate) -> Result<Option<(u32, String)>> {
    let row = sqlx::query!(
        "select day_of_month, legal_basis
           from tax_return_days
          where $1 >= effective_from
            and (effective_to is null or $1 < effective_to)",
        on,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.day_of_month.unsigned_abs().into(), row.legal_basis)))
}
