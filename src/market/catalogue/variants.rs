//! What is bought of a listing: packs with a price.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::UNDER_REVIEW;
use crate::kernel::{Invalid, Line, Price, RevisionId, VariantId};
use crate::market::sellers::Missing;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::extract::INVALID;

/// The public knows the pack under its name: another name is another pack, with a sku of its own.
pub const NAME_APPROVED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "variant-name-approved",
    vi: "Tên quy cách đã được duyệt, không thể đổi; hãy thêm quy cách mới với mã khác",
    en: "The name of the pack was approved and cannot change; add a new pack under another sku",
};

/// Variants of a listing at most, counting those no longer sold.
pub const MOST_VARIANTS: usize = 50;

macro_rules! bounded_size {
    ($(#[$doc:meta])+ $name:ident, $most:tt, $en:literal, $vi:literal) => {
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, ToSchema)]
        #[serde(try_from = "i32")]
        #[sqlx(transparent)]
        #[schema(value_type = i32, minimum = 1, maximum = $most)]
        pub struct $name(i32);

        impl $name {
            /// The number.
            pub const fn get(self) -> i32 {
                self.0
            }
        }

        impl TryFrom<i32> for $name {
            type Error = Invalid;

            fn try_from(size: i32) -> std::result::Result<Self, Invalid> {
                if (1..=$most).contains(&size) { Ok(Self(size)) } else { Err(Invalid { vi: $vi, en: $en }) }
            }
        }
    };
}

bounded_size! {
    /// Weight of a packed item, 1 g to 100 kg.
    Grams, 100_000, "must be a weight of 1 to 100000 grams", "phải là khối lượng từ 1 đến 100000 gam"
}

bounded_size! {
    /// Length of a side of a packed item, 1 mm to 5 m.
    Millimetres, 5_000, "must be a length of 1 to 5000 millimetres", "phải là độ dài từ 1 đến 5000 milimét"
}

/// A pack of a listing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Variant {
    /// The variant.
    pub id: VariantId,
    /// The shop's own code, unique in the listing.
    #[schema(example = "SHAN-200")]
    pub sku: String,
    /// What distinguishes it.
    #[schema(example = "Hộp 200 g")]
    pub name_vi: String,
    /// What distinguishes it, in English.
    pub name_en: Option<String>,
    /// Its price.
    pub price_vnd: Price,
    /// Weight when packed; a service has none.
    pub grams: Option<Grams>,
    /// Length when packed.
    pub length_mm: Option<Millimetres>,
    /// Width when packed.
    pub width_mm: Option<Millimetres>,
    /// Height when packed.
    pub height_mm: Option<Millimetres>,
    /// Whether it is sold.
    pub active: bool,
    /// Whether an officer approved its names, with a revision; the public sees no other pack.
    pub approved: bool,
    /// With which revision; null where that is not known.
    #[serde(skip)]
    pub approved_with: Option<RevisionId>,
}

impl Variant {
    /// Whether the public sees it.
    pub const fn is_shown(&self) -> bool {
        self.active && self.approved
    }

    fn is_named_like(&self, new: &NewVariant) -> bool {
        self.name_vi == new.name_vi.as_str() && self.name_en.as_deref() == new.name_en.as_deref()
    }
}

/// A pack as a shop writes it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVariant {
    /// The shop's own code; a known one changes that variant, a new one adds one.
    #[schema(inline)]
    pub sku: Line<1, 40>,
    /// What distinguishes it.
    #[schema(inline)]
    pub name_vi: Line<1, 120>,
    /// What distinguishes it, in English.
    #[schema(value_type = Option<String>, max_length = 120)]
    pub name_en: Option<Line<1, 120>>,
    /// Its price.
    pub price_vnd: Price,
    /// Weight when packed: what shipping is charged by. Required where the goods are sent.
    pub grams: Option<Grams>,
    /// Length when packed.
    pub length_mm: Option<Millimetres>,
    /// Width when packed.
    pub width_mm: Option<Millimetres>,
    /// Height when packed.
    pub height_mm: Option<Millimetres>,
    /// Whether it is sold.
    #[serde(default = "sold")]
    #[schema(default = true)]
    pub active: bool,
}

const fn sold() -> bool {
    true
}

/// Refuses too many variants, or one code for two of them.
pub fn check_list(variants: &[NewVariant]) -> Result<()> {
    if variants.len() > MOST_VARIANTS {
        return Err(Error::from(&INVALID)
            .at("variants", format!("không quá {MOST_VARIANTS} / must be at most {MOST_VARIANTS}")));
    }
    let repeated = (0..variants.len()).find(|&at| variants[..at].iter().any(|other| other.sku == variants[at].sku));
    match repeated {
        Some(at) => Err(Error::from(&INVALID)
            .at(format!("variants[{at}].sku"), "không được lặp lại mục trước / must not repeat an earlier one")),
        None => Ok(()),
    }
}

/// Refuses to change a name the public knows, and any name an officer is about to decide on.
///
/// A name is read by buyers like the title is, so it must not change behind the approval; prices and measures may.
pub fn check_names(present: &[Variant], new: &[NewVariant], under_review: bool) -> Result<()> {
    let known = |new: &NewVariant| present.iter().find(|variant| variant.sku == new.sku.as_str());
    let changed = |new: &&NewVariant| known(new).is_none_or(|variant| !variant.is_named_like(new));
    if under_review && new.iter().any(|new| changed(&new)) {
        return Err(Error::from(&UNDER_REVIEW));
    }
    let renamed = new.iter().filter(changed).filter(|new| known(new).is_some_and(|variant| variant.approved));
    let skus: Vec<&str> = renamed.map(|new| new.sku.as_str()).collect();
    if skus.is_empty() { Ok(()) } else { Err(Error::from(&NAME_APPROVED).fact("skus", skus)) }
}

/// What the variants of a listing lack to be sold: one that is `sold`, and a weight for every such one where goods are sent
/// (`parcel`).
pub fn missing(variants: &[Variant], parcel: bool, sold: impl Fn(&Variant) -> bool) -> Vec<Missing> {
    if !variants.iter().any(&sold) {
        return vec![lacks("variants", "ít nhất một quy cách đang bán", "at least one pack that is sold")];
    }
    let unweighed = |(_, variant): &(usize, &Variant)| parcel && sold(variant) && variant.grams.is_none();
    let packs = variants.iter().enumerate().filter(unweighed);
    packs
        .map(|(at, variant)| {
            let (vi, en) = (format!("khối lượng gói của {}", variant.sku), format!("the weight of {}", variant.sku));
            lacks(&format!("variants[{at}].grams"), &vi, &en)
        })
        .collect()
}

/// Something of the form itself that is missing.
pub fn lacks(code: &str, vi: &str, en: &str) -> Missing {
    Missing {
        code: code.to_owned(),
        text_vi: format!("Cần có {vi}"),
        text_en: format!("Please give {en}"),
        legal_basis: None,
    }
}
