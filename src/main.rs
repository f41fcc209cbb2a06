//! The one binary: parse the command line, run it, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ocop_market::cli::main()
}
