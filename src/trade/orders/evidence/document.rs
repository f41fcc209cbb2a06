//! A sales certificate on paper.

use maud::{Markup, html};

use super::model::{Figures, SalesCertificate, Statement};
use crate::kernel::clock::VIET_NAM;
use crate::platform::printable::Printable;

/// The certificate; `check` is the address where it is checked.
pub fn printable(certificate: &SalesCertificate, check: &str) -> Printable {
    let statement = &certificate.statement;
    let body = html! {
        @if !certificate.intact {
            h1 { "Không hợp lệ: nội dung đã bị thay đổi sau khi cấp" }
            p.en { "Not valid: altered after it was issued" }
        }
        @if statement.demo {
            h1 { "Dữ liệu trình diễn" }
            p.en { "Demonstration data: these sales never took place" }
        }
        h1 { "Xác nhận doanh số bán hàng qua sàn thương mại điện tử" }
        p.en { "Certificate of sales through the marketplace" }
        (about(statement))
        (totals(&statement.figures))
        (products(&statement.figures))
        p { "Chỉ tính đơn hàng đã giao, theo ngày giao; không gồm phí vận chuyển, đơn đã hủy và đơn đang xử lý." }
        p.en { "Delivered orders only, by the day of delivery; without shipping, cancelled orders and those under way." }
        table {
            tr { th { "Mã xác nhận" } td.code { (statement.id) } }
            tr { th { "Mã kiểm tra" } td.code { (certificate.digest) } }
            tr { th { "Kiểm tra tại" } td.code { (check) } }
        }
    };
    Printable { title: format!("Xác nhận doanh số – {}", statement.seller.name), body }
}

fn about(statement: &Statement) -> Markup {
    let issued_at = statement.issued_at.with_timezone(&VIET_NAM).format("%H:%M ngày %d/%m/%Y");
    let (from, to) = (statement.period.from.format("%d/%m/%Y"), statement.period.to.format("%d/%m/%Y"));
    html! {
        table {
            tr { th { "Gian hàng" } td { (statement.seller.name) ", " (statement.seller.province) } }
            tr { th { "Thời gian" } td { "từ ngày " (from) " đến hết ngày " (to) } }
            tr { th { "Cấp lúc" } td { (issued_at) } }
        }
    }
}

fn totals(figures: &Figures) -> Markup {
    let (delivered, went) = (&figures.delivered, &figures.destinations);
    html! {
        table {
            tr { th { "Đơn hàng đã giao" } td.n { (delivered.orders) } }
            tr { th { "Số lượng" } td.n { (delivered.quantity) } }
            tr { th { "Giá trị hàng hóa" } td.n { (delivered.goods_vnd) } }
            tr { th { "Số tỉnh, thành phố nhận hàng" } td.n { (went.provinces) } }
            tr { th { "Đơn hàng giao ngoài tỉnh" } td.n { (went.orders_outside) } }
            tr { th { "Giá trị hàng giao ngoài tỉnh" } td.n { (went.goods_outside_vnd) } }
            @if let Some(share) = went.outside_bp {
                tr { th { "Tỷ lệ đơn giao ngoài tỉnh" } td.n { (share / 100) "," (format!("{:02}", share % 100)) " %" } }
            }
        }
    }
}

fn products(figures: &Figures) -> Markup {
    html! {
        table {
            thead {
                tr {
                    th { "Tháng" } th { "Sản phẩm" } th { "Đơn hàng" } th { "Số lượng" } th { "Giá trị" }
                }
            }
            @for sold in &figures.products {
                tr {
                    td { (sold.month) }
                    td { (sold.title) }
                    td.n { (sold.orders) }
                    td.n { (sold.quantity) }
                    td.n { (sold.goods_vnd) }
                }
            }
        }
    }
}
