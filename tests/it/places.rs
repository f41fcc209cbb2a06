//! Places: every name leads somewhere, whatever list it is from and however it is typed.
#![expect(clippy::unwrap_used, reason = "helpers of tests, outside the functions marked as tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use axum::http::Method;
use chrono::NaiveDate;
use ocop_market::places::{self, Edition, Loaded};
use ocop_market::platform::error::Error;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization as _;

use crate::support::{Actor, LAO_CAI, TUYEN_QUANG, TestApp, VINH_LONG};

fn query(path: &str, pairs: &[(&str, &str)]) -> String {
    format!("{path}?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

/// The candidates for a name.
async fn resolve(anyone: &Actor, name: &str) -> Vec<Value> {
    let found = anyone.get(&query("/v1/places", &[("q", name)])).await.ok();
    found["items"].as_array().unwrap().clone()
}

/// The first candidate as kind, full name and province of today.
async fn first(anyone: &Actor, name: &str) -> (String, String, String) {
    let found = resolve(anyone, name).await;
    let best = found.first().unwrap_or_else(|| panic!("nothing is called {name}"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&best["kind"]), text(&best["full_name"]), text(&best["province"]["code"]))
}

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    app.app.db.see(async |conn| Ok(sqlx::query_scalar(sql).fetch_one(conn).await?)).await.unwrap()
}

#[tokio::test]
async fn ben_tre_is_in_vinh_long_however_it_is_typed() {
    let app = TestApp::new().await;
    let anyone = app.anyone();
    let decomposed: String = "Bến Tre".nfd().collect();
    let spellings = [
        "Bến Tre",
        "ben tre",
        "BẾN TRE",
        "bến-tre",
        " Tỉnh  Bến Tre ",
        "tinh ben tre",
        "Ben Tre province",
        &decomposed,
    ];
    for typed in spellings {
        let best = resolve(&anyone, typed).await.remove(0);
        assert_eq!(best["kind"], "legacy_province", "{typed}");
        assert_eq!(best["legacy_province"], json!({ "code": "83", "slug": "ben-tre", "name": "Bến Tre" }));
        assert_eq!(best["province"], json!({ "code": VINH_LONG, "slug": "vinh-long", "name": "Vĩnh Long" }));
        let became = json!([{ "kind": "province", "code": "86", "name": "Vĩnh Long", "full_name": "Tỉnh Vĩnh Long" }]);
        assert_eq!(best["became"], became);
    }
    let kinds: Vec<_> = resolve(&anyone, "ben tre").await.iter().map(|place| place["kind"].clone()).collect();
    assert_eq!(kinds[..3], ["legacy_province", "commune", "legacy_district"]);
    app.finish().await;
}

#[tokio::test]
async fn a_name_is_read_with_all_that_people_write_around_it() {
    let app = TestApp::new().await;
    let anyone = app.anyone();
    let cases = [
        ("Mèo Vạc, Hà Giang", "commune", "Xã Mèo Vạc", TUYEN_QUANG),
        ("thị trấn Mèo Vạc, huyện Mèo Vạc, tỉnh Hà Giang, Việt Nam", "legacy_commune", "Thị trấn Mèo Vạc", TUYEN_QUANG),
        ("TT. Mèo Vạc", "legacy_commune", "Thị trấn Mèo Vạc", TUYEN_QUANG),
        ("huyện Mèo Vạc", "legacy_district", "Huyện Mèo Vạc", TUYEN_QUANG),
        ("xa muong hum lao cai", "commune", "Xã Mường Hum", LAO_CAI),
        ("xã Mường Hum, Lào Cai", "commune", "Xã Mường Hum", LAO_CAI),
        ("Bát Xát, Lào Cai", "commune", "Xã Bát Xát", LAO_CAI),
        ("phường 5, TP Bến Tre, Bến Tre", "legacy_commune", "Phường 5", VINH_LONG),
        ("Chau Thanh Ben Tre", "legacy_district", "Huyện Châu Thành", VINH_LONG),
        ("Đà Lạt", "legacy_district", "Thành phố Đà Lạt", "68"),
        ("Sài Gòn", "province", "Thành phố Hồ Chí Minh", "79"),
        ("TP.HCM", "province", "Thành phố Hồ Chí Minh", "79"),
        ("Hanoi", "province", "Thành phố Hà Nội", "01"),
        ("Thừa Thiên Huế", "province", "Thành phố Huế", "46"),
        ("Daklak", "province", "Tỉnh Đắk Lắk", "66"),
        ("Vũng Tàu", "legacy_province", "Tỉnh Bà Rịa - Vũng Tàu", "79"),
        ("Northern Midlands and Mountains", "region", "Trung du và miền núi phía Bắc", ""),
        ("vinh lo", "province", "Tỉnh Vĩnh Long", VINH_LONG),
    ];
    for (typed, kind, full_name, province) in cases {
        let expected = (kind.to_owned(), full_name.to_owned(), province.to_owned());
        assert_eq!(first(&anyone, typed).await, expected, "{typed}");
    }
    for nothing in ["★", ",", "Atlantis", "Bến Tre, Atlantis", "Bến Tre, Hà Nội", "%", "_", "' or true"] {
        assert_eq!(resolve(&anyone, nothing).await, Vec::<Value>::new(), "{nothing}");
    }
    app.finish().await;
}

#[tokio::test]
async fn seven_codes_name_other_provinces_in_the_legacy_list() {
    let app = TestApp::new().await;
    let anyone = app.anyone();
    let twice = [
        ("15", "Yên Bái", "Lào Cai"),
        ("24", "Bắc Giang", "Bắc Ninh"),
        ("44", "Quảng Bình", "Quảng Trị"),
        ("52", "Bình Định", "Gia Lai"),
        ("80", "Long An", "Tây Ninh"),
        ("82", "Tiền Giang", "Đồng Tháp"),
        ("91", "Kiên Giang", "An Giang"),
    ];
    for (code, legacy, current) in twice {
        let old = resolve(&anyone, &format!("tỉnh {legacy}")).await.remove(0);
        assert_eq!((&old["kind"], &old["code"]), (&json!("legacy_province"), &json!(code)));
        assert_eq!((&old["became"][0]["code"], &old["became"][0]["name"]), (&json!(code), &json!(current)));
        let new = resolve(&anyone, &format!("tỉnh {current}")).await.remove(0);
        assert_eq!((&new["kind"], &new["code"]), (&json!("province"), &json!(code)));
    }
    let colliding = "select count(*)
                       from provinces p
                       join legacy_provinces l using (code)
                      where p.name_vi <> l.name_vi
                        and p.code <> '46'";
    assert_eq!(count(&app, colliding).await, 7, "46 is Huế, once Thừa Thiên Huế");
    app.finish().await;
}

#[tokio::test]
async fn a_divided_commune_lists_its_parts() {
    let app = TestApp::new().await;
    let anyone = app.anyone();
    let divided = resolve(&anyone, "Thị trấn Tây Đằng, Ba Vì, Hà Nội").await.remove(0);
    assert_eq!(divided["split"], true);
    assert_eq!(divided["district"], "Huyện Ba Vì");
    let parts: Vec<_> = divided["became"].as_array().unwrap().iter().map(|part| part["code"].clone()).collect();
    assert_eq!(parts, ["09661", "09619"], "the default comes first");
    let whole = resolve(&anyone, "Xã Mường Hum, Bát Xát").await;
    let whole = whole.iter().find(|place| place["kind"] == "legacy_commune").unwrap();
    assert_eq!((&whole["split"], &whole["became"][0]["code"]), (&json!(false), &json!("02728")));
    app.finish().await;
}

#[tokio::test]
async fn the_lists_are_complete() {
    let app = TestApp::new().await;
    let counts = [
        ("select count(*) from provinces", 34),
        ("select count(*) from provinces where kind = 'municipality'", 7),
        ("select count(*) from legacy_provinces", 63),
        ("select count(*) from communes where abolished_on is null", 3_321),
        ("select count(*) from communes where kind = 'xa'", 2_611),
        ("select count(*) from communes where kind = 'phuong'", 697),
        ("select count(*) from communes where kind = 'dac_khu'", 13),
        ("select count(*) from legacy_communes where stage = '2025-06'", 10_040),
        ("select count(*) from communes where code not in (select commune_code from commune_successions)", 0),
        ("select count(*) from place_lists where version = '2026-04-30'", 5),
    ];
    for (sql, expected) in counts {
        assert_eq!(count(&app, sql).await, expected, "{sql}");
    }
    let all = app.app.db.see(async |conn| places::list_provinces(conn).await).await.unwrap();
    let vinh_long = all.iter().find(|province| province.code == VINH_LONG).unwrap();
    assert_eq!(vinh_long.legacy_names, ["Bến Tre", "Trà Vinh"]);
    let old = app.app.db.see(async |conn| places::list_legacy_provinces(conn).await).await.unwrap();
    assert_eq!((all.len(), old.len()), (34, 63));
    app.finish().await;
}

#[tokio::test]
async fn six_regions_hold_all_provinces() {
    let app = TestApp::new().await;
    let regions = app.anyone().get("/v1/regions").await.ok();
    let regions = regions.as_array().unwrap();
    assert_eq!(regions[0]["name_en"], "Northern Midlands and Mountains");
    let sizes: Vec<_> = regions.iter().map(|region| region["provinces"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [9, 6, 5, 6, 3, 5]);
    app.finish().await;
}

#[tokio::test]
async fn a_commune_knows_what_it_was() {
    let app = TestApp::new().await;
    let commune = app.anyone().get("/v1/communes/00769").await.ok();
    assert_eq!((&commune["full_name_vi"], &commune["province"]["slug"]), (&json!("Xã Mèo Vạc"), &json!("tuyen-quang")));
    let first = &commune["predecessors"][0];
    assert_eq!((&first["legacy_province"]["name"], &first["stage"]), (&json!("Hà Giang"), &json!("2025-06")));
    for nobody in ["99999", "769", "%00", "0076a", "xa-meo-vac"] {
        app.anyone().get(&format!("/v1/communes/{nobody}")).await.refused(404, "not-found");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_commune_of_two_former_provinces_has_both() {
    let app = TestApp::new().await;
    let of = |code: &'static str| {
        app.app.db.see(async move |conn| {
            let old = places::legacy_provinces_of(conn, code).await?;
            Ok(old.into_iter().map(|province| province.code).collect::<Vec<_>>())
        })
    };
    assert_eq!(of("00769").await.unwrap(), ["02"]);
    assert_eq!(of("10843").await.unwrap().len(), 2);
    assert_eq!(of("99999").await.unwrap(), Vec::<String>::new());
    app.finish().await;
}

#[tokio::test]
async fn communes_are_listed_page_by_page() {
    let app = TestApp::new().await;
    let anyone = app.anyone();
    let mut seen = Vec::new();
    let mut after = None::<String>;
    loop {
        let mut pairs = vec![("province", "tuyen-quang"), ("legacy_province", "02"), ("limit", "40")];
        pairs.extend(after.as_deref().map(|cursor| ("after", cursor)));
        let page = anyone.get(&query("/v1/communes", &pairs)).await.ok();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap().to_owned()));
        after = page["next"].as_str().map(ToOwned::to_owned);
        if after.is_none() {
            break;
        }
    }
    let distinct: BTreeSet<_> = seen.iter().collect();
    assert!(seen.len() > 40 && distinct.len() == seen.len());
    assert!(seen.contains(&"00769".to_owned()));
    let page = anyone.get(&query("/v1/communes", &[("province", "15"), ("q", "Xã Mường")])).await.ok();
    let names: Vec<_> = page["items"].as_array().unwrap().iter().map(|item| item["name_vi"].clone()).collect();
    assert!(names.contains(&json!("Mường Hum")), "{names:?}");
    assert!(names.iter().all(|name| name.as_str().unwrap().starts_with("Mường")), "{names:?}");
    app.finish().await;
}

#[tokio::test]
async fn a_cursor_belongs_to_its_list() {
    let app = TestApp::new().await;
    let anyone = app.anyone();
    let page = anyone.get("/v1/communes?province=15").await.ok();
    let next = page["next"].as_str().unwrap();
    for after in ["x", "AAAA", "%00", next] {
        let refused = anyone.get(&format!("/v1/communes?province=08&after={after}")).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], "after");
    }
    anyone.get(&format!("/v1/communes?province=15&after={next}")).await.ok();
    app.finish().await;
}

