//! The 475 real products of the demonstration: names, producers, stars and years as public pages gave them; prices,
//! packs and stock made up here, the same at every run.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::market::sellers::SellerKind;

const CSV: &str = include_str!("data/ocop_products.csv");

/// One row of the file.
#[derive(Debug, Clone, Deserialize)]
pub struct Product {
    /// Local to the file: P0001…
    pub id: String,
    /// As printed.
    pub name_vi: String,
    /// Who makes it; empty for households, whose names are not published.
    pub producer: String,
    producer_type: String,
    /// Name of the province at the time.
    pub province_legacy: String,
    /// Code of today's province.
    pub province_code: String,
    /// Product set 1–26.
    pub ocop_set: i16,
    /// 3, 4 or 5, where the source names them.
    pub stars: Option<i16>,
    year: Option<i32>,
    note: String,
}

/// How a product is sold: a pack of so many grams for so many đồng.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// "Gói 500 g", "Chai 500 ml".
    pub name: String,
    /// Stock keeping unit.
    pub sku: String,
    /// Weight with packing; a service has none.
    pub grams: Option<i32>,
    /// In đồng.
    pub price_vnd: i64,
    /// Units on the shelf.
    pub on_hand: i32,
}

/// A certificate the source tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognition {
    /// 3, 4 or 5.
    pub stars: i16,
    /// The decision's own number, where it is public.
    pub decision_number: Option<&'static str>,
    /// Who decided, by the rules of the year.
    pub authority: String,
    /// The day the source names, or the middle of the year it names.
    pub issued_on: NaiveDate,
}

/// A public decision that recognised products of the file.
struct Decision {
    province_code: &'static str,
    date: &'static str,
    number: &'static str,
    authority: &'static str,
}

/// The decisions whose numbers are public; two are of districts, which no longer exist.
const DECISIONS: [Decision; 5] = [
    Decision {
        province_code: "68", date: "2026-08-05", number: "3981/QĐ-UBND", authority: "UBND tỉnh Lâm Đồng"
    },
    Decision { province_code: "68", date: "2025-06-19", number: "858/QĐ-UBND", authority: "UBND tỉnh Đắk Nông" },
    Decision {
        province_code: "68", date: "2025-06-16", number: "1887/QĐ-UBND", authority: "UBND huyện Đắk Song"
    },
    Decision { province_code: "68", date: "2025-05-07", number: "768/QĐ-UBND", authority: "UBND huyện Cư Jút" },
    Decision { province_code: "15", date: "2023-12-28", number: "2585/QĐ-UBND", authority: "UBND tỉnh Yên Bái" },
];

/// A shop of the demonstration: a producer, or a place where the source names none.
#[derive(Debug, Clone)]
pub struct Shop {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: SellerKind,
    /// Name of the province at the time.
    pub province_legacy: String,
    /// What it sells.
    pub products: Vec<Product>,
}

/// Every shop with its products, in the order of the file.
pub fn shops() -> anyhow::Result<Vec<Shop>> {
    let mut shops: Vec<Shop> = Vec::new();
    let mut known = BTreeMap::new();
    for row in csv::Reader::from_reader(CSV.as_bytes()).deserialize() {
        let product: Product = row?;
        let name = product.shop_name();
        let at = *known.entry((name.clone(), product.province_legacy.clone())).or_insert_with(|| {
            shops.push(Shop {
                name,
                kind: product.shop_kind(),
                province_legacy: product.province_legacy.clone(),
                products: Vec::new(),
            });
            shops.len() - 1
        });
        if let Some(shop) = shops.get_mut(at) {
            shop.products.push(product);
        }
    }
    Ok(shops)
}

impl Product {
    fn shop_name(&self) -> String {
        if self.producer.is_empty() {
            format!("Gian hàng OCOP {}", self.province_legacy)
        } else {
            self.producer.clone()
        }
    }

    fn shop_kind(&self) -> SellerKind {
        match self.producer_type.as_str() {
            "company" => SellerKind::Enterprise,
            "cooperative_group" => SellerKind::CooperativeGroup,
            "establishment" | "household" if !self.producer.is_empty() => SellerKind::Household,
            // A shop named by its place gathers what has no named producer.
            _ => SellerKind::Cooperative,
        }
    }

    /// A number in `0..below` that depends on nothing but the product and `what`.
    fn made_up(&self, what: &str, below: u64) -> u64 {
        let hash = Sha256::digest(format!("{}/{what}", self.id));
        hash.iter().take(7).fold(0, |number, byte| number * 256 + u64::from(*byte)) % below
    }

