//! The same SQL without the program: one purchase, as PostgreSQL's log has it, made into a pgbench script.
//!
//! What belongs to the purchase alone (ids that did not exist before, the order's number, keys) becomes new with every
//! transaction; the buyer and the things bought are drawn as the program's load draws them. One statement more, at the
//! beginning, draws all of that.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use sqlx::Connection as _;
use uuid::Uuid;

use super::load::{Buyer, Goods};
use super::market::{BUYERS, Market, SHOPS, THINGS};
use super::support::server::Server;

/// A recorded purchase.
pub struct Script {
    statements: Vec<String>,
    draw: String,
    file: PathBuf,
}

/// A statement of the log with the values it was run with.
struct Logged {
    transaction: usize,
    text: String,
    values: Vec<Option<String>>,
}

/// Records one purchase.
pub async fn record(market: &Market, server: &Server) -> anyhow::Result<Script> {
    let mut buyer = Buyer::new(0, server.address).await?;
    let warm = buyer.choose(&market.things, Goods::Hot);
    let (checkout, total) = buyer.quote(&warm).await?;
    buyer.place(&checkout, total).await?;

    let known = known(market).await?;
    market.home.run("alter system set log_statement = 'all'".to_owned()).await?;
    market.home.run("alter system set log_line_prefix = '@%p '".to_owned()).await?;
    market.home.run("select pg_reload_conf()".to_owned()).await?;
    let mut log = fs::File::open(market.log().await?)?;
    settle(market).await?;
    log.seek(SeekFrom::End(0))?;
    let (checkout, total) = buyer.quote(&warm).await?;
    let (status, body) = buyer.place(&checkout, total).await?;
    ensure!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
    let mut text = String::new();
    log.read_to_string(&mut text)?;
    market.home.run("alter system reset all".to_owned()).await?;
    market.home.run("select pg_reload_conf()".to_owned()).await?;

    market.home.run(pool(&market.things)).await?;
    let file = market.home.folder().join("purchase.sql");
    Script::of(&parse(&text), &known, &warm, file)
}

/// Waits until every backend has read the new settings: a new one has.
async fn settle(market: &Market) -> anyhow::Result<()> {
    tokio::time::sleep(Duration::from_secs(1)).await;
    Ok(market.home.connect().await?.close().await?)
}

/// Every id there was before the purchase, and who buys.
async fn known(market: &Market) -> anyhow::Result<(BTreeSet<Uuid>, Uuid)> {
    let mut conn = market.home.connect().await?;
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select id from accounts union all select id from sessions union all select id from sellers
         union all select id from listings union all select id from variants",
    )
    .fetch_all(&mut conn)
    .await?;
    let account = sqlx::query_scalar("select id from accounts where display_name = '1'").fetch_one(&mut conn).await?;
    conn.close().await?;
    Ok((ids.into_iter().collect(), account))
}

/// Where pgbench draws things and buyers from.
fn pool(things: &[Vec<String>]) -> String {
    let rows: Vec<String> = (0..THINGS)
        .map(|thing| {
            let of_shops: Vec<String> = things.iter().map(|shop| format!("'{}'", shop[thing])).collect();
            format!("({thing}, {})", of_shops.join(", "))
        })
        .collect();
    let columns: Vec<String> = (0..SHOPS).map(|shop| format!("thing{shop} uuid")).collect();
    format!(
        "create table bench_things (n integer primary key, {});
         insert into bench_things values {};
         create table bench_buyers as
             select display_name::integer as n, accounts.id as account, token_hash
               from accounts join sessions on account_id = accounts.id;
         alter table bench_buyers add primary key (n);
         analyze bench_things; analyze bench_buyers",
        columns.join(", "),
        rows.join(", "),
    )
}

