//! The tables `tax_kinds`, `tax_rates`, `tax_subjects`, `tax_withholding_rules`, `tax_thresholds`, `commission_rules`.

pub mod rules;
pub mod taxes;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use sqlx::PgConnection;

use super::model::{Chargeable, Charges, Method, Terms};
use crate::kernel::clock::start_of_day;
use crate::kernel::{ListingId, Rate, SellerId};
use crate::platform::error::{Error, Result};

/// What the lines are charged if they are sold on that day, in their order: one statement, however many they are. A line
/// that is taxed by no row in force is a fault.
pub async fn charges(conn: &mut PgConnection, lines: &[Chargeable], today: NaiveDate) -> Result<Vec<Charges>> {
    let terms = terms(conn, lines, today).await?;
    if terms.len() != lines.len() {
        return Err(Error::fault("a line's listing, shop, or a row of taxes in force is missing"));
    }
    Ok(lines.iter().zip(terms).map(|(line, terms)| terms.on(line.basis)).collect())
}

/// The first instant of the day's year.
fn start_of_year(day: NaiveDate) -> DateTime<Utc> {
    start_of_day(NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap_or(day))
}

/// A seller's revenue decides only where the rows of its way of paying differ by it; it is not counted otherwise.
#[expect(clippy::too_many_lines, reason = "one query, and a line for each of its columns and parameters")]
async fn terms(conn: &mut PgConnection, lines: &[Chargeable], today: NaiveDate) -> Result<Vec<Terms>> {
    let sellers: Vec<SellerId> = lines.iter().map(|line| line.seller).collect();
    let listings: Vec<ListingId> = lines.iter().map(|line| line.listing).collect();
    let methods: Vec<Method> = lines.iter().map(|line| line.method).collect();
    let terms = sqlx::query_as!(
        Terms,
        r#"select coalesce(commission.rate_bps, 0) as "commission!: Rate",
                  case when withheld.yes then rate.vat_bps else 0 end as "vat!: Rate",
                  case when withheld.yes then rate.pit_bps else 0 end as "pit!: Rate",
                  case when withheld.yes then rate.legal_basis end as "tax_basis?",
                  withheld.yes
                  and 'provisional' in (rate.status, subject.status, above.status, below.status)
                      as "tax_provisional!"
             from unnest($1::uuid[], $2::uuid[], $3::text[])
                  with ordinality as line (seller_id, listing_id, method, no)
             join sellers on sellers.id = line.seller_id
             join listings on listings.id = line.listing_id
             left join tax_kinds on tax_kinds.set_no = listings.set_no
                  and $4 >= tax_kinds.effective_from
                  and (tax_kinds.effective_to is null or $4 < tax_kinds.effective_to)
             join tax_rates as rate on rate.kind = coalesce(tax_kinds.kind, 'unknown')
                  and rate.residency = 'resident'
                  and $4 >= rate.effective_from
                  and (rate.effective_to is null or $4 < rate.effective_to)
             join tax_subjects as subject on subject.seller_kind = sellers.kind
                  and $4 >= subject.effective_from
                  and (subject.effective_to is null or $4 < subject.effective_to)
             join tax_withholding_rules as above on above.method = line.method
                  and not above.below_threshold
                  and $4 >= above.effective_from
                  and (above.effective_to is null or $4 < above.effective_to)
             join tax_withholding_rules as below on below.method = line.method
                  and below.below_threshold
                  and $4 >= below.effective_from
                  and (below.effective_to is null or $4 < below.effective_to)
             left join tax_thresholds as threshold on $4 >= threshold.effective_from
                  and (threshold.effective_to is null or $4 < threshold.effective_to)
            cross join lateral (
                  select subject.withheld
                     and case
                         when above.withheld = below.withheld or threshold.yearly_vnd is null then above.withheld
                         when threshold.yearly_vnd > (
                              select coalesce(sum(order_lines.basis_vnd), 0)
                                from orders
                                join order_lines on order_lines.order_id = orders.id
                               where orders.seller_id = sellers.id
                                 and orders.placed_at >= $5
                                 and orders.status not in ('awaiting_payment', 'cancelled', 'returning', 'returned'))
                              then below.withheld
                         else above.withheld
                     end as yes) as withheld
             left join lateral (
                  select rate_bps
                    from commission_rules
                   where (commission_rules.set_no is null or commission_rules.set_no = listings.set_no)
                     and (commission_rules.seller_id is null or commission_rules.seller_id = sellers.id)
                     and (commission_rules.province_code is null or commission_rules.province_code = sellers.province_code)
                     and $4 >= commission_rules.effective_from
                     and (commission_rules.effective_to is null or $4 < commission_rules.effective_to)
                   order by priority, commission_rules.effective_from desc
                   limit 1) as commission on true
            order by line.no"#,
        &sellers as _,
        &listings as _,
        &methods as _,
        today,
        start_of_year(today),
    )
    .fetch_all(conn)
    .await?;
    Ok(terms)
}
