//! Every test of the house, in one binary. A test is a sentence; somebody does something, through HTTP.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed; the ban on `unwrap` is for the program")]

mod access;
mod architecture;
mod assessment;
mod audit;
mod cases;
mod catalogue;
mod certification;
mod complaints;
mod contract;
mod demo;
mod desk;
mod edge;
mod identity;
mod jobs;
mod journeys;
mod kernel;
mod measures;
mod media;
mod moderation;
mod places;
mod policies;
mod register;
mod reported_reviews;
mod screening;
mod second_factor;
mod sellers;
mod sheets;
mod shelf;
mod statistics;
mod support;
mod trade;
mod walls;
