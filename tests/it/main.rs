//! Every test of the house, in one binary. A test is a sentence; somebody does something, through HTTP.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed; the ban on `unwrap` is for the program")]

mod access;
mod architecture;
mod cases;
mod catalogue;
mod certification;
mod contract;
mod demo;
mod edge;
mod identity;
mod jobs;
mod journeys;
mod kernel;
mod media;
mod moderation;
mod places;
mod register;
mod sellers;
mod sheets;
mod shelf;
mod support;
mod trade;
mod walls;
