//! Ids: their time, their order, their spelling.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta};
use ocop_market::kernel::{OrderId, SellerId};
use proptest::prelude::*;
use serde_json::json;

use super::{at, read};

#[test]
fn an_id_carries_the_instant_it_was_made_for() {
    let instant = at("2026-11-21T09:30:00.123456Z");
    let uuid = OrderId::new(instant).as_uuid();
    assert_eq!(uuid.get_version_num(), 7);
    let (seconds, nanos) = uuid.get_timestamp().unwrap().to_unix();
    assert_eq!(i64::try_from(seconds).unwrap(), instant.timestamp());
    assert_eq!(nanos / 1_000_000, 123);
}

#[test]
fn ids_of_one_instant_sort_as_they_were_made_even_with_other_instants_between() {
    let (now, before) = (at("2026-11-21T09:30:00Z"), at("2020-01-01T00:00:00Z"));
    let ids: Vec<OrderId> = (0..10_000)
        .map(|_| {
            OrderId::new(before);
            OrderId::new(now)
        })
        .collect();
    assert!(ids.is_sorted_by(|earlier, later| earlier < later));
}

#[test]
fn ids_made_on_several_threads_differ() {
    let now = at("2026-11-21T09:30:00Z");
    let threads: Vec<_> = (0..4)
        .map(|_| std::thread::spawn(move || (0..5_000).map(|_| SellerId::new(now)).collect::<Vec<_>>()))
        .collect();
    let ids: HashSet<SellerId> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    assert_eq!(ids.len(), 20_000);
}

#[test]
fn an_id_is_written_and_read_as_a_plain_uuid() {
    let id = OrderId::new(at("2026-11-21T09:30:00Z"));
    assert_eq!(serde_json::to_value(id).unwrap(), json!(id.to_string()));
    assert_eq!(read(json!(id.to_string())), Ok(id));
    assert_eq!(id.to_string().parse(), Ok(id));
    assert!("4711".parse::<OrderId>().unwrap_err().to_string().contains("must be an id"));
    assert!(read::<OrderId>(json!(4711)).is_err());
}

proptest! {
    #[test]
    fn later_microseconds_give_later_ids(micros in 0_i64..4_000_000_000_000_000, ahead in 1_i64..10_000) {
        let earlier = DateTime::from_timestamp_micros(micros).unwrap();
        let later = OrderId::new(earlier + TimeDelta::microseconds(ahead));
        prop_assert!(OrderId::new(earlier) < later);
    }
}
