//! What people look for and do not find: counted in memory, written down every few seconds. Who looked is not known here,
//! and what could tell is left out: no query is longer than a title, long numbers and addresses of mail are dropped.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDate;

use super::super::store::misses::{self, Miss};
use crate::kernel::text::fold;
use crate::platform::db::Db;
use crate::platform::error::Result;

/// Digits in a row that may be a telephone, an ID or an account; a pack has fewer.
const LONG_NUMBER: usize = 6;
/// Characters of a query that are kept.
const LONGEST: usize = 100;
/// Different queries between two writings, so that nobody fills the memory with inventions.
const MOST: usize = 5_000;

/// Counts since the last writing.
#[derive(Default)]
pub struct Misses(Mutex<BTreeMap<Miss, i32>>);

impl Misses {
    /// Counts one.
    pub fn note(&self, day: NaiveDate, province: Option<&str>, typed: &str) {
        let Some(words) = impersonal(typed) else { return };
        let miss = Miss { day, province: province.map(str::to_owned), words };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() < MOST || counts.contains_key(&miss) {
            *counts.entry(miss).or_default() += 1;
        }
    }

    /// Writes the counts down. What could not be written is counted on.
    pub async fn flush(&self, db: &Db) -> Result<()> {
        let counts = mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if counts.is_empty() {
            return Ok(());
        }
        let written = db.act(async |conn| misses::add(conn, &counts).await).await;
        if written.is_err() {
            let mut later = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            for (miss, count) in counts {
                *later.entry(miss).or_default() += count;
            }
        }
        written
    }
}

/// The folded words without anything that may name a person; none if nothing is left.
fn impersonal(typed: &str) -> Option<String> {
    if typed.contains('@') {
        return None;
    }
    let folded = fold(typed);
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    // A number is often typed in groups: what counts is the digits of neighbouring groups.
    let runs = words.chunk_by(|left, right| is_number(left) == is_number(right));
    let kept =
        runs.filter(|run| run.iter().map(|word| digits(word)).sum::<usize>() < LONG_NUMBER || !is_number(run[0]));
    let kept = kept.flatten().filter(|word| digits(word) < LONG_NUMBER);
    let words = kept.copied().collect::<Vec<_>>().join(" ");
    let words: String = words.chars().take(LONGEST).collect();
    Some(words.trim().to_owned()).filter(|words| !words.is_empty())
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

fn digits(word: &str) -> usize {
    word.bytes().filter(u8::is_ascii_digit).count()
}