/// The statements of the purchase in the log, in their order; not those by which the server looks for news of its
/// catalogue meanwhile. A new entry begins with the prefix, its further lines with a tab.
fn parse(log: &str) -> Vec<Logged> {
    let mut logged: Vec<Logged> = Vec::new();
    // By the backend it runs on: the number of its first statement.
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    for entry in log.split("\n@") {
        let entry = entry.trim_start_matches('@').trim_end().replace("\n\t", "\n");
        let Some((backend, entry)) = entry.split_once(' ') else { continue };
        let executed =
            entry.strip_prefix("LOG:  execute ").map(|rest| rest.split_once(": ").map_or(rest, |(_, text)| text));
        if let Some(text) = executed.or_else(|| entry.strip_prefix("LOG:  statement: ")) {
            let word = text.split([' ', ';']).next().unwrap_or_default().to_lowercase();
            let within = if word == "begin" { None } else { open.get(backend).copied() };
            let transaction = within.unwrap_or(logged.len());
            match word.as_str() {
                "begin" => drop(open.insert(backend.to_owned(), transaction)),
                "commit" | "rollback" => drop(open.remove(backend)),
                _ => {}
            }
            logged.push(Logged { transaction, text: text.to_owned(), values: Vec::new() });
        } else if let (Some(values), Some(last)) = (
            entry.strip_prefix("DETAIL:  parameters: ").or_else(|| entry.strip_prefix("DETAIL:  Parameters: ")),
            logged.last_mut(),
        ) {
            last.values = values_of(values);
        }
    }
    let news: BTreeSet<usize> =
        logged.iter().filter(|logged| logged.text.contains("shelf_news")).map(|logged| logged.transaction).collect();
    logged.retain(|statement| {
        // A connection that is new asks once what our types are called.
        !news.contains(&statement.transaction) && !statement.text.contains("pg_catalog.pg_type")
    });
    logged
}

/// `$1 = 'it''s', $2 = NULL`.
fn values_of(text: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(" = ") {
        if let Some(after) = after.strip_prefix("NULL") {
            values.push(None);
            rest = after;
            continue;
        }
        let mut value = String::new();
        let mut chars = after[1..].char_indices().peekable();
        let mut end = after.len();
        while let Some((at, char)) = chars.next() {
            if char != '\'' {
                value.push(char);
            } else if chars.next_if(|(_, next)| *next == '\'').is_some() {
                value.push('\'');
            } else {
                end = at + 2;
                break;
            }
        }
        values.push(Some(value));
        rest = &after[end..];
    }
    values
}

impl Script {
    fn of(
        logged: &[Logged],
        (known, account): &(BTreeSet<Uuid>, Uuid),
        warm: &[String],
        file: PathBuf,
    ) -> anyhow::Result<Self> {
        let mut names =
            Names { known, warm, account: *account, fresh: BTreeMap::from([(Uuid::nil(), 0)]), numbers: Vec::new() };
        let statements: Vec<String> = logged.iter().map(|statement| names.rewrite(statement)).collect();
        ensure!(statements.len() > 5, "PostgreSQL's log shows {} statements only", statements.len());
        let fresh = (0..names.fresh.len()).map(|n| {
            let clock = "lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')";
            format!("({clock} || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid as f{n}")
        });
        let things =
            (0..SHOPS).map(|shop| format!("(select thing{shop} from bench_things where n = :thing) as t{shop}"));
        let buyer = "(select account from bench_buyers where n = :buyer) as account, \
                     (select token_hash from bench_buyers where n = :buyer) as token";
        let columns: Vec<String> = [buyer.to_owned()].into_iter().chain(things).chain(fresh).collect();
        let draw = format!("select {}", columns.join(", "));
        Ok(Self { statements, draw, file })
    }

    /// How many statements a purchase has.
    pub fn statements(&self) -> usize {
        self.statements.len()
    }

    /// Runs it with pgbench for a while; purchases a second.
    pub fn run(&self, market: &Market, goods: Goods, connections: u32, time: Duration) -> anyhow::Result<f64> {
        let things = match goods {
            Goods::Spread => format!("random(0, {})", THINGS - 1),
            Goods::Hot => "0".to_owned(),
        };
        let mut text = format!("\\set thing {things}\n\\set buyer random(1, {BUYERS})\n{} \\gset\n", self.draw);
        for statement in &self.statements {
            text.push_str(statement);
            text.push_str(";\n");
        }
        fs::write(&self.file, text)?;
        let output = Command::new("pgbench")
            .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
            .args([format!("--client={connections}"), format!("--time={}", time.as_secs())])
            .arg(format!("--file={}", self.file.display()))
            .arg(market.home.libpq_url())
            .output()
            .context("pgbench belongs to PostgreSQL's programs")?;
        let said = String::from_utf8_lossy(&output.stdout);
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        let clean = output.status.success() && said.contains("number of failed transactions: 0 ");
        ensure!(clean, "pgbench: {said}{}", String::from_utf8_lossy(&output.stderr));
        rate.with_context(|| format!("no rate in {said}"))
    }
}

