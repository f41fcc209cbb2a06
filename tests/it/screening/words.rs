//! Words and contacts in texts: each rule fires, and does not at what is only alike.

use ocop_market::market::certification::Stars;
use ocop_market::market::screening::{Screened, Written, screen};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

use super::{codes, rules, written};
use crate::support::TestApp;

/// What each rule finds.
const FOUND: &[(&str, &str)] = &[
    ("organic_claim", "Chè hữu cơ Tả Lèng"),
    ("organic_claim", "CHÈ HỮU CƠ"),
    ("organic_claim", "chè huu co"),
    ("organic_claim", "Organic tea"),
    ("organic_claim", "h.ữ.u c.ơ"),
    ("organic_claim", "H-Ữ-U C-Ơ"),
    ("organic_claim", "h ữ u c ơ"),
    ("organic_claim", "h\u{200B}ữu\u{2060} c\u{AD}ơ"),
    ("organic_claim", "hữu … cơ"),
    ("organic_claim", "hữu\ncơ"),
    ("organic_claim", "hữucơ"),
    ("organic_claim", "ｏｒｇａｎｉｃ"),
    // The first letter is Cyrillic.
    ("organic_claim", "оrganic"),
    ("cure_claim", "Chữa bệnh tiểu đường"),
    ("cure_claim", "thuốc gia truyền ĐẶC TRỊ xương khớp"),
    ("cure_claim", "dùng thay thế thuốc tây"),
    ("cure_claim", "Cures cancer!"),
    ("health_claim", "giúp hạ huyết áp"),
    ("protected_name", "Mật ong bạc hà (Mèo Vạc)"),
    ("protected_name", "mat ong bac ha meo vac"),
    ("protected_name", "Cam sành – Hà Giang"),
    ("forbidden_goods", "Rượu ngâm mật gấu"),
    ("superlative", "Ngon và tốt nhất vùng"),
    ("star_claim", "Sản phẩm OCOP 5 sao"),
    ("star_claim", "OCOP 5sao"),
    ("star_claim", "đạt 5⭐"),
    ("star_claim", "đạt 5\u{FE0F}\u{20E3} sao"),
    ("star_claim", "năm sao"),
    ("star_claim", "⭐⭐⭐⭐⭐"),
    ("star_claim", "★ ★ ★"),
    ("star_claim", "a five-star tea"),
    ("contact_data", "Gọi 0912 345 678"),
    ("contact_data", "Gọi 0912.345.678"),
    ("contact_data", "Gọi (+84) 912-345-678"),
    ("contact_data", "Gọi o912345678"),
    ("contact_data", "không chín một hai ba bốn năm sáu bảy tám"),
    ("contact_data", "Cố định 024 3825 1234"),
    ("contact_data", "Tổng đài 1900 1234"),
    ("contact_data", "Thư: htx@example.vn"),
    ("contact_data", "https://chetaleng"),
    ("contact_data", "chetaleng.com.vn"),
    ("contact_data", "xem www.chetaleng"),
    ("contact_data", "Theo dõi @chetaleng"),
    ("contact_data", "Kết bạn Za.lo"),
    ("contact_data", "STK 0123"),
];

/// What is only alike.
const FINE: &[&str] = &[
    "Chè búp hái từ cây cổ thụ, sao tay 5 lần.",
    "Xưởng thuộc sở hữu cơ sở Tả Lèng",
    "Bón bằng phân bón hữu cơ",
    "Đất do hộ sở hữu. Cơ sở mở năm 2019.",
    "hữu cơm",
    "cớ hữu cớ",
    "Sữa chua, bệnh nhân cũng thích",
    "chua benh",
    "Thực phẩm này không phải là thuốc, không có tác dụng thay thế thuốc chữa bệnh.",
    "Mật ong hoa bạc hà của xã",
    "Muối biển",
    "ngà ngà say, voi",
    "Sử dụng tốt nhất trước ngày in trên bao bì",
    "Nghỉ tại khách sạn 5 sao",
    "Lô 15 sao chép",
    "5 saomai",
    "★ ★",
    "Trồng ở độ cao 1.800-2.000 m",
    "Trồng ở độ cao 1800-2000 m",
    "Mã vạch 8938505974194",
    "Sáng 05/06/2026 08:30",
    "Giá 185.000 đồng, 200 g",
    "một hai ba bốn năm sáu",
    "Hãm @ 80 độ",
    "TP.HCM, v.v.",
    "Trà ngon.Me chua",
];

