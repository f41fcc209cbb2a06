//! Sheets in and out: what is written reads back, and no file takes more than it may.
#![expect(clippy::unwrap_used, reason = "helpers of tests, outside the functions marked as tests")]

mod columns;
mod files;
mod hostile;

use axum::body::Bytes;
use chrono::{NaiveDate, TimeZone as _, Utc};
use http_body_util::BodyExt as _;
use ocop_market::kernel::Lang;
use ocop_market::platform::error::{Error, Problem, Result};
use ocop_market::platform::sheets::{
    Cell, Column, Export, Format, Limits, Ready, Rows, Sheet, Value, address, column_name, read_blocking,
};
use proptest::prelude::*;

const COLUMNS: &[Column] = &[
    Column { key: "decision", vi: "Số quyết định", en: "Decision", width: 20 },
    Column { key: "amount", vi: "Số lượng", en: "Amount", width: 10 },
    Column { key: "day", vi: "Ngày", en: "Day", width: 12 },
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn export(format: Format) -> Export {
    let made_at = Utc.with_ymd_and_hms(2026, 11, 21, 2, 0, 0).unwrap();
    Export { format, lang: Lang::Vi, name: "Sổ chứng nhận 2026".to_owned(), columns: COLUMNS, made_at }
}

async fn written(format: Format, rows: impl Rows) -> Bytes {
    let response = export(format).send(rows).await.unwrap();
    response.into_body().collect().await.unwrap().to_bytes()
}

fn read(file: &[u8]) -> Result<Sheet> {
    read_blocking(file, &Limits::IMPORT)
}

#[track_caller]
fn assert_refused(outcome: Result<Sheet>, problem: &'static Problem) {
    match outcome {
        Err(error @ Error::Refused(_)) => assert!(error.is(problem), "{error:?}"),
        other => panic!("not refused: {other:?}"),
    }
}

/// Texts of all cells that hold something, by address.
fn texts(sheet: &Sheet) -> Vec<(String, String)> {
    let cells = sheet.rows.iter().flat_map(|row| {
        let texts = row.cells.iter().enumerate();
        texts.filter_map(|(column, value)| Some((address(column, row.number), value.text()?.into_owned())))
    });
    cells.collect()
}

fn row(decision: &str, amount: i64, date: &str) -> Vec<Cell> {
    vec![decision.into(), amount.into(), day(date).into()]
}

#[tokio::test]
async fn what_was_written_reads_back() {
    let rows = vec![
        row("0042/QĐ-UBND, \"Mật ong\"\nbạc hà", -7, "2026-02-28"),
        row("=1+1", 999_999_999_999_999, "1999-12-31"),
        row("'@SUM(A1)", i64::MAX, "2119-01-01"),
        vec![Cell::Empty, Cell::Empty, day("2026-11-21").into()],
    ];
    for format in [Format::Csv, Format::Xlsx] {
        let file = written(format, Ready(rows.clone())).await;
        let expected = [
            ("A1", "Số quyết định"),
            ("B1", "Số lượng"),
            ("C1", "Ngày"),
            ("A2", "0042/QĐ-UBND, \"Mật ong\"\nbạc hà"),
            ("B2", "-7"),
            ("C2", "2026-02-28"),
            ("A3", "=1+1"),
            ("B3", "999999999999999"),
            ("C3", "1999-12-31"),
            ("A4", "'@SUM(A1)"),
            ("B4", "9223372036854775807"),
            ("C4", "2119-01-01"),
            ("C5", "2026-11-21"),
        ];
        let expected: Vec<_> = expected.iter().map(|(at, text)| ((*at).to_owned(), (*text).to_owned())).collect();
        assert_eq!(texts(&read(&file).unwrap()), expected, "{format:?}");
    }
}

#[tokio::test]
async fn a_csv_file_runs_no_formula_and_shows_vietnamese_in_excel() {
    let rows = vec![row("=HYPERLINK(\"http://x\")", 1, "2026-01-01"), row("-2+3", -2, "2026-01-01")];
    let file = written(Format::Csv, Ready(rows)).await;
    assert_eq!(
        std::str::from_utf8(&file).unwrap(),
        "\u{FEFF}Số quyết định,Số lượng,Ngày\r\n\"'=HYPERLINK(\"\"http://x\"\")\",1,2026-01-01\r\n'-2+3,-2,2026-01-01\r\n"
    );
}

#[tokio::test]
async fn json_lines_keep_types_and_the_order_of_columns() {
    let rows =
        vec![row("01", 5, "2026-01-31"), vec![Cell::Empty, Cell::Empty, Utc.timestamp_opt(0, 0).unwrap().into()]];
    let file = written(Format::Jsonl, Ready(rows)).await;
    assert_eq!(
        std::str::from_utf8(&file).unwrap(),
        "{\"decision\":\"01\",\"amount\":5,\"day\":\"2026-01-31\"}\n\
         {\"decision\":null,\"amount\":null,\"day\":\"1970-01-01T07:00:00+07:00\"}\n"
    );
}

#[tokio::test]
async fn the_same_rows_are_the_same_bytes() {
    for format in [Format::Csv, Format::Xlsx, Format::Jsonl] {
        let rows = || Ready(vec![row("01", 5, "2026-01-31")]);
        assert_eq!(written(format, rows()).await, written(format, rows()).await);
    }
}

#[tokio::test]
async fn an_export_says_what_it_is_and_how_it_is_called() {
    let expected = [
        (Format::Csv, "text/csv; charset=utf-8", "csv"),
        (Format::Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        (Format::Jsonl, "application/jsonl; charset=utf-8", "jsonl"),
    ];
    for (format, content_type, extension) in expected {
        let response = export(format).send(Ready(Vec::new())).await.unwrap();
        assert_eq!(response.headers()["content-type"], content_type);
        let name = "attachment; filename=\"so-chung-nhan-2026.EXT\"; \
                    filename*=UTF-8''S%E1%BB%95%20ch%E1%BB%A9ng%20nh%E1%BA%ADn%202026.EXT";
        assert_eq!(response.headers()["content-disposition"], name.replace("EXT", extension));
    }
}

/// Rows without end; the given chunk, if any, is a fault.
struct Endless {
    chunks: usize,
    fault_at: Option<usize>,
}

impl Rows for Endless {
    async fn next(&mut self) -> Result<Vec<Vec<Cell>>> {
        self.chunks += 1;
        if self.fault_at == Some(self.chunks) {
            return Err(Error::fault("the database went away"));
        }
        Ok(vec![row("01", 5, "2026-01-31"); 100])
    }
}

#[tokio::test]
async fn rows_are_written_while_they_are_read() {
    let mut body = export(Format::Csv).send(Endless { chunks: 0, fault_at: None }).await.unwrap().into_body();
    for _ in 0..50 {
        let frame = body.frame().await.unwrap().unwrap();
        assert!(frame.data_ref().unwrap().len() > 1_000);
    }
}

#[tokio::test]
async fn a_fault_on_the_way_breaks_the_export_off() {
    for format in [Format::Csv, Format::Jsonl] {
        assert!(export(format).send(Endless { chunks: 0, fault_at: Some(1) }).await.is_err());
        let response = export(format).send(Endless { chunks: 0, fault_at: Some(3) }).await.unwrap();
        assert!(response.into_body().collect().await.is_err());
    }
    assert!(export(Format::Xlsx).send(Endless { chunks: 0, fault_at: Some(3) }).await.is_err());
}

#[test]
fn columns_are_counted_as_spreadsheets_do() {
    let names = [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")];
    for (column, name) in names {
        assert_eq!(column_name(column), name);
    }
}

/// Texts with what CSV, XML and formulas trip over.
fn any_text() -> impl Strategy<Value = String> {
    let any_letter = prop_oneof![
        prop::sample::select("=+-@'\",;&<>_x0041\n ăâđêôơưẤỠ🐝0123456789/.".chars().collect::<Vec<_>>()),
        prop::char::range(' ', '~'),
        prop::char::range('\u{A1}', '\u{2FF}'),
    ];
    prop::collection::vec(any_letter, 0..12).prop_map(|letters| letters.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_text_reads_back_as_it_was(table in prop::collection::vec(prop::array::uniform3(any_text()), 0..5)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for format in [Format::Csv, Format::Xlsx] {
            let rows = table.iter().map(|row| row.iter().cloned().map(Cell::Text).collect()).collect();
            let sheet = read(&runtime.block_on(written(format, Ready(rows)))).unwrap();
            for (number, row) in (2..).zip(&table) {
                let cells = sheet.rows.iter().find(|read| read.number == number).map(|read| read.cells.as_slice());
                for (column, text) in row.iter().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
                    let read = cells.and_then(|cells| cells.get(column));
                    prop_assert_eq!(read, Some(&Value::Text(text.clone())), "{:?}", format);
                }
            }
        }
    }
}
