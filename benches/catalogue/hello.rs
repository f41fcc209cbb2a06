//! The yardstick: a server that says hello and nothing else, in a process of its own like the program.

use std::process::Command;

use axum::Router;
use axum::middleware;
use axum::routing::get;
use ocop_market::kernel::Clock;
use ocop_market::platform::http::{Frame, thin};
use ocop_market::platform::serve::serve;
use std::time::Duration;
use tokio::net::TcpListener;

use super::support::server::Server;

/// What stands around hello.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Hello {
    /// Nothing but `axum::serve`.
    Bare,
    /// The program's own accept loop and the frame it puts around every request.
    Framed,
}

impl Hello {
    /// Starts this very benchmark as the server.
    pub async fn start(self) -> anyhow::Result<Server> {
        let mut program = Command::new(std::env::current_exe()?);
        program.arg("hello").arg(if self == Self::Bare { "bare" } else { "framed" });
        Server::launch(program).await
    }

    /// Serves at the address of the variable `ADDR`, until the process is ended.
    pub async fn run(self) -> anyhow::Result<()> {
        let listener = TcpListener::bind(std::env::var("ADDR")?).await?;
        // At the path of the program's details, so that both are asked the same.
        let router = Router::new().route("/v1/listings/{slug}", get(|| async { "hello" })).route("/readyz", get(ready));
        match self {
            Self::Bare => axum::serve(listener, router).await?,
            Self::Framed => {
                let around = Frame { clock: Clock::system(), deadline: |_| Duration::from_secs(20) };
                let router = router.layer(middleware::from_fn_with_state(around, thin));
                serve(listener, router, std::future::pending()).await;
            }
        }
        Ok(())
    }
}

async fn ready() {}
