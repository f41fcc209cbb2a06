//! A small market made of facts, and what must be seen of it: worked out listing by listing from the documented types,
//! without any index.

mod seen;

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use ocop_market::front::shelf::facts::{Batch, Common, DatedSaleRule, Listing, Pack, Shop};
use ocop_market::kernel::{CertificateId, ListingId, Price, SellerId, VariantId, Vnd};
use ocop_market::market::catalogue::{Label, SaleRule};
use ocop_market::market::certification::{Certificate, ClaimStatus, Group, IssuedIn, SetNo, Standing, Stars};
use ocop_market::market::sellers::{Seller, SellerKind, SellerStatus};
use ocop_market::places::{CommuneRef, LegacyProvince, Location, Province, ProvinceKind, ProvinceRef};
use uuid::Uuid;

pub use seen::without;

/// A change to the market, in numbers.
#[derive(Debug, Clone, Copy)]
pub enum Edit {
    List { which: u8, how: u32 },
    Unlist { which: u8 },
    Open { which: u8, how: u32 },
    Close { which: u8 },
    Certify { which: u8, how: u32 },
    Revoke { which: u8 },
    Wait { days: u8 },
}

/// What the database would hold.
pub struct Market {
    pub today: NaiveDate,
    pub common: Common,
    pub listings: BTreeMap<ListingId, Listing>,
    pub shops: BTreeMap<SellerId, Shop>,
    pub certificates: BTreeMap<CertificateId, (Certificate, IssuedIn)>,
}

/// Codes and slugs of today's provinces, each with its region.
const PROVINCES: [(&str, &str, &str); 3] =
    [("12", "lai-chau", "north"), ("86", "vinh-long", "south"), ("15", "lao-cai", "north")];
/// Codes of former provinces, each with the number of the one it went into.
const LEGACY: [(&str, usize); 4] = [("12", 0), ("83", 1), ("84", 1), ("15", 2)];
const SETS: [(i16, Group); 4] = [(11, Group::Food), (12, Group::Food), (14, Group::Drink), (26, Group::Tourism)];

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

fn uuid(kind: u128, which: u8) -> Uuid {
    Uuid::from_u128(0x0193_f2a4_6c00_7000_8000_0000_0000_0000 + kind * 0x10_0000 + u128::from(which))
}

/// One of `of`, chosen by some digits of `how`.
fn pick(how: u32, digits: u32, of: usize) -> usize {
    how.wrapping_mul(2_654_435_761).rotate_right(digits * 5) as usize % of
}

impl Market {
    pub fn new() -> Self {
        let provinces = PROVINCES.iter().map(|(code, slug, region)| Province {
            code: (*code).to_owned(),
            slug: (*slug).to_owned(),
            name_vi: (*slug).to_owned(),
            full_name_vi: format!("Tỉnh {slug}"),
            name_en: (*slug).to_owned(),
            region: (*region).to_owned(),
            kind: ProvinceKind::Province,
            legacy_names: Vec::new(),
        });
        let legacy_provinces = LEGACY.iter().map(|(code, successor)| LegacyProvince {
            code: (*code).to_owned(),
            slug: format!("cu-{code}"),
            name_vi: format!("Cũ {code}"),
            kind: ProvinceKind::Province,
            successor_code: PROVINCES[*successor].0.to_owned(),
        });
        let sets = SETS.iter().map(|(set, group)| (SetNo::try_from(*set).unwrap(), format!("Bộ {set}"), *group));
        let from = |days: i64| first_day() + TimeDelta::days(days);
        let rule = |set: Option<i16>, orderable, minimum_age, first: i64, end: Option<i64>| DatedSaleRule {
            set_no: set.map(|set| SetNo::try_from(set).unwrap()),
            rule: SaleRule {
                orderable,
                cash_allowed: true,
                minimum_age,
                papers_any_of: Vec::new(),
                legal_basis: format!("Luật {first}"),
            },
            effective_from: from(first),
            effective_to: end.map(from),
        };
        let common = Common {
            provinces: provinces.collect(),
            legacy_provinces: legacy_provinces.collect(),
            sets: sets.collect(),
            sale_rules: vec![
                rule(None, true, None, -500, None),
                rule(Some(14), true, Some(18), -500, Some(60)),
                rule(Some(14), true, Some(21), 60, None),
                rule(Some(12), false, None, 30, Some(90)),
            ],
            authentication_required: vec![(from(45), Some(from(120)))],
            ..Common::default()
        };
        let (listings, shops, certificates) = Default::default();
        Self { today: first_day(), common, listings, shops, certificates }
    }

