//! A shop's claim beside what the register knows without a shop.

use chrono::NaiveDate;
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::super::Certificate;
use super::super::view::views;
use super::{RegisterEntry, store};
use crate::kernel::text::fold;
use crate::kernel::{CertificateId, SellerId, TaxCode};
use crate::market::sellers;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};

/// A row of the register, without a shop or of another one, that has the claim's decision and product.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegisterMatch {
    /// The row.
    pub entry: RegisterEntry,
    /// Whether verifying the claim makes both one row, in which the register's stars and days win; false for another
    /// owner's, and for one that is in another shop already.
    pub merges: bool,
    /// What the claim says otherwise.
    pub contradictions: Vec<Contradiction>,
}

/// A value in which claim and register differ.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Contradiction {
    /// The claim's field.
    #[schema(example = "stars")]
    pub field: &'static str,
    /// As claimed.
    #[schema(example = "4")]
    pub claimed: String,
    /// As registered.
    #[schema(example = "3")]
    pub registered: String,
}

/// What the register knows of a claim.
pub async fn find(conn: &mut PgConnection, claim: &Certificate, today: NaiveDate) -> Result<Vec<RegisterMatch>> {
    let Some(seller) = claim.seller_id else { return Ok(Vec::new()) };
    let candidates = candidates(conn, claim.id).await?;
    let chosen = chosen(conn, claim, seller, &candidates).await?;
    let shown = views(conn, candidates, today).await?.into_iter().map(|(row, view)| RegisterMatch {
        merges: chosen == Some(row.id),
        contradictions: contradictions(claim, &row),
        entry: RegisterEntry::new(row, view),
    });
    Ok(shown.collect())
}

/// Makes the claim and the register's row of it one: the row's stars, days, filing and revocation are taken over, and the
/// claim's id stays, because listings name it.
pub async fn merge(conn: &mut PgConnection, claim: CertificateId, seller: SellerId) -> Result<()> {
    let claim = super::super::store::find(conn, claim).await?.or_refuse(&NOT_FOUND)?;
    let candidates = candidates(conn, claim.id).await?;
    match chosen(conn, &claim, seller, &candidates).await? {
        Some(registered) => store::merge(conn, claim.id, registered).await,
        None => Ok(()),
    }
}

async fn candidates(conn: &mut PgConnection, claim: CertificateId) -> Result<Vec<Certificate>> {
    let ids = store::verified_like(conn, claim).await?;
    super::super::store::find_all(conn, &ids).await
}

/// The row without a shop that is the claim's own: the one with the shop's tax code; without one, the only row whose owner has none, or
/// of several the one whose owner has the shop's name.
async fn chosen(
    conn: &mut PgConnection,
    claim: &Certificate,
    seller: SellerId,
    candidates: &[Certificate],
) -> Result<Option<CertificateId>> {
    let candidates: Vec<&Certificate> = candidates.iter().filter(|row| row.seller_id.is_none()).collect();
    let codes: Vec<TaxCode> = candidates.iter().filter_map(|row| row.owner_tax_code.clone()).collect();
    let holders = sellers::holders_of(conn, &codes).await?;
    let is_own = |code: &TaxCode| holders.iter().any(|holder| holder.seller == seller && holder.tax_code == *code);
    let by_code = candidates.iter().find(|row| row.owner_tax_code.as_ref().is_some_and(is_own));
    let codeless: Vec<&&Certificate> = candidates.iter().filter(|row| row.owner_tax_code.is_none()).collect();
    let by_name = || match codeless.as_slice() {
        [only] => Some(*only),
        several => several.iter().copied().find(|row| fold(&row.owner_name) == fold(&claim.owner_name)),
    };
    Ok(by_code.or_else(by_name).map(|row| row.id))
}

fn contradictions(claim: &Certificate, registered: &Certificate) -> Vec<Contradiction> {
    let pairs = [
        ("stars", claim.stars.to_string(), registered.stars.to_string()),
        ("set_no", claim.set_no.to_string(), registered.set_no.to_string()),
        ("issued_on", claim.issued_on.to_string(), registered.issued_on.to_string()),
        ("authority", fold(&claim.authority), fold(&registered.authority)),
    ];
    let shown = |field, claimed: String, registered_as: String| match field {
        "authority" => (claim.authority.clone(), registered.authority.clone()),
        _ => (claimed, registered_as),
    };
    let differing = pairs.into_iter().filter(|(_, claimed, registered)| claimed != registered);
    let named = differing.map(|(field, claimed, registered)| {
        let (claimed, registered) = shown(field, claimed, registered);
        Contradiction { field, claimed, registered }
    });
    named.collect()
}
