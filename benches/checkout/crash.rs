//! `kill -9` of the server under load, again and again.
//!
//! Whatever was acknowledged must be there. Whatever was sent and not acknowledged must resolve, by its key, to exactly
//! one set of orders, and answer the same however often it is asked. At the end nothing in the database contradicts
//! itself.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use hyper::StatusCode;
use serde_json::Value;
use sqlx::Connection as _;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::load::{Buyer, Goods};
use super::market::{BUYERS, Market, SHOPS};
use super::support::server::Server;

/// A placement that was sent.
struct Sent {
    checkout: String,
    total: i64,
    /// What the server said, if it lived to say it.
    answer: Option<Value>,
}

/// Kills the server `kills` times.
pub async fn survive(market: &Market, kills: usize, connections: u32) -> anyhow::Result<()> {
    let (mut acknowledged, mut unknown) = (0, 0);
    let mut server = Server::start(&market.home, connections).await?;
    for kill in 0..kills {
        let goods = if kill % 2 == 0 { Goods::Spread } else { Goods::Hot };
        let mut buyers = buy(market, server.address, goods).await?;
        tokio::time::sleep(Duration::from_millis(150 + random(600)?)).await;
        server.kill()?;
        let mut sent = Vec::new();
        while let Some(done) = buyers.join_next().await {
            sent.push(done??);
        }
        server = Server::start(&market.home, connections).await?;
        for (number, placements) in sent {
            let mut buyer = Buyer::new(number, server.address).await?;
            for placement in placements {
                resolve(&mut buyer, &placement).await?;
                if placement.answer.is_some() { acknowledged += 1 } else { unknown += 1 }
            }
        }
        count(market).await?;
    }
    server.kill()?;
    println!(
        "{kills} kills: {acknowledged} acknowledged placements are there, {unknown} others resolved to exactly one"
    );
    market.verify().await?;
    audit_books(market)
}

fn random(below: u64) -> anyhow::Result<u64> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes) % below)
}

type Purchases = JoinSet<anyhow::Result<(usize, Vec<Sent>)>>;

/// Every buyer buys until the server is gone.
async fn buy(market: &Market, address: SocketAddr, goods: Goods) -> anyhow::Result<Purchases> {
    let things = Arc::new(market.things.clone());
    let mut buyers = JoinSet::new();
    for number in 0..BUYERS {
        let mut buyer = Buyer::new(number, address).await?;
        let things = Arc::clone(&things);
        buyers.spawn(async move {
            let mut sent = Vec::new();
            loop {
                let chosen = buyer.choose(&things, goods);
                let Ok((checkout, total)) = buyer.quote(&chosen).await else { return Ok((number, sent)) };
                let answer = buyer.place(&checkout, total).await;
                let gone = answer.is_err();
                let answer = answer.ok().map(|(status, body)| {
                    ensure!(status == StatusCode::CREATED, "{status}: {}", String::from_utf8_lossy(&body));
                    Ok(serde_json::from_slice(&body)?)
                });
                sent.push(Sent { checkout, total, answer: answer.transpose()? });
                if gone {
                    return Ok((number, sent));
                }
            }
        });
    }
    Ok(buyers)
}

/// The same key again, twice: the answer of before, or one that stays.
async fn resolve(buyer: &mut Buyer, sent: &Sent) -> anyhow::Result<()> {
    let (status, first) = settled(buyer, sent).await?;
    ensure!(status == StatusCode::CREATED, "checkout {}: {status}: {first}", sent.checkout);
    let (_, second) = settled(buyer, sent).await?;
    ensure!(first == second, "checkout {} answers differently: {first} and {second}", sent.checkout);
    if let Some(answer) = &sent.answer {
        ensure!(*answer == first, "checkout {} was acknowledged with {answer}, and now is {first}", sent.checkout);
    }
    let orders = first["orders"].as_array().context("no orders")?;
    ensure!(orders.len() == SHOPS, "checkout {} has {} orders", sent.checkout, orders.len());
    Ok(())
}

/// The answer, once no dead connection of the killed server holds the key any more.
async fn settled(buyer: &mut Buyer, sent: &Sent) -> anyhow::Result<(StatusCode, Value)> {
    loop {
        let (status, body) = buyer.place(&sent.checkout, sent.total).await?;
        let body: Value = serde_json::from_slice(&body)?;
        if body["type"] != "/problems/idempotency-in-progress" {
            return Ok((status, body));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// No checkout has more orders than shops, and none was half placed.
async fn count(market: &Market) -> anyhow::Result<()> {
    let mut conn = market.home.connect().await?;
    let wrong: Vec<Uuid> =
        sqlx::query_scalar("select checkout_id from orders group by checkout_id having count(*) <> $1")
            .bind(i64::try_from(SHOPS)?)
            .fetch_all(&mut conn)
            .await?;
    conn.close().await?;
    let wrong: BTreeSet<Uuid> = wrong.into_iter().collect();
    ensure!(wrong.is_empty(), "half placed: {wrong:?}");
    Ok(())
}

/// The program's own check of its books.
fn audit_books(market: &Market) -> anyhow::Result<()> {
    let status = Command::new(env!("CARGO_BIN_EXE_ocop-market"))
        .args(["ledger", "verify"])
        .env("DATABASE_URL", market.home.url())
        .status()?;
    ensure!(status.success(), "the books do not agree");
    Ok(())
}