    /// Everything as it stands.
    pub fn whole(&self) -> Batch {
        Batch {
            listings: self.listings.iter().map(|(id, listing)| (*id, Some(listing.clone()))).collect(),
            sellers: self.shops.iter().map(|(id, shop)| (*id, Some(shop.clone()))).collect(),
            certificates: self.certificates.iter().map(|(id, facts)| (*id, Some(facts.clone()))).collect(),
            common: Some(self.common.clone()),
        }
    }

    /// Makes the edit, and says what is new by it.
    pub fn make(&mut self, edit: Edit) -> Batch {
        let mut batch = Batch::default();
        match edit {
            Edit::List { which, how } => {
                let listing = self.listing(which, how);
                batch.listings.push((listing.id, Some(listing.clone())));
                self.listings.insert(listing.id, listing);
            }
            Edit::Unlist { which } => {
                let id = uuid(1, which).into();
                self.listings.remove(&id);
                batch.listings.push((id, None));
            }
            Edit::Open { which, how } => {
                let shop = shop(which, how);
                batch.sellers.push((shop.seller.id, Some(shop.clone())));
                self.shops.insert(shop.seller.id, shop);
            }
            Edit::Close { which } => {
                let id = uuid(2, which % 6).into();
                self.shops.remove(&id);
                batch.sellers.push((id, None));
            }
            Edit::Certify { which, how } => {
                let facts = certificate(which, how);
                batch.certificates.push((facts.0.id, Some(facts.clone())));
                self.certificates.insert(facts.0.id, facts);
            }
            Edit::Revoke { which } => {
                let id = uuid(3, which % 16).into();
                self.certificates.remove(&id);
                batch.certificates.push((id, None));
            }
            Edit::Wait { days } => self.today = self.today + Days::new(days.into()),
        }
        batch
    }

    fn listing(&self, which: u8, how: u32) -> Listing {
        const TITLES: [&str; 4] = ["Chè shan tuyết", "Mật ong \"bạc hà\"", "Rượu ngô\\men lá", "Cà phê"];
        let legacy = pick(how, 0, LEGACY.len());
        let english = pick(how, 1, 3) == 0;
        let title = TITLES[pick(how, 2, TITLES.len())];
        let price = [None, Some(0), Some(90_000), Some(150_000), Some(150_000), Some(2_000_000)][pick(how, 3, 6)];
        let reviews = i32::try_from(pick(how, 4, 4)).unwrap();
        Listing {
            id: uuid(1, which).into(),
            slug: format!("san-pham-{which}"),
            seller: uuid(2, u8::try_from(pick(how, 5, 6)).unwrap()).into(),
            set_no: self.common.sets[pick(how, 1, SETS.len())].0,
            location: location(legacy, pick(how, 2, 3)),
            certificate: (pick(how, 3, 4) > 0).then(|| uuid(3, u8::try_from(pick(how, 0, 16)).unwrap()).into()),
            title_vi: title.to_owned(),
            title_en: english.then(|| format!("English {which}")),
            summary_vi: format!("Ngon\n{how}"),
            summary_en: None,
            story_vi: "Chuyện".to_owned(),
            story_en: (pick(how, 4, 3) == 0).then(|| "Story".to_owned()),
            label: Label::default(),
            pictures: vec!["00112233445566778899aabbccddeeff".to_owned()],
            image: (which.is_multiple_of(2)).then(|| "00112233445566778899aabbccddeeff".to_owned()),
            packs: vec![Pack {
                id: VariantId::from(uuid(4, which)),
                sku: format!("SKU-{which}"),
                name_vi: "Hộp 200 g".to_owned(),
                name_en: english.then(|| "Box".to_owned()),
                price: Vnd::new(price.unwrap_or_default()),
                price_breaks: vec![(10, Price::try_from(80_000).unwrap())],
                per_order: None,
                grams: Some(200),
                in_stock: how.is_multiple_of(2),
            }],
            price: price.map(Vnd::new),
            in_stock: how.is_multiple_of(2),
            rating_sum: i64::from(reviews) * 4 + i64::from(reviews > 1),
            rating_count: reviews,
            published_at: moment(pick(how, 5, 20)),
            demo: how.is_multiple_of(7),
        }
    }
}

