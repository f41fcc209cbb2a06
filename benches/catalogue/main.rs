//! Load on the catalogue, against a bare hello and against pgbench.
//!
//! ```text
//! cargo bench --bench catalogue                                   everything: about 25 minutes on two cores
//! cargo bench --bench catalogue -- --sizes 10000 --rounds 1       a look
//! ```
//!
//! For each size a private PostgreSQL with its usual settings (every commit reaches the disk), filled with that many
//! listings ([`goods`]), and the program as a child process, with as many worker threads as in production. wrk asks at 1,
//! 8, 32 and 64 connections; each kind of question walks at least ten thousand different paths in random order
//! ([`requests`]). A round asks every kind once at every number of connections, two servers that only say hello among
//! them ([`hello`]), and ends with pgbench running the equivalent SQL ([`pgbench`]); what is printed are medians of the
//! rounds, and ratios are of one run. The load generator shares the machine's cores with what it measures.
//!
//! It needs wrk, PostgreSQL's programs and Linux.

mod changes;
mod freshness;
mod goods;
mod hello;
mod measure;
mod pgbench;
mod process;
mod requests;
#[path = "../support/mod.rs"]
mod support;
mod table;
mod wrk;

use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum as _};

use hello::Hello;
use requests::Kind;

#[derive(Parser)]
struct Options {
    /// How long wrk asks each time, in seconds
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Rounds
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Listings on the shelf
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000])]
    sizes: Vec<usize>,
    /// Connections at once
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8, 32, 64])]
    connections: Vec<usize>,
    /// Kinds of questions; all unless stated
    #[arg(long, value_delimiter = ',')]
    kinds: Vec<Kind>,
    /// What wrk says in `accept-encoding`: nothing unless stated
    #[arg(long)]
    encoding: Option<String>,
    /// Price changes whose way to two instances is timed, and a fifth as many of each other kind; 0 for none
    #[arg(long, default_value_t = 100)]
    changes: usize,
    /// Given by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Be a server that says hello
    #[command(hide = true)]
    Hello { what: Hello },
}

impl Options {
    fn time(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    fn kinds(&self) -> &[Kind] {
        if self.kinds.is_empty() { Kind::value_variants() } else { &self.kinds }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    if let Some(Command::Hello { what }) = options.command {
        return what.run().await;
    }
    let mut reports = Vec::new();
    for size in &options.sizes {
        reports.push(measure::measure(*size, &options).await?);
    }
    table::print(&reports);
    Ok(())
}
