//! Chance that is the same at every run.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A generator of numbers (`SplitMix64`).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `below`.
    pub fn below(&mut self, below: usize) -> usize {
        usize::try_from(self.roll() % below as u64).unwrap_or_default()
    }

    /// A number from `low` to `high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.roll() % low.abs_diff(high).saturating_add(1)).unwrap_or_default()
    }

    /// Whether something happens that does so `percent` times in a hundred.
    pub fn happens(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// Any of them.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// In any order.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last + 1));
        }
    }

    /// An id whose time is `at`, as the program makes them.
    pub fn id(&mut self, at: DateTime<Utc>) -> Uuid {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.roll().to_le_bytes());
        random[8..].copy_from_slice(&self.roll().to_le_bytes()[..2]);
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// A file's name as the program makes them.
    pub fn name(&mut self) -> String {
        format!("{:016x}{:016x}", self.roll(), self.roll())
    }
}

/// Things of which the first are drawn most often, the n-th about 1 ÷ (n + 2) as often as the first (Zipf–Mandelbrot).
pub struct Ranked<T> {
    things: Vec<T>,
    /// Of each, its share and those of all before it.
    reach: Vec<usize>,
}

impl<T> Ranked<T> {
    pub fn new(things: Vec<T>) -> Self {
        let mut sum = 0;
        let share = |at: usize| 1_000_000_000 / (at + 3);
        let reach = (0..things.len())
            .map(|at| {
                sum += share(at);
                sum
            })
            .collect();
        Self { things, reach }
    }

    /// One of them.
    pub fn draw(&self, dice: &mut Dice) -> &T {
        let point = dice.below(self.reach.last().copied().unwrap_or(1));
        &self.things[self.reach.partition_point(|reach| *reach <= point)]
    }
}
