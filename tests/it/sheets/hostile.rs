//! Files made to hurt.

use std::io::{Cursor, Write as _};

use ocop_market::platform::sheets::{Limits, SHEET_TOO_LARGE, SHEET_UNREADABLE, read_blocking};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{assert_refused, read, texts};

/// A workbook put together by hand, part by part.
#[derive(Clone, Default)]
pub struct Workbook {
    pub sheet: String,
    pub second_sheet: Option<String>,
    pub shared_strings: String,
    pub since_1904: bool,
    pub first_hidden: bool,
}

pub fn sheet_xml(cells: &str) -> String {
    format!("<worksheet><sheetData><row r=\"1\">{cells}</row></sheetData></worksheet>")
}

impl Workbook {
    /// With these cells in the first row.
    pub fn of_cells(cells: &str) -> Self {
        Self { sheet: sheet_xml(cells), ..Self::default() }
    }

    pub fn file(&self) -> Vec<u8> {
        let relation = |id: &str, kind: &str, target: &str| {
            let base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
            format!("<Relationship Id=\"{id}\" Type=\"{base}/{kind}\" Target=\"{target}\"/>")
        };
        let relations = |inside: String| format!("<Relationships>{inside}</Relationships>");
        let hidden = if self.first_hidden { " state=\"hidden\"" } else { "" };
        let sheets = format!(
            "<sheet name=\"S1\" sheetId=\"1\" r:id=\"r1\"{hidden}/><sheet name=\"S2\" sheetId=\"2\" r:id=\"r2\"/>"
        );
        let strings = format!("<sst>{}</sst>", self.shared_strings);
        let parts = [
            ("_rels/.rels", relations(relation("r1", "officeDocument", "xl/workbook.xml"))),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
                 <workbookPr date1904=\"{}\"/><sheets>{sheets}</sheets></workbook>",
                    u8::from(self.since_1904)
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                relations(
                    relation("r1", "worksheet", "worksheets/sheet1.xml")
                        + &relation("r2", "worksheet", "worksheets/sheet2.xml")
                        + &relation("r3", "styles", "styles.xml")
                        + &relation("r4", "sharedStrings", "sharedStrings.xml"),
                ),
            ),
            (
                "xl/styles.xml",
                "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>".to_owned(),
            ),
            ("xl/sharedStrings.xml", strings),
            ("xl/worksheets/sheet1.xml", self.sheet.clone()),
            ("xl/worksheets/sheet2.xml", self.second_sheet.clone().unwrap_or_else(|| sheet_xml(""))),
        ];
        archive(parts.iter().map(|(name, text)| (*name, text.as_bytes())))
    }
}

fn archive<'a>(parts: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_file_that_unpacks_to_too_much_is_refused() {
    let zeros = vec![b' '; 80 << 20];
    let sheet = sheet_xml("<c r=\"A1\"><v>1</v></c>");
    let bomb = archive([("xl/worksheets/sheet1.xml", sheet.as_bytes()), ("xl/media/zeros", &zeros)].into_iter());
    assert!(bomb.len() < 1 << 20, "it looks harmless");
    assert_refused(read(&bomb), &SHEET_TOO_LARGE);
    assert_eq!(SHEET_TOO_LARGE.code, "sheet-too-large");
}

#[test]
fn a_size_an_archive_claims_is_not_believed() {
    let claimed = u32::to_le_bytes(80 << 20);
    let zeros = vec![b' '; 80 << 20];
    let mut bomb = archive([("xl/media/zeros", zeros.as_slice())].into_iter());
    let places: Vec<_> = (0..bomb.len() - 4).filter(|place| bomb[*place..*place + 4] == claimed).collect();
    assert!(!places.is_empty(), "the sizes were not found");
    for place in places {
        bomb[place..place + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    // Nothing is unpacked beyond the claim: the part is found to be damaged.
    assert_refused(read(&bomb), &SHEET_UNREADABLE);
}

#[test]
fn an_archive_of_a_thousand_parts_and_more_is_refused() {
    let names: Vec<_> = (0..1_001).map(|number| format!("part{number}")).collect();
    assert_refused(read(&archive(names.iter().map(|name| (name.as_str(), &b""[..])))), &SHEET_TOO_LARGE);
}

#[test]
fn a_sheet_that_claims_to_be_huge_costs_nothing() {
    let far = "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>\
               <row r=\"1048576\"><c r=\"XFD1048576\">CELL</c></row></sheetData></worksheet>";
    let of = |cell: &str| Workbook { sheet: far.replace("CELL", cell), ..Workbook::default() }.file();
    assert_eq!(texts(&read(&of("")).unwrap()), [("A1".to_owned(), "1".to_owned())]);
    assert_refused(read(&of("<v>1</v>")), &SHEET_TOO_LARGE);
}

#[test]
fn what_goes_beyond_a_limit_is_refused() {
    let limits = Limits { bytes: 100, unpacked_bytes: 30, rows: 3, columns: 2, cell_chars: 10 };
    let reads = |file: &str| read_blocking(file.as_bytes(), &limits);
    assert!(reads("a,b\nc,d\nđđđđđđđđđđ,f\n").is_ok());
    for beyond in ["a,b\nc,d\ne,f\ng,h", "a,b,c", "đđđđđđđđđđđ,b", &"a,b\n".repeat(26)] {
        assert_refused(reads(beyond), &SHEET_TOO_LARGE);
    }
    // Ten characters of two bytes each, twice: over thirty bytes of text.
    assert_refused(reads("đđđđđđđđđđ,đđđđđđđđđđ"), &SHEET_TOO_LARGE);
}

#[test]
fn one_text_used_everywhere_counts_everywhere() {
    let text = "x".repeat(5_000);
    let rows: Vec<String> = (1..=9_000)
        .map(|row| {
            format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c><c r=\"B{row}\" t=\"s\"><v>0</v></c></row>")
        })
        .collect();
    let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", rows.concat());
    let workbook = Workbook { sheet, shared_strings: format!("<si><t>{text}</t></si>"), ..Workbook::default() };
    assert_refused(read(&workbook.file()), &SHEET_TOO_LARGE);
}

#[test]
fn what_is_no_sheet_is_refused() {
    let utf_16: Vec<u8> = "Tên\tSao\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let windows_1258 = b"M\xE2\xECt ong,4\n";
    let old_or_encrypted = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest";
    let picture = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR";
    let some_archive = archive([("word/document.xml", &b"<document/>"[..])].into_iter());
    let half = &Workbook::of_cells("<c r=\"A1\"><v>1</v></c>").file()[..200];
    for file in [&utf_16[..], windows_1258, old_or_encrypted, picture, &some_archive, half] {
        assert_refused(read(file), &SHEET_UNREADABLE);
    }
    assert_eq!(SHEET_UNREADABLE.code, "sheet-unreadable");
    assert!(read(b"").unwrap().rows.is_empty());
}

#[test]
fn damage_is_noticed_and_never_a_panic() {
    let whole = Workbook::of_cells("<c r=\"A1\" s=\"1\"><v>46347</v></c><c r=\"B1\" t=\"s\"><v>0</v></c>").file();
    for place in 0..whole.len() {
        for damage in [0x01, 0x80, 0xFF] {
            let mut file = whole.clone();
            file[place] ^= damage;
            if let Err(error) = read(&file) {
                assert!(error.is(&SHEET_UNREADABLE) || error.is(&SHEET_TOO_LARGE), "{place}: {error:?}");
            }
        }
    }
}