/// An id of the purchase alone that stands for nothing: whatever must be new is made from it.
const OWN: &str = "f0";

/// Which value is drawn anew, and under which name.
struct Names<'a> {
    known: &'a BTreeSet<Uuid>,
    warm: &'a [String],
    account: Uuid,
    fresh: BTreeMap<Uuid, usize>,
    numbers: Vec<String>,
}

impl Names<'_> {
    fn rewrite(&mut self, statement: &Logged) -> String {
        let mut text = statement.text.trim_end_matches(';').to_owned();
        // From the last, so that `$1` does not match the beginning of `$12`.
        for (at, value) in statement.values.iter().enumerate().rev() {
            let expression = self.expression(&statement.text, value.as_deref());
            text = text.replace(&format!("${}", at + 1), &expression);
        }
        text
    }

    fn expression(&mut self, statement: &str, value: Option<&str>) -> String {
        let Some(value) = value else { return "null".to_owned() };
        if statement.contains("pg_try_advisory_xact_lock") {
            return format!("hashtextextended(:{OWN}::text, 0)");
        }
        if let Some(name) = self.name(value) {
            return format!(":{name}");
        }
        if let Some(elements) = value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            return self.array(value, elements);
        }
        if statement.contains("sessions") && value.starts_with("\\x") {
            return ":token".to_owned();
        }
        if statement.contains("idempotency_keys") && value.starts_with("\\x") {
            return format!("sha256(:{OWN}::text::bytea)");
        }
        if value.starts_with("OCOP-") {
            return self.number(value);
        }
        quoted(value)
    }

    fn array(&mut self, value: &str, elements: &str) -> String {
        let elements: Vec<&str> = elements.split(',').collect();
        let numbers = elements.iter().any(|element| element.trim_matches('"').starts_with("OCOP-"));
        let named: Vec<Option<String>> = elements.iter().map(|element| self.name(element.trim_matches('"'))).collect();
        if numbers {
            let all: Vec<String> = elements.iter().map(|number| self.number(number.trim_matches('"'))).collect();
            return format!("array[{}]", all.join(", "));
        }
        if named.iter().all(Option::is_none) {
            return quoted(value);
        }
        let all = elements.iter().zip(named).map(|(element, name)| match name {
            Some(name) => format!(":{name}::uuid"),
            None if *element == "NULL" => "null".to_owned(),
            None => format!("'{element}'::uuid"),
        });
        format!("array[{}]", all.collect::<Vec<_>>().join(", "))
    }

    /// A number for people: as many different ones as there were.
    fn number(&mut self, number: &str) -> String {
        let at = self.numbers.iter().position(|known| known == number).unwrap_or_else(|| {
            self.numbers.push(number.to_owned());
            self.numbers.len() - 1
        });
        format!("('OCOP-' || :{OWN}::text || '-{at}')")
    }

    /// The name of a value that changes from purchase to purchase.
    fn name(&mut self, value: &str) -> Option<String> {
        if let Some(shop) = self.warm.iter().position(|thing| thing == value) {
            return Some(format!("t{shop}"));
        }
        // A list of one is no id, though it would pass for one in braces.
        let id: Uuid = value.parse().ok().filter(|_| !value.starts_with('{'))?;
        if id == self.account {
            return Some("account".to_owned());
        }
        if self.known.contains(&id) {
            return None;
        }
        let next = self.fresh.len();
        Some(format!("f{}", *self.fresh.entry(id).or_insert(next)))
    }
}

fn quoted(value: &str) -> String {
    // pgbench takes `:null` for a variable inside of quotes too.
    format!("E'{}'", value.replace('\\', "\\\\").replace('\'', "''").replace(':', "\\x3a"))
}
