//! The real products, as listings of demo shops.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use super::products::{self, Product, Recognition, Shop};
use crate::app::App;
use crate::kernel::{AccountId, CertificateId, Line, Price, SellerId, Text};
use crate::market::catalogue::{self, Content, Grams, Label, NewVariant};
use crate::market::certification::{self, DecisionNumber, NewCertificate, SetNo, Stars};
use crate::market::sellers::{self, AuthenticationMethod, NewAuthentication, NewSeller, Profile, Seat};
use crate::places;
use crate::platform::error::{Error, Result};
use crate::trade::inventory::{self, OnHand};

/// Shops written in one transaction: long ones would keep others waiting.
const CHUNK: usize = 20;

/// Writes every shop with its certificates, listings and stock; `operator` is who counted the stock.
pub async fn fill(app: &App, operator: AccountId) -> Result<()> {
    let shops = products::shops().map_err(Error::Fault)?;
    let seats = app.db.see(async |conn| seats(conn, &shops).await).await?;
    for chunk in shops.chunks(CHUNK) {
        app.db
            .act(async |conn| {
                for shop in chunk {
                    open_shop(app, conn, shop, &seats, operator).await?;
                }
                Ok(())
            })
            .await?;
    }
    Ok(())
}

/// One commune for each former province: the real addresses are nobody's to publish.
async fn seats(conn: &mut PgConnection, shops: &[Shop]) -> Result<BTreeMap<String, Seat>> {
    let legacy: BTreeMap<String, String> = places::list_legacy_provinces(conn)
        .await?
        .into_iter()
        .map(|province| (province.name_vi, province.code))
        .collect();
    let mut seats = BTreeMap::new();
    for shop in shops {
        let name = &shop.province_legacy;
        let unknown = || Error::fault(format!("no former province called {name}"));
        if !seats.contains_key(name) {
            let code = legacy.get(name).ok_or_else(unknown)?;
            let commune = places::a_commune_of(conn, code).await?.ok_or_else(unknown)?;
            let seat = Seat {
                province_code: commune.province_code,
                commune_code: commune.code,
                legacy_province_code: code.clone(),
                street: None,
            };
            seats.insert(name.clone(), seat);
        }
    }
    Ok(seats)
}

async fn open_shop(
    app: &App,
    conn: &mut PgConnection,
    shop: &Shop,
    seats: &BTreeMap<String, Seat>,
    operator: AccountId,
) -> Result<()> {
    let name = &shop.province_legacy;
    let seat = seats.get(name).cloned().ok_or_else(|| Error::fault(format!("no seat in {name}")))?;
    let new = NewSeller {
        profile: Profile {
            kind: shop.kind,
            name: shop.name.clone(),
            legal_name: Some(shop.name.clone()),
            representative: None,
            tax_code: None,
            seat: seat.clone(),
            phone: None,
            email: None,
            public_contact: false,
            about_vi: Some("Gian hàng trình diễn, tên chủ thể theo nguồn công khai.".to_owned()),
            about_en: Some("A demonstration shop; the producer's name is from public sources.".to_owned()),
        },
        personal_id: None,
        demo: true,
    };
    let seller = sellers::create(conn, &app.seal, &new, app.clock.now()).await?;
    let authentication = NewAuthentication {
        method: AuthenticationMethod::Vneid,
        reference: "Dữ liệu trình diễn".to_owned(),
        authenticated_at: app.clock.now(),
    };
    sellers::authenticate(conn, seller, &authentication, operator, app.clock.now()).await?;
    for product in &shop.products {
        offer(app, conn, seller, &shop.name, &seat, product, operator).await?;
    }
    Ok(())
}

async fn offer(
    app: &App,
    conn: &mut PgConnection,
    seller: SellerId,
    owner: &str,
    seat: &Seat,
    product: &Product,
    operator: AccountId,
) -> Result<()> {
    let now = app.clock.now();
    let certificate = match product.recognition() {
        Some(recognition) => Some(certify(app, conn, seller, owner, seat, product, recognition).await?),
        None => None,
    };
    let packs = product.packs();
    let variants = packs.iter().map(variant).collect::<Result<Vec<_>>>()?;
    let content = content(product, certificate)?;
    let listing = catalogue::publish_demo(conn, seller, &content, &variants, now).await?;
    for (variant, pack) in catalogue::view(conn, seller, listing, app.clock.today()).await?.variants.iter().zip(&packs)
    {
        inventory::count(conn, variant.id, OnHand::try_from(i64::from(pack.on_hand))?, operator, now).await?;
    }
    Ok(())
}

async fn certify(
    app: &App,
    conn: &mut PgConnection,
    seller: SellerId,
    owner: &str,
    seat: &Seat,
    product: &Product,
    recognition: Recognition,
) -> Result<CertificateId> {
    let new = NewCertificate {
        product_name: product.name_vi.clone(),
        owner_name: owner.to_owned(),
        owner_tax_code: None,
        set_no: SetNo::try_from(product.ocop_set)?,
        stars: Stars::try_from(recognition.stars)?,
        decision_number: match recognition.decision_number {
            Some(number) => DecisionNumber::try_from(number.to_owned())?,
            None => DecisionNumber::demo(&product.id),
        },
        decision_date: recognition.issued_on,
        authority: recognition.authority,
        issued_on: recognition.issued_on,
        legacy_province_code: seat.legacy_province_code.clone(),
        scan_id: None,
        import_id: None,
        demo: true,
    };
    certification::insert_demo(conn, seller, &new, app.clock.now()).await
}

fn content(product: &Product, certificate_id: Option<CertificateId>) -> Result<Content> {
    let place = &product.province_legacy;
    Ok(Content {
        set_no: SetNo::try_from(product.ocop_set)?,
        title_vi: Line::try_from(product.name_vi.clone())?,
        title_en: None,
        summary_vi: Text::try_from(format!("Sản phẩm OCOP của {place} (dữ liệu trình diễn)."))?,
        summary_en: Some(Text::try_from(format!("An OCOP product of {place} (demonstration data)."))?),
        story_vi: Text::try_from(format!(
            "{} là sản phẩm có thật của {place}; giá, quy cách và tồn kho ở đây là dữ liệu trình diễn.",
            product.name_vi
        ))?,
        story_en: None,
        commune_code: None,
        legacy_province_code: None,
        label: Label::default(),
        pictures: Vec::new(),
        certificate_id,
    })
}

fn variant(pack: &products::Pack) -> Result<NewVariant> {
    Ok(NewVariant {
        sku: Line::try_from(pack.sku.clone())?,
        name_vi: Line::try_from(pack.name.clone())?,
        name_en: None,
        price_vnd: Price::try_from(pack.price_vnd)?,
        grams: pack.grams.map(Grams::try_from).transpose()?,
        length_mm: None,
        width_mm: None,
        height_mm: None,
        active: true,
    })
}
