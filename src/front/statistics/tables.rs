//! The tables of a report: one row a figure, the same in JSON, CSV and XLSX.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::measures::{herfindahl, percentile, share};
use super::model::{
    CaseFigures, CertificateCount, ListingCount, OrderFigures, ProvinceFigures, SearchCount, SellerCount,
};
use crate::platform::sheets::{Cell, Column};

/// A row of a table, as a program and as a spreadsheet has it.
pub trait Row: Serialize + Send + Sync {
    /// What the table is called, in Vietnamese.
    const TITLE: &'static str;
    /// Its columns.
    const COLUMNS: &'static [Column];

    /// A cell for each column.
    fn cells(&self) -> Vec<Cell>;
}

const fn column(key: &'static str, vi: &'static str, en: &'static str, width: u8) -> Column {
    Column { key, vi, en, width }
}

const PROVINCE_CODE: Column = column("province_code", "Mã tỉnh", "Province code", 10);
const PROVINCE: Column = column("province", "Tỉnh", "Province", 20);
const COMMUNE_CODE: Column = column("commune_code", "Mã xã", "Commune code", 10);
const COMMUNE: Column = column("commune", "Xã", "Commune", 24);

/// A value of an enumeration as JSON has it.
fn word(value: &impl Serialize) -> Cell {
    serde_json::to_value(value).ok().and_then(|word| Some(word.as_str()?.to_owned())).into()
}

/// A figure and the province it is of.
#[derive(Debug, Serialize, ToSchema)]
pub struct InProvince<T> {
    /// Code of the current list; null: all of one's provinces together.
    #[schema(example = "12")]
    province_code: Option<String>,
    /// Its name.
    #[schema(example = "Lai Châu")]
    province: Option<String>,
    /// The figure.
    #[serde(flatten)]
    figure: T,
}

/// Every figure of a kind, with its province.
pub fn in_provinces<T: Clone>(
    figures: &[ProvinceFigures],
    of: impl Fn(&ProvinceFigures) -> &[T],
) -> Vec<InProvince<T>> {
    let rows = figures.iter().flat_map(|province| of(province).iter().map(move |figure| of_province(province, figure)));
    rows.collect()
}

fn of_province<T: Clone>(province: &ProvinceFigures, figure: &T) -> InProvince<T> {
    InProvince {
        province_code: Some(province.province_code.clone()),
        province: Some(province.province.clone()),
        figure: figure.clone(),
    }
}

impl<T> InProvince<T> {
    fn with(&self, cells: impl IntoIterator<Item = Cell>) -> Vec<Cell> {
        [self.province_code.clone().into(), self.province.clone().into()].into_iter().chain(cells).collect()
    }
}

impl Row for InProvince<SellerCount> {
    const TITLE: &'static str = "Gian hàng";
    const COLUMNS: &'static [Column] = &[
        PROVINCE_CODE,
        PROVINCE,
        COMMUNE_CODE,
        COMMUNE,
        column("kind", "Loại hình", "Kind", 20),
        column("status", "Trạng thái", "Status", 20),
        column("sellers", "Số gian hàng", "Sellers", 14),
    ];

    fn cells(&self) -> Vec<Cell> {
        let SellerCount { commune_code, commune, kind, status, sellers } = self.figure.clone();
        self.with([commune_code.into(), commune.into(), kind.into(), status.into(), sellers.into()])
    }
}

impl Row for InProvince<ListingCount> {
    const TITLE: &'static str = "Sản phẩm đang bán";
    const COLUMNS: &'static [Column] = &[
        PROVINCE_CODE,
        PROVINCE,
        COMMUNE_CODE,
        COMMUNE,
        column("set_no", "Bộ sản phẩm số", "Set number", 16),
        column("product_set", "Bộ sản phẩm", "Product set", 36),
        column("stars", "Số sao", "Stars", 8),
        column("listings", "Số sản phẩm", "Listings", 14),
    ];

    fn cells(&self) -> Vec<Cell> {
        let ListingCount { commune_code, commune, set_no, product_set, stars, listings } = self.figure.clone();
        self.with([
            commune_code.into(),
            commune.into(),
            i64::from(set_no).into(),
            product_set.into(),
            stars.map(i64::from).into(),
            listings.into(),
        ])
    }
}

