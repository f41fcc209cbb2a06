//! The table `checkout_discounts`: what vouchers took off the lines of a quote.

use sqlx::PgConnection;

use crate::kernel::{CheckoutId, SellerId, VariantId, Vnd, VoucherId};
use crate::platform::error::Result;
use crate::trade::vouchers::{self, Applied, LineDiscount};

/// Writes down what the vouchers take off, after the lines themselves.
pub async fn insert(conn: &mut PgConnection, id: CheckoutId, applied: &[Applied]) -> Result<()> {
    let lines: Vec<(VoucherId, &LineDiscount)> =
        applied.iter().flat_map(|each| each.lines.iter().map(|line| (each.voucher_id, line))).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let vouchers: Vec<VoucherId> = lines.iter().map(|(voucher, _)| *voucher).collect();
    let variants: Vec<VariantId> = lines.iter().map(|(_, line)| line.variant_id).collect();
    let part = |of: fn(&LineDiscount) -> Vnd| -> Vec<Vnd> { lines.iter().map(|(_, line)| of(line)).collect() };
    sqlx::query!(
        "insert into checkout_discounts (checkout_id, variant_id, voucher_id, by_platform_vnd, by_province_vnd,
                                         by_seller_vnd)
         select $1, variant_id, voucher_id, by_platform_vnd, by_province_vnd, by_seller_vnd
           from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[])
             as line (variant_id, voucher_id, by_platform_vnd, by_province_vnd, by_seller_vnd)",
        id as _,
        &variants as _,
        &vouchers as _,
        &part(|line| line.by_platform_vnd) as _,
        &part(|line| line.by_province_vnd) as _,
        &part(|line| line.by_seller_vnd) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The vouchers of the quote, as they were applied.
pub async fn find(conn: &mut PgConnection, id: CheckoutId) -> Result<Vec<Applied>> {
    let rows = sqlx::query!(
        r#"select voucher_id as "voucher_id: VoucherId",
                  variant_id as "variant_id: VariantId",
                  seller_id as "seller_id: SellerId",
                  by_platform_vnd as "by_platform_vnd: Vnd",
                  by_province_vnd as "by_province_vnd: Vnd",
                  by_seller_vnd as "by_seller_vnd: Vnd"
             from checkout_discounts
             join checkout_lines using (checkout_id, variant_id)
            where checkout_id = $1
            order by variant_id"#,
        id as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    let lines = rows.into_iter().map(|row| {
        let line = LineDiscount {
            variant_id: row.variant_id,
            seller: row.seller_id,
            by_platform_vnd: row.by_platform_vnd,
            by_province_vnd: row.by_province_vnd,
            by_seller_vnd: row.by_seller_vnd,
        };
        (row.voucher_id, line)
    });
    vouchers::applied(conn, lines.collect()).await
}
