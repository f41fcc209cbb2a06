//! How often a placement asks the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use crate::support::{Actor, Goods, LAI_CHAU, Stall, TEA, TestApp, Ware};

/// Counts the statements sent by the thread it listens on.
#[derive(Clone, Default)]
struct Statements(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The statements of a placement of these lines, its quote not counted.
async fn placing(buyer: &Actor, lines: &[(&Ware, i32)], method: &str) -> usize {
    let quote = buyer.quote(lines).await;
    let statements = Statements::default();
    let listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(statements.clone()));
    buyer.place_by(&quote, quote["id"].as_str().unwrap(), method).await.ok();
    drop(listening);
    statements.0.load(Ordering::Relaxed)
}

/// The statements of asking for a quote of these lines.
async fn quoting(buyer: &Actor, lines: &[(&Ware, i32)]) -> usize {
    let statements = Statements::default();
    let listening = tracing::subscriber::set_default(tracing_subscriber::registry().with(statements.clone()));
    buyer.quote(lines).await;
    drop(listening);
    statements.0.load(Ordering::Relaxed)
}

#[tokio::test]
async fn a_checkout_takes_as_many_statements_for_many_lines_and_shops_as_for_one() {
    let app = TestApp::new().await;
    let mut shelves: Vec<(Stall, Vec<Ware>)> = Vec::new();
    for name in ["Hợp tác xã Mường Than", "Hợp tác xã Thèn Sin", "Hợp tác xã Nùng Nàng"] {
        let stall = app.stall(name, LAI_CHAU).await;
        app.takes_transfers(&stall).await;
        let packs = app.shelve_packs(&stall, Goods { on_hand: 100, ..TEA }, 20).await;
        shelves.push((stall, packs));
    }
    let buyer = app.account("Hoa").await;
    let one = [(&shelves[0].1[0], 1)];
    let twenty: Vec<(&Ware, i32)> = shelves[0].1.iter().map(|ware| (ware, 1)).collect();
    let shops: Vec<(&Ware, i32)> = shelves.iter().map(|(_, packs)| (&packs[0], 1)).collect();
    // The first of all also prepares what the others find prepared.
    placing(&buyer, &one, "cod").await;
    for method in ["cod", "vietqr"] {
        placing(&buyer, &one, method).await;
        let needed = placing(&buyer, &one, method).await;
        assert!(needed > 15, "{needed} statements were heard");
        assert_eq!(placing(&buyer, &twenty, method).await, needed, "twenty lines, {method}");
        assert_eq!(placing(&buyer, &shops, method).await, needed, "three shops, {method}");
    }
    let needed = quoting(&buyer, &one).await;
    assert!(needed > 5, "{needed} statements were heard");
    assert_eq!([quoting(&buyer, &twenty).await, quoting(&buyer, &shops).await], [needed; 2]);
    app.finish().await;
}