#[tokio::test]
async fn a_wrong_query_is_named() {
    let app = TestApp::new().await;
    let long = format!("/v1/places?q={}", "a".repeat(121));
    let cases = [
        ("/v1/places", "."),
        ("/v1/places?q=", "q"),
        ("/v1/places?q=%00", "q"),
        (long.as_str(), "q"),
        ("/v1/places?q=hue&limit=0", "limit"),
        ("/v1/places?q=hue&colour=red", "colour"),
        ("/v1/communes?province=99", "province"),
        ("/v1/communes?province=", "province"),
        ("/v1/communes?legacy_province=lai-vung", "legacy_province"),
        ("/v1/communes?limit=101", "limit"),
        ("/v1/communes?offset=5", "offset"),
    ];
    for (path, at) in cases {
        let problem = app.anyone().get(path).await.refused(422, "invalid");
        assert_eq!(problem["errors"][0]["at"], at, "{path} {problem}");
    }
    app.finish().await;
}

#[tokio::test]
async fn who_has_the_answer_is_not_sent_it_again() {
    let app = TestApp::new().await;
    let anyone = app.anyone();
    let full = anyone.get("/v1/places?q=hue").await;
    assert_eq!(full.header("cache-control"), Some("public, no-cache"));
    let tag = full.header("etag").unwrap().to_owned();
    for known in [tag.clone(), tag.trim_start_matches("W/").to_owned(), format!("\"x\", {tag}"), "*".to_owned()] {
        let answer = anyone.get_with("/v1/places?q=hue", &[("if-none-match", &known)]).await;
        assert_eq!((answer.status, answer.bytes.len()), (304, 0), "{known}");
        assert_eq!(answer.header("etag"), Some(tag.as_str()));
        assert_eq!(answer.header("content-type"), None);
    }
    let zipped = anyone.get_with("/v1/places?q=hue", &[("if-none-match", &tag), ("accept-encoding", "gzip")]).await;
    assert_eq!((zipped.status, zipped.header("content-encoding")), (304, None));
    let other = anyone.get_with("/v1/places?q=da+nang", &[("if-none-match", &tag)]).await;
    assert_eq!(other.status, 200);
    let missing = anyone.get_with("/v1/communes/99999", &[("if-none-match", "*")]).await;
    missing.refused(404, "not-found");
    let head = anyone.send(Method::HEAD, "/v1/places?q=hue", &[("if-none-match", &tag)], Bytes::new()).await;
    assert_eq!(head.status, 304);
    app.finish().await;
}

