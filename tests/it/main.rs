//! Every test of the house, in one binary. A test is a sentence; somebody does something, through HTTP.

mod access;
mod architecture;
mod contract;
mod edge;
mod identity;
mod kernel;
mod places;
mod support;
mod trade;
