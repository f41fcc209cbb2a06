//! An assessment on paper, after Form 02 of Decision 26/2026/QĐ-TTg: every criterion with answer, points and evidence,
//! then the sums, the stars, and what the next star still asks for.

use maud::{Markup, html};

use super::score::{NextStar, PartScore, Score};
use super::sheet::Variant;
use super::view::{Answered, Assessment};
use crate::kernel::clock::VIET_NAM;
use crate::platform::printable::Printable;

/// The report of a version.
pub fn printable(assessment: &Assessment) -> Printable {
    let body = html! {
        h1 { "Báo cáo tự đánh giá sản phẩm OCOP" }
        (heading(assessment))
        (result(&assessment.score))
        @for (part, score) in assessment.sheet.parts.iter().zip(&assessment.score.parts) {
            h2 { "Phần " (score.code) ". " (score.label_vi) ": " (score.points) "/" (score.of) " điểm" }
            @for section in &part.items {
                @let codes: Vec<&str> = section.questions().iter().map(|question| question.code.as_str()).collect();
                @let criteria = assessment.criteria.iter().filter(|given| codes.contains(&given.criterion.as_str()));
                (answers(&section.label_vi, criteria))
            }
        }
        (sums(&assessment.score.parts))
        @if let Some(next) = &assessment.score.next { (missing(next)) }
        p { "Đây là kết quả tự đánh giá của chủ thể, không phải kết quả đánh giá, phân hạng của cơ quan có thẩm quyền." }
        p.en { "This is the producer's own assessment, not a rating by the competent authority." }
    };
    Printable { title: format!("Tự đánh giá OCOP – {}", assessment.product_name), body }
}

fn heading(assessment: &Assessment) -> Markup {
    let saved_at = assessment.saved_at.with_timezone(&VIET_NAM).format("%H:%M ngày %d/%m/%Y");
    html! {
        table {
            tr { th { "Chủ thể" } td { (assessment.seller_name) } }
            tr { th { "Sản phẩm" } td { (assessment.product_name) } }
            tr { th { "Bộ sản phẩm" } td { (assessment.set_no) ". " (assessment.set_name_vi) } }
            @if let Some(variant) = assessment.variant { tr { th { "Trường hợp" } td { (case_name(variant)) } } }
            tr { th { "Bộ tiêu chí" } td { "Quyết định số " (assessment.sheet_version) } }
            tr { th { "Phiên bản" } td { (assessment.version) ", lưu lúc " (saved_at) } }
        }
    }
}

const fn case_name(variant: Variant) -> &'static str {
    match variant {
        Variant::A => "Trường hợp 1",
        Variant::B => "Trường hợp 2",
    }
}

fn result(score: &Score) -> Markup {
    html! {
        p {
            strong { "Tổng điểm: " (score.points) "/100. Xếp hạng tự đánh giá: " (score.stars) " sao." }
            " Theo khung điểm: " (score.band_stars) " sao; theo yêu cầu tối thiểu: " (score.gate_stars) " sao."
            @if !score.certifiable { " Hạng 1 sao và 2 sao không được cấp giấy chứng nhận." }
        }
    }
}

fn answers<'a>(section: &str, criteria: impl Iterator<Item = &'a Answered>) -> Markup {
    html! {
        table {
            thead {
                tr { th colspan="4" { (section) } }
                tr { th { "Tiêu chí" } th { "Tự đánh giá" } th { "Điểm" } th { "Minh chứng" } }
            }
            @for answered in criteria {
                tr {
                    td { (answered.criterion) ". " (answered.label_vi) }
                    td { (choice(answered)) }
                    td.n { (answered.points.unwrap_or_default()) "/" (answered.of) }
                    td { (evidence(answered)) }
                }
            }
        }
    }
}

fn choice(answered: &Answered) -> Markup {
    html! {
        @match (&answered.option, answered.yes) {
            (Some(option), _) => (option.label_vi),
            (None, Some(true)) => "Có",
            (None, Some(false)) => "Không",
            (None, None) => "Chưa đánh giá",
        }
    }
}

fn evidence(answered: &Answered) -> Markup {
    html! {
        @if let Some(note) = &answered.note { div { (note) } }
        @for scan in &answered.scan_ids { div.code { "Tài liệu " (scan) } }
        @for offered in &answered.marketplace_evidence {
            div { "Sàn có thể cấp: " (offered.kind.name_vi()) " (" (offered.option) ")" }
        }
    }
}

fn sums(parts: &[PartScore]) -> Markup {
    html! {
        h2 { "Tổng hợp điểm" }
        table {
            @for part in parts {
                tr { th { (part.code) ". " (part.label_vi) } th.n { (part.points) "/" (part.of) } }
                @for section in &part.sections {
                    tr { td { (section.code) ". " (section.label_vi) } td.n { (section.points) "/" (section.of) } }
                }
            }
        }
    }
}

fn missing(next: &NextStar) -> Markup {
    html! {
        h2 { "Còn thiếu để đạt " (next.stars) " sao" }
        p { "Điểm còn thiếu: " (next.missing_points) "." }
        @if !next.missing_gates.is_empty() {
            table {
                thead { tr { th { "Tiêu chí" } th { "Yêu cầu tối thiểu" } th { "Điểm" } } }
                @for gate in &next.missing_gates {
                    tr {
                        td { (gate.criterion) ". " (gate.label_vi) }
                        td { (gate.least_label_vi) }
                        td.n { (gate.points.unwrap_or_default()) "/" (gate.least_points) }
                    }
                }
            }
        }
    }
}
