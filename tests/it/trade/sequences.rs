//! Whatever buyers, shops, carriers, gateways, banks, officers and time do, in whatever order: the books agree.
//!
//! A case is the sequence of one seed: a checkout of one to several shops, paid in one of the four ways, and whatever
//! happens to its orders then, much of it at the wrong time or twice. After each step nothing may be refused and yet
//! change something, or be done twice; parts are sums, stock and holds are what moved them, no more goes back than came,
//! and no total has changed ([`checks`]). At its end all deadlines are over, and every line stands in the books for
//! exactly the units that were kept. After each [`WHOLE`] cases everything is looked at, as `ledger verify` does.
//!
//! `OCOP_CASES` is how many (40), `OCOP_SEED` the first one's seed (1); each next case has the next seed. A case that
//! fails prints its seed and its steps; `OCOP_SEED=<seed> OCOP_CASES=1` tells it alone.

mod acts;
mod checks;
mod market;
mod requests;
mod tale;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use market::Market;
use tale::{Tally, tell};

/// Cases between two looks at everything.
const WHOLE: u64 = 20;
/// Cases of one market: its books are read as a whole, so they should not grow without end.
const MOST: u64 = 100;
/// Markets at once.
const AT_ONCE: u64 = 2;

/// A number of the environment.
fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |value| value.parse().expect("a number"))
}

fn add(sum: &mut Tally, more: Tally) {
    for (what, often) in more {
        *sum.entry(what).or_default() += often;
    }
}

/// Tells the sequences of these seeds in a market of their own.
async fn tell_all(seeds: std::ops::Range<u64>) -> Tally {
    let market = Market::open().await;
    let mut tally = Tally::new();
    for (seed, told) in seeds.zip(1..) {
        add(&mut tally, tell(&market, seed).await);
        if told % WHOLE == 0 {
            market.do_rounds().await;
            market.check_everything().await;
        }
    }
    market.do_rounds().await;
    market.check_everything().await;
    add(&mut tally, market.ends().await);
    market.app.finish().await;
    tally
}

/// Opens one market after the other until no seed is left.
fn tell_the_rest(next: &AtomicU64, each: u64, end: u64) -> Tally {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut tally = Tally::new();
    loop {
        let first = next.fetch_add(each, Ordering::Relaxed);
        if first >= end {
            return tally;
        }
        add(&mut tally, runtime.block_on(tell_all(first..(first + each).min(end))));
    }
}

#[test]
fn whatever_happens_in_whatever_order_the_books_agree() {
    let (cases, seed) = (number("OCOP_CASES", 40), number("OCOP_SEED", 1));
    let (began, next) = (Instant::now(), AtomicU64::new(seed));
    let each = cases.div_ceil(AT_ONCE).clamp(1, MOST);
    let mut tally = Tally::new();
    std::thread::scope(|scope| {
        let markets: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(|| tell_the_rest(&next, each, seed + cases))).collect();
        for market in markets {
            match market.join() {
                Ok(told) => add(&mut tally, told),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    println!("{cases} cases from seed {seed} in {:?}", began.elapsed());
    for (what, often) in &tally {
        println!("{often:>8} {what}");
    }
}
