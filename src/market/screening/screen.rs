//! The screening itself: what is looked at and the rules in, findings out.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::contacts::contacts;
use super::model::{Asked, Finding, Rule, Rules, Screened, Term, Test, UsualPrice};
use super::reading::{Found, Pattern, Reading};
use crate::market::sellers::{Missing, Paper, PaperKind};

/// Findings at most: whoever has more has enough.
const MOST_FINDINGS: usize = 200;

/// What one rule has to say of one place.
struct Hit {
    place: String,
    excerpt: Option<String>,
    detail: Option<(String, String)>,
}

/// A text, read once for all rules.
struct ReadText<'a> {
    place: &'a str,
    reading: Reading,
}

/// Everything the rules find on the day, what matters most first.
pub fn screen(input: &Screened<'_>, rules: &Rules, today: NaiveDate) -> Vec<Finding> {
    let texts: Vec<ReadText<'_>> = input
        .texts
        .iter()
        .map(|written| ReadText { place: &written.place, reading: Reading::of(written.text) })
        .collect();
    let mut findings: Vec<Finding> = rules
        .0
        .iter()
        .flat_map(|(rule, terms)| hits(input, &texts, rule, terms, today).into_iter().map(|hit| finding(rule, hit)))
        .collect();
    findings.sort_by(|one, other| other.severity.cmp(&one.severity).then_with(|| one.rule.cmp(&other.rule)));
    findings.truncate(MOST_FINDINGS);
    findings
}

fn finding(rule: &Rule, hit: Hit) -> Finding {
    let (detail_vi, detail_en) = hit.detail.unzip();
    Finding {
        rule_id: rule.id,
        rule: rule.code.clone(),
        severity: rule.severity,
        place: hit.place,
        excerpt: hit.excerpt,
        why_vi: rule.why_vi.clone(),
        why_en: rule.why_en.clone(),
        detail_vi,
        detail_en,
        legal_basis: rule.legal_basis.clone(),
    }
}

fn hits(input: &Screened<'_>, texts: &[ReadText<'_>], rule: &Rule, terms: &[Term], today: NaiveDate) -> Vec<Hit> {
    match &rule.test {
        Test::Words {} => words(texts, terms, |term| is_backed(&term.backed_by, input.papers, today)),
        Test::StarClaim {} => {
            let carried = input.stars_today;
            words(texts, terms, |term| term.stars <= carried)
        }
        Test::ContactData {} => {
            let mut hits = words(texts, terms, |_| false);
            hits.extend(texts.iter().flat_map(contact_hits));
            hits
        }
        Test::PriceOutlier { times, least_listings } => match input.usual {
            Some(usual) if usual.listings >= i64::from(*least_listings) => {
                input.prices.iter().filter_map(|asked| price_hit(asked, usual, i128::from(*times))).collect()
            }
            _ => Vec::new(),
        },
        Test::MissingLabel {} => {
            input.missing.iter().filter(|lack| lack.code.starts_with("label.")).map(lacking).collect()
        }
        Test::MissingPaper {} => papers(input, today),
        Test::NearDuplicate { percent } => {
            let alike = input.twins.iter().filter(|twin| twin.percent >= *percent);
            alike
                .map(|twin| Hit {
                    place: "content".to_owned(),
                    excerpt: None,
                    detail: Some((
                        format!("Giống khoảng {} % với sản phẩm “{}”", twin.percent, twin.slug),
                        format!("About {} % like the listing “{}”", twin.percent, twin.slug),
                    )),
                })
                .collect()
        }
    }
}

/// Where the texts hold phrases of the list that are not fine. Of phrases within one another the longest counts, and
/// each counts once in a text.
fn words(texts: &[ReadText<'_>], terms: &[Term], is_fine: impl Fn(&Term) -> bool) -> Vec<Hit> {
    let listed: Vec<Listed<'_>> = terms.iter().map(Listed::of).collect();
    let mut hits = Vec::new();
    for text in texts {
        let found: Vec<(&Term, Found)> = listed
            .iter()
            .flat_map(|listed| listed.find(&text.reading).into_iter().map(|found| (listed.term, found)))
            .collect();
        let mut seen = BTreeSet::new();
        for (term, place) in outermost(found) {
            if !is_fine(term) && seen.insert(term.phrase.as_str()) {
                hits.push(Hit {
                    place: text.place.to_owned(),
                    excerpt: Some(text.reading.excerpt(&place)),
                    detail: term.note_vi.clone().zip(term.note_en.clone()),
                });
            }
        }
    }
    hits
}

/// A phrase of a list, ready to be found.
struct Listed<'a> {
    term: &'a Term,
    pattern: Pattern,
    exceptions: Vec<Pattern>,
}

