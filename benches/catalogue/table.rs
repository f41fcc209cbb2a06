//! What was measured, as Markdown for README.

use std::time::Duration;

use super::changes::RATE;
use super::hello::Hello;
use super::measure::{Memory, Report, Sample, Subject};
use super::pgbench::CLIENTS;
use super::requests::Kind;

/// Prints everything.
pub fn print(reports: &[Report]) {
    print_rates(reports);
    print_sql(reports);
    print_process(reports);
    print_delays(reports);
    print_goals(reports);
}

fn name(subject: Subject) -> String {
    match subject {
        Subject::Hello(Hello::Bare) => "bare hello".to_owned(),
        Subject::Hello(Hello::Framed) => "hello behind our frame".to_owned(),
        Subject::Program(kind) => kind.to_string(),
    }
}

fn print_rates(reports: &[Report]) {
    println!("\n| listings | question | connections | requests/s | p50 | p99 | CPU a request | of bare hello |");
    println!("|---|---|---|---|---|---|---|---|");
    for report in reports {
        for (subject, connections) in report.samples.keys() {
            let Some(sample) = report.median(*subject, *connections) else { continue };
            let ratio = report.median(BARE, *connections).map_or(f64::NAN, |bare| rate(sample) / rate(bare));
            println!(
                "| {} | {} | {connections} | {:.0} | {} | {} | {} µs | {ratio:.2} |",
                report.size,
                name(*subject),
                rate(sample),
                millis(sample.asked.p50),
                millis(sample.asked.p99),
                micros(sample.cpu),
            );
        }
    }
}

fn print_sql(reports: &[Report]) {
    println!("\n| listings | equivalent SQL, {CLIENTS} pgbench clients | statements/s | the program against it |");
    println!("|---|---|---|---|");
    for report in reports {
        let rows = [
            (Kind::Detail, middle(report.pgbench.iter().map(|rates| rates.detail).collect())),
            (Kind::List, middle(report.pgbench.iter().map(|rates| rates.list).collect())),
        ];
        for (kind, sql) in rows {
            let ratio = widest(report, Subject::Program(kind)).map_or(f64::NAN, |sample| rate(sample) / sql);
            println!("| {} | {kind} | {sql:.0} | {ratio:.1} × |", report.size);
        }
    }
}

fn print_process(reports: &[Report]) {
    println!(
        "\n| listings | ready after | peak until then | after the load | peak under load | peak while read anew |"
    );
    println!("|---|---|---|---|---|---|");
    for report in reports {
        let (memory, ready) = (report.memory, report.ready.as_secs_f64());
        let (now, peak) = memory.after_load;
        println!(
            "| {} | {ready:.1} s | {} MB | {now} MB | {peak} MB | {} MB |",
            report.size, memory.after_start, memory.rebuilding
        );
    }
}

fn print_delays(reports: &[Report]) {
    println!("\n| listings | change, until both instances show it | times | p50 | p99 | goal |");
    println!("|---|---|---|---|---|---|");
    for report in reports {
        for delays in &report.delays {
            println!(
                "| {} | {} | {} | {} | {} | ≤ 1 s |",
                report.size,
                delays.change,
                delays.delays.len(),
                millis(delays.percentile(50)),
                millis(delays.percentile(99)),
            );
        }
    }
}

const BARE: Subject = Subject::Hello(Hello::Bare);

/// Something that was promised, and what it came to for each size.
struct Goal {
    what: String,
    wanted: String,
    /// Whether it holds, and the figure; none where it was not measured.
    figures: Vec<Option<(bool, String)>>,
}

fn print_goals(reports: &[Report]) {
    let sizes: Vec<String> = reports.iter().map(|report| format!("{} |", report.size)).collect();
    println!("\n| at most connections | goal | {}", sizes.join(" "));
    println!("|---|---|{}", "---|".repeat(reports.len()));
    for goal in goals(reports) {
        let figures = goal.figures.into_iter().map(|figure| match figure {
            Some((true, figure)) => format!("{figure} |"),
            Some((false, figure)) => format!("**{figure}** |"),
            None => "|".to_owned(),
        });
        println!("| {} | {} | {}", goal.what, goal.wanted, figures.collect::<Vec<_>>().join(" "));
    }
    println!("\nIn bold what misses its goal.");
}

fn goals(reports: &[Report]) -> Vec<Goal> {
    let mut goals = speed(reports);
    goals.extend(tails(reports));
    goals.push(cost_of_changes(reports));
    goals.extend(upkeep(reports));
    goals.extend(growth(reports));
    goals
}

