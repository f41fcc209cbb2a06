//! Every test of the house, in one binary.

mod kernel;