impl<'a> Listed<'a> {
    fn of(term: &'a Term) -> Self {
        let pattern = |phrase: &String| Pattern::of(phrase, term.accents_matter);
        Self { term, pattern: pattern(&term.phrase), exceptions: term.exceptions.iter().map(pattern).collect() }
    }

    fn find(&self, reading: &Reading) -> Vec<Found> {
        let mut found = reading.find(&self.pattern);
        if !found.is_empty() {
            let innocent: Vec<Found> = self.exceptions.iter().flat_map(|pattern| reading.find(pattern)).collect();
            found.retain(|found| !innocent.iter().any(|around| lies_in(found, around)));
        }
        found
    }
}

fn lies_in(inner: &Found, outer: &Found) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// What does not lie within anything longer, in the order of the text.
fn outermost(mut found: Vec<(&Term, Found)>) -> Vec<(&Term, Found)> {
    // From left to right, the longest first: whatever reaches less far than something before it lies within that.
    found.sort_by(|(_, one), (_, other)| one.start.cmp(&other.start).then(other.end.cmp(&one.end)));
    let mut reached = 0;
    found.retain(|(_, place)| {
        let sticks_out = place.end > reached;
        reached = reached.max(place.end);
        sticks_out
    });
    found
}

fn is_backed(kinds: &[PaperKind], papers: &[Paper], today: NaiveDate) -> bool {
    papers.iter().any(|paper| kinds.contains(&paper.kind) && paper.is_valid(today))
}

fn contact_hits(text: &ReadText<'_>) -> Vec<Hit> {
    let found = contacts(&text.reading);
    found
        .into_iter()
        .map(|(contact, excerpt)| {
            let (vi, en) = contact.names();
            Hit { place: text.place.to_owned(), excerpt: Some(excerpt), detail: Some((vi.to_owned(), en.to_owned())) }
        })
        .collect()
}

/// The price, if it lies too far above or below the usual one. Goods without a weight are not compared by weight.
fn price_hit(asked: &Asked, usual: UsualPrice, times: i128) -> Option<Hit> {
    let price = if usual.per_kilogram {
        i128::from(asked.price.get()) * 1000 / i128::from(asked.grams.filter(|grams| *grams > 0)?)
    } else {
        i128::from(asked.price.get())
    };
    let median = i128::from(usual.median.get());
    let is_far = price > median * times || price * times < median;
    let (per_vi, per_en) = if usual.per_kilogram { ("mỗi kg", "a kilogram") } else { ("mỗi quy cách", "a pack") };
    let (median, listings) = (dong(median), usual.listings);
    let price = dong(price);
    is_far.then(|| Hit {
        place: asked.place.clone(),
        excerpt: None,
        detail: Some((
            format!("{price} đ {per_vi}; trung vị của {listings} sản phẩm cùng bộ là {median} đ"),
            format!("{price} VND {per_en}; the median of {listings} listings of the set is {median} VND"),
        )),
    })
}

/// The amount with dots between thousands.
fn dong(amount: i128) -> String {
    let digits = amount.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(".")
}

fn lacking(lack: &Missing) -> Hit {
    Hit { place: lack.code.clone(), excerpt: None, detail: Some((lack.text_vi.clone(), lack.text_en.clone())) }
}

/// Papers that are asked for and missing, papers that have expired and have no successor, a certificate without force.
fn papers(input: &Screened<'_>, today: NaiveDate) -> Vec<Hit> {
    let missing = input.missing.iter().filter(|lack| lack.code.starts_with("paper.")).map(lacking);
    let expired = input.papers.iter().enumerate().filter(|(_, paper)| {
        let renewed = input.papers.iter().any(|other| other.kind == paper.kind && other.is_valid(today));
        !paper.is_valid(today) && !renewed
    });
    let expired = expired.filter_map(|(at, paper)| {
        let last = paper.expires_on?;
        Some(Hit {
            place: format!("papers[{at}]"),
            excerpt: None,
            detail: Some((
                format!("Đã hết hạn ngày {}: {}", last.format("%d/%m/%Y"), paper.kind.name_vi()),
                format!("Expired on {}: {}", last.format("%-d %B %Y"), paper.kind.name_en()),
            )),
        })
    });
    let certificate = input.void_certificate.iter().map(|certificate| Hit {
        place: certificate.place.clone(),
        excerpt: None,
        detail: Some((certificate.sentence_vi.clone(), certificate.sentence_en.clone())),
    });
    missing.chain(expired).chain(certificate).collect()
}
