//! What is bought: packs usual for a product set, at prices usual for it.

use super::dice::Dice;

/// A pack.
pub struct Pack {
    pub name: &'static str,
    pub name_en: &'static str,
    pub grams: Option<i32>,
    pub price_vnd: i64,
}

/// Vietnamese name, English name, grams with packing, đồng.
type Usual = (&'static str, &'static str, i32, i64);

const FRESH: &[Usual] = &[
    ("Túi 1 kg", "1 kg bag", 1050, 45_000),
    ("Túi 2 kg", "2 kg bag", 2080, 85_000),
    ("Thùng 5 kg", "5 kg box", 5300, 200_000),
];
const DRY: &[Usual] = &[
    ("Gói 250 g", "250 g bag", 290, 60_000),
    ("Gói 500 g", "500 g bag", 550, 110_000),
    ("Hộp quà 1 kg", "1 kg gift box", 1200, 240_000),
];
const BOTTLED: &[Usual] = &[
    ("Chai 250 ml", "250 ml bottle", 420, 65_000),
    ("Chai 500 ml", "500 ml bottle", 900, 120_000),
    ("Chai 1 lít", "1 l bottle", 1700, 220_000),
];
const TEA: &[Usual] = &[
    ("Hộp 100 g", "100 g box", 180, 90_000),
    ("Hộp 200 g", "200 g box", 300, 170_000),
    ("Túi 500 g", "500 g bag", 560, 380_000),
];
const HERBAL: &[Usual] = &[
    ("Lọ 30 ml", "30 ml vial", 120, 150_000),
    ("Hộp 30 viên", "Box of 30", 150, 260_000),
    ("Hộp 60 viên", "Box of 60", 220, 480_000),
];
const MADE: &[Usual] = &[("1 chiếc", "One piece", 1200, 320_000), ("1 bộ", "One set", 2500, 1_250_000)];

fn usual(set_no: i16) -> &'static [Usual] {
    match set_no {
        1..=3 => FRESH,
        4 | 9 | 14..=17 | 19 => BOTTLED,
        11 | 12 => TEA,
        18 | 20 => HERBAL,
        21..=25 => MADE,
        _ => DRY,
    }
}

/// One to three packs; a few goods are far dearer than their like.
pub fn of_set(set_no: i16, dice: &mut Dice) -> Vec<Pack> {
    let level = if dice.happens(5) { dice.between(300, 900) } else { dice.between(60, 160) };
    if set_no == 26 {
        let price_vnd = 450_000 * level / 100 / 1000 * 1000;
        return vec![Pack { name: "Một khách, một ngày đêm", name_en: "One guest", grams: None, price_vnd }];
    }
    let usual = usual(set_no);
    let count = 1 + dice.below(usual.len());
    let packs = usual.iter().take(count).map(|(name, name_en, grams, price)| Pack {
        name,
        name_en,
        grams: Some(*grams),
        price_vnd: price * level / 100 / 1000 * 1000,
    });
    packs.collect()
}
