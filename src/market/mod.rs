//! What the shops bring to the market: their pictures and papers, who they are, what they vouch for and sell.

pub mod assessment;
pub mod cases;
pub mod catalogue;
pub mod certification;
pub mod measures;
pub mod media;
pub mod screening;
pub mod sellers;
