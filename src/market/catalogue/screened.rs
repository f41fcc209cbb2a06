//! What the automatic screening gets to see of a listing.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::content::Content;
use super::sale_rule;
use super::store::{listings, prices, variants as variant_rows};
use super::variants::{Grams, Variant};
use crate::kernel::clock::day_of;
use crate::kernel::{ListingId, SellerId};
use crate::market::certification::{self, CertificateState, CertificateView};
use crate::market::screening::{self, Asked, Screened, Screening, Twin, VoidCertificate, Written};
use crate::market::sellers::{self, Summary};
use crate::platform::error::Result;

/// Screens the content with the listing's packs, as everything stands now.
pub async fn screen(
    conn: &mut PgConnection,
    shop: &Summary,
    listing: ListingId,
    content: &Content,
    now: DateTime<Utc>,
) -> Result<Screening> {
    let today = day_of(now);
    let set = certification::product_set(conn, content.set_no).await?;
    let rule = sale_rule(conn, content.set_no, today).await?;
    let file = sellers::file(conn, shop.id, today).await?;
    let packs = variant_rows::list(conn, listing).await?;
    let certificate = match content.certificate_id {
        Some(id) => certification::find(conn, id, today).await?,
        None => None,
    };
    let mut missing = content.label.missing(set.group);
    missing.extend(sellers::missing_paper(conn, shop.id, &rule.papers_any_of, &rule.legal_basis, today).await?);
    missing.extend(file.missing);
    let input = Screened {
        texts: content_texts(content).chain(pack_texts(&packs)).collect(),
        stars_today: certificate.as_ref().and_then(|certificate| certificate.stars_today),
        void_certificate: certificate.as_ref().and_then(void),
        papers: &file.papers,
        missing,
        prices: asked(&packs).collect(),
        usual: prices::usual(conn, content.set_no, shop.id, set.group.is_parcel()).await?,
        twins: twins(conn, shop.id, content).await?,
    };
    let rules = screening::rules(conn, today).await?;
    Ok(Screening { made_at: now, findings: screening::screen(&input, &rules, today) })
}

/// The texts by which near-duplicates are known: those the shop wrote most of.
pub fn own_words(content: &Content) -> [&str; 3] {
    [content.title_vi.as_str(), content.summary_vi.as_str(), content.story_vi.as_str()]
}

fn content_texts(content: &Content) -> impl Iterator<Item = Written<'_>> {
    let label = &content.label;
    let texts = [
        ("title_vi", Some(content.title_vi.as_str())),
        ("title_en", content.title_en.as_deref()),
        ("summary_vi", Some(content.summary_vi.as_str())),
        ("summary_en", content.summary_en.as_deref()),
        ("story_vi", Some(content.story_vi.as_str())),
        ("story_en", content.story_en.as_deref()),
        ("label.ingredients", label.ingredients.as_deref()),
        ("label.net_quantity", label.net_quantity.as_deref()),
        ("label.shelf_life", label.shelf_life.as_deref()),
        ("label.storage", label.storage.as_deref()),
        ("label.usage", label.usage.as_deref()),
        ("label.warnings", label.warnings.as_deref()),
        ("label.responsible_name", label.responsible_name.as_deref()),
        ("label.responsible_address", label.responsible_address.as_deref()),
        ("label.production_method", label.production_method.as_deref()),
    ];
    texts.into_iter().filter_map(|(place, text)| Some(Written { place: format!("content.{place}"), text: text? }))
}

fn sold(packs: &[Variant]) -> impl Iterator<Item = (usize, &Variant)> {
    packs.iter().enumerate().filter(|(_, pack)| pack.active)
}

fn pack_texts(packs: &[Variant]) -> impl Iterator<Item = Written<'_>> {
    sold(packs).flat_map(|(at, pack)| {
        let texts = [
            ("sku", Some(pack.sku.as_str())),
            ("name_vi", Some(pack.name_vi.as_str())),
            ("name_en", pack.name_en.as_deref()),
        ];
        texts
            .into_iter()
            .filter_map(move |(field, text)| Some(Written { place: format!("variants[{at}].{field}"), text: text? }))
    })
}

fn asked(packs: &[Variant]) -> impl Iterator<Item = Asked> {
    sold(packs).map(|(at, pack)| Asked {
        place: format!("variants[{at}].price_vnd"),
        price: pack.price_vnd.vnd(),
        grams: pack.grams.map(Grams::get),
    })
}

/// The certificate, if it was worth something and is not any more.
fn void(certificate: &CertificateView) -> Option<VoidCertificate> {
    use CertificateState::{Expired, Refused, Revoked, Superseded};
    matches!(certificate.state, Expired | Refused | Revoked | Superseded).then(|| VoidCertificate {
        place: "content.certificate_id".to_owned(),
        sentence_vi: certificate.sentence_vi.clone(),
        sentence_en: certificate.sentence_en.clone(),
    })
}

/// What others have on the shelf that reads like the content.
async fn twins(conn: &mut PgConnection, seller: SellerId, content: &Content) -> Result<Vec<Twin>> {
    let alike = screening::alike(conn, seller, &own_words(content)).await?;
    let ids: Vec<ListingId> = alike.iter().map(|(listing, _)| *listing).collect();
    let shown = listings::slugs_on_shelf(conn, &ids).await?;
    let slug = |id: ListingId| shown.iter().find(|(listing, _)| *listing == id).map(|(_, slug)| slug.clone());
    let twins =
        alike.into_iter().filter_map(|(listing, percent)| Some(Twin { listing, slug: slug(listing)?, percent }));
    Ok(twins.collect())
}
