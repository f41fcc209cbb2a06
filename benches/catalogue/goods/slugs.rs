//! Names in addresses, no two alike.

use std::collections::HashMap;

use ocop_market::kernel::text::slugify;

#[derive(Default)]
pub struct Slugs(HashMap<String, usize>);

impl Slugs {
    /// A free one for this name.
    pub fn of(&mut self, name: &str) -> String {
        let slug = slugify(name);
        let taken = self.0.entry(slug.clone()).or_default();
        *taken += 1;
        // Two hyphens are never in a slug of a name, so that the second "a" cannot meet the first "a 2".
        if *taken == 1 { slug } else { format!("{slug}--{taken}") }
    }
}
