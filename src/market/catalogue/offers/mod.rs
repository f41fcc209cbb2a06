//! What trade needs to know of a listing: who sells which variant, for how much, under which rules.
//!
//! A narrow door: orders and stock never look into listings themselves, and the only things they may change there are
//! whether anything is on the shelf and the sum of the stars.

pub mod http;
mod model;
mod store;
mod terms;

pub use model::{Offer, Sale, ShopVariant, Shown};
pub use store::{
    add_rating, find, listing_of, listings_of, page_of_shop, published, remove_rating, set_in_stock, shown,
};
pub use terms::PriceBreak;
