//! What every slice stands on and what knows no domain: database, errors, extractors, jobs, idempotency, files,
//! sheets, secrets.

pub mod bounded;
pub mod db;
pub mod error;
pub mod etag;
pub mod extract;
pub mod files;
pub mod http;
pub mod idempotency;
pub mod jobs;
pub mod passwords;
pub mod printable;
pub mod private_postgres;
pub mod seal;
pub mod serve;
pub mod sheets;
pub mod telemetry;
pub mod tokens;
pub mod totp;
pub mod versions;
