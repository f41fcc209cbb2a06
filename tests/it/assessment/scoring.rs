//! Every sheet as a table: best answers, each gate dropped, the edges of the bands.

use std::collections::BTreeMap;

use ocop_market::market::assessment::{self, Band, Item, Marks, Score, Sheet, SheetLine, Variant, embedded};

/// Decision 26/2026/QĐ-TTg, art. 3.
const BANDS: [Band; 5] = [
    Band { stars: 5, at_least: 90 },
    Band { stars: 4, at_least: 70 },
    Band { stars: 3, at_least: 50 },
    Band { stars: 2, at_least: 30 },
    Band { stars: 1, at_least: 0 },
];

fn score(sheet: &Sheet, case: Option<Variant>, marks: &Marks) -> Score {
    assessment::score(sheet, &BANDS, case, marks)
}

/// The points an answer to the question can give, the least first.
fn outcomes(question: &Item, case: Option<Variant>) -> Vec<i16> {
    if question.is_yes_no() {
        vec![0, question.points]
    } else {
        question.choices_of(case).map(|choice| choice.points).collect()
    }
}

fn best(sheet: &Sheet) -> Marks {
    sheet.questions().into_iter().map(|question| (question.code.clone(), question.points)).collect()
}

/// Every sheet in each of its cases.
fn every_case() -> Vec<(Sheet, Option<Variant>)> {
    let sheets = embedded().unwrap();
    assert_eq!(sheets.iter().map(|sheet| sheet.set_no.get()).collect::<Vec<_>>(), (1..=26).collect::<Vec<_>>());
    sheets.into_iter().flat_map(|sheet| sheet.cases().into_iter().map(move |case| (sheet.clone(), case))).collect()
}

#[test]
fn the_best_answers_give_a_hundred_points_and_five_stars_on_every_sheet() {
    let cases = every_case();
    assert_eq!(cases.len(), 27, "set 26 has two cases, the others one");
    for (sheet, case) in cases {
        let marks: Marks = sheet
            .questions()
            .into_iter()
            .map(|question| (question.code.clone(), *outcomes(question, case).last().unwrap()))
            .collect();
        let given = score(&sheet, case, &marks);
        let parts: Vec<_> = given.parts.iter().map(|part| (part.code.as_str(), part.points, part.of)).collect();
        assert_eq!(parts, [("A", 40, 40), ("B", 25, 25), ("C", 35, 35)], "set {} {case:?}", sheet.set_no);
        assert_eq!((given.points, given.band_stars, given.gate_stars, given.stars), (100, 5, 5, 5));
        assert_eq!((given.certifiable, &given.next), (true, &None));
        for part in &given.parts {
            let sections: i16 = part.sections.iter().map(|section| section.points).sum();
            assert_eq!(sections, part.points, "set {}", sheet.set_no);
        }
    }
}

#[test]
fn each_gate_that_is_dropped_costs_its_star() {
    let mut dropped = BTreeMap::<i16, usize>::new();
    for (sheet, case) in every_case() {
        for question in sheet.questions() {
            for gate in question.choices_of(case).filter(|choice| choice.gate_stars.is_some()) {
                let stars = gate.gate_stars.unwrap();
                let below = outcomes(question, case).into_iter().rfind(|points| *points < gate.points);
                let mut marks = best(&sheet);
                marks.remove(&question.code);
                marks.extend(below.map(|points| (question.code.clone(), points)));
                let fallen = score(&sheet, case, &marks);
                let at = format!("set {} {case:?} {}", sheet.set_no, gate.code);
                assert!(fallen.stars < stars, "{at}: {} stars in spite of the gate", fallen.stars);
                let next = fallen.next.unwrap();
                let [missing] = next.missing_gates.as_slice() else { panic!("{at}: {:?}", next.missing_gates) };
                assert_eq!((&missing.criterion, missing.points), (&question.code, below), "{at}");
                assert_eq!(next.missing_points, 0, "{at}");
                *dropped.entry(stars).or_default() += 1;

                marks.insert(question.code.clone(), gate.points);
                let reached = score(&sheet, case, &marks);
                assert!(reached.gate_stars >= stars, "{at}: the gate is reached by itself");
            }
        }
    }
    // As many as the Decision prints stars; those of set 26 count in both of its cases.
    assert_eq!(dropped, BTreeMap::from([(3, 179 + 1), (4, 289 + 2), (5, 106)]));
}