/// A copy of the embedded lists, to be changed.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let copy = Self(tempfile::tempdir().unwrap());
        let embedded = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/places/data");
        for name in ["regions", "provinces", "provinces_legacy", "communes", "communes_legacy"] {
            let file = format!("{name}.csv");
            fs::copy(embedded.join(&file), copy.path(&file)).unwrap();
        }
        copy
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    fn change(&self, file: &str, change: impl Fn(String) -> String) {
        let text = fs::read_to_string(self.path(file)).unwrap();
        let changed = change(text.clone());
        assert_ne!(changed, text, "the change is none");
        fs::write(self.path(file), changed).unwrap();
    }

    async fn load(&self, app: &TestApp, in_force: &str) -> Result<Option<Loaded>, Error> {
        let in_force: NaiveDate = in_force.parse().unwrap();
        let edition = Edition { in_force, legal_basis: "Nghị quyết thử nghiệm".to_owned() };
        let now = app.clock.now();
        app.app.db.act(async |conn| places::load_from(conn, self.0.path(), &edition, now).await).await
    }
}

#[tokio::test]
async fn loading_twice_changes_nothing() {
    let app = TestApp::new().await;
    let now = app.clock.now();
    let rows = "select sum(hashtext(n::text)) from place_names n";
    let before = count(&app, rows).await;
    let again = app.app.db.act(async |conn| places::load(conn, now).await).await.unwrap();
    assert_eq!(again, None);
    assert_eq!(Folder::new().load(&app, "2027-01-01").await.unwrap(), None);
    assert_eq!(count(&app, rows).await, before);
    app.finish().await;
}

