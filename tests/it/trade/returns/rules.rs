//! The pure rules, for any input.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use ocop_market::kernel::{OrderLineId, Vnd};
use ocop_market::trade::returns::{
    Answer, Deadlines, Next, Policy, Reason, ReturnStatus, Step, Wanted, require_returnable,
};
use proptest::prelude::*;

use crate::support::start;

fn every_step() -> Vec<Step> {
    let back = [false, true];
    let mut steps =
        vec![Step::SendBack, Step::Receive, Step::Object, Step::Escalate, Step::Withdraw, Step::Dismiss, Step::Expire];
    for goods_back in back {
        for answer in [Answer::Accept, Answer::Offer, Answer::Refuse] {
            steps.push(Step::Answer { answer, goods_back });
        }
        steps.extend([Step::TakeOffer { goods_back }, Step::Follow { goods_back }]);
        steps.extend(back.map(|movable| Step::Uphold { movable, goods_back }));
    }
    steps
}

/// Who may act from each status, written out by hand.
fn is_open_to(from: ReturnStatus, step: Step, sent: bool) -> bool {
    use ReturnStatus as At;
    match step {
        Step::Answer { .. } => from == At::Requested,
        Step::TakeOffer { .. } => from == At::Offered,
        Step::SendBack => from == At::AwaitingGoods,
        Step::Receive | Step::Object => from == At::GoodsSent,
        Step::Escalate => [At::Offered, At::Refused].contains(&from),
        Step::Withdraw => {
            !sent && [At::Requested, At::Offered, At::Refused, At::AwaitingGoods, At::Disputed].contains(&from)
        }
        Step::Uphold { .. } | Step::Dismiss => from == At::Disputed,
        Step::Follow { .. } => [At::Recommended, At::Unheeded].contains(&from),
        Step::Expire => {
            let waits = [At::Requested, At::Offered, At::Refused, At::AwaitingGoods, At::GoodsSent, At::Recommended];
            waits.contains(&from)
        }
    }
}

#[test]
fn every_step_from_every_status_is_decided() {
    for from in ReturnStatus::ALL {
        for step in every_step() {
            for reason in Reason::ALL {
                for sent in [false, true] {
                    let taken = from.after(step, reason, sent);
                    assert_eq!(
                        taken.is_ok(),
                        is_open_to(from, step, sent),
                        "{step:?} from {from:?} ({reason:?}, {sent})"
                    );
                }
            }
        }
        assert_eq!(from.deadline().is_some(), is_open_to(from, Step::Expire, true), "{from:?} ends by its deadline");
    }
}

#[test]
fn money_moves_by_the_shops_act_or_a_verdict_over_the_partners_money_and_never_by_silence() {
    for from in ReturnStatus::ALL {
        for (step, reason) in every_step().into_iter().flat_map(|step| Reason::ALL.map(|reason| (step, reason))) {
            if !matches!(from.after(step, reason, false), Ok(Next::Refund)) {
                continue;
            }
            let may = match step {
                Step::Answer { answer, goods_back } => {
                    answer == Answer::Accept && !(goods_back && reason.can_come_back())
                }
                Step::TakeOffer { goods_back } | Step::Follow { goods_back } => !(goods_back && reason.can_come_back()),
                Step::Uphold { movable, goods_back } => movable && !(goods_back && reason.can_come_back()),
                Step::Receive => true,
                _ => false,
            };
            assert!(may, "{step:?} from {from:?} for {reason:?} moves money");
        }
    }
}

#[test]
fn goods_at_fault_are_never_simply_refused() {
    let refuse = Step::Answer { answer: Answer::Refuse, goods_back: true };
    for reason in Reason::ALL {
        let expected = if reason.is_fault() { ReturnStatus::Disputed } else { ReturnStatus::Refused };
        assert_eq!(ReturnStatus::Requested.after(refuse, reason, false).unwrap(), Next::Stand(expected));
    }
}

proptest! {
    /// Whatever anybody does in whatever order, a return is refunded at most once and a closed one stays closed.
    #[test]
    fn any_sequence_of_steps_refunds_at_most_once(
        steps in prop::collection::vec(prop::sample::select(every_step()), 0..40),
        reason in prop::sample::select(Reason::ALL.to_vec()),
    ) {
        let (mut at, mut sent, mut refunds) = (ReturnStatus::Requested, false, 0);
        for step in steps {
            let Ok(next) = at.after(step, reason, sent) else { continue };
            prop_assert!(!at.is_closed());
            sent |= step == Step::SendBack;
            at = match next {
                Next::Refund => {
                    refunds += 1;
                    ReturnStatus::Refunded
                }
                Next::Stand(status) => status,
            };
        }
        prop_assert!(refunds <= 1);
        prop_assert_eq!(refunds == 1, at == ReturnStatus::Refunded);
    }

    /// Units are asked for as long as any are left, and not one more.
    #[test]
    fn what_is_left_may_be_asked_for_and_no_more(
        bought in 1..=999_i32, share in 0.0..=1.0_f64, asked in 1..=999_i32,
    ) {
        #[expect(clippy::cast_possible_truncation, reason = "a share of a small number")]
        let taken = (f64::from(bought) * share) as i32;
        let line = OrderLineId::new(start());
        let lines = [Wanted { line, bought, taken, changed_mind: true }];
        let deadlines = Deadlines { delivered_at: start(), request_until: start() + TimeDelta::days(7) };
        let wish = (Reason::Damaged, &BTreeMap::from([(line, asked)]));
        let policy = Policy { changed_mind_days: 0 };
        let allowed = require_returnable(wish, &lines, policy, &deadlines, start()).is_ok();
        prop_assert_eq!(allowed, taken + asked <= bought);
    }

    /// Partial returns in any order and size sum to exactly what was paid, line by line, with discount and shipping.
    #[test]
    fn partial_returns_in_any_order_sum_to_the_whole(
        lines in prop::collection::vec((1..=60_i32, 0..=50_000_000_i64, 0.0..=1.0_f64), 1..=8),
        shipping in 0..=500_000_i64,
        order in prop::collection::vec((0..8_usize, 1..=60_i32), 0..=120),
    ) {
        let amounts: Vec<i64> = lines.iter().map(|(quantity, price, _)| i64::from(*quantity) * price).collect();
        let weights: Vec<u64> = amounts.iter().map(|amount| u64::try_from(*amount).unwrap()).collect();
        let shares = Vnd::new(shipping).split(&weights);
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "any discount will do")]
        let net: Vec<Vnd> = lines.iter().zip(&amounts)
            .map(|((_, _, discount), amount)| Vnd::new(amount - (*amount as f64 * discount) as i64)).collect();
        let mut taken = vec![0; lines.len()];
        let mut back = Vnd::ZERO;
        let rest = lines.iter().enumerate().map(|(line, (quantity, ..))| (line, *quantity));
        for (line, wanted) in order.into_iter().chain(rest) {
            let Some((quantity, ..)) = lines.get(line) else { continue };
            let take = wanted.min(quantity - taken[line]);
            for whole in [net[line], shares[line]] {
                back = back.checked_add(whole.of_units(*quantity, taken[line], take).unwrap()).unwrap();
            }
            taken[line] += take;
        }
        let paid = Vnd::checked_sum(net.into_iter().chain([Vnd::new(shipping)])).unwrap();
        prop_assert_eq!(back, paid);
    }
}