/// Marks with exactly that total that reach every gate of so many stars.
fn marks_of(sheet: &Sheet, case: Option<Variant>, stars: i16, total: i16) -> Option<Marks> {
    let mut reachable = BTreeMap::from([(0_i16, Marks::new())]);
    for question in sheet.questions() {
        let least = question.gate_for(stars, case).map(|gate| gate.points);
        let mut next = BTreeMap::new();
        for (sum, marks) in &reachable {
            if least.is_none() {
                next.entry(*sum).or_insert_with(|| marks.clone());
            }
            for points in outcomes(question, case).into_iter().filter(|points| Some(*points) >= least) {
                next.entry(sum + points).or_insert_with(|| {
                    let mut marks = marks.clone();
                    marks.insert(question.code.clone(), points);
                    marks
                });
            }
        }
        reachable = next;
    }
    reachable.remove(&total)
}

#[test]
fn a_point_below_the_band_is_a_star_less() {
    for (sheet, case) in every_case() {
        for (stars, at_least) in [(5, 90), (4, 70), (3, 50), (2, 30)] {
            // Up to two stars there are no gates.
            let gates = if stars > 2 { stars } else { 0 };
            let reaching = |total| {
                let marks = marks_of(&sheet, case, gates, total);
                marks.unwrap_or_else(|| panic!("set {} has no {total} points with {stars} stars", sheet.set_no))
            };
            let on_the_edge = score(&sheet, case, &reaching(at_least));
            assert_eq!((on_the_edge.points, on_the_edge.stars), (at_least, stars), "set {}", sheet.set_no);
            assert_eq!(on_the_edge.certifiable, stars >= 3);
            let below = score(&sheet, case, &reaching(at_least - 1));
            assert_eq!((below.points, below.stars), (at_least - 1, stars - 1), "set {}", sheet.set_no);
            if stars > 2 {
                let next = below.next.unwrap();
                assert_eq!((next.stars, next.missing_points), (stars, 1), "set {}", sheet.set_no);
            }
        }
    }
}

#[test]
fn what_is_not_answered_gives_nothing_and_reaches_no_gate() {
    for (sheet, case) in every_case() {
        let given = score(&sheet, case, &Marks::new());
        assert_eq!((given.points, given.stars, given.gate_stars, given.certifiable), (0, 1, 2, false));
        let next = given.next.unwrap();
        assert_eq!((next.stars, next.missing_points), (3, 50), "two stars get no certificate: three are next");
        let gates = sheet.questions().into_iter().filter(|question| question.gate_for(3, case).is_some());
        assert_eq!(next.missing_gates.len(), gates.count(), "set {}", sheet.set_no);
        assert!(next.missing_gates.iter().all(|gate| gate.points.is_none()));
    }
}

#[test]
fn a_better_answer_than_the_gate_reaches_it_too() {
    // Set 1, 1.6: the lowest of three choices is the gate of four stars.
    let sheet = embedded().unwrap().remove(0);
    for points in [1, 2, 3] {
        let mut marks = best(&sheet);
        marks.insert("1.6".to_owned(), points);
        assert_eq!(score(&sheet, None, &marks).gate_stars, 5, "{points}");
    }
}

/// A sheet of one question a part, to be spoilt.
fn small_sheet() -> Vec<SheetLine> {
    let list = "set_no,seq,kind,code,parent,label_vi,points,gate_stars,variant\n\
                1,1,part,A,,Một,40,,\n1,2,section,1,A,Một,40,,\n1,3,option,1/1,1,Ít,10,3,\n1,4,option,1/2,1,Nhiều,40,5,\n\
                1,5,part,B,,Hai,25,,\n1,6,criterion,2,B,Hai,25,,\n1,7,part,C,,Ba,35,,\n1,8,criterion,3,C,Ba,35,,\n";
    csv::Reader::from_reader(list.as_bytes()).deserialize().collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_sheet_that_cannot_be_scored_is_not_loaded() {
    type Spoil = fn(&mut Vec<SheetLine>);
    let spoilt: [(&str, Spoil); 6] = [
        ("parts add up to 99", |lines| lines[6].points = Some(34)),
        ("A adds up to 39", |lines| lines[1].points = Some(39)),
        ("the best of 1 gives 39", |lines| lines[3].points = Some(39)),
        ("1/2 is out of order", |lines| lines[2].points = Some(40)),
        ("1/2 is out of order", |lines| lines[2].gate_stars = Some(5)),
        ("7 of 8 lines have a place", |lines| lines[3].parent = Some("9".to_owned())),
    ];
    let set_no = small_sheet()[0].set_no;
    Sheet::new(set_no, &small_sheet()).unwrap();
    for (flaw, spoil) in spoilt {
        let mut lines = small_sheet();
        spoil(&mut lines);
        let fault = format!("{:?}", Sheet::new(set_no, &lines).unwrap_err());
        assert!(fault.contains(flaw), "{flaw}: {fault}");
    }
}
