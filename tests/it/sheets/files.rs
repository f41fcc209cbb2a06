//! Files as people and their programs make them.

use ocop_market::platform::sheets::{Limits, Value, read as read_off_thread, readers};

use super::hostile::{Workbook, sheet_xml};
use super::{day, read, texts};

fn owned(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(at, text)| ((*at).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn comma_semicolon_and_tab_are_told_apart() {
    let expected =
        owned(&[("A1", "Tên"), ("B1", "Xã"), ("C1", "Sao"), ("A2", "Mật ong"), ("B2", "a;b, c"), ("C2", "4")]);
    let files = [
        "Tên,Xã,Sao\nMật ong,\"a;b, c\",4\n",
        "Tên;Xã;Sao\r\nMật ong;\"a;b, c\";4",
        "Tên\tXã\tSao\nMật ong\ta;b, c\t4\r\n",
    ];
    for file in files {
        assert_eq!(texts(&read(file.as_bytes()).unwrap()), expected);
        let with_mark = format!("\u{FEFF}{file}");
        assert_eq!(texts(&read(with_mark.as_bytes()).unwrap()), expected);
    }
    let unquoted = "Tên;Địa chỉ\nMật ong;Xã A, tỉnh B\nTrà;Xã C, xóm D, tỉnh B\n";
    assert_eq!(texts(&read(unquoted.as_bytes()).unwrap())[3], ("B2".to_owned(), "Xã A, tỉnh B".to_owned()));
}

#[test]
fn rows_are_numbered_as_the_spreadsheet_shows_them() {
    let expected = owned(&[("A2", "a"), ("B2", "b"), ("A3", "một\nhai"), ("B3", "x"), ("A5", "cuối"), ("B5", "y")]);
    for file in ["\na,b\n\"một\nhai\",x\n\ncuối,y", "\r\na,b\r\n\"một\r\nhai\",x\r\n , \r\ncuối,y\r\n"] {
        assert_eq!(texts(&read(file.as_bytes()).unwrap()), expected);
    }
}

#[test]
fn numbers_come_without_what_binary_fractions_add() {
    let cells = r#"<c r="A1"><v>0.30000000000000004</v></c><c r="B1"><v>0100109106</v></c><c r="C1"><v>1E+20</v></c>
                   <c r="D1"><v>12.50</v></c><c r="E1" t="n"><v>-3</v></c><c r="F1" t="b"><v>1</v></c>
                   <c r="G1" t="e"><v>#N/A</v></c>"#;
    let sheet = read(&Workbook::of_cells(cells).file()).unwrap();
    let expected = [
        ("A1", "0.3"),
        ("B1", "100109106"),
        ("C1", "100000000000000000000"),
        ("D1", "12.5"),
        ("E1", "-3"),
        ("F1", "TRUE"),
    ];
    assert_eq!(texts(&sheet), owned(&expected));
}

#[test]
fn a_formula_counts_as_the_value_its_author_saw() {
    let cells = r#"<c r="A1"><f>1+1</f><v>3</v></c><c r="B1"><f>NOW()</f></c>
                   <c r="C1" t="str"><f>CONCAT("a","b")</f><v>seen</v></c>"#;
    let sheet = read(&Workbook::of_cells(cells).file()).unwrap();
    assert_eq!(texts(&sheet), owned(&[("A1", "3"), ("C1", "seen")]));
}

#[test]
fn days_are_days_in_both_date_systems() {
    let cells = r#"<c r="A1" s="1"><v>46347</v></c><c r="B1" s="1"><v>46347.5</v></c>"#;
    let workbook = Workbook::of_cells(cells);
    let sheet = read(&workbook.clone().file()).unwrap();
    assert_eq!(texts(&sheet), owned(&[("A1", "2026-11-21"), ("B1", "2026-11-21 12:00:00")]));
    assert_eq!(sheet.rows[0].cells[1].date(), Ok(Some(day("2026-11-21"))));
    // The 1904 system counts 1,462 days fewer.
    let sheet = read(&Workbook { since_1904: true, ..workbook }.file()).unwrap();
    assert_eq!(texts(&sheet)[0], ("A1".to_owned(), "2030-11-22".to_owned()));
}

#[test]
fn a_day_is_read_however_it_was_typed() {
    for typed in ["21/11/2026", "21-11-2026", "21.11.2026", " 21 / 11 / 2026 ", "2026-11-21", "2026/11/21"] {
        assert_eq!(Value::Text(typed.to_owned()).date(), Ok(Some(day("2026-11-21"))), "{typed}");
    }
    assert_eq!(Value::Text("1/2/2026".to_owned()).date(), Ok(Some(day("2026-02-01"))));
    assert_eq!(Value::Number("46347".to_owned()).date(), Ok(Some(day("2026-11-21"))));
    assert_eq!(Value::Text("  ".to_owned()).date(), Ok(None));
    for wrong in ["31/02/2026", "11/21/2026", "21/11/26", "hôm qua", "2026", "1/2", "+1/+2/2026"] {
        let refusal = Value::Text(wrong.to_owned()).date().unwrap_err();
        assert_eq!(refusal.vi, "phải là ngày, ví dụ 31/12/2026", "{wrong}");
    }
    for wrong in ["2026", "20261121", "46347.5"] {
        assert!(Value::Number(wrong.to_owned()).date().is_err(), "{wrong}");
    }
}

#[test]
fn the_first_visible_sheet_is_read() {
    let hidden = Workbook { first_hidden: true, ..Workbook::of_cells(r#"<c r="A1"><v>1</v></c>"#) };
    let second = Workbook { second_sheet: Some(sheet_xml(r#"<c r="A1"><v>2</v></c>"#)), ..hidden };
    assert_eq!(texts(&read(&second.file()).unwrap()), owned(&[("A1", "2")]));
}

#[tokio::test]
async fn reading_happens_on_a_thread_of_its_own() {
    let sheet = read_off_thread(&readers(), "a,b\n1,2\n".into(), Limits::IMPORT).await.unwrap();
    assert_eq!(texts(&sheet).len(), 4);
}
