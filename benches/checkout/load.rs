//! Buyers who quote and place, again and again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::market::{BUYERS, Market};
use super::support::server::Server;

/// What is bought.
#[derive(Debug, Clone, Copy)]
pub enum Goods {
    /// Any thing of each shop.
    Spread,
    /// The first thing of each shop.
    Hot,
}

/// What a round measured.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Checkouts a second.
    pub rate: f64,
    /// Half of the purchases (quote and placement) took less.
    pub p50: Duration,
    /// One in a hundred took more.
    pub p99: Duration,
}

impl Measured {
    /// The round in the middle by its rate.
    pub fn median(rounds: &[Self]) -> Self {
        let mut sorted = rounds.to_vec();
        sorted.sort_by(|one, other| one.rate.total_cmp(&other.rate));
        sorted[sorted.len() / 2]
    }
}

/// The middle one.
pub fn median(rates: &[f64]) -> f64 {
    let mut sorted = rates.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// A buyer on a connection of their own.
pub struct Buyer {
    client: Client,
    base: String,
    token: String,
    random: u64,
}

impl Buyer {
    pub fn new(number: usize, base: String) -> anyhow::Result<Self> {
        let client = Client::builder().pool_max_idle_per_host(1).timeout(Duration::from_secs(30)).build()?;
        // Any odd number will do: rounds need different choices, not unpredictable ones.
        let random = (number as u64) * 2 + 0x9e37_79b9_7f4a_7c15;
        Ok(Self { client, base, token: Market::token(number), random })
    }

    /// A number below `below` (xorshift).
    pub fn pick(&mut self, below: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random % below as u64).unwrap_or_default()
    }

    /// One thing of each shop.
    pub fn choose(&mut self, things: &[Vec<String>], goods: Goods) -> Vec<String> {
        let mut thing = |shop: &Vec<String>| match goods {
            Goods::Hot => shop[0].clone(),
            Goods::Spread => shop[self.pick(shop.len())].clone(),
        };
        things.iter().map(&mut thing).collect()
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: &Value,
    ) -> anyhow::Result<(StatusCode, Value)> {
        let mut request =
            self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token).json(body);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let answer = request.send().await?;
        Ok((answer.status(), serde_json::from_slice(&answer.bytes().await?)?))
    }

    /// Asks what the things cost; the checkout's id and total.
    pub async fn quote(&self, things: &[String]) -> anyhow::Result<(String, i64)> {
        let lines: Vec<Value> = things.iter().map(|id| json!({ "variant_id": id, "quantity": 1 })).collect();
        let form = json!({
            "recipient": "Nguyễn Thị Hoa", "phone": "0912 345 678", "commune": "00004", "street": "12 phố Huế", "lines": lines,
        });
        let (status, body) = self.send(Method::POST, "/v1/checkouts", None, &form).await?;
        let id = body["id"].as_str().with_context(|| format!("{status}: {body}"))?;
        Ok((id.to_owned(), body["total_vnd"].as_i64().context("no total")?))
    }

    /// Places it in cash.
    pub async fn place(&self, checkout: &str, total: i64) -> anyhow::Result<(StatusCode, Value)> {
        let agreement = json!({ "total_vnd": total, "method": "cod" });
        self.send(Method::PUT, &format!("/v1/checkouts/{checkout}/placement"), Some(checkout), &agreement).await
    }
}

/// All buyers at once for a while.
pub async fn run(market: &Market, server: &Server, goods: Goods, time: Duration) -> anyhow::Result<Measured> {
    let things = Arc::new(market.things.clone());
    let done = Arc::new(AtomicU64::new(0));
    let base = format!("http://{}", server.address);
    let begun = Instant::now();
    let mut buyers = JoinSet::new();
    for number in 0..BUYERS {
        let (things, done) = (Arc::clone(&things), Arc::clone(&done));
        let mut buyer = Buyer::new(number, base.clone())?;
        buyers.spawn(async move {
            let mut times = Vec::new();
            while begun.elapsed() < time {
                let started = Instant::now();
                let chosen = buyer.choose(&things, goods);
                let (checkout, total) = buyer.quote(&chosen).await?;
                let (status, body) = buyer.place(&checkout, total).await?;
                if status != StatusCode::CREATED {
                    bail!("{status}: {body}");
                }
                times.push(started.elapsed());
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok(times)
        });
    }
    let mut times = Vec::new();
    while let Some(finished) = buyers.join_next().await {
        times.extend(finished??);
    }
    let elapsed = begun.elapsed();
    times.sort_unstable();
    let rate = f64::from(u32::try_from(done.load(Ordering::Relaxed))?) / elapsed.as_secs_f64();
    Ok(Measured { rate, p50: times[times.len() / 2], p99: times[times.len() * 99 / 100] })
}
