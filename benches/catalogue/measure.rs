//! One size: fill, start, ask in rounds, change.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::ensure;
use http_body_util::Full;
use hyper::Request;
use serde_json::Value;

use super::Options;
use super::changes::{Changes, RATE};
use super::freshness::{Delays, Watch};
use super::goods::{self, Goods};
use super::hello::Hello;
use super::pgbench::{Rates, Scripts};
use super::process;
use super::requests::Kind;
use super::support::home::Home;
use super::support::http::Connection;
use super::support::server::Server;
use super::wrk::{Measured, Walk, count};

/// Connections of the program to PostgreSQL, as in production.
const CONNECTIONS: u32 = 8;
/// Answers looked at before wrk asks, which looks at none.
const PROBES: usize = 100;

/// For so long a process that is at work is not idle.
const WINDOW: Duration = Duration::from_millis(500);

/// Who is asked for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Hello(Hello),
    Program(Kind),
}

/// What was measured of a subject at a number of connections.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    pub asked: Measured,
    /// Processor time of the server's process for a request.
    pub cpu: Duration,
}

/// Memory of the program's process in MB.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// At most since the process began.
    pub after_start: u64,
    /// At the end of all rounds: now, and at most while they ran.
    pub after_load: (u64, u64),
    /// At most while everything was read anew.
    pub rebuilding: u64,
}

/// All of one size.
pub struct Report {
    pub size: usize,
    pub ready: Duration,
    pub memory: Memory,
    pub samples: BTreeMap<(Subject, usize), Vec<Sample>>,
    pub pgbench: Vec<Rates>,
    pub delays: Vec<Delays>,
}

impl Report {
    /// The round in the middle by its rate.
    pub fn median(&self, subject: Subject, connections: usize) -> Option<Sample> {
        let mut samples = self.samples.get(&(subject, connections))?.clone();
        samples.sort_by(|one, other| one.asked.rate().total_cmp(&other.asked.rate()));
        samples.get(samples.len() / 2).copied()
    }
}

/// Measures a catalogue of that size.
pub async fn measure(size: usize, options: &Options) -> anyhow::Result<Report> {
    let begun = Instant::now();
    let mut filled = None;
    let home = Home::open(async |database, _| {
        filled = Some(goods::fill(database, size).await?);
        Ok(())
    })
    .await?;
    let Some(goods) = filled else { anyhow::bail!("nothing was filled in") };
    let (shops, words) = (goods.shops, goods.vocabulary.len());
    println!("{size} listings of {shops} shops with {words} words, filled in {:.0?}", begun.elapsed());
    let report = Bench { home: &home, goods: &goods, options }.report(size).await;
    home.close().await?;
    report
}

struct Bench<'a> {
    home: &'a Home,
    goods: &'a Goods,
    options: &'a Options,
}