impl Row for InProvince<CertificateCount> {
    const TITLE: &'static str = "Giấy chứng nhận";
    const COLUMNS: &'static [Column] = &[
        PROVINCE_CODE,
        PROVINCE,
        column("state", "Tình trạng", "State", 18),
        column("stars", "Số sao", "Stars", 8),
        column("certificates", "Số giấy chứng nhận", "Certificates", 18),
        column("due_in_30_days", "Hết hạn trong 30 ngày", "Due in 30 days", 20),
        column("due_in_60_days", "Hết hạn trong 60 ngày", "Due in 60 days", 20),
        column("due_in_120_days", "Hết hạn trong 120 ngày", "Due in 120 days", 20),
        column("due_in_180_days", "Hết hạn trong 180 ngày", "Due in 180 days", 20),
    ];

    fn cells(&self) -> Vec<Cell> {
        let count = &self.figure;
        let counts = [
            i64::from(count.stars),
            count.certificates,
            count.due_in_30_days,
            count.due_in_60_days,
            count.due_in_120_days,
            count.due_in_180_days,
        ];
        self.with([word(&count.state)].into_iter().chain(counts.map(Cell::from)))
    }
}

impl Row for InProvince<SearchCount> {
    const TITLE: &'static str = "Từ khóa không có kết quả";
    const COLUMNS: &'static [Column] = &[
        PROVINCE_CODE,
        PROVINCE,
        column("words", "Từ khóa (không dấu)", "Words", 36),
        column("searches", "Số lần tìm", "Searches", 14),
    ];

    fn cells(&self) -> Vec<Cell> {
        let SearchCount { words, searches } = self.figure.clone();
        self.with([words.into(), searches.into()])
    }
}

/// Cases of one kind, summed up.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CaseSummary {
    /// What is decided.
    #[schema(example = "listing_revision")]
    kind: String,
    /// Opened in the month.
    opened: i64,
    /// Decided in the month, whenever opened.
    decided: i64,
    /// Of these, after their deadline.
    decided_late: i64,
    /// Their share in basis points, rounded half up; null where none was decided.
    #[schema(example = 1_250)]
    late_basis_points: Option<i64>,
    /// From opening to verdict, in minutes by the clock: half of the decided took no longer (nearest rank).
    median_minutes: Option<i64>,
    /// Nine of ten took no longer (nearest rank).
    p90_minutes: Option<i64>,
    /// Undecided at the end.
    waiting: i64,
    /// Of these, beyond their deadline.
    waiting_late: i64,
}

impl From<&CaseFigures> for CaseSummary {
    fn from(figures: &CaseFigures) -> Self {
        let decided = i64::try_from(figures.handling_minutes.len()).unwrap_or(i64::MAX);
        Self {
            kind: figures.kind.clone(),
            opened: figures.opened,
            decided,
            decided_late: figures.decided_late,
            late_basis_points: share(figures.decided_late, decided),
            median_minutes: percentile(&figures.handling_minutes, 50),
            p90_minutes: percentile(&figures.handling_minutes, 90),
            waiting: figures.waiting,
            waiting_late: figures.waiting_late,
        }
    }
}

/// Cases by province; of several provinces also all together, first.
pub fn cases(figures: &[ProvinceFigures]) -> Vec<InProvince<CaseSummary>> {
    let mut together = BTreeMap::<&str, CaseFigures>::new();
    for own in figures.iter().flat_map(|province| &province.cases) {
        let all = together.entry(&own.kind).or_default();
        own.kind.clone_into(&mut all.kind);
        all.opened += own.opened;
        all.handling_minutes.extend(&own.handling_minutes);
        all.decided_late += own.decided_late;
        all.waiting += own.waiting;
        all.waiting_late += own.waiting_late;
    }
    let all = together.into_values().filter(|_| figures.len() > 1).map(|mut all| {
        all.handling_minutes.sort_unstable();
        InProvince { province_code: None, province: None, figure: CaseSummary::from(&all) }
    });
    let each = figures
        .iter()
        .flat_map(|province| province.cases.iter().map(move |own| of_province(province, &CaseSummary::from(own))));
    all.chain(each).collect()
}

impl Row for InProvince<CaseSummary> {
    const TITLE: &'static str = "Hồ sơ";
    const COLUMNS: &'static [Column] = &[
        PROVINCE_CODE,
        PROVINCE,
        column("kind", "Loại hồ sơ", "Kind", 24),
        column("opened", "Tiếp nhận", "Opened", 12),
        column("decided", "Đã giải quyết", "Decided", 14),
        column("decided_late", "Giải quyết quá hạn", "Decided late", 18),
        column("late_basis_points", "Tỷ lệ quá hạn (phần vạn)", "Late (basis points)", 24),
        column("median_minutes", "Trung vị (phút)", "Median (minutes)", 18),
        column("p90_minutes", "Phân vị 90 (phút)", "90th percentile (minutes)", 24),
        column("waiting", "Đang chờ", "Waiting", 12),
        column("waiting_late", "Đang chờ quá hạn", "Waiting late", 18),
    ];

    fn cells(&self) -> Vec<Cell> {
        let cases = &self.figure;
        self.with([
            cases.kind.as_str().into(),
            cases.opened.into(),
            cases.decided.into(),
            cases.decided_late.into(),
            cases.late_basis_points.into(),
            cases.median_minutes.into(),
            cases.p90_minutes.into(),
            cases.waiting.into(),
            cases.waiting_late.into(),
        ])
    }
}

