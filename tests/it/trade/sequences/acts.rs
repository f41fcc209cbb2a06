//! What may happen, drawn from a seed.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// What somebody does, or what time does. A whim decides between the ways of doing it.
#[derive(Debug, Clone)]
pub enum Act {
    /// The buyer places a checkout.
    Place(Basket),
    /// One of the orders gets what it waits for.
    Onward(Index, u8),
    /// Something happens to one of the orders, whether it is its time or not.
    Anyhow(Index, Deed, u8),
    /// The last request is sent once more.
    Again,
    /// Time passes, and what is due is done.
    Pass {
        hours: i64,
        /// Whether the gateway's next answer is lost.
        silent: bool,
    },
    /// The shops are paid; what goes wrong with that at the partner.
    PayOut(Option<&'static str>),
}

/// What is bought, and how it is to be paid.
#[derive(Debug, Clone)]
pub struct Basket {
    pub method: &'static str,
    /// Wares of the market, and how many.
    pub lines: Vec<(usize, i32)>,
    pub vouchers: Vec<&'static str>,
}

/// Something that may be done about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    Pay,
    Claim,
    Accept,
    Pack,
    Ship,
    Deliver,
    Refuse,
    TakeBack,
    Cancel,
    Remit,
    Prove,
    Ask,
    Answer,
    TakeOffer,
    SendBack,
    Receive,
    Object,
    Escalate,
    Withdraw,
    Judge,
    Follow,
}

impl Deed {
    const ALL: [Self; 21] = [
        Self::Pay,
        Self::Claim,
        Self::Accept,
        Self::Pack,
        Self::Ship,
        Self::Deliver,
        Self::Refuse,
        Self::TakeBack,
        Self::Cancel,
        Self::Remit,
        Self::Prove,
        Self::Ask,
        Self::Answer,
        Self::TakeOffer,
        Self::SendBack,
        Self::Receive,
        Self::Object,
        Self::Escalate,
        Self::Withdraw,
        Self::Judge,
        Self::Follow,
    ];
}

/// Codes of the market's vouchers.
pub const VOUCHERS: [&str; 5] = ["CUA-HANG", "SAN-OCOP", "LAI-CHAU", "TRON-GOI", "BA-LAN"];
/// How many wares the market has; the last is scarce.
pub const WARES: usize = 6;

fn any_basket() -> impl Strategy<Value = Basket> {
    let method = prop_oneof![Just("cod"), Just("vietqr"), Just("vnpay"), Just("momo")];
    // Most often of one or two shops, or no order would get far.
    let wares = prop_oneof![
        3 => prop::sample::subsequence((0..WARES).collect::<Vec<_>>(), 1),
        3 => prop::sample::subsequence((0..WARES).collect::<Vec<_>>(), 2),
        1 => prop::sample::subsequence((0..WARES).collect::<Vec<_>>(), 3..=WARES),
    ];
    let vouchers = prop_oneof![
        3 => Just(Vec::new()),
        4 => prop::sample::subsequence(VOUCHERS.to_vec(), 1),
        1 => Just(vec!["CUA-HANG", "SAN-OCOP"]),
    ];
    (method, wares, prop::collection::vec(1..=4_i32, WARES), vouchers).prop_map(
        |(method, wares, quantities, vouchers)| Basket {
            method,
            lines: wares.into_iter().zip(quantities).collect(),
            vouchers,
        },
    )
}

fn any_act() -> impl Strategy<Value = Act> {
    let fault = prop_oneof![
        6 => Just(None),
        1 => prop::sample::select(vec!["drop_answer", "drop_request", "refuse"]).prop_map(Some),
    ];
    prop_oneof![
        1 => any_basket().prop_map(Act::Place),
        24 => (any::<Index>(), any::<u8>()).prop_map(|(order, whim)| Act::Onward(order, whim)),
        5 => (any::<Index>(), prop::sample::select(Deed::ALL.to_vec()), any::<u8>())
            .prop_map(|(order, deed, whim)| Act::Anyhow(order, deed, whim)),
        2 => Just(Act::Again),
        2 => (prop::sample::select(vec![1, 5, 26, 50, 75, 130]), prop::bool::weighted(0.1))
            .prop_map(|(hours, silent)| Act::Pass { hours, silent }),
        1 => fault.prop_map(Act::PayOut),
    ]
}

/// The sequence of this seed: a checkout, and whatever follows.
pub fn sequence(seed: u64) -> Vec<Act> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let drawn = (any_basket(), prop::collection::vec(any_act(), 8..20)).new_tree(&mut runner).unwrap().current();
    std::iter::once(Act::Place(drawn.0)).chain(drawn.1).collect()
}
