//! A small market made of facts, and what must be seen of it: worked out listing by listing from the documented types,
//! without any index.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use ocop_market::front::shelf::facts::{Batch, Common, DatedSaleRule, Listing, Pack, Shop};
use ocop_market::front::shelf::model::{FacetKind, Filter, Sort};
use ocop_market::front::shelf::views::{self, Card, ListingPage, Rating, SellerRef, ShipsTo};
use ocop_market::kernel::{CertificateId, Lang, ListingId, Price, SellerId, VariantId, Vnd};
use ocop_market::market::catalogue::offers::PriceBreak;
use ocop_market::market::catalogue::{Label, SaleRule};
use ocop_market::market::certification::{
    self, Certificate, CertificateView, ClaimStatus, Group, IssuedIn, SetNo, Standing, Stars,
};
use ocop_market::market::media::picture_urls;
use ocop_market::market::sellers::{Seller, SellerKind, SellerStatus, is_paused};
use ocop_market::places::{CommuneRef, LegacyProvince, Location, Province, ProvinceKind, ProvinceRef};
use uuid::Uuid;

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

    /// Numbers of the listings that fit, as the plainest reading of the filter finds them.
    pub fn fitting(&self, filter: &Filter) -> Vec<&Listing> {
        self.listings.values().filter(|listing| self.fits(listing, filter)).collect()
    }

    fn fits(&self, listing: &Listing, filter: &Filter) -> bool {
        let Some((card, rule)) =
            self.shops.get(&listing.seller).map(|_| (self.card(listing, Lang::Vi), self.rule(listing)))
        else {
            return false;
        };
        let price = listing.price.map(Vnd::get);
        let is = |wanted: &Option<String>, value: &str| wanted.as_ref().is_none_or(|wanted| wanted == value);
        is(&filter.region, self.region(listing))
            && is(&filter.province, &listing.location.province.code)
            && is(&filter.legacy_province, &listing.location.legacy_province.code)
            && is(&filter.commune, &listing.location.commune.code)
            && is(&filter.seller, &card.seller.slug)
            && filter.sets.as_ref().is_none_or(|sets| sets.contains(&card.set.get()))
            && filter.group.is_none_or(|group| group == card.group)
            && filter.stars.as_ref().is_none_or(|stars| card.stars.is_some_and(|is| stars.contains(&is)))
            && filter.stars_min.is_none_or(|fewest| card.stars.is_some_and(|stars| stars >= fewest))
            && filter.price_min.is_none_or(|low| price.is_some_and(|price| price >= low))
            && filter.price_max.is_none_or(|high| price.is_some_and(|price| price <= high))
            && filter.in_stock.is_none_or(|in_stock| in_stock == card.in_stock)
            && rule.minimum_age.is_none_or(|minimum| filter.age.is_some_and(|age| minimum <= age))
    }

    fn region(&self, listing: &Listing) -> &str {
        let code = &listing.location.province.code;
        &self.common.provinces.iter().find(|province| province.code == *code).unwrap().region
    }

    fn rule(&self, listing: &Listing) -> &SaleRule {
        let in_force = |rule: &&DatedSaleRule| {
            rule.effective_from <= self.today && rule.effective_to.is_none_or(|end| self.today < end)
        };
        let mut rules: Vec<_> = self.common.sale_rules.iter().filter(in_force).collect();
        rules.retain(|rule| rule.set_no.is_none_or(|set| set == listing.set_no));
        let of_the_set = rules.iter().find(|rule| rule.set_no.is_some());
        &of_the_set.or(rules.first()).unwrap().rule
    }

    /// Where a listing stands in an order.
    pub fn key(&self, listing: &Listing, sort: Sort) -> i64 {
        let rating = (listing.rating_sum * 1000).checked_div(listing.rating_count.into()).unwrap_or(0);
        match sort {
            Sort::Newest => listing.published_at.timestamp_micros(),
            Sort::Price => -listing.price.map_or(1_000_000_000_000, Vnd::get),
            Sort::PriceDesc => listing.price.map_or(-1, Vnd::get),
            Sort::Rating => rating,
            Sort::Relevance => {
                let stars = self.card(listing, Lang::Vi).stars.unwrap_or(0);
                i64::from(stars) * 10 + if listing.in_stock { 5 } else { 0 } + rating / 1000
            }
        }
    }

    /// What a facet counts a listing as.
    pub fn value(&self, listing: &Listing, kind: FacetKind) -> Option<String> {
        let card = self.card(listing, Lang::Vi);
        match kind {
            FacetKind::Region => Some(self.region(listing).to_owned()),
            FacetKind::Province => Some(card.location.province.code),
            FacetKind::LegacyProvince => Some(card.location.legacy_province.code),
            FacetKind::Set => Some(card.set.to_string()),
            FacetKind::Group => Some(card.group.name().to_owned()),
            FacetKind::Stars => card.stars.map(|stars| stars.to_string()),
            FacetKind::InStock => Some(card.in_stock.to_string()),
        }
    }

    /// The card of a listing whose shop is open, as documented.
    pub fn card(&self, listing: &Listing, lang: Lang) -> Card {
        let seller = &self.shops[&listing.seller];
        let certificate = listing.certificate.and_then(|id| self.certificates.get(&id)).map(|(facts, _)| facts);
        let (_, _, group) = self.common.sets.iter().find(|(set, ..)| *set == listing.set_no).unwrap();
        let rule = self.rule(listing);
        let demanded = self.common.authentication_required.iter();
        let mut demanded = demanded.filter(|(from, to)| *from <= self.today && to.is_none_or(|to| self.today < to));
        let may_sell = seller.authenticated || demanded.next().is_none();
        let in_lang = |vi: &String, en: &Option<String>| en.clone().filter(|_| lang == Lang::En).unwrap_or(vi.clone());
        Card {
            id: listing.id,
            slug: listing.slug.clone(),
            title: in_lang(&listing.title_vi, &listing.title_en),
            summary: in_lang(&listing.summary_vi, &listing.summary_en),
            set: listing.set_no,
            group: *group,
            price_vnd: listing.price,
            rating: Rating::new(listing.rating_sum, listing.rating_count),
            in_stock: listing.in_stock,
            image: listing.image.as_deref().map(picture_urls),
            ships_to: if group.is_parcel() { ShipsTo::Nationwide } else { ShipsTo::OnSite },
            published_at: listing.published_at,
            demo: listing.demo,
            seller: SellerRef {
                slug: seller.seller.slug.clone(),
                name: seller.seller.name.clone(),
                kind: seller.seller.kind,
            },
            location: listing.location.clone(),
            stars: certificate
                .and_then(|facts| certification::stars_today(facts.stars, &facts.standing, self.today))
                .map(Stars::get),
            certificate_state: certificate.map(|facts| certification::state(&facts.standing, self.today)),
            orderable: rule.orderable && may_sell,
            minimum_age: rule.minimum_age,
        }
    }

    /// The page of a listing whose shop is open, as documented.
    pub fn page(&self, listing: &Listing, lang: Lang) -> ListingPage {
        let in_lang = |vi: &String, en: &Option<String>| en.clone().filter(|_| lang == Lang::En).unwrap_or(vi.clone());
        let packs = listing.packs.iter().map(|pack| views::Pack {
            id: pack.id,
            sku: pack.sku.clone(),
            name: in_lang(&pack.name_vi, &pack.name_en),
            price_vnd: pack.price,
            price_breaks: pack
                .price_breaks
                .iter()
                .map(|(from_quantity, price)| PriceBreak { from_quantity: *from_quantity, unit_price_vnd: *price })
                .collect(),
            per_order: pack.per_order,
            grams: pack.grams,
            in_stock: pack.in_stock,
        });
        let certificate = listing.certificate.and_then(|id| self.certificates.get(&id).cloned());
        ListingPage {
            card: self.card(listing, lang),
            story: in_lang(&listing.story_vi, &listing.story_en),
            variants: packs.collect(),
            label: listing.label.clone(),
            pictures: listing.pictures.iter().map(|name| picture_urls(name)).collect(),
            certificate: certificate.map(|(facts, issued_in)| CertificateView::of(facts, issued_in, self.today)),
            sale_rule: self.rule(listing).clone(),
        }
    }

    /// Whether a shop sells today.
    pub fn is_open(&self, shop: &Shop) -> bool {
        let mut demanded = self.common.authentication_required.iter();
        let demanded = demanded.any(|(from, to)| *from <= self.today && to.is_none_or(|to| self.today < to));
        (shop.authenticated || !demanded) && !is_paused(shop.seller.closed_from, shop.seller.closed_to, self.today)
    }
}

/// The same filter without what `kind` filters: a facet counts what else could be chosen.
pub fn without(filter: &Filter, kind: FacetKind) -> Filter {
    let mut filter = filter.clone();
    match kind {
        FacetKind::Region => filter.region = None,
        FacetKind::Province => filter.province = None,
        FacetKind::LegacyProvince => filter.legacy_province = None,
        FacetKind::Set => filter.sets = None,
        FacetKind::Group => filter.group = None,
        FacetKind::Stars => (filter.stars, filter.stars_min) = (None, None),
        FacetKind::InStock => filter.in_stock = None,
    }
    filter
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
