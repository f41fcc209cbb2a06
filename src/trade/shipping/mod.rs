//! What a parcel costs and how long it takes, and the parcels on their way.

mod model;
mod store;

pub use model::{NewParcel, Parcel, Place, Quote, Rate, Reach, TOO_HEAVY, TRACKING_CODE_USED, Tariff};
pub use store::{find_parcel, insert_parcel, set_delivered, tariff};
