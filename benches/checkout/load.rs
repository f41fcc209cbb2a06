//! Buyers who quote and place, again and again.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Method, Request, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::market::{BUYERS, Market};
use super::support::http::Connection;
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

/// What a buyer reads of a quote.
#[derive(Deserialize)]
struct Quoted {
    id: String,
    total_vnd: i64,
}

/// A buyer on a connection of their own.
pub struct Buyer {
    connection: Connection,
    authorization: String,
    random: u64,
}

impl Buyer {
    pub async fn new(number: usize, address: SocketAddr) -> anyhow::Result<Self> {
        let connection = Connection::open(address).await?;
        let authorization = format!("Bearer {}", Market::token(number));
        // Any odd number will do: rounds need different choices, not unpredictable ones.
        let random = (number as u64) * 2 + 0x9e37_79b9_7f4a_7c15;
        Ok(Self { connection, authorization, random })
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
        &mut self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: &Value,
    ) -> anyhow::Result<(StatusCode, Bytes)> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::CONTENT_TYPE, "application/json");
        let request = match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        };
        self.connection.send(request.body(Full::from(serde_json::to_vec(body)?))?).await
    }

    /// Asks what the things cost; the checkout's id and total.
    pub async fn quote(&mut self, things: &[String]) -> anyhow::Result<(String, i64)> {
        let lines: Vec<Value> = things.iter().map(|id| json!({ "variant_id": id, "quantity": 1 })).collect();
        let form = json!({
            "recipient": "Nguyễn Thị Hoa", "phone": "0912 345 678", "commune": "00004", "street": "12 phố Huế", "lines": lines,
        });
        let (status, body) = self.send(Method::POST, "/v1/checkouts", None, &form).await?;
        let quoted: Quoted =
            serde_json::from_slice(&body).with_context(|| format!("{status}: {}", String::from_utf8_lossy(&body)))?;
        Ok((quoted.id, quoted.total_vnd))
    }

    /// Places it in cash; what the program answers, unread.
    pub async fn place(&mut self, checkout: &str, total: i64) -> anyhow::Result<(StatusCode, Bytes)> {
        let agreement = json!({ "total_vnd": total, "method": "cod" });
        self.send(Method::PUT, &format!("/v1/checkouts/{checkout}/placement"), Some(checkout), &agreement).await
    }
}

/// All buyers at once for a while.
pub async fn run(market: &Market, server: &Server, goods: Goods, time: Duration) -> anyhow::Result<Measured> {
    let things = Arc::new(market.things.clone());
    let mut connected = Vec::with_capacity(BUYERS);
    for number in 0..BUYERS {
        connected.push(Buyer::new(number, server.address).await?);
    }
    let begun = Instant::now();
    let mut buyers = JoinSet::new();
    for mut buyer in connected {
        let things = Arc::clone(&things);
        buyers.spawn(async move {
            let mut times = Vec::new();
            while begun.elapsed() < time {
                let started = Instant::now();
                let chosen = buyer.choose(&things, goods);
                let (checkout, total) = buyer.quote(&chosen).await?;
                let (status, body) = buyer.place(&checkout, total).await?;
                if status != StatusCode::CREATED {
                    bail!("{status}: {}", String::from_utf8_lossy(&body));
                }
                times.push(started.elapsed());
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
    let rate = f64::from(u32::try_from(times.len())?) / elapsed.as_secs_f64();
    Ok(Measured { rate, p50: times[times.len() / 2], p99: times[times.len() * 99 / 100] })
}
