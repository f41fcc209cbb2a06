//! The rows of `search_words` and `search_weights` that the marketplace begins with, out of the migration that inserts
//! them: what measures relevance needs them without a database.

use std::fmt;

use chrono::NaiveDate;

use super::super::facts::{WeightRow, WordRow};

const MIGRATION: &str = include_str!("../../../../migrations/0033_search.sql");

/// The day since which the first weights hold; the migration names the same.
const SINCE: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 7, 1);

/// What stands around the list of words in the migration.
const WORDS: &str = "$words$";
/// What stands around the list of weights.
const WEIGHTS: &str = "$weights$";

/// A line of the migration's lists that says nothing.
#[derive(Debug)]
pub struct RowError(String);

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0033_search.sql: {}", self.0)
    }
}

impl std::error::Error for RowError {}

/// The words and weights of the migration.
pub fn first_rows() -> Result<(Vec<WordRow>, Vec<WeightRow>), RowError> {
    let mut words = Vec::new();
    for line in lines(WORDS)? {
        words.extend(word_rows(line).ok_or_else(|| RowError(line.to_owned()))?);
    }
    let weights = lines(WEIGHTS)?.map(|line| weight_row(line).ok_or_else(|| RowError(line.to_owned())));
    Ok((words, weights.collect::<Result<_, _>>()?))
}

fn lines(mark: &str) -> Result<impl Iterator<Item = &'static str>, RowError> {
    let list = MIGRATION.split(mark).nth(1).ok_or_else(|| RowError(format!("no list {mark}")))?;
    Ok(list.lines().map(str::trim).filter(|line| !line.is_empty()))
}

/// `chè = trà`: both ways; `honey / bee honey > mật ong, mật`: who types one of the first is answered by each of the others.
fn word_rows(line: &str) -> Option<Vec<WordRow>> {
    let sign = line.find(['=', '>'])?;
    let (typed, means) = line.split_at(sign);
    let mutual = means.starts_with('=');
    let means = means.get(1..)?;
    let row = |typed: &str, means: &str| WordRow { typed: typed.trim().into(), means: means.trim().into(), mutual };
    Some(typed.split('/').flat_map(|typed| means.split(',').map(move |means| row(typed, means))).collect())
}

/// `name | value | why_vi | why_en`
fn weight_row(line: &str) -> Option<WeightRow> {
    let mut parts = line.split('|').map(str::trim);
    let (name, value) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?);
    Some(WeightRow { name, value, effective_from: SINCE?, effective_to: None })
}
