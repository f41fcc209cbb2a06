//! What a listing itself says in every answer, as ready JSON.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::pieces::{Hash, hash, members};
use crate::front::shelf::facts::{Listing, Pack};
use crate::front::shelf::views::{Pack as PackView, Rating, ShipsTo};
use crate::kernel::{Lang, ListingId, Vnd};
use crate::market::catalogue::Label;
use crate::market::catalogue::offers::PriceBreak;
use crate::market::certification::{Group, SetNo};
use crate::market::media::{PictureUrls, picture_urls};

/// The pieces of one listing that follow from the listing alone, in one run of bytes: what the card and the page say in
/// Vietnamese lies together, what English has of its own comes last.
#[derive(Debug)]
pub struct Sheet {
    json: Box<[u8]>,
    /// Where each part but the last ends.
    ends: [u32; PARTS - 1],
    hash: Hash,
    /// The listing's name in addresses.
    pub slug: Arc<str>,
}

const PARTS: usize = 9;

/// The parts, in their order.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// Id and slug.
    Top,
    /// Title and summary.
    Card,
    /// What else the card says.
    CardRest,
    Story,
    Packs,
    /// What else the page says.
    PageRest,
    /// [`Part::Card`] in English; empty where it would be the same, as are the others.
    CardEn,
    StoryEn,
    PacksEn,
}

#[derive(Serialize)]
struct Top<'a> {
    id: ListingId,
    slug: &'a str,
}

#[derive(Serialize)]
struct CardWords<'a> {
    title: &'a str,
    summary: &'a str,
}

#[derive(Serialize)]
struct CardRest {
    set: SetNo,
    group: Group,
    price_vnd: Option<Vnd>,
    rating: Rating,
    in_stock: bool,
    image: Option<PictureUrls>,
    ships_to: ShipsTo,
    published_at: DateTime<Utc>,
    demo: bool,
}

#[derive(Serialize)]
struct Story<'a> {
    story: &'a str,
}

#[derive(Serialize)]
struct Packs {
    variants: Vec<PackView>,
}

#[derive(Serialize)]
struct PageRest<'a> {
    label: &'a Label,
    pictures: Vec<PictureUrls>,
}

impl Sheet {
    /// Writes the pieces of a listing; `slug` is its own.
    pub fn new(listing: &Listing, group: Group, slug: Arc<str>) -> serde_json::Result<Self> {
        let mut json = Vec::with_capacity(2048);
        let mut ends = [0; PARTS - 1];
        let mut end = |part: Part, json: &[u8]| ends[part as usize] = length(json);
        members(&mut json, &Top { id: listing.id, slug: &listing.slug })?;
        end(Part::Top, &json);
        members(&mut json, &card_words(listing, Lang::Vi))?;
        end(Part::Card, &json);
        members(&mut json, &card_rest(listing, group))?;
        end(Part::CardRest, &json);
        members(&mut json, &Story { story: &listing.story_vi })?;
        end(Part::Story, &json);
        members(&mut json, &packs(listing, Lang::Vi))?;
        end(Part::Packs, &json);
        let pictures = listing.pictures.iter().map(|name| picture_urls(name)).collect();
        members(&mut json, &PageRest { label: &listing.label, pictures })?;
        end(Part::PageRest, &json);
        if listing.title_en.is_some() || listing.summary_en.is_some() {
            members(&mut json, &card_words(listing, Lang::En))?;
        }
        end(Part::CardEn, &json);
        if let Some(story) = &listing.story_en {
            members(&mut json, &Story { story })?;
        }
        end(Part::StoryEn, &json);
        if listing.packs.iter().any(|pack| pack.name_en.is_some()) {
            members(&mut json, &packs(listing, Lang::En))?;
        }
        Ok(Self { hash: hash(&json), json: json.as_slice().into(), ends, slug })
    }

    /// The hash of all pieces in all languages.
    pub fn hash(&self) -> &Hash {
        &self.hash
    }

    /// Adds the members of the card.
    pub fn card(&self, lang: Lang, json: &mut Vec<u8>) {
        match (lang, self.part(Part::CardEn)) {
            (Lang::Vi, _) | (_, []) => json.extend_from_slice(self.parts(Part::Top, Part::CardRest)),
            (Lang::En, english) => {
                json.extend_from_slice(self.part(Part::Top));
                json.extend_from_slice(english);
                json.extend_from_slice(self.part(Part::CardRest));
            }
        }
    }