#[tokio::test]
async fn each_rule_finds_its_words_whatever_they_are_dressed_as() {
    let app = TestApp::new().await;
    let (rules, today) = (rules(&app).await, app.clock.today());
    for (code, text) in FOUND {
        for text in [(*text).to_owned(), text.nfd().collect()] {
            let found = screen(&written(&text), &rules, today);
            assert_eq!(codes(&found), [*code], "{text}");
            assert!(found[0].excerpt.is_some() && found[0].place == "content.story_vi", "{found:?}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn what_is_only_alike_is_no_finding() {
    let app = TestApp::new().await;
    let (rules, today) = (rules(&app).await, app.clock.today());
    for text in FINE {
        let found = screen(&written(text), &rules, today);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
    app.finish().await;
}

#[tokio::test]
async fn stars_are_claimed_up_to_what_the_certificate_carries_today() {
    let app = TestApp::new().await;
    let (rules, today) = (rules(&app).await, app.clock.today());
    for (text, carried, fires) in [
        ("OCOP 4 sao", None, true),
        ("OCOP 4 sao", Some(3), true),
        ("OCOP 4 sao", Some(4), false),
        ("OCOP 4 sao", Some(5), false),
        ("★★★★★", Some(4), true),
        ("★★★★", Some(4), false),
        // The longest row of stars counts, not the shorter ones within it.
        ("★★★★★", Some(5), false),
    ] {
        let stars_today = carried.map(|stars| Stars::try_from(stars).unwrap());
        let found = screen(&Screened { stars_today, ..written(text) }, &rules, today);
        assert_eq!(!found.is_empty(), fires, "{text} with {carried:?}: {found:?}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_phrase_counts_once_in_each_text_with_what_stands_around_it() {
    let app = TestApp::new().await;
    let (rules, today) = (rules(&app).await, app.clock.today());
    let story = format!("{} chè hữu cơ, vẫn là hữu cơ {}", "trước ".repeat(20), "sau ".repeat(20));
    let texts = [("content.title_vi", "Chè hữu cơ"), ("content.story_vi", &story)];
    let texts = texts.map(|(place, text)| Written { place: place.to_owned(), text });
    let found = screen(&Screened { texts: texts.to_vec(), ..Screened::default() }, &rules, today);
    let places: Vec<_> = found.iter().map(|finding| finding.place.as_str()).collect();
    assert_eq!(places, ["content.title_vi", "content.story_vi"]);
    assert_eq!(found[0].excerpt.as_deref(), Some("Chè hữu cơ"));
    let excerpt = found[1].excerpt.as_deref().unwrap();
    assert!(excerpt.starts_with('…') && excerpt.contains("chè hữu cơ, vẫn") && excerpt.ends_with('…'), "{excerpt}");
    assert!(excerpt.chars().count() < 80, "{excerpt}");
    app.finish().await;
}

#[tokio::test]
async fn long_and_wicked_texts_are_read_to_their_end() {
    let app = TestApp::new().await;
    let (rules, today) = (rules(&app).await, app.clock.today());
    for piece in ["h ", "sao ", "⭐", "h.ữ.", "0", "0 ", "một ", "@", "a.vn", "́", "\u{200B}", "hữu cơ chữa ", "ﷺ"]
    {
        let text: String = piece.chars().cycle().take(20_000).collect();
        let ended = format!("{text}\nRượu ngâm mật gấu");
        let found = screen(&written(&ended), &rules, today);
        assert!(codes(&found).contains(&"forbidden_goods"), "{piece}");
    }
    app.finish().await;
}

#[tokio::test]
async fn no_text_makes_the_screening_stumble() {
    let app = TestApp::new().await;
    let (rules, today) = (rules(&app).await, app.clock.today());
    let words = prop_oneof![
        any::<String>(),
        proptest::collection::vec(
            prop_oneof![
                Just("hữu"),
                Just(" "),
                Just("cơ"),
                Just("."),
                Just("⭐"),
                Just("5"),
                Just("0912345678"),
                Just("@"),
                Just(".vn"),
                Just("\u{301}"),
                Just("\u{200D}"),
                Just("½"),
                Just("ﬃ"),
                Just("\n"),
                Just("Mèo Vạc"),
            ],
            0..60
        )
        .prop_map(|pieces| pieces.concat()),
    ];
    proptest!(|(text in words)| {
        for finding in screen(&written(&text), &rules, today) {
            prop_assert!(finding.excerpt.is_some_and(|excerpt| !excerpt.is_empty()));
        }
    });
    app.finish().await;
}