#[tokio::test]
async fn a_newer_list_abolishes_communes_and_keeps_them() {
    let app = TestApp::new().await;
    let newer = Folder::new();
    let without = |text: String| text.lines().filter(|line| !line.starts_with("00769,")).collect::<Vec<_>>().join("\n");
    newer.change("communes.csv", without);
    newer
        .change("communes_legacy.csv", |text| text.replace(",00769,1,", ",00778,1,").replace(",00769,0,", ",00778,0,"));
    let loaded = newer.load(&app, "2027-01-01").await;
    let Ok(Some(loaded)) = loaded else { panic!("{loaded:?}") };
    assert_eq!((loaded.communes, loaded.abolished), (3_320, 1));

    let gone = app.anyone().get("/v1/communes/00769").await.ok();
    assert_eq!(gone["abolished_on"], "2026-12-31");
    let in_force = app.app.db.see(async |conn| places::commune(conn, "00769").await).await.unwrap();
    assert!(in_force.is_none(), "nothing new may refer to it");
    let (kind, ..) = first(&app.anyone(), "Mèo Vạc, Hà Giang").await;
    assert_ne!(kind, "commune");
    let basis =
        "select count(*) from place_lists where version = '2027-01-01' and legal_basis = 'Nghị quyết thử nghiệm'";
    assert_eq!(count(&app, basis).await, 2, "only of the lists that changed");

    let now = app.clock.now();
    let older = app.app.db.act(async |conn| places::load(conn, now).await).await.unwrap();
    assert_eq!(older, None, "the lists in the binary do not undo newer ones");
    Folder::new().load(&app, "2026-04-30").await.unwrap_err();
    app.finish().await;
}