    /// Adds the members of the page that the card does not have.
    pub fn page(&self, lang: Lang, json: &mut Vec<u8>) {
        if lang == Lang::Vi {
            json.extend_from_slice(self.parts(Part::Story, Part::PageRest));
            return;
        }
        for (english, vietnamese) in [(Part::StoryEn, Part::Story), (Part::PacksEn, Part::Packs)] {
            match self.part(english) {
                [] => json.extend_from_slice(self.part(vietnamese)),
                english => json.extend_from_slice(english),
            }
        }
        json.extend_from_slice(self.part(Part::PageRest));
    }

    /// Title and summary, read back from the pieces.
    pub fn words_in(&self, lang: Lang) -> serde_json::Result<WrittenCard> {
        let mut json = b"{".to_vec();
        self.card(lang, &mut json);
        serde_json::from_slice(&close(json))
    }

    /// The words of the listing, read back from the pieces: for the rare case that they have to be indexed anew though
    /// the listing did not change.
    pub fn words(&self) -> serde_json::Result<Written> {
        let mut page = b"{".to_vec();
        self.page(Lang::Vi, &mut page);
        Ok(Written {
            vi: self.words_in(Lang::Vi)?,
            en: match self.part(Part::CardEn) {
                [] => None,
                _ => Some(self.words_in(Lang::En)?),
            },
            page: serde_json::from_slice(&close(page))?,
        })
    }

    fn part(&self, part: Part) -> &[u8] {
        self.parts(part, part)
    }

    fn parts(&self, first: Part, last: Part) -> &[u8] {
        let start = (first as usize).checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        let end = self.ends.get(last as usize).map_or(self.json.len(), |end| *end as usize);
        &self.json[start..end]
    }
}

/// The words of a listing, out of its pieces.
#[derive(Debug)]
pub struct Written {
    pub vi: WrittenCard,
    pub en: Option<WrittenCard>,
    pub page: WrittenPage,
}

/// Title and summary.
#[derive(Debug, Deserialize)]
pub struct WrittenCard {
    pub title: String,
    pub summary: String,
}

/// Packs and label.
#[derive(Debug, Deserialize)]
pub struct WrittenPage {
    pub variants: Vec<WrittenPack>,
    pub label: Label,
}

/// A pack.
#[derive(Debug, Deserialize)]
pub struct WrittenPack {
    pub name: String,
    pub grams: Option<i32>,
}

fn close(mut json: Vec<u8>) -> Vec<u8> {
    if let Some(end) = json.last_mut() {
        *end = b'}';
    }
    json
}

fn length(json: &[u8]) -> u32 {
    u32::try_from(json.len()).unwrap_or(u32::MAX)
}

fn card_words(listing: &Listing, lang: Lang) -> CardWords<'_> {
    CardWords {
        title: in_lang(lang, &listing.title_vi, listing.title_en.as_deref()),
        summary: in_lang(lang, &listing.summary_vi, listing.summary_en.as_deref()),
    }
}

fn card_rest(listing: &Listing, group: Group) -> CardRest {
    CardRest {
        set: listing.set_no,
        group,
        price_vnd: listing.price,
        rating: Rating::new(listing.rating_sum, listing.rating_count),
        in_stock: listing.in_stock,
        image: listing.image.as_deref().map(picture_urls),
        ships_to: ShipsTo::of(group),
        published_at: listing.published_at,
        demo: listing.demo,
    }
}

fn packs(listing: &Listing, lang: Lang) -> Packs {
    Packs { variants: listing.packs.iter().map(|pack| pack_view(pack, lang)).collect() }
}

fn pack_view(pack: &Pack, lang: Lang) -> PackView {
    let breaks = pack.price_breaks.iter();
    PackView {
        id: pack.id,
        sku: pack.sku.clone(),
        name: in_lang(lang, &pack.name_vi, pack.name_en.as_deref()).to_owned(),
        price_vnd: pack.price,
        price_breaks: breaks
            .map(|(from_quantity, price)| PriceBreak { from_quantity: *from_quantity, unit_price_vnd: *price })
            .collect(),
        per_order: pack.per_order,
        grams: pack.grams,
        in_stock: pack.in_stock,
    }
}

/// What the shop wrote in the language, or else in Vietnamese.
fn in_lang<'a>(lang: Lang, vi: &'a str, en: Option<&'a str>) -> &'a str {
    match lang {
        Lang::Vi => vi,
        Lang::En => en.unwrap_or(vi),
    }
}