fn speed(reports: &[Report]) -> Vec<Goal> {
    let of_hello =
        [(Kind::Detail, 0.70), (Kind::List, 0.45), (Kind::Facets, 0.25), (Kind::Words, 0.20), (Kind::Fuzzy, 0.10)];
    let goal = |(kind, least): (Kind, f64)| Goal {
        what: format!("{kind}: requests/s of bare hello's"),
        wanted: format!("≥ {least:.2}"),
        figures: each(reports, |report| {
            let ratio = rate(widest(report, Subject::Program(kind))?) / rate(widest(report, BARE)?);
            Some((ratio >= least, format!("{ratio:.2}")))
        }),
    };
    of_hello.map(goal).into()
}

/// Where all connections are always busy, an answer that takes so many times the work takes as many times as long: only
/// kinds that may take about twice hello's work can keep this.
fn tails(reports: &[Report]) -> Vec<Goal> {
    let goal = |kind| Goal {
        what: format!("{kind}: p99 of bare hello's"),
        wanted: "≤ 2".to_owned(),
        figures: each(reports, |report| {
            let p99 = |subject| widest(report, subject).map(|sample| sample.asked.p99.as_secs_f64());
            let ratio = p99(Subject::Program(kind))? / p99(BARE)?;
            Some((ratio <= 2.0, format!("{ratio:.2}")))
        }),
    };
    [Kind::Detail, Kind::List, Kind::Facets, Kind::Words, Kind::Fuzzy, Kind::Suggest].map(goal).into()
}

fn cost_of_changes(reports: &[Report]) -> Goal {
    Goal {
        what: format!("lists cost by {RATE:.0} price changes a second"),
        wanted: "≤ 15 %".to_owned(),
        figures: each(reports, |report| {
            let [quiet, changing] = [Kind::List, Kind::Changes].map(|kind| widest(report, Subject::Program(kind)));
            let cost = 100.0 * (1.0 - rate(changing?) / rate(quiet?));
            Some((cost <= 15.0, format!("{cost:.0} %")))
        }),
    }
}

/// Starting, remembering, keeping fresh.
fn upkeep(reports: &[Report]) -> [Goal; 3] {
    let ready = |report: &Report| {
        let seconds = report.ready.as_secs_f64();
        Some((seconds <= 10.0, format!("{seconds:.1} s")))
    };
    let memory = |report: &Report| {
        let Memory { after_start, after_load: (_, under_load), rebuilding } = report.memory;
        let peak = after_start.max(under_load).max(rebuilding);
        Some((peak <= 400, format!("{peak} MB")))
    };
    let delay = |report: &Report| {
        let slowest = report.delays.iter().map(|delays| delays.percentile(99)).max()?;
        Some((slowest <= Duration::from_secs(1), millis(slowest)))
    };
    let goal = |what: &str, wanted: &str, figures| Goal { what: what.to_owned(), wanted: wanted.to_owned(), figures };
    [
        goal("ready after its start", "≤ 10 s", each(reports, ready)),
        goal("peak of memory, reading everything anew included", "≤ 400 MB", each(reports, memory)),
        goal("any change, until both instances show it: p99", "≤ 1 s", each(reports, delay)),
    ]
}

/// How much dearer a request is than at the first size. Flat is what differs by no more than measuring twice does.
fn growth(reports: &[Report]) -> Vec<Goal> {
    let kinds = [
        (Kind::Detail, 1.2),
        (Kind::List, 2.0),
        (Kind::Facets, 2.0),
        (Kind::NarrowWords, 2.0),
        (Kind::Words, f64::INFINITY),
        (Kind::Fuzzy, f64::INFINITY),
        (Kind::Suggest, f64::INFINITY),
    ];
    let Some((first, later)) = reports.split_first() else { return Vec::new() };
    let goal = |(kind, most): (Kind, f64)| {
        let cpu =
            |report: &Report| widest(report, Subject::Program(kind)).map(|sample: Sample| sample.cpu.as_secs_f64());
        let grown = each(later, |report| {
            let times = cpu(report)? / cpu(first)?;
            Some((times < most, format!("{times:.2} ×")))
        });
        Goal {
            what: format!("{kind}: CPU a request, against {} listings", first.size),
            wanted: if most.is_finite() { format!("< {most:.1} ×") } else { String::new() },
            figures: [None].into_iter().chain(grown).collect(),
        }
    };
    if later.is_empty() { Vec::new() } else { kinds.map(goal).into() }
}

fn each<T>(reports: &[Report], figure: impl Fn(&Report) -> Option<T>) -> Vec<Option<T>> {
    reports.iter().map(figure).collect()
}

/// At the most connections it was asked on.
fn widest(report: &Report, subject: Subject) -> Option<Sample> {
    let most =
        report.samples.keys().filter(|(known, _)| *known == subject).map(|(_, connections)| *connections).max()?;
    report.median(subject, most)
}

fn rate(sample: Sample) -> f64 {
    sample.asked.rate()
}

fn middle(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or(f64::NAN)
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

fn micros(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e6)
}
