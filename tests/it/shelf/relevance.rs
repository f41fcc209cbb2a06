//! How well the search answers what people type. The program does what it does the same way every time, so the goals are
//! a test and not only a figure.

use ocop_market::cli::relevance::{QUERIES, measure};

const KINDS: [&str; 11] =
    ["category", "english", "exact", "joined", "no_diacritics", "partial", "place", "synonym", "telex", "typo", "vni"];

#[test]
fn people_find_what_they_type_for() {
    let report = measure(QUERIES).unwrap();
    assert!(report.all.queries >= 300, "{} queries", report.all.queries);
    assert!(report.kinds.keys().map(String::as_str).eq(KINDS), "kinds: {:?}", report.kinds.keys());
    assert!(report.all.mrr() >= 0.90, "{report}");
    for (kind, figures) in &report.kinds {
        assert!(figures.mrr() >= 0.80, "{kind}:\n{report}");
    }
}
