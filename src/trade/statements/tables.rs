//! Statements, returns and certificates as spreadsheets.

use super::model::{Position, Statement, StatementRow};
use super::taxes::{CertifiedMonth, TaxReturnRow, Withheld};
use crate::kernel::{Lang, Vnd};
use crate::platform::sheets::{Cell, Column};

const fn column(key: &'static str, vi: &'static str, en: &'static str, width: u8) -> Column {
    Column { key, vi, en, width }
}

/// Columns of a statement.
pub const STATEMENT: &[Column] = &[
    column("at", "Thời điểm", "At", 22),
    column("order_number", "Số đơn hàng", "Order number", 22),
    column("kind", "Nội dung", "Matter", 20),
    column("sale_vnd", "Người mua trả", "Paid by the buyer", 16),
    column("vouchers_vnd", "Giảm giá do bên khác chịu", "Discounts others bear", 16),
    column("commission_vnd", "Hoa hồng", "Commission", 14),
    column("vat_vnd", "Thuế GTGT khấu trừ", "VAT withheld", 14),
    column("pit_vnd", "Thuế TNCN khấu trừ", "PIT withheld", 14),
    column("refunds_vnd", "Hoàn người mua", "Refunds", 14),
    column("fees_vnd", "Phí", "Fees", 12),
    column("received_directly_vnd", "Gian hàng đã nhận trực tiếp", "Received directly", 18),
    column("paid_out_vnd", "Đã chi trả", "Paid out", 14),
    column("corrections_vnd", "Điều chỉnh", "Corrections", 14),
    column("balance_change_vnd", "Số dư tại cổng thanh toán", "Balance at the gateways", 18),
    column("owed_change_vnd", "Còn nợ sàn", "Owed", 14),
];

/// A statement, a row each: where the shop stood, what happened, where it stands. The last two columns of the first rows
/// sum to the last one.
pub fn statement(statement: &Statement, lang: Lang) -> Vec<Vec<Cell>> {
    let (opening, closing) = match lang {
        Lang::Vi => ("Số dư đầu kỳ", "Số dư cuối kỳ"),
        Lang::En => ("Opening", "Closing"),
    };
    [standing(opening, statement.period.start().into(), &statement.opening)]
        .into_iter()
        .chain(statement.rows.iter().map(moved))
        .chain([standing(closing, Cell::Empty, &statement.closing)])
        .collect()
}

fn standing(label: &str, at: Cell, position: &Position) -> Vec<Cell> {
    let mut cells = vec![at, Cell::Empty, label.into()];
    cells.resize(STATEMENT.len() - 2, Cell::Empty);
    cells.extend([position.balance_vnd.into(), position.owed_vnd.into()]);
    cells
}

fn moved(row: &StatementRow) -> Vec<Cell> {
    let kind = row.kind.and_then(|kind| Some(serde_json::to_value(kind).ok()?.as_str()?.to_owned()));
    let amounts = [
        row.sale_vnd,
        row.vouchers_vnd,
        row.commission_vnd,
        row.vat_vnd,
        row.pit_vnd,
        row.refunds_vnd,
        row.fees_vnd,
        row.received_directly_vnd,
        row.paid_out_vnd,
        row.corrections_vnd,
        row.balance_change_vnd,
        row.owed_change_vnd,
    ];
    let what = [row.at.into(), row.order_number.clone().into(), kind.into()];
    what.into_iter().chain(amounts.map(Cell::from)).collect()
}

macro_rules! with_withheld {
    ($($column:expr),+ $(,)?) => {
        &[
            $($column,)+
            column("revenue_vnd", "Doanh thu", "Revenue", 18),
            column("revenue_offset_vnd", "Doanh thu bù trừ (hủy, trả lại)", "Revenue offset", 18),
            column("vat_vnd", "Thuế GTGT khấu trừ", "VAT withheld", 16),
            column("vat_offset_vnd", "Thuế GTGT bù trừ", "VAT offset", 16),
            column("pit_vnd", "Thuế TNCN khấu trừ", "PIT withheld", 16),
            column("pit_offset_vnd", "Thuế TNCN bù trừ", "PIT offset", 16),
            column("due_vnd", "Còn phải nộp", "Due", 16),
        ]
    };
}

/// Columns of a return.
pub const TAX_RETURN: &[Column] = with_withheld![
    column("province_code", "Mã tỉnh", "Province code", 10),
    column("province", "Tỉnh", "Province", 20),
    column("seller", "Người bán", "Seller", 32),
    column("tax_code", "Mã số thuế / số định danh", "Tax code", 20),
];

/// Columns of a certificate.
pub const CERTIFICATE: &[Column] = with_withheld![column("month", "Tháng", "Month", 12)];

fn amounts(withheld: &Withheld) -> impl Iterator<Item = Cell> + use<> {
    let amounts: [Vnd; 7] = [
        withheld.revenue_vnd,
        withheld.revenue_offset_vnd,
        withheld.vat_vnd,
        withheld.vat_offset_vnd,
        withheld.pit_vnd,
        withheld.pit_offset_vnd,
        withheld.due_vnd,
    ];
    amounts.into_iter().map(Cell::from)
}

/// A return, a row a seller.
pub fn tax_return(rows: &[TaxReturnRow]) -> Vec<Vec<Cell>> {
    let row = |row: &TaxReturnRow| {
        let who: [Cell; 4] = [
            row.province_code.clone().into(),
            row.province.clone().into(),
            row.seller.clone().into(),
            row.tax_code.clone().into(),
        ];
        who.into_iter().chain(amounts(&row.withheld)).collect()
    };
    rows.iter().map(row).collect()
}

/// A certificate, a row a month.
pub fn certificate(months: &[CertifiedMonth]) -> Vec<Vec<Cell>> {
    let row = |month: &CertifiedMonth| {
        [Cell::from(month.month.to_string())].into_iter().chain(amounts(&month.withheld)).collect()
    };
    months.iter().map(row).collect()
}
