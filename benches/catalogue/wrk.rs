//! Load by wrk: as many requests as the connections can take, one after another on each.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, ensure};

const SCRIPT: &str = include_str!("wrk.lua");

/// What wrk measured.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    pub requests: u64,
    pub time: Duration,
    /// Half of the answers took less.
    pub p50: Duration,
    /// One in a hundred took more.
    pub p99: Duration,
}

impl Measured {
    /// Requests a second.
    pub fn rate(&self) -> f64 {
        count(self.requests) / self.time.as_secs_f64()
    }
}

/// A count as the dividend of a ratio.
pub fn count(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A list of paths on the disk, to be walked by wrk.
#[derive(Clone)]
pub struct Walk {
    script: PathBuf,
    paths: PathBuf,
    encoding: Option<String>,
}

impl Walk {
    /// Writes the paths of that name into the folder.
    pub fn new(folder: &Path, name: &str, paths: &[String], encoding: Option<&str>) -> anyhow::Result<Self> {
        let (script, list) = (folder.join("wrk.lua"), folder.join(format!("{name}.paths")));
        fs::write(&script, SCRIPT)?;
        fs::write(&list, paths.join("\n"))?;
        Ok(Self { script, paths: list, encoding: encoding.map(str::to_owned) })
    }

    /// Asks for a while on so many connections.
    pub async fn run(&self, address: SocketAddr, connections: usize, time: Duration) -> anyhow::Result<Measured> {
        let walk = self.clone();
        tokio::task::spawn_blocking(move || walk.ask(address, connections, time)).await?
    }

    fn ask(&self, address: SocketAddr, connections: usize, time: Duration) -> anyhow::Result<Measured> {
        let mut wrk = Command::new("wrk");
        wrk.arg(format!("--threads={}", connections.min(2)))
            .arg(format!("--connections={connections}"))
            .arg(format!("--duration={}s", time.as_secs()))
            .arg("--timeout=20s")
            .arg(format!("--script={}", self.script.display()));
        if let Some(encoding) = &self.encoding {
            wrk.arg(format!("--header=accept-encoding: {encoding}"));
        }
        wrk.arg(format!("http://{address}")).arg("--").arg(&self.paths);
        let output = wrk.output().context("wrk is not installed")?;
        let said = String::from_utf8_lossy(&output.stdout);
        read(&said).with_context(|| format!("wrk: {said}{}", String::from_utf8_lossy(&output.stderr)))
    }
}

fn read(said: &str) -> anyhow::Result<Measured> {
    let line = said.lines().find_map(|line| line.strip_prefix("measured ")).context("nothing was measured")?;
    let numbers: Vec<u64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
    let &[requests, time, p50, p99, failed] = numbers.as_slice() else { anyhow::bail!("{line}") };
    ensure!(failed == 0, "{failed} of {requests} requests failed");
    let micros = Duration::from_micros;
    Ok(Measured { requests, time: micros(time), p50: micros(p50), p99: micros(p99) })
}
