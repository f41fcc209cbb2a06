//! The product sets, as the program loaded them, and the age each asks for.

use std::collections::BTreeMap;

use anyhow::Context as _;
use sqlx::PgConnection;

/// A product set.
pub struct Set {
    pub name: String,
    pub group: String,
    /// What its goods are called in English.
    pub english: &'static str,
    pub minimum_age: Option<i16>,
}

/// All of them, by number.
pub struct Sets(BTreeMap<i16, Set>);

impl Sets {
    pub async fn read(conn: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let rows: Vec<(i16, String, String, Option<i16>)> = sqlx::query_as(
            r#"select product_sets.set_no, name_vi, "group", max(minimum_age)
                 from product_sets
                 left join sale_rules on sale_rules.set_no = product_sets.set_no and effective_to is null
                group by product_sets.set_no"#,
        )
        .fetch_all(conn)
        .await?;
        let set = |name, group, minimum_age, number| Set { name, group, english: english(number), minimum_age };
        Ok(Self(rows.into_iter().map(|(number, name, group, age)| (number, set(name, group, age, number))).collect()))
    }

    pub fn get(&self, number: i16) -> anyhow::Result<&Set> {
        self.0.get(&number).with_context(|| format!("no product set {number}"))
    }
}

const fn english(set_no: i16) -> &'static str {
    match set_no {
        1 => "Fresh fruit and vegetables",
        2 => "Meat and fish",
        3 => "Rice",
        4 => "Honey",
        6 => "Noodles and cakes",
        7 => "Dried fruit and nuts",
        8 => "Sausages and dried meat",
        9 => "Fish sauce",
        10 => "Spices",
        11 => "Tea",
        12 => "Herbal tea",
        13 => "Coffee",
        14 | 15 => "Rice spirit",
        16 | 17 => "Drinks",
        18 => "Herbal remedy",
        19 | 20 => "Essential oil",
        21 => "Handicraft",
        22 => "Woven cloth",
        26 => "A stay with a family",
        _ => "Local goods",
    }
}
