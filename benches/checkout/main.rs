//! Load on the checkout, and what it survives.
//!
//! ```text
//! cargo bench --bench checkout                    checkouts a second, against pgbench running the same SQL
//! cargo bench --bench checkout -- crash           `kill -9` of the server under that load, and what is left
//! ```
//!
//! A private PostgreSQL with its usual settings (every commit reaches the disk), the program itself as a child process,
//! and 64 buyers on kept-alive connections who ask for a quote of one thing from each of three shops and place it. *Spread*
//! buys any of 1,200 things, *hot* always the same three. The statements of one such purchase are read from PostgreSQL's
//! log and become a pgbench script, so that both do the same work; the rounds alternate, and ratios are of one run.

mod crash;
mod load;
mod market;
mod sql;
#[path = "../support/mod.rs"]
mod support;

use std::time::Duration;

use clap::{Parser, Subcommand};

use load::{Goods, Measured};
use market::Market;
use support::server::Server;

/// How long the shops sell before anything is measured.
const WARM_UP: Duration = Duration::from_secs(5);

#[derive(Parser)]
struct Options {
    /// How long a round takes, in seconds
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Rounds of each kind
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Connections of the program to PostgreSQL, and of pgbench
    #[arg(long, default_value_t = 8)]
    connections: u32,
    /// Given by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Kill the server at random under load, then count
    Crash {
        /// How often
        #[arg(long, default_value_t = 50)]
        kills: usize,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let market = Market::open().await?;
    let done = match options.command {
        None => race(&market, &options).await,
        Some(Command::Crash { kills }) => crash::survive(&market, kills, options.connections).await,
    };
    market.home.close().await?;
    done
}

/// Rounds of the program and of pgbench in turn.
async fn race(market: &Market, options: &Options) -> anyhow::Result<()> {
    let time = Duration::from_secs(options.seconds);
    let server = Server::start(&market.home, options.connections).await?;
    let script = sql::record(market, &server).await?;
    // Plans made for empty tables are kept until somebody counts their rows.
    load::run(market, &server, Goods::Spread, WARM_UP).await?;
    market.home.run("analyze".to_owned()).await?;
    println!("one purchase is {} statements for the program and for pgbench", script.statements());
    let mut rows = Vec::new();
    for goods in [Goods::Spread, Goods::Hot] {
        let (mut ours, mut bare) = (Vec::new(), Vec::new());
        for _ in 0..options.rounds {
            ours.push(load::run(market, &server, goods, time).await?);
            bare.push(script.run(market, goods, options.connections, time)?);
        }
        rows.push((goods, ours, bare));
    }
    server.kill()?;
    println!("| goods | checkouts/s | p50 | p99 | pgbench/s | ratio |");
    println!("|---|---|---|---|---|---|");
    for (goods, ours, bare) in &rows {
        let measured = Measured::median(ours);
        let bare = load::median(bare);
        let rate = measured.rate;
        println!(
            "| {goods:?} | {rate:.0} | {:.0} ms | {:.0} ms | {bare:.0} | {:.2} |",
            measured.p50.as_secs_f64() * 1e3,
            measured.p99.as_secs_f64() * 1e3,
            rate / bare,
        );
    }
    market.verify().await
}
