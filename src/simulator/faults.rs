//! Faults of the providers' APIs: set ahead, each used up by one call.

use std::collections::{BTreeMap, VecDeque};

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse as _, Response};
use http_body_util::channel::Channel;
use serde::{Deserialize, Serialize};

use super::{Simulator, State};

/// A call of a provider's API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    VnpayQuery,
    VnpayRefund,
    MomoCreate,
    MomoQuery,
    MomoRefund,
    GhnPreview,
    GhnCreate,
    GhnDetail,
    GhnCancel,
    PayoutSend,
    PayoutFind,
}

/// What goes wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The provider says no, and means it.
    Refuse,
    /// The provider has not made up its mind.
    Pending,
    /// The line breaks before the provider has read the request.
    DropRequest,
    /// The provider does as it is asked; the line breaks before its answer.
    DropAnswer,
}

/// What is set, in the order it will happen.
#[derive(Debug, Default)]
pub struct Faults(BTreeMap<Operation, VecDeque<Fault>>);

impl Faults {
    /// The next calls of the operation go wrong like this, one each; those after them go well.
    pub fn set(&mut self, operation: Operation, faults: Vec<Fault>) {
        self.0.insert(operation, faults.into());
    }

    fn take(&mut self, operation: Operation) -> Option<Fault> {
        self.0.get_mut(&operation)?.pop_front()
    }
}

impl Simulator {
    /// Answers a call of a provider's API with what `work` says, unless the line is to break. `work` learns whether
    /// the provider is to refuse or to hesitate.
    pub(super) fn answer(
        &self,
        operation: Operation,
        work: impl FnOnce(&mut State, Option<Fault>) -> Response,
    ) -> Response {
        let mut state = self.state();
        let fault = state.faults.take(operation);
        if fault == Some(Fault::DropRequest) {
            return broken_line();
        }
        let response = work(&mut state, fault);
        if fault == Some(Fault::DropAnswer) { broken_line() } else { response }
    }
}

/// A response whose connection ends in the middle.
fn broken_line() -> Response {
    let (sender, body) = Channel::<Bytes, std::io::Error>::new(1);
    sender.abort(std::io::Error::other("the line breaks"));
    Body::new(body).into_response()
}
