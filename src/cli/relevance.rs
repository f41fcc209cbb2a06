//! `relevance`: how well the search answers what people type, over the real products of the demonstration.
//!
//! Queries with the products that answer them stand in a file: kind, query, ids, a note. For each the first ten hits count: the
//! reciprocal rank of the first one that answers (MRR@10), and how many of those that answer are among them, of ten at most
//! (recall@10). No database is needed and nothing depends on chance: the words and weights are those of the migration.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::path::PathBuf;

use chrono::NaiveDate;
use serde::Deserialize;

use super::into_anyhow;
use crate::front::shelf::facts::Common;
use crate::front::shelf::words::{Admitted, Columns, Doc, Document, Known, Merit, Words, first_rows};
use crate::kernel::ListingId;
use crate::market::certification::{self, SetNo};
use crate::places::{self, CommuneRef, Location, ProvinceRef};
use crate::seed::products::{self, Pack, Product};

/// The queries of the binary.
pub const QUERIES: &str = include_str!("relevance/queries.csv");

/// Hits that count.
const DEPTH: usize = 10;

/// The day the search takes place, so that a run tomorrow gives the same figures.
const TODAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 11, 1) {
    Some(day) => day,
    None => panic!("November has a first day"),
};

/// Arguments of `relevance`.
#[derive(clap::Args)]
pub struct RelevanceConfig {
    /// CSV with the columns kind, query, relevant and note, instead of the queries of this binary
    #[arg(long)]
    queries: Option<PathBuf>,
    /// Show the queries whose first hit is no answer
    #[arg(long)]
    failures: bool,
}

/// Prints the table.
pub fn run(config: &RelevanceConfig) -> anyhow::Result<()> {
    let report = match &config.queries {
        Some(path) => measure(&std::fs::read_to_string(path)?)?,
        None => measure(QUERIES)?,
    };
    if config.failures {
        for failure in &report.failures {
            println!("{failure}");
        }
    }
    print!("{report}");
    Ok(())
}

/// A row of the file.
#[derive(Deserialize)]
struct Asked {
    kind: String,
    query: String,
    /// Ids of products, apart by spaces.
    relevant: String,
}

/// What came out for some queries.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    /// How many queries.
    pub queries: u32,
    reciprocal_ranks: f64,
    recalls: f64,
}

impl Figures {
    fn add(&mut self, reciprocal_rank: f64, recall: f64) {
        self.queries += 1;
        self.reciprocal_ranks += reciprocal_rank;
        self.recalls += recall;
    }

    /// Mean reciprocal rank of the first answer among ten.
    pub fn mrr(&self) -> f64 {
        self.reciprocal_ranks / f64::from(self.queries.max(1))
    }

    /// Mean share of the answers that are among ten.
    pub fn recall(&self) -> f64 {
        self.recalls / f64::from(self.queries.max(1))
    }
}

/// The figures by kind of query, and what went wrong.
#[derive(Debug, Default)]
pub struct Report {
    /// By kind.
    pub kinds: BTreeMap<String, Figures>,
    /// Of all queries.
    pub all: Figures,
    /// Queries whose first hit is no answer, with what was found instead.
    pub failures: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| kind | queries | MRR@10 | recall@10 |\n|---|---|---|---|")?;
        for (kind, figures) in
            self.kinds.iter().map(|(kind, figures)| (kind.as_str(), figures)).chain([("all", &self.all)])
        {
            writeln!(f, "| {kind} | {} | {:.3} | {:.3} |", figures.queries, figures.mrr(), figures.recall())?;
        }
        Ok(())
    }
}

/// Asks the queries of a CSV text.
pub fn measure(queries: &str) -> anyhow::Result<Report> {
    let market = Market::open()?;
    let words = market.words()?;
    let mut report = Report::default();
    for row in csv::Reader::from_reader(queries.as_bytes()).deserialize() {
        let asked: Asked = row?;
        let relevant: HashSet<&str> = asked.relevant.split_whitespace().collect();
        let hits = words.search(&words.understand(&asked.query), &market, DEPTH);
        let found: Vec<&Good> = hits.best.iter().filter_map(|hit| market.good(hit.doc)).collect();
        let answers = |good: &&Good| relevant.contains(good.product.id.as_str());
        let first = found.iter().position(answers);
        let reciprocal_rank = first.map_or(0.0, |rank| 1.0 / f64::from(u32::try_from(rank + 1).unwrap_or(u32::MAX)));
        let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        let recall = count(found.iter().filter(|good| answers(good)).count()) / count(relevant.len().clamp(1, DEPTH));
        report.kinds.entry(asked.kind.clone()).or_default().add(reciprocal_rank, recall);
        report.all.add(reciprocal_rank, recall);
        if first != Some(0) {
            report.failures.push(failure(&asked, &found));
        }
    }
    Ok(report)
}

