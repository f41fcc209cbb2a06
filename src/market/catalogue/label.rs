//! What the label of the goods says, and which of it the law wants shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::variants::lacks;
use crate::kernel::{Line, Text};
use crate::market::certification::Group;
use crate::market::sellers::Missing;

/// What stands on the label of the goods (Decree 37/2026/NĐ-CP).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Label {
    /// Ingredients; materials of a handicraft.
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub ingredients: Option<Text<1, 2000>>,
    /// Net quantity of a pack; of several packs, all of them.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub net_quantity: Option<Line<1, 200>>,
    /// For how long it keeps.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub shelf_life: Option<Line<1, 200>>,
    /// How to keep it.
    #[schema(value_type = Option<String>, max_length = 500)]
    pub storage: Option<Text<1, 500>>,
    /// How to use it.
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub usage: Option<Text<1, 2000>>,
    /// Warnings on safety and hygiene.
    #[schema(value_type = Option<String>, max_length = 1000)]
    pub warnings: Option<Text<1, 1000>>,
    /// The organisation or person responsible for the goods.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub responsible_name: Option<Line<1, 200>>,
    /// Their address.
    #[schema(value_type = Option<String>, max_length = 300)]
    pub responsible_address: Option<Line<1, 300>>,
    /// How it is made.
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub production_method: Option<Text<1, 2000>>,
}

/// What the law wants a label to say.
const LEGAL_BASIS: &str = "Nghị định 37/2026/NĐ-CP";

impl Label {
    /// What a listing of the group must say and this label does not.
    ///
    /// | group | required |
    /// |---|---|
    /// | food, drink, herbal | ingredients, net quantity, shelf life, storage, who is responsible and where |
    /// | handicraft | ingredients (materials), who is responsible and where |
    /// | ornamental, tourism | who is responsible and where |
    pub fn missing(&self, group: Group) -> Vec<Missing> {
        let consumed = matches!(group, Group::Food | Group::Drink | Group::Herbal);
        let made = consumed || group == Group::Handicraft;
        let fields = [
            (made && self.ingredients.is_none(), "ingredients", "thành phần", "the ingredients"),
            (consumed && self.net_quantity.is_none(), "net_quantity", "định lượng", "the net quantity"),
            (consumed && self.shelf_life.is_none(), "shelf_life", "hạn sử dụng", "the shelf life"),
            (consumed && self.storage.is_none(), "storage", "hướng dẫn bảo quản", "how to store it"),
            (self.responsible_name.is_none(), "responsible_name", "tên đơn vị chịu trách nhiệm", "who is responsible"),
            (
                self.responsible_address.is_none(),
                "responsible_address",
                "địa chỉ đơn vị chịu trách nhiệm",
                "the address of who is responsible",
            ),
        ];
        let missing = fields.into_iter().filter(|(missing, ..)| *missing);
        missing
            .map(|(_, field, vi, en)| Missing {
                legal_basis: Some(LEGAL_BASIS.to_owned()),
                ..lacks(&format!("label.{field}"), vi, en)
            })
            .collect()
    }
}
