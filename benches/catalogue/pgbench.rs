//! The same questions to PostgreSQL without the program: one prepared statement each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, ensure};

use super::support::home::Home;

/// Clients at once: more cost PostgreSQL on two cores.
pub const CLIENTS: u32 = 8;

const DETAIL: &str = include_str!("sql/detail.sql");
const LIST: &str = include_str!("sql/list.sql");

/// What is drawn from: every listing on the shelf.
const CARDS: &str = "create table bench_cards (n integer primary key, slug text not null, province_code text not null);
     insert into bench_cards
     select row_number() over (order by random()), slug, province_code from listings where status = 'published';
     analyze bench_cards";

/// The scripts, ready to be run.
pub struct Scripts<'a> {
    home: &'a Home,
    cards: usize,
    detail: PathBuf,
    list: PathBuf,
}

/// Statements a second.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    pub detail: f64,
    pub list: f64,
}

impl<'a> Scripts<'a> {
    pub async fn new(home: &'a Home, cards: usize) -> anyhow::Result<Self> {
        home.run(CARDS.to_owned()).await?;
        let (detail, list) = (home.folder().join("detail.sql"), home.folder().join("list.sql"));
        fs::write(&detail, DETAIL)?;
        fs::write(&list, LIST)?;
        Ok(Self { home, cards, detail, list })
    }

    /// Runs both for a while each.
    pub fn run(&self, time: Duration) -> anyhow::Result<Rates> {
        Ok(Rates { detail: self.rate(&self.detail, time)?, list: self.rate(&self.list, time)? })
    }

    fn rate(&self, script: &Path, time: Duration) -> anyhow::Result<f64> {
        let output = Command::new("pgbench")
            .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
            .args([format!("--client={CLIENTS}"), format!("--time={}", time.as_secs())])
            .args([format!("--define=cards={}", self.cards), format!("--file={}", script.display())])
            .arg(self.home.libpq_url())
            .output()
            .context("pgbench belongs to PostgreSQL's programs")?;
        let said = String::from_utf8_lossy(&output.stdout);
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        ensure!(output.status.success(), "pgbench: {said}{}", String::from_utf8_lossy(&output.stderr));
        rate.with_context(|| format!("no rate in {said}"))
    }
}
