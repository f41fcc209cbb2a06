//! Pages people print: complete HTML documents that load nothing and run nothing.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

/// The one style sheet, on screen and on A4.
const STYLE: &str = "\
@page{size:A4;margin:18mm 15mm}\
body{font:11pt/1.4 'Times New Roman',Tinos,serif;color:#000;background:#fff;max-width:180mm;margin:8mm auto}\
h1{font-size:15pt;text-align:center;text-transform:uppercase}\
h2{font-size:12pt;break-after:avoid}\
table{border-collapse:collapse;width:100%;margin:2mm 0}\
th,td{border:.3mm solid #444;padding:1mm 2mm;text-align:left;vertical-align:top}\
thead{display:table-header-group}\
tr{break-inside:avoid}\
.n{text-align:right;white-space:nowrap}\
.en{color:#444;font-style:italic}\
.code{overflow-wrap:anywhere;font-family:monospace}\
@media print{body{margin:0;max-width:none}}";

/// Nothing but our style sheet, known by its hash (CSP Level 3); no script, no picture, no frame, no form.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

/// A page in Vietnamese with its title.
#[derive(Debug, Clone)]
pub struct Printable {
    /// For the tab and the file.
    pub title: String,
    /// What stands on it.
    pub body: Markup,
}

impl IntoResponse for Printable {
    fn into_response(self) -> Response {
        let page = html! {
            (DOCTYPE)
            html lang="vi" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) }
                    style { (PreEscaped(STYLE)) }
                }
                body { (self.body) }
            }
        };
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_LANGUAGE, "vi"),
            (header::CONTENT_SECURITY_POLICY, POLICY.as_str()),
            (header::REFERRER_POLICY, "no-referrer"),
        ];
        (headers, page.into_string()).into_response()
    }
}
