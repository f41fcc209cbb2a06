//! What somebody may want to buy. A cart promises nothing: prices and stock are those of the moment one looks.

pub mod http;
mod model;
mod store;

pub use model::{LONGEST, Obstacle, Quantity, amount, obstacles, sum};
pub use store::{list, remove};
