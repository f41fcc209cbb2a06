//! From a row of a decision's list to what it says: the columns an appendix has, and what can be wrong in them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::super::claim::{competent, impossible};
use super::super::{DecisionNumber, ProductSet, SetNo, Stars};
use super::model::{Defaults, ImportRow, Reading};
use crate::kernel::text::fold;
use crate::kernel::{Invalid, Line as OneLine, TaxCode};
use crate::people::access::Provinces;
use crate::places::{LegacyProvince, Province};
use crate::platform::sheets::{CellError, Line, Wanted};

const fn wanted(key: &'static str, names: &'static [&'static str], required: bool) -> Wanted {
    Wanted { key, names, required }
}

/// What an appendix of a recognition decision has; the decision itself may stand in columns or be said beside the file.
pub static WANTED: [Wanted; 10] = [
    wanted("product", &["Tên sản phẩm", "Sản phẩm", "Tên sản phẩm OCOP", "Tên sản phẩm, dịch vụ"], true),
    wanted("owner", &["Chủ thể", "Tên chủ thể", "Chủ thể sản xuất", "Chủ thể OCOP", "Đơn vị", "Cơ sở sản xuất"], true),
    wanted("tax_code", &["Mã số thuế", "MST", "Mã số doanh nghiệp"], false),
    wanted("set", &["Bộ sản phẩm", "Bộ", "Số bộ sản phẩm", "Nhóm sản phẩm"], true),
    wanted("stars", &["Số sao", "Sao", "Hạng sao", "Xếp hạng", "Phân hạng", "Kết quả xếp hạng", "Hạng"], true),
    wanted("number", &["Số quyết định", "Quyết định số", "Số QĐ"], false),
    wanted("date", &["Ngày quyết định", "Ngày ban hành", "Ngày ký", "Ngày QĐ"], false),
    wanted("authority", &["Cơ quan", "Cơ quan công nhận", "Cơ quan ban hành", "Cơ quan cấp"], false),
    wanted("issued", &["Ngày cấp", "Ngày cấp giấy chứng nhận"], false),
    wanted("province", &["Tỉnh", "Tỉnh, thành phố", "Tỉnh cũ", "Tỉnh/Thành phố (cũ)", "Tên tỉnh"], false),
];

const EMPTY: Invalid = Invalid { vi: "không được để trống", en: "must not be empty" };
const STARS: Invalid = Invalid { vi: "phải là 3, 4 hoặc 5 sao", en: "must be 3, 4 or 5 stars" };
const SET: Invalid = Invalid {
    vi: "phải là số (1 đến 26) hoặc tên của bộ sản phẩm",
    en: "must be the number (1 to 26) or the name of a product set",
};
const PROVINCE: Invalid =
    Invalid { vi: "phải là tên một tỉnh, thành phố", en: "must be the name of a province" };
const NO_PROVINCE: Invalid = Invalid {
    vi: "không rõ tỉnh cấp: cần cột “Tỉnh” hoặc chọn tỉnh khi tải lên",
    en: "the province of issue is not clear: it needs the column “Tỉnh”, or to be chosen with the upload",
};
const OTHER_PROVINCE: Invalid =
    Invalid { vi: "không thuộc tỉnh bạn phụ trách", en: "is not one of your provinces" };
const FIVE_STARS: Invalid = Invalid {
    vi: "5 sao do Bộ công nhận: chỉ cơ quan điều hành quốc gia được nhập",
    en: "five stars are recognised by the Ministry: only the national operator imports them",
};

/// What reading a list needs to know.
pub struct Reader<'a> {
    /// The product sets.
    pub sets: &'a [ProductSet],
    /// The provinces of today.
    pub provinces: &'a [Province],
    /// Those of before 1 July 2025.
    pub legacy: &'a [LegacyProvince],
    /// What was said beside the file.
    pub defaults: &'a Defaults,
    /// Where the importer acts.
    pub reach: &'a Provinces,
    /// Whether the national desk imports.
    pub national: bool,
    /// The day.
    pub today: NaiveDate,
}

/// The values of one row, and what was wrong with the others.
struct Cells<'a> {
    line: Line<'a>,
    errors: Vec<CellError>,
}

impl Cells<'_> {
    fn keep<T>(&mut self, read: Result<Option<T>, CellError>) -> Option<T> {
        read.map_err(|wrong| self.errors.push(wrong)).ok().flatten()
    }

    fn wrong(&mut self, key: &str, why: Invalid) {
        self.errors.push(self.line.wrong(key, why));
    }

    /// The value, which must be there unless the cell was wrong anyway.
    fn needed<T>(&mut self, key: &str, value: Option<T>, why: Invalid) -> Option<T> {
        let at = self.line.at(key);
        if value.is_none() && !self.errors.iter().any(|error| error.at == at) {
            self.wrong(key, why);
        }
        value
    }
}