fn moment(hours: usize) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + i64::try_from(hours).unwrap() * 3600, 123_456_000).unwrap()
}

fn reference(code: &str, slug: &str) -> ProvinceRef {
    ProvinceRef { code: code.to_owned(), slug: slug.to_owned(), name: slug.to_owned() }
}

fn location(legacy: usize, commune: usize) -> Location {
    let (code, successor) = LEGACY[legacy];
    let (province, slug, _) = PROVINCES[successor];
    Location {
        province: reference(province, slug),
        commune: CommuneRef {
            code: format!("{province}00{commune}"),
            slug: format!("xa-{commune}"),
            name: format!("Xã {commune}"),
        },
        legacy_province: reference(code, &format!("cu-{code}")),
    }
}

fn shop(which: u8, how: u32) -> Shop {
    let which = which % 6;
    let paused = pick(how, 1, 3) == 0;
    let location = location(pick(how, 2, LEGACY.len()), 0);
    let seller = Seller {
        id: uuid(2, which).into(),
        slug: format!("gian-hang-{which}"),
        status: SellerStatus::Approved,
        kind: if pick(how, 3, 2) == 0 { SellerKind::Cooperative } else { SellerKind::Household },
        name: format!("Hợp tác xã {}", how % 3),
        legal_name: Some("Tên pháp lý".to_owned()),
        representative: None,
        tax_code: None,
        personal_id_last: Some("1234".to_owned()),
        phone: None,
        email: None,
        public_contact: false,
        province_code: location.province.code.clone(),
        commune_code: location.commune.code.clone(),
        legacy_province_code: location.legacy_province.code.clone(),
        street: Some("Số 1".to_owned()),
        about_vi: None,
        about_en: None,
        closed_from: paused.then(|| first_day() + Days::new(u64::from(how % 50))),
        closed_to: (paused && pick(how, 4, 2) == 0).then(|| first_day() + Days::new(u64::from(how % 50) + 9)),
        demo: true,
        version: 1,
        decided_version: None,
        created_at: moment(0),
        submitted_at: None,
        approved_at: None,
    };
    Shop { seller, location, authenticated: pick(how, 5, 2) == 0 }
}

fn certificate(which: u8, how: u32) -> (Certificate, IssuedIn) {
    let which = which % 16;
    let expires_on = first_day() + TimeDelta::days(i64::from(how % 400) - 200);
    let some_day = |digits: u32| (pick(how, digits, 3) == 0).then(|| first_day() + Days::new(u64::from(how % 70)));
    let standing = Standing {
        status: ClaimStatus::Verified,
        expires_on,
        filed_on: some_day(1),
        revoked_on: some_day(2),
        superseded: pick(how, 3, 8) == 0,
    };
    let facts = Certificate {
        id: uuid(3, which).into(),
        seller_id: None,
        owner_name: "Chủ thể".to_owned(),
        owner_tax_code: None,
        import_id: None,
        product_name: format!("Chè {which}"),
        set_no: SetNo::try_from(11).unwrap(),
        stars: Stars::try_from(3 + i16::try_from(pick(how, 4, 3)).unwrap()).unwrap(),
        decision_number: serde_json::from_value("3981/QĐ-UBND".into()).unwrap(),
        decision_date: first_day() - Days::new(900),
        authority: "UBND tỉnh Lai Châu".to_owned(),
        issued_on: first_day() - Days::new(900),
        standing,
        superseded_by: None,
        province_code: "12".to_owned(),
        legacy_province_code: "12".to_owned(),
        scan_id: None,
        demo: true,
        claimed_at: moment(0),
    };
    let province = reference("12", "lai-chau");
    (facts, IssuedIn { legacy_province: province.clone(), province })
}
