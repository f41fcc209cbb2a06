//! The kernel: every newtype's way in, and the laws of money, text, pages and time.
#![expect(clippy::unwrap_used, reason = "helpers of tests, outside the functions marked as tests")]

mod ids;
mod languages;
mod money;
mod pages;
mod people;
mod text;
mod time;

use chrono::{DateTime, NaiveDate, Utc};
use ocop_market::kernel::{Email, Limit, Line, OrderId, PersonalId, Phone, Price, Rate, TaxCode, Text, Vnd};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::PartialSchema;

/// Reads a JSON value as the edge does; the error is the sentence a client sees.
fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|refusal| refusal.to_string())
}

fn at(instant: &str) -> DateTime<Utc> {
    instant.parse().unwrap()
}

fn day(date: &str) -> NaiveDate {
    date.parse().unwrap()
}

#[test]
fn the_document_tells_what_newtypes_are() {
    fn schema<T: PartialSchema>() -> Value {
        serde_json::to_value(T::schema()).unwrap()
    }

    assert_eq!(schema::<OrderId>()["format"], "uuid");
    assert_eq!(schema::<Vnd>()["type"], "integer");
    assert_eq!(schema::<Vnd>()["format"], "int64");
    assert_eq!(schema::<Price>()["minimum"], json!(0));
    assert_eq!(schema::<Rate>()["maximum"], json!(10_000));
    assert_eq!(schema::<Limit>()["default"], json!(24));
    assert_eq!(schema::<Email>()["format"], "email");
    for example in [schema::<Phone>(), schema::<TaxCode>(), schema::<PersonalId>()] {
        assert_eq!(example["type"], "string");
        assert!(example["pattern"].is_string());
    }
    assert!(read::<Phone>(schema::<Phone>()["example"].clone()).is_ok());
    assert!(read::<Email>(schema::<Email>()["example"].clone()).is_ok());
    assert!(read::<TaxCode>(schema::<TaxCode>()["example"].clone()).is_ok());
    assert!(read::<PersonalId>(schema::<PersonalId>()["example"].clone()).is_ok());
    assert!(read::<OrderId>(schema::<OrderId>()["example"].clone()).is_ok());
}

#[test]
fn ids_and_newtypes_bind_to_queries_alone_and_in_lists() {
    fn binds<T>()
    where
        T: sqlx::Type<sqlx::Postgres>
            + for<'q> sqlx::Encode<'q, sqlx::Postgres>
            + for<'r> sqlx::Decode<'r, sqlx::Postgres>,
        Vec<T>: sqlx::Type<sqlx::Postgres>,
    {
        assert_ne!(T::type_info(), <Vec<T> as sqlx::Type<sqlx::Postgres>>::type_info());
    }

    binds::<OrderId>();
    binds::<Vnd>();
    binds::<Price>();
    binds::<Rate>();
    binds::<Phone>();
    binds::<Email>();
    binds::<TaxCode>();
    binds::<Line<1, 10>>();
    binds::<Text<1, 10>>();
}
