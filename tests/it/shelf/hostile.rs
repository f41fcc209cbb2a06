//! Text nobody means to search with, over HTTP. How much work it may cause at most is told by [`super::words::properties`].

use crate::support::{Answer, HONEY, LAI_CHAU, TEA, TestApp};

/// Everything public that is searched by words.
const SEARCHES: [&str; 3] = ["/v1/listings", "/v1/suggestions", "/v1/sellers"];

/// As long as the longest words that are taken.
const LONGEST: usize = 100;

/// Things to repeat.
const PIECES: [&str; 16] = [
    "m",
    "mật ",
    "mật ong trà ",
    "ma^.t ",
    "a1 ",
    "5 sao ",
    "500g ",
    "\"",
    "AND OR NOT ( ) \" * ~ ^ + - : ",
    "%_\\",
    "\'; drop table listings; -- ",
    "a\u{301}\u{323}\u{302}",
    "мёд 蜂蜜 mật عسل ",
    "🍯",
    "👨‍👩‍👧 🇻🇳 ",
    "ﷺ",
];

/// The first `length` characters of the piece repeated.
fn text(piece: &str, length: usize) -> String {
    piece.chars().cycle().take(length).collect()
}

async fn ask(app: &TestApp, path: &str, text: &str) -> Answer {
    let typed: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    app.anyone().get(&format!("{path}?q={typed}")).await
}

#[tokio::test]
async fn hostile_text_is_answered_or_refused() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    app.shelve(&stall, TEA).await;
    app.shelve(&stall, HONEY).await;
    for path in SEARCHES {
        for piece in PIECES {
            let taken = ask(&app, path, text(piece, LONGEST).trim_end()).await;
            assert_eq!(taken.status, 200, "{path} {piece:?}: {}", taken.body);
            ask(&app, path, &text(piece, 3_000)).await.refused(422, "invalid");
        }
        for nothing in ["", "   ", "\u{301}", &"\u{301}".repeat(LONGEST), "\u{0}", "\u{202e}a", "\u{feff}"] {
            let answer = ask(&app, path, nothing).await;
            if answer.status != 200 {
                answer.refused(422, "invalid");
            }
        }
        for long in ["m".repeat(10_000), "%_\\".repeat(3_334), "\u{301}".repeat(10_000), "🍯 AND ".repeat(1_667)] {
            ask(&app, path, &long).await.refused(422, "invalid");
        }
        // Bytes that are no text.
        let answer = app.anyone().get(&format!("{path}?q=%ff%fe%c0%80")).await;
        assert!(answer.status == 200 || answer.status == 422, "{path}: {}", answer.status);
    }
    app.finish().await;
}