fn failure(asked: &Asked, found: &[&Good]) -> String {
    let titles: Vec<String> =
        found.iter().take(3).map(|good| format!("{} {}", good.product.id, good.product.name_vi)).collect();
    format!("{}: {} → {} (not {})", asked.kind, asked.query, titles.join("; "), asked.relevant)
}

/// A product as the demonstration lists it.
struct Good {
    product: Product,
    shop: String,
    shop_number: u32,
    summary_vi: String,
    summary_en: String,
    packs: Vec<Pack>,
    location: Location,
}

/// The products, by number; all in stock, none rated, their stars valid.
struct Market {
    goods: Vec<Good>,
}

impl Market {
    fn open() -> anyhow::Result<Self> {
        let legacy: HashMap<String, String> = places::embedded()?
            .legacy_provinces
            .into_iter()
            .map(|province| (province.name_vi, province.code))
            .collect();
        let mut goods = Vec::new();
        for (shop, number) in products::shops()?.into_iter().zip(0..) {
            for product in shop.products {
                let code = legacy.get(&product.province_legacy);
                let code = code.ok_or_else(|| anyhow::anyhow!("no province {}", product.province_legacy))?;
                goods.push(good(product, &shop.name, number, code));
            }
        }
        Ok(Self { goods })
    }

    fn words(&self) -> anyhow::Result<Words> {
        let mut documents = Vec::new();
        for (good, doc) in self.goods.iter().zip(0..) {
            documents.push((doc, Some(good.document()?)));
        }
        Ok(Words::new(&common()?, TODAY).apply(documents).compacted())
    }

    fn good(&self, doc: Doc) -> Option<&Good> {
        self.goods.get(usize::try_from(doc).ok()?)
    }
}

fn good(product: Product, shop: &str, shop_number: u32, legacy_code: &str) -> Good {
    let place = &product.province_legacy;
    let province = |code: &str| ProvinceRef { code: code.to_owned(), slug: String::new(), name: String::new() };
    // The demonstration puts a shop into some commune of its province, which says nothing of the product.
    let commune = CommuneRef { code: String::new(), slug: String::new(), name: String::new() };
    Good {
        shop: shop.to_owned(),
        shop_number,
        summary_vi: format!("Sản phẩm OCOP của {place} (dữ liệu trình diễn)."),
        summary_en: format!("An OCOP product of {place} (demonstration data)."),
        packs: product.packs(),
        location: Location {
            province: province(&product.province_code),
            commune,
            legacy_province: province(legacy_code),
        },
        product,
    }
}

impl Good {
    fn document(&self) -> anyhow::Result<Document<'_>> {
        Ok(Document {
            title_vi: &self.product.name_vi,
            title_en: None,
            summary_vi: &self.summary_vi,
            summary_en: Some(&self.summary_en),
            shop: &self.shop,
            set: SetNo::try_from(self.product.ocop_set)?,
            packs: self.packs.iter().map(|pack| (pack.name.as_str(), pack.grams)).collect(),
            location: &self.location,
            ingredients: None,
        })
    }
}

impl Columns for Market {
    fn admits(&self, doc: Doc) -> Admitted {
        if self.good(doc).is_some() { Admitted::Yes } else { Admitted::No }
    }

    fn known(&self, doc: Doc) -> Known {
        let good = self.good(doc);
        let stars = good.and_then(|good| good.product.stars).unwrap_or(0);
        Known {
            merit: Merit { stars: u8::try_from(stars).unwrap_or(0), in_stock: true, ..Merit::default() },
            shop: good.map_or(0, |good| good.shop_number),
        }
    }

    fn id(&self, doc: Doc) -> ListingId {
        uuid::Uuid::from_u128(u128::from(doc)).into()
    }
}

/// What the first day of a database knows, without one.
pub fn common() -> anyhow::Result<Common> {
    let places::Embedded { provinces, legacy_provinces, regions } = places::embedded()?;
    let (words, weights) = first_rows()?;
    let sets = certification::embedded_sets().map_err(into_anyhow)?;
    Ok(Common {
        provinces,
        legacy_provinces,
        regions,
        sets: sets.into_iter().map(|set| (set.set_no, set.name_vi, set.group)).collect(),
        sale_rules: Vec::new(),
        authentication_required: Vec::new(),
        words,
        weights,
    })
}
