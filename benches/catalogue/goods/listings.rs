//! Listings: a name, words about it, packs with stock, pictures, a certificate.

use anyhow::Context as _;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use ocop_market::kernel::clock::day_of;
use ocop_market::kernel::text::fold;
use ocop_market::kernel::{CertificateId, Line, MediaId, Text};
use ocop_market::market::catalogue::{Content, Label};
use ocop_market::market::certification::{self, SetNo};
use uuid::Uuid;

use super::dice::Dice;
use super::packs::{self, Pack};
use super::places::Place;
use super::rows::Rows;
use super::sets::{Set, Sets};
use super::shops::Shop;
use super::slugs::Slugs;
use super::texts::Subject;
use super::words::{Noun, Words};
use super::{Card, Vocabulary};

/// What listings are made from, and what remembers those that were made.
pub struct Workshop<'a> {
    pub words: &'a Words,
    pub places: &'a [Place],
    pub sets: &'a Sets,
    /// Who uploaded and counted.
    pub owner: Uuid,
    pub now: DateTime<Utc>,
    pub dice: Dice,
    pub slugs: Slugs,
    pub vocabulary: Vocabulary,
    pub tables: Tables,
}

/// What a listing is of.
struct Idea<'a> {
    shop: &'a Shop,
    noun: &'a Noun,
    /// Where it comes from, by its place in the list.
    home: usize,
    place: &'a Place,
    set: &'a Set,
    title: String,
    published: DateTime<Utc>,
}

/// The rows of some listings.
pub struct Tables {
    media: Rows,
    certificates: Rows,
    listings: Rows,
    revisions: Rows,
    variants: Rows,
    stock: Rows,
    movements: Rows,
    price_breaks: Rows,
    caps: Rows,
}

impl Tables {
    pub const fn new() -> Self {
        Self {
            media: Rows::new(
                "media (id, seller_id, uploaded_by, purpose, name, mime, bytes, width, height, created_at)",
            ),
            certificates: Rows::new(
                "certificates (id, seller_id, owner_name, owner_key, status, product_name, product_key, search_text,
                               set_no, stars, decision_number, decision_date, authority, issued_on, expires_on,
                               province_code, legacy_province_code, scan_id, claimed_at, verified_at, revoked_on)",
            ),
            listings: Rows::new(
                "listings (id, seller_id, slug, status, created_at, published_at, published_revision, set_no, title_vi,
                           title_en, summary_vi, summary_en, province_code, commune_code, legacy_province_code,
                           certificate_id, image_id, search_text, price_vnd, in_stock, rating_sum, rating_count)",
            ),
            revisions: Rows::new(
                "listing_revisions (id, listing_id, number, status, content, created_at, changed_at, submitted_at,
                                    decided_at)",
            ),
            variants: Rows::new(
                "variants (id, listing_id, sku, name_vi, name_en, price_vnd, grams, position, approved, approved_with,
                           created_at)",
            ),
            stock: Rows::new("stock (variant_id, on_hand)"),
            movements: Rows::new("stock_movements (id, variant_id, kind, quantity, account_id, at)"),
            price_breaks: Rows::new("variant_price_breaks (variant_id, from_quantity, price_vnd)"),
            caps: Rows::new("variant_caps (variant_id, per_order)"),
        }
    }

    /// The rows by table, in the order in which they refer to each other.
    pub const fn in_order(&mut self) -> [&mut Rows; 9] {
        [
            &mut self.media,
            &mut self.certificates,
            &mut self.listings,
            &mut self.revisions,
            &mut self.variants,
            &mut self.stock,
            &mut self.movements,
            &mut self.price_breaks,
            &mut self.caps,
        ]
    }
}

/// A certificate as a listing needs it.
struct Certified {
    id: Uuid,
    /// Its stars, if they are valid today.
    stars: Option<i16>,
}

/// What was put on the shelf with a listing.
struct Packed {
    first: Uuid,
    price_vnd: i64,
    in_stock: bool,
}

impl<'a> Workshop<'a> {
    /// Makes a listing of the shop and adds its rows; a paused one is not on the shelf.
    pub fn make(&mut self, shop: &'a Shop, paused: bool) -> anyhow::Result<Card> {
        let idea = self.idea(shop)?;
        let (id, revision) = (self.dice.id(idea.published), self.dice.id(idea.published));
        let certified = self.certify(&idea)?;
        let pictures = self.picture(&idea);
        let content = self.content(&idea, certified.as_ref(), &pictures)?;
        let packed = self.pack(&idea, id, revision);
        let (slug, at) = (self.slugs.of(&idea.title), &idea.published);
        let search_text = search_text(&idea, &content);
        let ratings = if self.dice.happens(40) { self.dice.between(1, 60) } else { 0 };
        self.tables.listings.add(&[
            &id,
            &shop.id,
            &slug,
            &if paused { "paused" } else { "published" },
            at,
            at,
            &revision,
            &idea.noun.set_no,
            &idea.title,
            &content.title_en.as_deref(),
            &&*content.summary_vi,
            &content.summary_en.as_deref(),
            &idea.place.province_code,
            &idea.place.code,
            &idea.place.former_code,
            &certified.as_ref().map(|certified| certified.id),
            &pictures.first().copied(),
            &search_text,
            &packed.price_vnd,
            &packed.in_stock,
            &(ratings * self.dice.between(36, 50) / 10),
            &ratings,
        ]);
        let json = serde_json::to_string(&content)?;
        self.tables.revisions.add(&[&revision, &id, &1, &"approved", &json, at, at, at, at]);
        let words = self.vocabulary.numbers(&search_text);
        Ok(card(idea, id, slug, certified.as_ref(), &packed, words))
    }

