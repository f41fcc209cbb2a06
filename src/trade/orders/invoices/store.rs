//! The tables `invoice_requests` and `invoices`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::model::{Invoice, Request, TaxNumber};
use crate::kernel::{AccountId, CheckoutId};
use crate::platform::error::{Error, Result};
use crate::platform::seal::Seal;
use crate::trade::orders::store::Reached;

/// What a personal id is sealed to.
fn sealing_context(checkout: CheckoutId) -> String {
    format!("invoice_requests.personal_id:{checkout}")
}

/// Writes down that the buyer of a checkout wants invoices.
pub async fn insert_request(
    conn: &mut PgConnection,
    seal: &Seal,
    checkout: CheckoutId,
    request: &Request,
) -> Result<()> {
    let (code, sealed) = match &request.tax_code {
        TaxNumber::Code(code) => (Some(code.as_str()), None),
        TaxNumber::Person(id) => (None, Some(seal.seal(id.expose(), &sealing_context(checkout))?)),
    };
    sqlx::query!(
        "insert into invoice_requests (checkout_id, name, tax_code, personal_id_sealed, email, address)
         values ($1, $2, $3, $4, $5, $6)",
        checkout as _,
        request.name.as_str(),
        code,
        sealed,
        request.email.as_str(),
        request.address.as_deref(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The order's invoice, if its buyer wants one.
pub async fn find(conn: &mut PgConnection, seal: &Seal, reached: Reached) -> Result<Option<Invoice>> {
    let row = sqlx::query!(
        r#"select checkout_id as "checkout: CheckoutId", name, tax_code, personal_id_sealed, email, address,
                  invoices.number as "number?", issued_on as "issued_on?", recorded_at as "recorded_at?"
             from orders
             join invoice_requests using (checkout_id)
             left join invoices on order_id = orders.id
            where orders.id = $1"#,
        reached.id() as _,
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (tax_code, names_person) = match (row.tax_code, row.personal_id_sealed) {
        (Some(code), _) => (code, false),
        (None, Some(sealed)) => (seal.open(&sealed, &sealing_context(row.checkout))?, true),
        (None, None) => return Err(Error::fault("an invoice for nobody")),
    };
    Ok(Some(Invoice {
        name: row.name,
        tax_code,
        email: row.email,
        address: row.address,
        number: row.number,
        issued_on: row.issued_on,
        recorded_at: row.recorded_at,
        names_person,
    }))
}

/// When the order was placed, if its buyer wants an invoice.
pub async fn wanted_since(conn: &mut PgConnection, reached: Reached) -> Result<Option<DateTime<Utc>>> {
    let placed_at = sqlx::query_scalar!(
        "select placed_at
           from orders
           join invoice_requests using (checkout_id)
          where orders.id = $1",
        reached.id() as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(placed_at)
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
