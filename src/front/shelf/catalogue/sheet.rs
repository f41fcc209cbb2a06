//! What a listing itself says in every answer, as ready JSON in little room.

use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::phrasebook::Phrasebook;
use super::pieces::{Hash, hash, members};
use super::pressed::{Phrases, Pressed};
use crate::front::shelf::facts::{Listing, Pack};
use crate::front::shelf::views::{Pack as PackView, Rating, ShipsTo};
use crate::kernel::{Lang, ListingId, Vnd};
use crate::market::catalogue::Label;
use crate::market::catalogue::offers::PriceBreak;
use crate::market::certification::{Group, SetNo};
use crate::market::media::{PictureUrls, picture_urls};
use crate::platform::error::Result;

/// The pieces of one listing that follow from the listing alone. The card and the rest of the page are one run of bytes
/// each: first what they say in Vietnamese, last what English has of its own.
#[derive(Debug)]
pub struct Sheet {
    card: Pressed,
    page: Pressed,
    /// Where each part ends in its run.
    ends: Ends,
    phrasebook: Arc<Phrasebook>,
    hash: Hash,
    /// The listing's name in addresses.
    pub slug: Arc<str>,
}

const PARTS: usize = 9;

type Ends = [u32; PARTS];

/// The parts of both runs, in their order.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// Id and slug.
    Top,
    /// Title and summary.
    Card,
    /// What else the card says.
    CardRest,
    /// [`Part::Card`] in English; empty where it would be the same, as are the others.
    CardEn,
    Story,
    Packs,
    /// What else the page says.
    PageRest,
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

/// Both runs of a listing, before they are pressed.
pub struct Draft {
    pub card: Vec<u8>,
    pub page: Vec<u8>,
    ends: Ends,
}

impl Draft {
    /// Writes them.
    pub fn of(listing: &Listing, group: Group) -> serde_json::Result<Self> {
        let (mut card, mut page) = (Vec::with_capacity(1024), Vec::with_capacity(4096));
        let mut ends = Ends::default();
        let mut end = |part: Part, run: &[u8]| ends[part as usize] = length(run);
        members(&mut card, &Top { id: listing.id, slug: &listing.slug })?;
        end(Part::Top, &card);
        members(&mut card, &card_words(listing, Lang::Vi))?;
        end(Part::Card, &card);
        members(&mut card, &card_rest(listing, group))?;
        end(Part::CardRest, &card);
        if listing.title_en.is_some() || listing.summary_en.is_some() {
            members(&mut card, &card_words(listing, Lang::En))?;
        }
        end(Part::CardEn, &card);
        members(&mut page, &Story { story: &listing.story_vi })?;
        end(Part::Story, &page);
        members(&mut page, &packs(listing, Lang::Vi))?;
        end(Part::Packs, &page);
        let pictures = listing.pictures.iter().map(|name| picture_urls(name)).collect();
        members(&mut page, &PageRest { label: &listing.label, pictures })?;
        end(Part::PageRest, &page);
        if let Some(story) = &listing.story_en {
            members(&mut page, &Story { story })?;
        }
        end(Part::StoryEn, &page);
        if listing.packs.iter().any(|pack| pack.name_en.is_some()) {
            members(&mut page, &packs(listing, Lang::En))?;
        }
        end(Part::PacksEn, &page);
        Ok(Self { card, page, ends })
    }
}

impl Sheet {
    /// Writes the pieces of a listing; `slug` is its own.
    ///
    /// # Errors
    /// A fault if something cannot be written as JSON.
    pub fn new(listing: &Listing, group: Group, slug: Arc<str>, phrasebook: &Arc<Phrasebook>) -> Result<Self> {
        let Draft { card, page, ends } = Draft::of(listing, group)?;
        Ok(Self {
            hash: hash(&[&*card, &page].concat()),
            card: Pressed::new(&card, &phrasebook.cards)?,
            page: Pressed::new(&page, &phrasebook.pages)?,
            ends,
            phrasebook: Arc::clone(phrasebook),
            slug,
        })
    }

    /// The hash of all pieces in all languages.
    pub fn hash(&self) -> &Hash {
        &self.hash
    }

    /// Adds the members of the card.
    ///
    /// # Errors
    /// A fault if they cannot be read.
    pub fn card(&self, lang: Lang, json: &mut Vec<u8>) -> Result<()> {
        let words = self.said_in(lang, Part::Card, Part::CardEn);
        self.write((&self.card, &self.phrasebook.cards), [Part::Top, words, Part::CardRest], json)
    }

    /// Adds the members of the page that the card does not have.
    ///
    /// # Errors
    /// A fault if they cannot be read.
    pub fn page(&self, lang: Lang, json: &mut Vec<u8>) -> Result<()> {
        let story = self.said_in(lang, Part::Story, Part::StoryEn);
        let packs = self.said_in(lang, Part::Packs, Part::PacksEn);
        self.write((&self.page, &self.phrasebook.pages), [story, packs, Part::PageRest], json)
    }

    /// The part in the language; in Vietnamese where English has nothing of its own.
    fn said_in(&self, lang: Lang, vi: Part, en: Part) -> Part {
        if lang == Lang::En && !self.part(en).is_empty() { en } else { vi }
    }

    /// Adds these parts of a run. Those the run begins with, which is all that Vietnamese says, stay where they were written.
    fn write(&self, (run, phrases): (&Pressed, &Phrases), parts: [Part; 3], json: &mut Vec<u8>) -> Result<()> {
        let start = json.len();
        run.write(phrases, json)?;
        let parts = parts.map(|part| self.part(part));
        if parts[0].start == 0 && parts.windows(2).all(|two| two[0].end == two[1].start) {
            json.truncate(start + parts[2].end);
        } else {
            let whole = json.split_off(start);
            for part in parts {
                json.extend_from_slice(&whole[part]);
            }
        }
        Ok(())
    }

    /// Title and summary, read back from the pieces.
    ///
    /// # Errors
    /// A fault if they cannot be read.
    pub fn words_in(&self, lang: Lang) -> Result<WrittenCard> {
        let mut json = b"{".to_vec();
        self.card(lang, &mut json)?;
        Ok(serde_json::from_slice(&close(json))?)
    }

    /// The words of the listing, read back from the pieces: for the rare case that they have to be indexed anew though
    /// the listing did not change.
    ///
    /// # Errors
    /// A fault if they cannot be read.
    pub fn words(&self) -> Result<Written> {
        let mut page = b"{".to_vec();
        self.page(Lang::Vi, &mut page)?;
        let english = !self.part(Part::CardEn).is_empty();
        Ok(Written {
            vi: self.words_in(Lang::Vi)?,
            en: if english { Some(self.words_in(Lang::En)?) } else { None },
            page: serde_json::from_slice(&close(page))?,
        })
    }

    /// Where a part stands in its run.
    fn part(&self, part: Part) -> Range<usize> {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let at = part as usize;
        let start = if matches!(part, Part::Top | Part::Story) { 0 } else { end(at - 1) };
        start..end(at)
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