impl Bench<'_> {
    async fn report(&self, size: usize) -> anyhow::Result<Report> {
        let begun = Instant::now();
        let server = Server::start(self.home, CONNECTIONS).await?;
        let ready = begun.elapsed();
        let process = server.child.id();
        let (_, after_start) = process::memory(process)?;
        process::forget_peak(process)?;
        let walks = self.walks(&server).await?;
        let scripts = Scripts::new(self.home, self.goods.cards.len()).await?;
        let hellos = [(Hello::Bare, Hello::Bare.start().await?), (Hello::Framed, Hello::Framed.start().await?)];
        let (mut samples, mut pgbench) = (BTreeMap::<_, Vec<Sample>>::new(), Vec::new());
        for round in 0..self.options.rounds {
            for connections in &self.options.connections {
                for (hello, beside) in &hellos {
                    let sample = self.ask(beside, &walks.hello, *connections).await?;
                    samples.entry((Subject::Hello(*hello), *connections)).or_default().push(sample);
                }
                for (kind, walk) in &walks.kinds {
                    let sample = self.ask_kind(*kind, &server, walk, *connections).await?;
                    samples.entry((Subject::Program(*kind), *connections)).or_default().push(sample);
                }
            }
            pgbench.push(scripts.run(self.options.time())?);
            println!("round {} of {} at {size} listings", round + 1, self.options.rounds);
        }
        let after_load = process::memory(process)?;
        let memory = Memory { after_start, after_load, rebuilding: self.rebuild(process).await? };
        let delays = self.delays(&server).await?;
        server.kill()?;
        Ok(Report { size, ready, memory, samples, pgbench, delays })
    }

    async fn walks(&self, server: &Server) -> anyhow::Result<Walks> {
        let folder = self.home.folder();
        let encoding = self.options.encoding.as_deref();
        let mut kinds = Vec::new();
        for kind in self.options.kinds() {
            let paths = kind.paths(self.goods)?;
            let found = probe(*kind, server, &paths).await?;
            println!(
                "{kind}: {} different paths; {found} of the first {PROBES} answers have something in them",
                paths.len()
            );
            kinds.push((*kind, Walk::new(folder, &format!("{kind:?}"), &paths, encoding)?));
        }
        let hello = Walk::new(folder, "hello", &Kind::Detail.paths(self.goods)?, encoding)?;
        Ok(Walks { hello, kinds })
    }

    async fn ask_kind(&self, kind: Kind, server: &Server, walk: &Walk, connections: usize) -> anyhow::Result<Sample> {
        if kind != Kind::Changes {
            return self.ask(server, walk, connections).await;
        }
        let changes = Changes::begin(&self.home.options(), self.goods);
        let sample = self.ask(server, walk, connections).await;
        let rate = changes.end().await?;
        ensure!(rate > RATE * 0.95, "only {rate:.0} prices changed a second");
        sample
    }

    async fn ask(&self, server: &Server, walk: &Walk, connections: usize) -> anyhow::Result<Sample> {
        let before = process::cpu(server.child.id())?;
        let asked = walk.run(server.address, connections, self.options.time()).await?;
        let used = process::cpu(server.child.id())?.saturating_sub(before);
        Ok(Sample { asked, cpu: used.div_f64(count(asked.requests).max(1.0)) })
    }

    /// Has the program read everything anew, as it does when names of places change; the most memory that takes.
    async fn rebuild(&self, process: u32) -> anyhow::Result<u64> {
        process::forget_peak(process)?;
        self.home.run("insert into shelf_news (kind) values ('places')".to_owned()).await?;
        let mut idle = 0;
        while idle < 2 {
            let before = process::cpu(process)?;
            tokio::time::sleep(WINDOW).await;
            let used = process::cpu(process)?.saturating_sub(before);
            idle = if used * 10 < WINDOW { idle + 1 } else { 0 };
        }
        Ok(process::memory(process)?.1)
    }

    async fn delays(&self, server: &Server) -> anyhow::Result<Vec<Delays>> {
        if self.options.changes == 0 {
            return Ok(Vec::new());
        }
        let second = Server::start(self.home, CONNECTIONS).await?;
        let watch = Watch { home: self.home, goods: self.goods, instances: [server, &second] };
        let delays = watch.measure(self.options.changes).await?;
        second.kill()?;
        Ok(delays)
    }
}

/// What is walked.
struct Walks {
    hello: Walk,
    kinds: Vec<(Kind, Walk)>,
}

/// Asks for the first paths and looks at the answers; how many have something in them.
async fn probe(kind: Kind, server: &Server, paths: &[String]) -> anyhow::Result<usize> {
    let mut connection = Connection::open(server.address).await?;
    let mut found = 0;
    for path in paths.iter().take(PROBES) {
        let (status, body) = connection.send(Request::get(path).body(Full::default())?).await?;
        ensure!(status.is_success(), "GET {path} answers {status}; `--kinds` can leave {kind:?} out");
        let page: Value = serde_json::from_slice(&body)?;
        let empty = page.get("items").unwrap_or(&page).as_array().is_some_and(Vec::is_empty);
        ensure!(!(empty && kind.always_finds()), "GET {path} answers with nothing");
        found += usize::from(!empty);
    }
    Ok(found)
}