    fn idea(&mut self, shop: &'a Shop) -> anyhow::Result<Idea<'a>> {
        let (words, places) = (self.words, self.places);
        let noun = if self.dice.happens(75) { self.dice.pick(&shop.nouns) } else { words.nouns.draw(&mut self.dice) };
        let home = if self.dice.happens(85) { shop.place } else { self.dice.below(places.len()) };
        let place = &places[home];
        let published = self.now - TimeDelta::seconds(self.dice.between(600, 3600 * 24 * 900));
        let title = self.title(noun, shop, place);
        Ok(Idea { shop, noun, home, place, set: self.sets.get(noun.set_no)?, title, published })
    }

    /// "Mật ong Pa Ủ", "Trà shan tuyết cổ thụ Dakimo".
    fn title(&mut self, noun: &Noun, shop: &Shop, place: &Place) -> String {
        let (words, dice) = (self.words, &mut self.dice);
        let variety = if dice.happens(45) { Some(words.varieties.draw(dice).as_str()) } else { None };
        let whose = match dice.below(100) {
            0..40 => Some(place.commune.as_str()),
            40..75 => Some(shop.brand.as_str()),
            75..85 => Some(place.former.as_str()),
            _ if variety.is_some() => None,
            _ => Some(shop.brand.as_str()),
        };
        let parts: Vec<&str> = [Some(noun.words.as_str()), variety, whose].into_iter().flatten().collect();
        parts.join(" ")
    }

    /// Nine in ten have a certificate, most of them one with three stars; some have expired, few were revoked.
    fn certify(&mut self, idea: &Idea<'_>) -> anyhow::Result<Option<Certified>> {
        if !self.dice.happens(90) {
            return Ok(None);
        }
        let (shop, place, title) = (idea.shop, idea.place, &idea.title);
        let today = day_of(self.now);
        let issued = today - Days::new(self.dice.below(1250) as u64 + 3);
        let expires = certification::expiry(issued).context("issued at the end of time")?;
        let revoked: Option<NaiveDate> = self.dice.happens(1).then_some(today - Days::new(1));
        let stars: i16 = match self.dice.below(100) {
            0..68 => 3,
            68..95 => 4,
            _ => 5,
        };
        let id = self.dice.id(self.now);
        let (decision, authority) = match stars {
            5 => (format!("{}/QĐ-BNNMT", 1 + self.dice.below(600)), "Bộ Nông nghiệp và Môi trường".to_owned()),
            _ => (format!("{}/QĐ-UBND", 1 + self.dice.below(4000)), format!("UBND tỉnh {}", place.former)),
        };
        self.tables.certificates.add(&[
            &id,
            &shop.id,
            &shop.name,
            &fold(&shop.name),
            &"verified",
            title,
            &title.to_lowercase(),
            &fold(&format!("{title} {}", shop.name)),
            &idea.noun.set_no,
            &stars,
            &decision,
            &issued,
            &authority,
            &issued,
            &expires,
            &place.province_code,
            &place.former_code,
            &shop.scan,
            &self.now,
            &self.now,
            &revoked,
        ]);
        let valid = today <= expires && revoked.is_none();
        Ok(Some(Certified { id, stars: valid.then_some(stars) }))
    }

    /// One to four pictures, where the shop has any.
    fn picture(&mut self, idea: &Idea<'_>) -> Vec<Uuid> {
        let count = if self.dice.happens(92) { 1 + self.dice.below(4) } else { 0 };
        let (shop, at) = (&idea.shop.id, &idea.published);
        let mut pictures = Vec::new();
        for _ in 0..count {
            let (id, name, size) = (self.dice.id(*at), self.dice.name(), self.dice.between(60_000, 900_000));
            let (by, width, height) = (&self.owner, 1200_i32, 900_i32);
            self.tables.media.add(&[&id, shop, by, &"picture", &name, &"image/jpeg", &size, &width, &height, at]);
            pictures.push(id);
        }
        pictures
    }

    /// A third has a translation.
    fn content(
        &mut self,
        idea: &Idea<'_>,
        certified: Option<&Certified>,
        pictures: &[Uuid],
    ) -> anyhow::Result<Content> {
        let (shop, place, dice) = (idea.shop, idea.place, &mut self.dice);
        let subject = Subject { title: &idea.title, noun: &idea.noun.words, shop: &shop.name, place };
        let english = dice.happens(33);
        let title_en =
            english.then(|| format!("{} from {}, {}", idea.set.english, place.commune_en, place.province_en));
        let (summary_en, story_en) = (subject.summary_en(dice), subject.story_en(dice));
        let label = Label {
            ingredients: Some(Text::try_from(format!("{} 100 %", idea.noun.words))?),
            net_quantity: Some(Line::try_from("Theo quy cách đóng gói".to_owned())?),
            shelf_life: Some(Line::try_from(format!("{} tháng kể từ ngày sản xuất", dice.between(2, 24)))?),
            storage: Some(Text::try_from("Nơi khô ráo, thoáng mát, tránh ánh nắng trực tiếp".to_owned())?),
            responsible_name: Some(Line::try_from(shop.name.clone())?),
            responsible_address: Some(Line::try_from(format!("{}, {}", place.commune, place.province))?),
            ..Label::default()
        };
        Ok(Content {
            set_no: SetNo::try_from(idea.noun.set_no)?,
            title_vi: Line::try_from(idea.title.clone())?,
            title_en: title_en.map(Line::try_from).transpose()?,
            summary_vi: Text::try_from(subject.summary_vi(dice))?,
            summary_en: english.then(|| Text::try_from(summary_en)).transpose()?,
            story_vi: Text::try_from(subject.story_vi(dice))?,
            story_en: english.then(|| Text::try_from(story_en)).transpose()?,
            commune_code: Some(Line::try_from(place.code.clone())?),
            legacy_province_code: Some(Line::try_from(place.former_code.clone())?),
            label,
            pictures: pictures.iter().copied().map(MediaId::from).collect(),
            certificate_id: certified.map(|certified| CertificateId::from(certified.id)),
        })
    }

    /// Packs with their stock; one in thirteen is sold out, few are cheaper by the dozen or limited.
    fn pack(&mut self, idea: &Idea<'_>, listing: Uuid, revision: Uuid) -> Packed {
        let (dice, tables, at) = (&mut self.dice, &mut self.tables, &idea.published);
        let packs = packs::of_set(idea.noun.set_no, dice);
        let ids: Vec<Uuid> = packs.iter().map(|_| dice.id(*at)).collect();
        let mut in_stock = false;
        for (position, (pack, id)) in packs.iter().zip(&ids).enumerate() {
            let Pack { name, name_en, grams, price_vnd } = pack;
            let (sku, name_en) = (format!("SP-{}", position + 1), dice.happens(33).then_some(*name_en));
            tables
                .variants
                .add(&[id, &listing, &sku, name, &name_en, price_vnd, grams, &position, &true, &revision, at]);
            let on_hand = dice.below(13) * 10;
            in_stock |= on_hand > 0;
            tables.stock.add(&[id, &on_hand]);
            tables.movements.add(&[&dice.id(*at), id, &"set", &on_hand, &self.owner, at]);
            if dice.happens(5) {
                tables.price_breaks.add(&[id, &12, &(price_vnd * 9 / 10)]);
            }
            if dice.happens(2) {
                tables.caps.add(&[id, &5]);
            }
        }
        let price_vnd = packs.iter().map(|pack| pack.price_vnd).min().unwrap_or_default();
        Packed { first: ids[0], price_vnd, in_stock }
    }
}

/// Everything somebody may search the listing by, without accents, as the program keeps it.
fn search_text(idea: &Idea<'_>, content: &Content) -> String {
    let words = [
        &*content.title_vi,
        content.title_en.as_deref().unwrap_or_default(),
        &*content.summary_vi,
        content.summary_en.as_deref().unwrap_or_default(),
        &idea.shop.name,
        &idea.place.commune,
        &idea.place.province,
        &idea.place.former,
        &idea.set.name,
    ];
    fold(&words.join(" "))
}

fn card(
    idea: Idea<'_>,
    id: Uuid,
    slug: String,
    certified: Option<&Certified>,
    packed: &Packed,
    words: Vec<u32>,
) -> Card {
    let valid = certified.filter(|certified| certified.stars.is_some());
    Card {
        id,
        variant: packed.first,
        seller: idea.shop.id,
        seller_slug: idea.shop.slug.clone(),
        certificate: valid.map(|certified| certified.id),
        stars: valid.and_then(|certified| certified.stars),
        slug,
        title: idea.title,
        place: idea.home,
        set_no: idea.noun.set_no,
        group: idea.set.group.clone(),
        minimum_age: idea.set.minimum_age,
        price_vnd: packed.price_vnd,
        in_stock: packed.in_stock,
        words,
    }
}
