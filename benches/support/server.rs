//! The program as a child process, which can be killed.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use http_body_util::Full;
use hyper::Request;

use super::home::Home;
use super::http::Connection;

/// How long the program may take to answer after its start.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server.
pub struct Server {
    /// Its process.
    pub child: Child,
    /// Where it answers.
    pub address: SocketAddr,
}

impl Server {
    /// Starts the program on the database of `home` and waits until it is ready. It logs what it does in production, to
    /// a file in the folder of `home`.
    pub async fn start(home: &Home, connections: u32) -> anyhow::Result<Self> {
        let log = File::options().create(true).append(true).open(home.folder().join("server.log"))?;
        let mut program = Command::new(env!("CARGO_BIN_EXE_ocop-market"));
        program
            .arg("serve")
            .env("DATABASE_URL", home.url())
            .env("DATABASE_CONNECTIONS", connections.to_string())
            .env("FILES_DIR", home.folder())
            .env("ENCRYPTION_KEY", home.key())
            .stderr(log);
        Self::launch(program).await
    }

    /// Starts any program that serves where the variable `ADDR` says, and waits until it is ready.
    pub async fn launch(mut program: Command) -> anyhow::Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let child = program.env("ADDR", address.to_string()).stdin(Stdio::null()).spawn();
        let mut server = Self { child: child.context("cannot start the program")?, address };
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