impl Row for InProvince<OrderFigures> {
    const TITLE: &'static str = "Đơn hàng";
    const COLUMNS: &'static [Column] = &[
        PROVINCE_CODE,
        PROVINCE,
        column("destination_code", "Mã tỉnh đến", "Destination code", 16),
        column("destination", "Tỉnh đến", "Destination", 20),
        column("placed", "Đơn đặt", "Placed", 12),
        column("placed_vnd", "Giá trị đặt (đồng)", "Placed (VND)", 18),
        column("delivered", "Đơn đã giao", "Delivered", 12),
        column("delivered_vnd", "Giá trị đã giao (đồng)", "Delivered (VND)", 22),
        column("cancelled", "Đơn hủy", "Cancelled", 12),
    ];

    fn cells(&self) -> Vec<Cell> {
        let orders = self.figure.clone();
        self.with([
            orders.destination_code.into(),
            orders.destination.into(),
            orders.placed.into(),
            orders.placed_vnd.into(),
            orders.delivered.into(),
            orders.delivered_vnd.into(),
            orders.cancelled.into(),
        ])
    }
}

/// Hà Nội and Hồ Chí Minh City, where most of the country's e-commerce takes place.
const METROPOLES: [&str; 2] = ["01", "79"];

/// By which province orders are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The shop's.
    Origin,
    /// The parcel's.
    Destination,
}

/// What is distributed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Orders placed in the month.
    Orders,
    /// The value of their goods in đồng.
    ValueVnd,
}

/// How the orders of one's provinces are spread over provinces.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Concentration {
    /// By which province.
    side: Side,
    /// Of what.
    measure: Measure,
    /// All of it.
    total: i64,
    /// In Hà Nội (01) and Hồ Chí Minh City (79).
    metropoles: i64,
    /// Everywhere else.
    elsewhere: i64,
    /// The share of Hà Nội and Hồ Chí Minh City in basis points, rounded half up; null of nothing.
    metropoles_basis_points: Option<i64>,
    /// Herfindahl–Hirschman index, 0 to 10,000 (everything in one province), rounded half up; null of nothing.
    #[schema(example = 2_310)]
    hhi: Option<i64>,
}

impl Concentration {
    fn of(side: Side, measure: Measure, amounts: &BTreeMap<&str, i64>) -> Self {
        let total = amounts.values().sum();
        let metropoles = METROPOLES.iter().filter_map(|code| amounts.get(code)).sum();
        let distributed: Vec<u64> = amounts.values().map(|amount| amount.unsigned_abs()).collect();
        Self {
            side,
            measure,
            total,
            metropoles,
            elsewhere: total - metropoles,
            metropoles_basis_points: share(metropoles, total),
            hhi: herfindahl(&distributed),
        }
    }
}

/// The concentration of orders and of their value, by origin and by destination.
pub fn concentration(figures: &[ProvinceFigures]) -> Vec<Concentration> {
    let orders = || figures.iter().flat_map(|province| province.orders.iter().map(move |orders| (province, orders)));
    let mut rows = Vec::new();
    for side in [Side::Origin, Side::Destination] {
        for measure in [Measure::Orders, Measure::ValueVnd] {
            let mut amounts = BTreeMap::<&str, i64>::new();
            for (province, orders) in orders() {
                let code = match side {
                    Side::Origin => &province.province_code,
                    Side::Destination => &orders.destination_code,
                };
                *amounts.entry(code).or_default() += match measure {
                    Measure::Orders => orders.placed,
                    Measure::ValueVnd => orders.placed_vnd.get(),
                };
            }
            rows.push(Concentration::of(side, measure, &amounts));
        }
    }
    rows
}

impl Row for Concentration {
    const TITLE: &'static str = "Mức độ tập trung";
    const COLUMNS: &'static [Column] = &[
        column("side", "Theo nơi", "Side", 14),
        column("measure", "Chỉ tiêu", "Measure", 14),
        column("total", "Tổng", "Total", 18),
        column("metropoles", "Hà Nội và TP. Hồ Chí Minh", "Hà Nội and HCMC", 26),
        column("elsewhere", "Các tỉnh khác", "Elsewhere", 18),
        column(
            "metropoles_basis_points",
            "Tỷ trọng hai thành phố (phần vạn)",
            "Share of the two cities (basis points)",
            34,
        ),
        column("hhi", "Chỉ số HHI", "HHI", 12),
    ];

    fn cells(&self) -> Vec<Cell> {
        vec![
            word(&self.side),
            word(&self.measure),
            self.total.into(),
            self.metropoles.into(),
            self.elsewhere.into(),
            self.metropoles_basis_points.into(),
            self.hhi.into(),
        ]
    }
}