impl Reader<'_> {
    /// What the row says.
    pub fn read(&self, line: Line<'_>) -> ImportRow {
        let mut cells = Cells { line, errors: Vec::new() };
        let reading = self.reading(&mut cells);
        self.check(&mut cells, &reading);
        ImportRow::new(line.number(), reading, cells.errors)
    }

    fn reading(&self, cells: &mut Cells<'_>) -> Reading {
        let line = cells.line;
        let product = cells.keep(line.read::<OneLine<3, 200>>("product"));
        let owner = cells.keep(line.read::<OneLine<2, 200>>("owner"));
        let tax_code = cells.keep(line.read::<TaxCode>("tax_code"));
        let set =
            cells.keep(line.text("set").map(|text| self.set(&text)).transpose().map_err(|why| line.wrong("set", why)));
        let stars =
            cells.keep(line.text("stars").map(|text| stars(&text)).transpose().map_err(|why| line.wrong("stars", why)));
        let number =
            cells.keep(line.read::<DecisionNumber>("number")).or_else(|| self.defaults.decision_number.clone());
        let date = cells.keep(line.date("date")).or(self.defaults.decision_date);
        let authority =
            cells.keep(line.read::<OneLine<3, 160>>("authority")).or_else(|| self.defaults.authority.clone());
        let issued = cells.keep(line.date("issued")).or(self.defaults.issued_on).or(date);
        let legacy = self.legacy_province(cells, authority.as_deref());
        Reading {
            product_name: cells.needed("product", product, EMPTY).map(OneLine::into_inner),
            owner_name: cells.needed("owner", owner, EMPTY).map(OneLine::into_inner),
            owner_tax_code: tax_code,
            set_no: cells.needed("set", set, EMPTY),
            stars: cells.needed("stars", stars, EMPTY),
            decision_number: cells.needed("number", number, EMPTY),
            decision_date: cells.needed("date", date, EMPTY),
            authority: cells.needed("authority", authority, EMPTY).map(OneLine::into_inner),
            issued_on: issued,
            legacy_province_code: legacy,
        }
    }

    /// Days that cannot be, stars of another authority, stars and provinces that are another desk's.
    fn check(&self, cells: &mut Cells<'_>, reading: &Reading) {
        if let (Some(date), Some(issued), Some(authority)) =
            (reading.decision_date, reading.issued_on, reading.authority.as_deref())
            && let Err((field, why)) = impossible(date, issued, authority, self.today)
        {
            let column = match field {
                "issued_on" if cells.line.text("issued").is_some() => "issued",
                "authority" => "authority",
                _ => "date",
            };
            cells.wrong(column, why);
        }
        if !self.national && reading.stars.is_some_and(|stars| stars.get() == 5) {
            cells.wrong("stars", FIVE_STARS);
        } else if let (Some(stars), Some(authority)) = (reading.stars, reading.authority.as_deref())
            && let Err(why) = competent(authority, stars)
        {
            cells.wrong("authority", why);
        }
        if self.national {
            return;
        }
        let issued_in = reading.legacy_province_code.as_deref().and_then(|code| self.successor(code));
        if issued_in.is_some_and(|code| !self.reach.contains(code)) {
            cells.wrong(if cells.line.text("province").is_some() { "province" } else { "authority" }, OTHER_PROVINCE);
        }
    }

    fn successor(&self, legacy: &str) -> Option<&str> {
        self.legacy.iter().find(|province| province.code == legacy).map(|province| province.successor_code.as_str())
    }

    /// The former province the row names; else the one chosen with the upload; else the one in the authority's name.
    fn legacy_province(&self, cells: &mut Cells<'_>, authority: Option<&str>) -> Option<String> {
        if let Some(named) = cells.line.text("province") {
            let found = self.by_name(&fold(&named));
            return cells.needed("province", found, PROVINCE);
        }
        let chosen = self.defaults.legacy_province_code.clone();
        let found = chosen.or_else(|| self.by_name(&fold(authority?)));
        cells.needed("authority", found, NO_PROVINCE)
    }

    /// The former province at the end of a folded text: "tinh ben tre", "uy ban nhan dan thanh pho ha noi". A name only
    /// today's list has stands for the former province it continues.
    fn by_name(&self, folded: &str) -> Option<String> {
        let ends_with = |name: &str| folded == name || folded.ends_with(&format!(" {name}"));
        let mut names: BTreeMap<String, &str> = BTreeMap::new();
        for province in self.provinces {
            if let Some(old) = self.legacy.iter().find(|old| old.successor_code == province.code) {
                names.insert(fold(&province.name_vi), &old.code);
            }
        }
        names.extend(self.legacy.iter().map(|old| (fold(&old.name_vi), old.code.as_str())));
        // The longest: "Thừa Thiên Huế" rather than "Huế".
        let fitting = names.iter().filter(|(name, _)| ends_with(name));
        fitting.max_by_key(|(name, _)| name.len()).map(|(_, code)| (*code).to_owned())
    }

    /// A set by its number, alone or in words ("Bộ 11"), or by its name.
    fn set(&self, text: &str) -> Result<SetNo, Invalid> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if let Ok(number) = digits.parse::<i16>() {
            return SetNo::try_from(number);
        }
        let folded = fold(text);
        let named = self.sets.iter().find(|set| fold(&set.name_vi) == folded);
        named.map(|set| set.set_no).ok_or(SET)
    }
}

/// "4", "4 sao", "OCOP 4 sao", "4*".
fn stars(text: &str) -> Result<Stars, Invalid> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse::<i16>().map_err(|_| STARS).and_then(|number| Stars::try_from(number).map_err(|_| STARS))
}
