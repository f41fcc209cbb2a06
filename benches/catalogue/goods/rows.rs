//! Rows on their way into a table, in the text format of PostgreSQL's COPY.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Rows of one table.
pub struct Rows {
    /// The table with its columns: `stock (variant_id, on_hand)`.
    into: &'static str,
    text: String,
}

impl Rows {
    pub const fn new(into: &'static str) -> Self {
        Self { into, text: String::new() }
    }

    /// Adds one row.
    pub fn add(&mut self, fields: &[&dyn Field]) {
        for (at, field) in fields.iter().enumerate() {
            if at > 0 {
                self.text.push('\t');
            }
            field.write(&mut self.text);
        }
        self.text.push('\n');
    }

    /// Writes the rows there are and forgets them.
    pub async fn flush(&mut self, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
        let mut copy = conn.copy_in_raw(&format!("copy {} from stdin", self.into)).await?;
        copy.send(std::mem::take(&mut self.text).into_bytes()).await?;
        copy.finish().await?;
        Ok(())
    }
}

/// A value of a column.
pub trait Field {
    fn write(&self, into: &mut String);
}

impl Field for &str {
    fn write(&self, into: &mut String) {
        for letter in self.chars() {
            match letter {
                '\\' => into.push_str("\\\\"),
                '\n' => into.push_str("\\n"),
                '\t' => into.push_str("\\t"),
                letter => into.push(letter),
            }
        }
    }
}

impl Field for String {
    fn write(&self, into: &mut String) {
        self.as_str().write(into);
    }
}

impl<T: Field> Field for Option<T> {
    fn write(&self, into: &mut String) {
        match self {
            Some(value) => value.write(into),
            None => into.push_str("\\N"),
        }
    }
}

macro_rules! as_displayed {
    ($($kind:ty),+) => {$(
        impl Field for $kind {
            fn write(&self, into: &mut String) {
                // Writing to a `String` cannot fail.
                let _ = write!(into, "{self}");
            }
        }
    )+};
}

as_displayed!(bool, i16, i32, i64, usize, Uuid, NaiveDate, DateTime<Utc>);
