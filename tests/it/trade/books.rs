//! Whatever happens, in whatever order, the books agree.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::support::{Actor, HA_NOI, HONEY, LAI_CHAU, Stall, TEA, TestApp, Ware};

#[derive(Debug, Clone)]
enum Deed {
    Count { ware: usize, on_hand: i32 },
    Buy { tea: i32, honey: i32 },
    Turn { order: prop::sample::Index, step: &'static str, by_buyer: bool },
}

fn any_deed() -> impl Strategy<Value = Deed> {
    const STEPS: [&str; 5] = ["acceptance", "packing", "shipment", "delivery", "cancellation"];
    prop_oneof![
        1 => (0..2_usize, 0..20_i32).prop_map(|(ware, on_hand)| Deed::Count { ware, on_hand }),
        3 => (0..4_i32, 0..4_i32).prop_map(|(tea, honey)| Deed::Buy { tea, honey }),
        6 => (any::<prop::sample::Index>(), prop::sample::select(STEPS.to_vec()), any::<bool>())
            .prop_map(|(order, step, by_buyer)| Deed::Turn { order, step, by_buyer }),
    ]
}

/// One buyer, two shops, and every order so far with its shop.
struct Story {
    app: TestApp,
    buyer: Actor,
    shops: [(Stall, Ware); 2],
    orders: Vec<(String, usize)>,
}

impl Story {
    async fn begin() -> Self {
        let app = TestApp::new().await;
        let buyer = app.account("Hoa").await;
        let (first, second) =
            (app.stall("Hợp tác xã Mường Than", LAI_CHAU).await, app.stall("Nhà vườn Ba Đình", HA_NOI).await);
        let (tea, honey) = (app.shelve(&first, TEA).await, app.shelve(&second, HONEY).await);
        Self { app, buyer, shops: [(first, tea), (second, honey)], orders: Vec::new() }
    }

    /// Does it, or is refused.
    async fn tell(&mut self, deed: &Deed) {
        match deed {
            Deed::Count { ware, on_hand } => {
                let (stall, ware) = &self.shops[*ware];
                self.app.stock(stall, ware, *on_hand).await.ok();
            }
            Deed::Buy { tea, honey } => {
                let lines = [(&self.shops[0].1, *tea), (&self.shops[1].1, *honey)];
                let lines: Vec<(&Ware, i32)> = lines.into_iter().filter(|line| line.1 > 0).collect();
                let quote = self.buyer.post("/v1/checkouts", crate::support::order_form(&lines)).await;
                if quote.status != 201 {
                    return;
                }
                let placed = self.buyer.place(&quote.body, quote.body["id"].as_str().unwrap()).await.ok();
                for order in placed["orders"].as_array().unwrap() {
                    let shop = usize::from(order["seller_slug"] != self.shops[0].0.slug.as_str());
                    self.orders.push((order["id"].as_str().unwrap().to_owned(), shop));
                }
            }
            Deed::Turn { order, step, by_buyer } if !self.orders.is_empty() => {
                let (order, shop) = order.get(&self.orders);
                let answer = if *by_buyer && ["delivery", "cancellation"].contains(step) {
                    self.buyer.turn(order, step).await
                } else {
                    self.shops[*shop].0.turn(order, step).await
                };
                assert!([200, 409].contains(&answer.status), "{}", answer.body);
            }
            Deed::Turn { .. } => {}
        }
    }

    /// What must hold after every deed; each query counts what breaks a rule.
    async fn check(&self) {
        const RULES: [(&str, &str); 5] = [
            (
                "what is on hand is the sum of its movements",
                "select count(*)
                   from stock
                  where on_hand <> (select sum(quantity) from stock_movements where variant_id = stock.variant_id)",
            ),
            (
                "a listing is in stock while something of it is",
                "select count(*)
                   from listings
                   join variants on listing_id = listings.id
                   join stock on variant_id = variants.id
                  where in_stock <> (on_hand > 0)",
            ),
            (
                "an order is the sum of its lines and its parcel",
                "select count(*)
                   from orders
                  where total_vnd <> shipping_vnd
                      + (select sum(amount_vnd) from order_lines where order_id = orders.id)",
            ),
            (
                "a checkout is the sum of its orders, its payment, and the payment's shares",
                "select count(*)
                   from checkouts
                   join payments on checkout_id = checkouts.id
                  where total_vnd <> amount_vnd
                     or total_vnd <> (select sum(total_vnd) from orders where checkout_id = checkouts.id)
                     or total_vnd <> (select sum(amount_vnd) from payment_allocations where payment_id = payments.id)",
            ),
            (
                "a cancelled order owes nothing and holds nothing; a delivered one is paid",
                "select count(*)
                   from orders
                   join payment_allocations as share on share.order_id = orders.id
                  where (orders.status = 'cancelled') <> (share.status = 'void')
                     or (orders.status in ('delivered', 'completed')) <> (share.status = 'collected')
                     or (orders.status = 'cancelled')
                        <> (0 = (select sum(quantity) from stock_movements where order_id = orders.id))",
            ),
        ];
        for (rule, broken) in RULES {
            assert_eq!(self.app.count(broken).await, 0, "broken: {rule}");
        }
    }
}

#[tokio::test]
async fn the_books_agree_after_any_deeds() {
    let mut runner = TestRunner::deterministic();
    let deeds = prop::collection::vec(any_deed(), 60).new_tree(&mut runner).unwrap().current();
    let mut story = Story::begin().await;
    for deed in &deeds {
        println!("{deed:?}");
        story.tell(deed).await;
        story.check().await;
    }
    assert!(story.orders.len() > 5, "the story was too dull: {}", story.orders.len());
    story.app.finish().await;
}