    /// The certificate the source tells of; none where it names no stars or no year.
    pub fn recognition(&self) -> Option<Recognition> {
        let (stars, year) = (self.stars?, self.year?);
        let issued_on = date_in(&self.note).filter(|date| date.format("%Y").to_string() == year.to_string());
        let issued_on = issued_on.or_else(|| NaiveDate::from_ymd_opt(year, 6, 15))?;
        let named = DECISIONS
            .iter()
            .find(|decision| decision.province_code == self.province_code && decision.date == issued_on.to_string());
        let decision_number = named.map(|decision| decision.number);
        let authority = match (named, stars) {
            (Some(decision), _) => decision.authority.to_owned(),
            (None, 5) if year >= 2025 => "Bộ Nông nghiệp và Môi trường".to_owned(),
            (None, 5) => "Bộ Nông nghiệp và Phát triển nông thôn".to_owned(),
            (None, _) => format!("UBND tỉnh {}", self.province_legacy),
        };
        Some(Recognition { stars, decision_number, authority, issued_on })
    }

    /// One or two packs, with prices usual for the set.
    pub fn packs(&self) -> Vec<Pack> {
        let usual = usual(self.ocop_set);
        let count = 1 + self.made_up("packs", u64::try_from(usual.packs.len()).unwrap_or(1));
        let level = 80 + self.made_up("price", 60);
        let packs = usual.packs.iter().take(usize::try_from(count).unwrap_or(1));
        packs
            .enumerate()
            .map(|(at, (name, grams, price))| {
                let price = price * i64::try_from(level).unwrap_or(100) / 100 / 1000 * 1000;
                let stock = self.made_up(&format!("stock {at}"), 13);
                Pack {
                    name: (*name).to_owned(),
                    sku: format!("{}-{}", self.id, at + 1),
                    grams: *grams,
                    price_vnd: price.max(5000),
                    // About one in thirteen is sold out, as in life.
                    on_hand: i32::try_from(stock * 10).unwrap_or(0),
                }
            })
            .collect()
    }
}

/// Packs usual for a set: name, grams with packing, đồng.
struct Usual {
    packs: &'static [(&'static str, Option<i32>, i64)],
}

fn usual(set: i16) -> Usual {
    let packs: &[(&str, Option<i32>, i64)] = match set {
        1 => &[("Túi 1 kg", Some(1050), 60_000), ("Thùng 5 kg", Some(5300), 280_000)],
        2 => &[("Khay 500 g", Some(600), 120_000), ("Hộp 1 kg", Some(1200), 230_000)],
        3 => &[("Túi 2 kg", Some(2050), 70_000), ("Túi 5 kg", Some(5080), 165_000)],
        4 => &[("Chai 500 ml", Some(950), 180_000), ("Chai 1 lít", Some(1700), 340_000)],
        5 | 6 => &[("Gói 500 g", Some(550), 55_000), ("Thùng 10 gói", Some(5600), 520_000)],
        7 => &[("Gói 250 g", Some(300), 85_000), ("Hộp 500 g", Some(600), 160_000)],
        8 => &[("Gói 300 g", Some(350), 210_000), ("Hộp 500 g", Some(600), 340_000)],
        9 => &[("Chai 500 ml", Some(950), 75_000)],
        10 => &[("Hũ 200 g", Some(380), 60_000), ("Túi 500 g", Some(550), 130_000)],
        11 => &[("Hộp 100 g", Some(180), 150_000), ("Túi 500 g", Some(560), 620_000)],
        12 => &[("Hộp 20 túi lọc", Some(120), 80_000), ("Hộp 100 g", Some(180), 140_000)],
        13 => &[("Gói 250 g", Some(290), 95_000), ("Gói 500 g", Some(560), 180_000)],
        14 | 15 => &[("Chai 500 ml", Some(1050), 160_000)],
        16 | 17 => &[("Chai 330 ml", Some(400), 25_000), ("Thùng 24 chai", Some(9600), 560_000)],
        18 => &[("Hộp 30 viên", Some(120), 260_000), ("Hộp 60 viên", Some(200), 480_000)],
        19 => &[("Chai 250 ml", Some(320), 90_000)],
        20 => &[("Lọ 10 ml", Some(60), 110_000), ("Lọ 30 ml", Some(120), 290_000)],
        21 => &[("1 chiếc", Some(1200), 320_000)],
        22 => &[("1 bộ", Some(900), 1_450_000)],
        26 => &[("Một khách, một ngày đêm", None, 450_000)],
        _ => &[("1 sản phẩm", Some(1500), 200_000)],
    };
    Usual { packs }
}

/// The first ISO date in a note.
fn date_in(note: &str) -> Option<NaiveDate> {
    note.split(|letter: char| !(letter.is_ascii_digit() || letter == '-'))
        .find_map(|word| NaiveDate::parse_from_str(word, "%Y-%m-%d").ok())
}
