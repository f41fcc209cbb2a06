//! A certificate of withheld taxes on paper.

use maud::{Markup, html};

use super::taxes::{TaxCertificate, Withheld};
use crate::platform::printable::Printable;

/// The certificate, after the model of form 01/CTKT-TMĐT.
pub fn printable(certificate: &TaxCertificate) -> Printable {
    let year = certificate.year;
    let body = html! {
        @if certificate.demo {
            h1 { "Dữ liệu trình diễn" }
            p.en { "Demonstration data: these sales never took place" }
        }
        h1 { "Chứng từ khấu trừ thuế từ hoạt động kinh doanh trên nền tảng thương mại điện tử" }
        p.en { "Certificate of taxes withheld from business on an e-commerce platform (after the model of form 01/CTKT-TMĐT)" }
        @if !certificate.closed {
            p { strong { "Tạm tính: năm chưa kết thúc." } }
            p.en { "Provisional: the year is not over." }
        }
        table {
            tr { th { "Năm" } td { (year) } }
            tr { th { "Tổ chức khấu trừ" } td { "Đơn vị vận hành sàn, theo Quy chế hoạt động" } }
            tr { th { "Người bị khấu trừ" } td { (certificate.seller) ", " (certificate.province) } }
            tr { th { "Mã số thuế / số định danh cá nhân" } td.code { (certificate.tax_code.as_deref().unwrap_or("")) } }
        }
        (months(certificate))
        p { "Căn cứ tính thuế là số tiền người bán được nhận cho hàng hóa, không gồm phí vận chuyển; phần bù trừ là của hàng hủy, trả lại." }
        p.en { "The basis is what the seller is to receive for goods, without shipping; offsets are of goods cancelled or returned." }
        @if !certificate.legal_basis.is_empty() {
            p { "Căn cứ pháp lý: " (certificate.legal_basis.join("; ")) "." }
        }
        @if certificate.provisional {
            p { "Có dòng tạm áp dụng trong khi chờ hướng dẫn." }
            p.en { "Some of it rests on provisional rows." }
        }
    };
    Printable { title: format!("Chứng từ khấu trừ thuế {year} – {}", certificate.seller), body }
}

fn months(certificate: &TaxCertificate) -> Markup {
    html! {
        table {
            thead {
                tr {
                    th { "Tháng" } th { "Doanh thu" } th { "Bù trừ" } th { "Thuế GTGT" } th { "Bù trừ" }
                    th { "Thuế TNCN" } th { "Bù trừ" } th { "Đã khấu trừ" }
                }
            }
            @for month in &certificate.months {
                tr { td { (month.month) } (amounts(&month.withheld)) }
            }
            tr { th { "Cộng" } (amounts(&certificate.total)) }
        }
    }
}

fn amounts(withheld: &Withheld) -> Markup {
    let amounts = [
        withheld.revenue_vnd,
        withheld.revenue_offset_vnd,
        withheld.vat_vnd,
        withheld.vat_offset_vnd,
        withheld.pit_vnd,
        withheld.pit_offset_vnd,
        withheld.due_vnd,
    ];
    html! { @for amount in amounts { td.n { (amount) } } }
}