#[tokio::test]
async fn a_wrong_list_is_refused_with_file_and_line() {
    const NEW_COMMUNE: &str = "\n00001,Mới,Phường Mới,Moi,moi,phuong,01,21,105,1\n00004,";
    let app = TestApp::new().await;
    let swap = |file: &'static str, from: &'static str, to: &'static str| {
        let folder = Folder::new();
        folder.change(file, |text| text.replacen(from, to, 1));
        (folder, file)
    };
    let cases = [
        (swap("provinces.csv", "\n04,", "\n4,"), ", line 3: must be a code"),
        (swap("provinces.csv", "\n04,", "\n01,"), ", line 3: 01 stands there twice"),
        (swap("provinces.csv", "3359.84", "wide"), ", line 2: area_km2: "),
        (swap("provinces.csv", "21.001", "121.001"), ", line 2: lat: "),
        (swap("provinces.csv", "code,name_vi", "number,name_vi"), ", line 2: missing field `code`"),
        (swap("provinces_legacy.csv", "Hà Nội,ha-noi,01", "Hà Nội,ha-noi,02"), ", line 2: no province 02"),
        (swap("communes.csv", "phuong,01", "lang,01"), ", line 2: unknown variant"),
        (swap("communes.csv", "phuong,01", "phuong,99"), ", line 2: no province 99"),
        (swap("communes.csv", "Phường Ba Đình", "Phường \u{0}"), ", line 2: must be text"),
        (swap("communes.csv", "\n00004,", NEW_COMMUNE), ", line 2: communes_legacy.csv names no predecessor"),
        (swap("communes_legacy.csv", "09661,1,1", "00769,1,1"), ", line 2: no commune 00769 in province 01"),
        (swap("communes_legacy.csv", "09619,0,1", "09661,0,1"), ", line 3: the same successor"),
        (swap("communes_legacy.csv", "Huyện Ba Vì,01", "Huyện Ba Vì,99"), ", line 2: no legacy province 99"),
        (swap("communes_legacy.csv", "09661,1,1", "09661,yes,1"), ", line 2: a flag must be 1, 0 or blank"),
        (swap("regions.csv", "bac-trung-bo,", "bac-trung-bo,x,"), ", line 4: 5 fields instead of 4"),
    ];
    for ((folder, file), what) in cases {
        let Err(Error::Fault(fault)) = folder.load(&app, "2027-01-01").await else { panic!("{file} {what}") };
        let told = format!("{fault:#}");
        let (line, why) = what.split_once(": ").unwrap_or((what, ""));
        assert!(told.starts_with(&format!("{file}{line}")) && told.contains(why), "{told}");
    }
    assert_eq!(count(&app, "select count(*) from communes where abolished_on is null").await, 3_321);
    app.finish().await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_read_is_refused() {
    let app = TestApp::new().await;
    let told = async |folder: &Folder| match folder.load(&app, "2027-01-01").await {
        Err(Error::Fault(fault)) => format!("{fault:#}"),
        other => panic!("{other:?}"),
    };
    let folder = Folder::new();
    fs::write(folder.path("communes.csv"), vec![b'x'; 8 * 1024 * 1024 + 1]).unwrap();
    assert_eq!(told(&folder).await, "communes.csv: longer than 8388608 bytes");
    fs::write(folder.path("communes.csv"), "code\n").unwrap();
    assert_eq!(told(&folder).await, "communes.csv, line 1: no rows follow");
    fs::write(folder.path("communes.csv"), b"code,name_vi\n00001,\xff\n").unwrap();
    assert!(told(&folder).await.starts_with("communes.csv, line 2: "));
    fs::remove_file(folder.path("communes.csv")).unwrap();
    assert!(told(&folder).await.starts_with("communes.csv: "));
    let smaller = Folder::new();
    smaller.change("provinces.csv", |text| {
        text.lines().filter(|line| !line.starts_with("12,")).collect::<Vec<_>>().join("\n")
    });
    assert!(told(&smaller).await.contains("no province 12"), "its communes lost it");
    for file in ["provinces_legacy.csv", "communes.csv", "communes_legacy.csv"] {
        let of_lai_chau = |line: &&str| !line.starts_with("12,") && !line.contains(",12,");
        smaller.change(file, |text| text.lines().filter(of_lai_chau).collect::<Vec<_>>().join("\n"));
    }
    assert_eq!(told(&smaller).await, "provinces.csv: 33 rows, but none for the province 12");
    app.finish().await;
}
