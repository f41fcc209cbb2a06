//! Self-assessment: the score sheets, what they give, what is saved and printed, and the evidence of the marketplace.

mod evidence;
mod scoring;
mod stories;
