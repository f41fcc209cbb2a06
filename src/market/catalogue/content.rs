//! What a listing says: texts, origin, label, pictures, certificate.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::label::Label;
use crate::kernel::{CertificateId, Line, MediaId, Text};
use crate::market::certification::SetNo;
use crate::platform::error::{Error, Result};
use crate::platform::extract::INVALID;

/// Pictures of a listing at most.
const MOST_PICTURES: usize = 10;

/// One edited state of a listing, as a shop writes it and officers read it; Vietnamese is required, English optional.
///
/// Prices, packs and stock are no part of it: they change at once, without review, but for the names of packs, which an
/// approval of content approves too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ListingContent, example = json!({
    "set_no": 11,
    "title_vi": "Chè Shan tuyết Tả Lèng hộp 200 g",
    "title_en": "Shan tuyết tea from Tả Lèng, 200 g",
    "summary_vi": "Chè búp một tôm hai lá hái từ cây cổ thụ, sao tay.",
    "story_vi": "Những cây chè cổ thụ trên núi Tả Lèng được người Mông giữ qua nhiều đời.",
    "label": {
        "ingredients": "100 % búp chè Shan tuyết",
        "net_quantity": "200 g",
        "shelf_life": "24 tháng kể từ ngày sản xuất",
        "storage": "Nơi khô ráo, tránh ánh nắng",
        "responsible_name": "Hợp tác xã Chè Tả Lèng",
        "responsible_address": "Bản Tả Lèng, xã Tả Lèng, tỉnh Lai Châu"
    },
    "pictures": []
}))]
pub struct Content {
    /// The product set; label data and how it may be sold depend on it.
    pub set_no: SetNo,
    /// The name.
    #[schema(inline)]
    pub title_vi: Line<3, 120>,
    /// The name in English.
    #[schema(value_type = Option<String>, min_length = 3, max_length = 120)]
    #[serde(default)]
    pub title_en: Option<Line<3, 120>>,
    /// In short.
    #[schema(inline)]
    pub summary_vi: Text<1, 300>,
    /// In short, in English.
    #[schema(value_type = Option<String>, max_length = 300)]
    #[serde(default)]
    pub summary_en: Option<Text<1, 300>>,
    /// The story of the product (*câu chuyện sản phẩm*).
    #[schema(inline)]
    pub story_vi: Text<1, 8000>,
    /// The story in English.
    #[schema(value_type = Option<String>, max_length = 8000)]
    #[serde(default)]
    pub story_en: Option<Text<1, 8000>>,
    /// The commune it comes from, by code; the shop's unless stated.
    #[schema(value_type = Option<String>, example = "03405")]
    #[serde(default)]
    pub commune_code: Option<Line<5, 5>>,
    /// The province of before 1 July 2025 it comes from, in the code list of that time. To be chosen only where the
    /// commune has two of them.
    #[schema(value_type = Option<String>, example = "12")]
    #[serde(default)]
    pub legacy_province_code: Option<Line<2, 2>>,
    /// What the label says.
    #[serde(default)]
    pub label: Label,
    /// Pictures of the shop, the first one for lists.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub pictures: Vec<MediaId>,
    /// A certificate of the shop for this product.
    #[serde(default)]
    pub certificate_id: Option<CertificateId>,
}

impl Content {
    /// Whether both say that the goods are of the same product set, place and certificate: what stars and the rules of
    /// sale follow from.
    pub fn names_same_goods(&self, other: &Self) -> bool {
        let goods = |content: &Self| {
            (content.set_no, content.commune_code.clone(), content.legacy_province_code.clone(), content.certificate_id)
        };
        goods(self) == goods(other)
    }

    /// Refuses what the types cannot: more than ten pictures, or the same one twice.
    pub fn check_pictures(&self) -> Result<()> {
        if self.pictures.len() > MOST_PICTURES {
            return Err(Error::from(&INVALID).at("pictures", "không quá 10 / must be at most 10"));
        }
        match (0..self.pictures.len()).find(|&at| self.pictures[..at].contains(&self.pictures[at])) {
            Some(at) => Err(Error::from(&INVALID)
                .at(format!("pictures[{at}]"), "không được lặp lại mục trước / must not repeat an earlier one")),
            None => Ok(()),
        }
    }
}
