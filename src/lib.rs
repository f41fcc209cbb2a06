//! # ocop-market
//!
//! The marketplace of Viet Nam's OCOP programme (*Mỗi xã một sản phẩm*, One Commune One Product): cooperatives and
//! household businesses sell, buyers browse by place and by stars that are valid today, officers of the provincial
//! departments of industry and trade moderate what belongs to their provinces. A REST API over PostgreSQL.
//!
//! ## The house
//!
//! A module may use anything **below** it; in a wing also what stands left of a `<`. Never upward, never in a circle:
//! `tests/it/architecture.rs` holds this list against the imports.
//!
//! | floor | rooms |
//! |---|---|
//! | [`cli`] | one binary, many roles |
//! | [`seed`] | the demonstration's data |
//! | [`simulator`] | the providers' side of the wire, for the demonstration and for tests |
//! | [`worker`], [`routes`] | who listens to which news · every endpoint, merged |
//! | [`front`] | shelf (every public catalogue read) < statistics (the provinces' numbers) < moderation (the officers' desk) |
//! | [`trade`] | ledger, rates < webhooks < inventory, payments, vouchers < shipping < orders < returns < reviews < complaints < payouts < statements |
//! | [`market`] | media, cases < sellers < certification < assessment, screening < catalogue < measures |
//! | [`people`] | audit, notify < identity < access < policies |
//! | [`calendar`], [`places`] | working days and deadlines · regions, provinces, communes, their history |
//! | [`app`], [`config`] | what every request shares · what can be set from outside |
//! | [`adapters`] | clients of payment providers and carriers: wire formats and signatures, no domain |
//! | [`platform`] | database, errors, extractors, jobs, idempotency, files, private PostgreSQL: knows no domain |
//! | [`kernel`] | ids, money, text, phone, tax code, cursors, clock: pure |
//!
//! ## A slice
//!
//! Each room is a vertical slice with the same few files, and only those it needs: `mod.rs` (what it is, what it offers
//! to others), `model.rs` (types and rules: pure, no async, no SQL), `store.rs` (all its SQL), `http.rs` (endpoints for
//! the public, buyers and shops), `admin.rs` (officers' endpoints), `jobs.rs` (what it does later).
//!
//! ## Rules that hold everywhere
//!
//! * **Whose eyes is a type.** [`Officer`](people::access::Officer), [`Shop`](people::access::Shop),
//!   [`Buyer`](people::access::Buyer) and [`Public`](app::Public) are the only road to data; they hand out
//!   [`Scoped`](platform::db::Scoped) connections, whose filter must be used to compile.
//! * **Calls go down, news goes up**: as a [job](platform::jobs) row written in the same transaction.
//! * **A refusal is a constant** ([`Problem`](platform::error::Problem)) of its slice; everything else is a fault.
//! * **One transaction, one closure, no network in it** ([`Db::act`](platform::db::Db::act)); it may run twice.
//! * **SQL lives in `store.rs`**, constraints have names, the table repeats what the type promises.
//! * **The OpenAPI document is the test plan**: `tests/it/walls.rs` tries every operation as every wrong person.
//!
//! ## The next endpoint
//!
//! A query in the slice's `store.rs`, a handler with its DTO in `http.rs` or `admin.rs` (add it to `router()` there),
//! a sentence in `tests/it`. The document, the walls test and the router follow by themselves.

pub mod adapters;
pub mod app;
pub mod calendar;
pub mod cli;
pub mod config;
pub mod front;
pub mod kernel;
pub mod market;
pub mod people;
pub mod places;
pub mod platform;
pub mod routes;
pub mod seed;
pub mod simulator;
pub mod trade;
pub mod worker;
