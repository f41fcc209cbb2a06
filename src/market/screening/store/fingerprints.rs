//! The table `text_fingerprints`.

use sqlx::PgConnection;

use crate::kernel::{ListingId, SellerId};
use crate::market::screening::twins::Fingerprint;
use crate::platform::error::Result;

/// Listings compared at most. More than so many near-duplicates are one finding too.
const MOST_CANDIDATES: i64 = 50;

/// Notes what the listing's published texts sound like, or that they are too short to say.
pub async fn put(
    conn: &mut PgConnection,
    listing: ListingId,
    seller: SellerId,
    fingerprint: Option<&Fingerprint>,
) -> Result<()> {
    let Some(fingerprint) = fingerprint else {
        sqlx::query!("delete from text_fingerprints where listing_id = $1", listing as _).execute(conn).await?;
        return Ok(());
    };
    sqlx::query!(
        "insert into text_fingerprints (listing_id, seller_id, signature, bands)
         values ($1, $2, $3, $4)
             on conflict on constraint text_fingerprints_pk do update
            set signature = excluded.signature, bands = excluded.bands",
        listing as _,
        seller as _,
        fingerprint.signature(),
        &fingerprint.bands(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Listings of other shops that agree in a band, with their fingerprints.
pub async fn candidates(
    conn: &mut PgConnection,
    seller: SellerId,
    fingerprint: &Fingerprint,
) -> Result<Vec<(ListingId, Fingerprint)>> {
    let rows = sqlx::query!(
        r#"select listing_id as "listing_id: ListingId", signature
             from text_fingerprints
            where bands && $1
              and seller_id <> $2
            order by listing_id
            limit $3"#,
        &fingerprint.bands(),
        seller as _,
        MOST_CANDIDATES,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.listing_id, Fingerprint::stored(row.signature))).collect())
}
