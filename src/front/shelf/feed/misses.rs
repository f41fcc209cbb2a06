//! What people look for and do not find: counted in memory, written down every few seconds. Who looked is not known here,
//! and what could tell is left out: no query is longer than a title, long numbers and addresses of mail are dropped.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;

use super::super::store::misses::{self, Miss};
use crate::kernel::text::fold;
use crate::platform::db::Db;
use crate::platform::error::Result;

/// Digits in a row that may be a telephone, an ID or an account; a pack has fewer.
const LONG_NUMBER: usize = 6;
/// Characters of a query that are kept.
const LONGEST: usize = 100;
/// Different queries of one day that are counted. Anybody can invent queries, and each is a row that is kept for a week: so
/// no inventor fills memory or disk, and for honest queries it is ten times what a province's desk can look at.
const MOST: usize = 5_000;

/// Counts since the last writing, and what is counted on.
#[derive(Default)]
pub struct Misses(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    fresh: BTreeMap<Miss, i32>,
    /// The different queries of `day`, written down or not.
    known: BTreeSet<Miss>,
    day: NaiveDate,
}

impl Counts {
    fn add(&mut self, miss: Miss, count: i32) {
        *self.fresh.entry(miss).or_default() += count;
    }
}

impl Misses {
    /// Counts one.
    pub fn note(&self, day: NaiveDate, province: Option<&str>, typed: &str) {
        let Some(words) = impersonal(typed) else { return };
        let miss = Miss { day, province: province.map(str::to_owned), words };
        let mut counts = self.counts();
        if counts.day != day {
            counts.day = day;
            counts.known.clear();
        }
        if counts.known.len() < MOST || counts.known.contains(&miss) {
            counts.known.insert(miss.clone());
            counts.add(miss, 1);
        }
    }

    /// Writes the counts down. What could not be written is counted on.
    pub async fn flush(&self, db: &Db) -> Result<()> {
        let fresh = mem::take(&mut self.counts().fresh);
        if fresh.is_empty() {
            return Ok(());
        }
        let written = db.within(db.act(async |conn| misses::add(conn, &fresh).await)).await;
        if written.is_err() {
            let mut later = self.counts();
            for (miss, count) in fresh {
                later.add(miss, count);
            }
        }
        written
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
