//! Prices, labels, papers and near-duplicates.

use chrono::NaiveDate;
use ocop_market::kernel::{ListingId, MediaId, PaperId, Vnd};
use ocop_market::market::catalogue::Label;
use ocop_market::market::certification::Group;
use ocop_market::market::screening::{Asked, Fingerprint, Screened, Twin, UsualPrice, VoidCertificate, screen};
use ocop_market::market::sellers::PaperKind::{self, GiRight, OrganicCertificate, Other, ProductDeclaration};
use ocop_market::market::sellers::{Missing, Paper};
use proptest::prelude::*;

use super::{codes, rules, written};
use crate::support::{TestApp, start};

fn paper(kind: PaperKind, expires_on: Option<NaiveDate>) -> Paper {
    Paper {
        id: PaperId::new(start()),
        kind,
        number: Some("1/GCN".to_owned()),
        issued_by: "Sở".to_owned(),
        issued_on: day(2024, 1, 1),
        expires_on,
        media_id: MediaId::new(start()),
        created_at: start(),
    }
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

#[tokio::test]
async fn a_valid_paper_of_the_right_kind_backs_a_claim() {
    let app = TestApp::new().await;
    let (rules, today) = (rules(&app).await, app.clock.today());
    for (text, kind, code) in [
        ("Chè hữu cơ", OrganicCertificate, "organic_claim"),
        ("Muối Bạc Liêu", GiRight, "protected_name"),
        ("giúp hạ huyết áp", ProductDeclaration, "health_claim"),
    ] {
        for (papers, fires) in [
            (vec![paper(kind, None)], false),
            (vec![paper(kind, Some(today))], false),
            (vec![paper(Other, None)], true),
            (Vec::new(), true),
        ] {
            let found = screen(&Screened { papers: &papers, ..written(text) }, &rules, today);
            assert_eq!(codes(&found), if fires { vec![code] } else { vec![] }, "{text} with {papers:?}");
        }
        let expired = [paper(kind, today.pred_opt())];
        let found = screen(&Screened { papers: &expired, ..written(text) }, &rules, today);
        let mut both = codes(&found);
        both.sort_unstable();
        let mut expected = [code, "missing_paper"];
        expected.sort_unstable();
        assert_eq!(both, expected);
    }
    // Nothing ever backs a cure.
    let all = [GiRight, OrganicCertificate, ProductDeclaration].map(|kind| paper(kind, None));
    assert_eq!(codes(&screen(&Screened { papers: &all, ..written("Chữa ung thư") }, &rules, today)), ["cure_claim"]);
    app.finish().await;
}

#[tokio::test]
async fn a_price_far_from_the_median_is_found_where_there_are_enough_to_compare() {
    let app = TestApp::new().await;
    let (rules, today) = (rules(&app).await, app.clock.today());
    let usual = |listings, per_kilogram| Some(UsualPrice { per_kilogram, median: Vnd::new(500_000), listings });
    for (price, grams, usual, fires) in [
        // 500,000 VND a kilogram, five times either way.
        (100_000, Some(200), usual(5, true), false),
        (500_000, Some(200), usual(5, true), false),
        (500_200, Some(200), usual(5, true), true),
        (20_000, Some(200), usual(5, true), false),
        (19_000, Some(200), usual(5, true), true),
        (19_000, Some(200), usual(4, true), false),
        (0, Some(200), usual(5, true), true),
        (100_000_000_000, Some(1), usual(5, true), true),
        // Without a weight there is nothing to compare by weight.
        (1, None, usual(5, true), false),
        (1, None, usual(5, false), true),
        (500_000, None, usual(5, false), false),
        (1, Some(200), None, false),
    ] {
        let asked = Asked { place: "variants[0].price_vnd".to_owned(), price: Vnd::new(price), grams };
        let input = Screened { prices: vec![asked], usual, ..Screened::default() };
        let found = screen(&input, &rules, today);
        assert_eq!(codes(&found), if fires { vec!["price_outlier"] } else { vec![] }, "{price} {grams:?} {usual:?}");
    }
    let asked = Asked { place: "variants[0].price_vnd".to_owned(), price: Vnd::new(1_000_000), grams: Some(200) };
    let found = screen(&Screened { prices: vec![asked], usual: usual(7, true), ..Screened::default() }, &rules, today);
    let detail = "5.000.000 đ mỗi kg; trung vị của 7 sản phẩm cùng bộ là 500.000 đ";
    assert_eq!((found[0].detail_vi.as_deref(), found[0].place.as_str()), (Some(detail), "variants[0].price_vnd"));
    app.finish().await;
}

#[tokio::test]
async fn missing_labels_and_papers_are_found_each_under_its_own_rule() {
    let app = TestApp::new().await;
    let (rules, today) = (rules(&app).await, app.clock.today());
    let lacks = |code: &str| Missing {
        code: code.to_owned(),
        text_vi: "Cần có".to_owned(),
        text_en: "Please give".to_owned(),
        legal_basis: None,
    };
    let label = Screened { missing: Label::default().missing(Group::Handicraft), ..Screened::default() };
    let places: Vec<String> = screen(&label, &rules, today).into_iter().map(|finding| finding.place).collect();
    assert_eq!(places, ["label.ingredients", "label.responsible_name", "label.responsible_address"]);
    let paper_missing = Screened { missing: vec![lacks("paper.alcohol_licence")], ..Screened::default() };
    assert_eq!(codes(&screen(&paper_missing, &rules, today)), ["missing_paper"]);
    // The shop sees what its form lacks elsewhere.
    let form = Screened { missing: vec![lacks("pictures"), lacks("street")], ..Screened::default() };
    assert!(screen(&form, &rules, today).is_empty());

    let renewed = [
        paper(PaperKind::FoodSafetyCertificate, today.pred_opt()),
        paper(PaperKind::FoodSafetyCertificate, Some(today)),
    ];
    assert!(screen(&Screened { papers: &renewed, ..Screened::default() }, &rules, today).is_empty());
    let expired = screen(&Screened { papers: &renewed[..1], ..Screened::default() }, &rules, today);
    assert_eq!((codes(&expired), expired[0].place.as_str()), (vec!["missing_paper"], "papers[0]"));
    let void = VoidCertificate {
        place: "content.certificate_id".to_owned(),
        sentence_vi: "Hết hạn".to_owned(),
        sentence_en: "Expired".to_owned(),
    };
    let found = screen(&Screened { void_certificate: Some(void), ..Screened::default() }, &rules, today);
    assert_eq!((codes(&found), found[0].detail_en.as_deref()), (vec!["missing_paper"], Some("Expired")));
    app.finish().await;
}

#[tokio::test]
async fn a_near_duplicate_is_found_from_the_rules_per_cent_on() {
    let app = TestApp::new().await;
    let (rules, today) = (rules(&app).await, app.clock.today());
    for (percent, fires) in [(100, true), (70, true), (69, false)] {
        let twin = Twin { listing: ListingId::new(start()), slug: "che-shan-tuyet".to_owned(), percent };
        let found = screen(&Screened { twins: vec![twin], ..Screened::default() }, &rules, today);
        assert_eq!(!found.is_empty(), fires, "{percent}");
    }
    app.finish().await;
}

const STORY: &str = "Những cây chè cổ thụ trên núi Tả Lèng được người Mông giữ qua nhiều đời. Mỗi mùa xuân, khi sương còn \
    đọng trên búp non, bà con đi bộ hai giờ lên rừng, trèo lên thân cây phủ rêu để hái từng búp một tôm hai lá. Chè \
    được làm héo trên nong tre, diệt men trong chảo gang đốt củi, vò bằng tay rồi sấy nhẹ qua đêm để giữ hương rừng.";

#[test]
fn texts_are_alike_whatever_their_accents_and_capitals_and_unlike_when_they_are_others() {
    let story = Fingerprint::of(&[STORY]).unwrap();
    let shouted = Fingerprint::of(&[&STORY.to_uppercase().replace(',', " –")]).unwrap();
    assert_eq!(story.likeness(&shouted), 100);
    let copied = STORY.replace("Tả Lèng", "Sin Suối Hồ").replace("hai giờ", "ba giờ");
    let copied = Fingerprint::of(&[&copied]).unwrap();
    assert!((60..100).contains(&story.likeness(&copied)), "{}", story.likeness(&copied));
    let other = "Mật ong bạc hà lấy từ những cánh rừng đá tai mèo, nơi hoa bạc hà dại nở tím cuối năm. Người nuôi ong \
        chờ đến khi tổ vít nắp mới quay, lọc qua vải và rót vào chai thuỷ tinh, không đun, không pha, để nguyên mùi \
        hương của hoa núi và vị ngọt dịu không gắt cổ.";
    assert!(story.likeness(&Fingerprint::of(&[other]).unwrap()) < 20);
    assert_eq!(Fingerprint::of(&["Chè Shan tuyết", "Chè búp sao tay."]), None);
}

proptest! {
    #[test]
    fn any_text_is_like_itself(text in ".{0,400}") {
        if let Some(fingerprint) = Fingerprint::of(&[&text]) {
            prop_assert_eq!(fingerprint.likeness(&fingerprint), 100);
        }
    }
}
