//! The program as a child process, which can be killed.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use http_body_util::Full;
use hyper::Request;

use super::http::Connection;
use super::market::Market;

/// How long the program may take to answer after its start.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server.
pub struct Server {
    child: Child,
    /// Where it answers.
    pub address: SocketAddr,
}

impl Server {
    /// Starts the server on the market's database and waits until it is ready.
    pub async fn start(market: &Market, connections: u32) -> anyhow::Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let child = Command::new(env!("CARGO_BIN_EXE_ocop-market"))
            .arg("serve")
            .env("DATABASE_URL", market.url())
            .env("DATABASE_CONNECTIONS", connections.to_string())
            .env("FILES_DIR", market.folder())
            .env("ENCRYPTION_KEY", market.key())
            .env("ADDR", address.to_string())
            .env("LOG", "warn")
            .stdin(Stdio::null())
            .spawn()
            .context("cannot start the program")?;
        let mut server = Self { child, address };
        server.ready().await?;
        Ok(server)
    }

    async fn ready(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if is_ready(self.address).await.unwrap_or(false) {
                return Ok(());
            }
            ensure!(self.child.try_wait()?.is_none(), "the program ended");
            ensure!(Instant::now() < deadline, "the program does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// `kill -9`, and waits until the process is gone.
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

async fn is_ready(address: SocketAddr) -> anyhow::Result<bool> {
    let (status, _) = Connection::open(address).await?.send(Request::get("/readyz").body(Full::default())?).await?;
    Ok(status.is_success())
}

/// A run that failed leaves no server behind.
impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
