//! The tables `invoice_requests` and `invoices`.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::kernel::{AccountId, CheckoutId, Email, Line, TaxCode};
use crate::platform::error::Result;
use crate::trade::orders::store::Reached;

/// Whom invoices are made out to.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InvoiceRequest)]
pub struct Request {
    /// Name of the organisation or person.
    #[schema(value_type = String, min_length = 2, max_length = 200)]
    pub name: Line<2, 200>,
    /// Their tax code.
    pub tax_code: TaxCode,
    /// Where the invoice is sent.
    pub email: Email,
    /// Their address.
    #[schema(value_type = String, min_length = 5, max_length = 300)]
    pub address: Line<5, 300>,
}

/// Writes down that the buyer of a checkout wants invoices.
pub async fn insert_request(conn: &mut PgConnection, checkout: CheckoutId, request: &Request) -> Result<()> {
    sqlx::query!(
        "insert into invoice_requests (checkout_id, name, tax_code, email, address)
         values ($1, $2, $3, $4, $5)",
        checkout as _,
        request.name.as_str(),
        request.tax_code.as_str(),
        request.email.as_str(),
        request.address.as_str(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The invoice of an order, wanted and perhaps issued.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invoice {
    /// Whom it is made out to.
    pub name: String,
    /// Their tax code.
    pub tax_code: String,
    /// Where it is sent.
    pub email: String,
    /// Their address.
    pub address: String,
    /// Its number, once the shop has issued it.
    pub number: Option<String>,
    /// The day on it.
    pub issued_on: Option<NaiveDate>,
    /// When the shop recorded that.
    pub recorded_at: Option<DateTime<Utc>>,
    /// When the order was placed.
    #[serde(skip)]
    pub placed_at: DateTime<Utc>,
}

/// The order's invoice, if its buyer wants one.
pub async fn find(conn: &mut PgConnection, reached: Reached) -> Result<Option<Invoice>> {
    let invoice = sqlx::query_as!(
        Invoice,
        r#"select name, tax_code, email, address, invoices.number as "number?", issued_on as "issued_on?",
                  recorded_at as "recorded_at?", placed_at
             from orders
             join invoice_requests using (checkout_id)
             left join invoices on order_id = orders.id
            where orders.id = $1"#,
        reached.id() as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(invoice)
}

/// Notes the invoice the shop issued, or corrects what was noted.
pub async fn put(
    conn: &mut PgConnection,
    reached: Reached,
    (number, issued_on): (&str, NaiveDate),
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into invoices (order_id, number, issued_on, recorded_by, recorded_at)
         values ($1, $2, $3, $4, $5)
         on conflict on constraint invoices_pk do update
            set number = excluded.number,
                issued_on = excluded.issued_on,
                recorded_by = excluded.recorded_by,
                recorded_at = excluded.recorded_at",
        reached.id() as _,
        number,
        issued_on,
        account as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
