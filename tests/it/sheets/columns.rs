//! Columns by the names people give them.

use ocop_market::kernel::{Invalid, Line as Single, TaxCode};
use ocop_market::platform::sheets::{CellError, Columns, Line, SHEET_COLUMNS, Wanted};

use super::{day, read};

const WANTED: &[Wanted] = &[
    Wanted { key: "product", names: &["Tên sản phẩm", "Sản phẩm", "Product"], required: true },
    Wanted { key: "decided_on", names: &["Ngày quyết định", "Ngày ký"], required: true },
    Wanted { key: "tax_code", names: &["Mã số thuế", "MST"], required: false },
];

fn columns(file: &str) -> Columns {
    Columns::find(read(file.as_bytes()).unwrap(), WANTED).unwrap()
}

#[test]
fn a_header_is_found_below_the_title_by_names_without_accents() {
    let file = "ỦY BAN NHÂN DÂN TỈNH,,,\n,,,\nDanh sách kèm theo quyết định,,,\n\
                NGAY_KY,STT,ten  san-pham:,\n21/11/2026,1,Mật ong,\n,2,,lạc lõng\n";
    let columns = columns(file);
    let lines: Vec<_> = columns.lines().collect();
    assert_eq!(lines.iter().map(Line::number).collect::<Vec<_>>(), [5, 6]);
    assert_eq!(lines[0].text("product").as_deref(), Some("Mật ong"));
    assert_eq!(lines[0].date("decided_on"), Ok(Some(day("2026-11-21"))));
    assert_eq!(lines[0].text("tax_code"), None);
    assert_eq!((lines[0].at("product"), lines[0].at("tax_code")), ("C5".to_owned(), "5".to_owned()));
    let unknown: Vec<_> = columns.unknown().iter().map(|error| (error.at.as_str(), error.vi.as_str())).collect();
    assert_eq!(unknown, [("B4", "không dùng cột “STT”")]);
}

#[test]
fn a_wrong_value_is_named_by_its_cell() {
    let columns = columns("Sản phẩm,Ngày ký,MST\nTrà,30/02/2026,123\n,,0100109106\n");
    let lines: Vec<_> = columns.lines().collect();
    let wrong = lines[0].require_date("decided_on").unwrap_err();
    assert_eq!((wrong.at.as_str(), wrong.vi.as_str()), ("B2", "phải là ngày, ví dụ 31/12/2026"));
    assert_eq!(lines[0].read::<TaxCode>("tax_code").unwrap_err().at, "C2");
    assert!(lines[1].read::<TaxCode>("tax_code").unwrap().is_some());
    let missing = CellError::new("A3", Invalid { vi: "không được để trống", en: "must not be empty" });
    assert_eq!(lines[1].require::<Single<1, 10>>("product"), Err(missing));
    assert_eq!(lines[1].date("decided_on"), Ok(None));
}

#[test]
fn missing_and_doubled_columns_refuse_the_file() {
    let missing = Columns::find(read("Tên sản phẩm,MST,mst\nTrà,1,2\n".as_bytes()).unwrap(), WANTED).unwrap_err();
    assert!(missing.is(&SHEET_COLUMNS), "{missing:?}");
    assert_eq!(SHEET_COLUMNS.code, "sheet-columns");
    let told = format!("{missing:?}");
    assert!(told.contains("thiếu cột “Ngày quyết định”") && told.contains("trùng cột “Mã số thuế”"), "{told}");
    assert!(told.contains("\"C1\""), "{told}");
    let nothing = Columns::find(read(b"").unwrap(), WANTED).unwrap_err();
    assert!(nothing.is(&SHEET_COLUMNS), "{nothing:?}");
}
