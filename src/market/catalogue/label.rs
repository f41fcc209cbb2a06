//! What the label of the goods says, and which of it the law wants shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{Line, Text};
use crate::market::certification::Group;

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

impl Label {
    /// The paths of what a listing of the group must say and this label does not.
    ///
    /// | group | required |
    /// |---|---|
    /// | food, drink, herbal | ingredients, net quantity, shelf life, storage, who is responsible and where |
    /// | handicraft | ingredients (materials), who is responsible and where |
    /// | ornamental, tourism | who is responsible and where |
    pub fn missing(&self, group: Group) -> impl Iterator<Item = &'static str> {
        let eaten = matches!(group, Group::Food | Group::Drink | Group::Herbal);
        let made = eaten || group == Group::Handicraft;
        [
            ("label.ingredients", made && self.ingredients.is_none()),
            ("label.net_quantity", eaten && self.net_quantity.is_none()),
            ("label.shelf_life", eaten && self.shelf_life.is_none()),
            ("label.storage", eaten && self.storage.is_none()),
            ("label.responsible_name", self.responsible_name.is_none()),
            ("label.responsible_address", self.responsible_address.is_none()),
        ]
        .into_iter()
        .filter_map(|(path, missing)| missing.then_some(path))
    }
}
