//! What the national operator keeps for the search, and what people looked for in vain.

use chrono::TimeDelta;
use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use crate::support::{Actor, Goods, HA_NOI, HONEY, LAI_CHAU, TEA, TestApp};

const KEPT: &str = "select count(*) from search_misses";
const WORDS: &str = "/admin/v1/search_words";
const WEIGHTS: &str = "/admin/v1/search_weights";

fn word(typed: &str, means: &str, mutual: bool) -> Value {
    json!({ "typed": typed, "means": means, "mutual": mutual })
}

async fn weight(reader: &Actor, on: &str, name: &str) -> Value {
    let policy = reader.get(&format!("/v1/policies/ranking?on={on}")).await.ok();
    let found = policy["weights"].as_array().unwrap().iter().find(|weight| weight["name"] == name);
    found.unwrap()["value"].clone()
}

#[tokio::test]
async fn the_operator_says_which_words_mean_the_same_and_the_record_says_who_said_so() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let added = operator.post(WORDS, word("Mía Lau", "mía", true)).await.ok();
    assert_eq!((&added["typed"], &added["mutual"], &added["note"]), (&json!("mía lau"), &json!(true), &Value::Null));
    operator.post(WORDS, word("mía lau", "Mía", false)).await.refused(409, "search-word-exists");
    let found = operator.get(&format!("{WORDS}?word=M%C3%ADa%20lau")).await.ok();
    assert_eq!(found, json!({ "items": [added], "next": null }));

    let row = format!("{WORDS}/{}", added["id"]);
    let noted = json!({ "typed": "mía lau", "means": "#13", "mutual": false, "note": "Nước giải khát" });
    let changed = operator.put(&row, noted).await.ok();
    assert_eq!(
        (&changed["id"], &changed["means"], &changed["note"]),
        (&added["id"], &json!("#13"), &json!("Nước giải khát"))
    );
    for (at, wrong) in [
        ("means", word("mía", "MÍA", false)),
        ("means", word("mía", "#27", false)),
        ("means", word("mía", "@mía", false)),
        ("means", word("mía", "@", false)),
        ("typed", word("...", "mía", false)),
        ("typed", word("một hai ba bốn năm sáu bảy tám chín", "mía", false)),
        ("typed", word("#13", "mía", true)),
        ("typed", word("@đường", "mía", true)),
        ("means", word("mía", "...", false)),
        ("means", word("mía", "@...", false)),
        ("means", word("mía", "một hai ba bốn năm sáu bảy tám chín", true)),
        ("mutual", word("mía", "#13", true)),
        ("mutual", word("mía", "@đường", true)),
        ("mutual", word("mía", "", true)),
    ] {
        let refusal = operator.put(&row, wrong).await.refused(422, "invalid");
        assert_eq!(refusal["errors"][0]["at"], at, "{refusal}");
    }
    assert_eq!(operator.delete(&row).await.status, 204);
    operator.delete(&row).await.refused(404, "not-found");
    operator.put(&row, word("mía lau", "mía", true)).await.refused(404, "not-found");

    let acts =
        "select count(*) from audit_entries where operation like '%/search_words%' and facts ->> 'typed' = 'mía lau'";
    assert_eq!(app.count(acts).await, 3);
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    head.post(WORDS, word("mía lau", "mía", true)).await.refused(403, "not-your-function");
    app.finish().await;
}

#[tokio::test]
async fn pages_of_words_hold_each_row_once() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let first = operator.get(&format!("{WORDS}?limit=2")).await.ok();
    let next = format!("{WORDS}?limit=2&after={}", first["next"].as_str().unwrap());
    let second = operator.get(&next).await.ok();
    let ids = |page: &Value| page["items"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect();
    let (first, second): (Vec<i64>, Vec<i64>) = (ids(&first), ids(&second));
    assert!(first[0] > first[1] && first[1] > second[0] && second[0] > second[1], "{first:?} {second:?}");
    app.finish().await;
}

#[tokio::test]
async fn a_weight_is_announced_holds_from_its_day_on_and_stands_in_the_policy() {
    let app = TestApp::new().await;
    let (operator, reader) = (app.operator().await, app.anyone());
    let before = weight(&reader, "2026-11-21", "star").await;
    let value = before.as_i64().unwrap() + 1;
    let form = |from: &str| {
        json!({
            "value": value, "effective_from": from, "why_vi": "Sao được tính nhiều hơn", "why_en": "Stars count for more",
        })
    };
    let path = format!("{WEIGHTS}/star");
    operator.put(&path, form("2026-11-20")).await.refused(422, "invalid");
    operator.put(&path, form("2029-01-01")).await.refused(422, "invalid");
    operator.put(&format!("{WEIGHTS}/nothing"), form("2026-12-01")).await.refused(404, "not-found");
    let set = operator.put(&path, form("2026-12-01")).await.ok();
    assert_eq!((&set["value"], &set["effective_to"]), (&json!(value), &Value::Null));
    assert_eq!(weight(&reader, "2026-11-30", "star").await, before);
    assert_eq!(weight(&reader, "2026-12-01", "star").await, json!(value));
    let rows = operator.get(WEIGHTS).await.ok();
    let rows: Vec<&Value> = rows.as_array().unwrap().iter().filter(|row| row["name"] == "star").collect();
    assert_eq!((rows.len(), &rows[1]["effective_to"]), (2, &json!("2026-12-01")));
    let policy = reader.get("/v1/policies/ranking").await;
    assert!(policy.header("etag").is_some());
    let policy = policy.ok();
    assert_eq!((&policy["kind"], &policy["version"]), (&json!("ranking"), &json!("2026-07-01")));
    reader.get("/v1/policies/ranking?on=1999-01-01").await.refused(422, "invalid");
    app.finish().await;
}

async fn rows_of_star(operator: &Actor) -> Vec<Value> {
    let rows = operator.get(WEIGHTS).await.ok();
    let row = |row: &Value| json!([row["effective_from"], row["effective_to"], row["value"]]);
    rows.as_array().unwrap().iter().filter(|row| row["name"] == "star").map(row).collect()
}

fn star(value: i32, from: &str) -> Value {
    json!({ "value": value, "effective_from": from, "why_vi": "Sao được tính khác", "why_en": "Stars count otherwise" })
}

#[tokio::test]
async fn a_wrong_weight_is_set_right_while_it_has_not_held_for_a_day() {
    const WITHDRAWN: &str = "select jsonb_array_length(facts -> 'withdrawn')::bigint
        from audit_entries where operation like '%/search_weights/%' order by at desc, id desc limit 1";
    let app = TestApp::new().await;
    let (operator, path) = (app.operator().await, format!("{WEIGHTS}/star"));
    for (value, from) in [(50, "2026-12-01"), (60, "2026-12-24"), (70, "2026-12-01"), (80, "2026-11-21")] {
        assert_eq!(operator.put(&path, star(value, from)).await.ok()["value"], value);
    }
    assert_eq!(app.count(WITHDRAWN).await, 1, "the record has what was announced and does not come");
    operator.put(&path, star(90, "2026-11-21")).await.ok();
    let first = json!(["2026-07-01", "2026-11-21", 40]);
    assert_eq!(rows_of_star(&operator).await, [json!(["2026-11-21", null, 90]), first.clone()]);
    // The next morning it has held for a day.
    app.clock.advance(TimeDelta::days(1));
    operator.put(&path, star(95, "2026-11-21")).await.refused(422, "invalid");
    operator.put(&path, star(95, "2026-11-22")).await.ok();
    let rows = [json!(["2026-11-22", null, 95]), json!(["2026-11-21", "2026-11-22", 90]), first];
    assert_eq!(rows_of_star(&operator).await, rows);
    app.finish().await;
}

#[tokio::test]
async fn of_those_who_set_a_weight_at_once_each_sees_what_the_one_before_set() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let path = format!("{WEIGHTS}/star");
    for round in 0..5 {
        let days = ["2027-01-01", "2027-01-02", "2027-01-03", "2027-01-01"];
        let set = days.map(|day| operator.put(&path, star(50 + round, day)));
        let [a, b, c, d] = set;
        for answer in <[_; 4]>::from(tokio::join!(a, b, c, d)) {
            answer.ok();
        }
        let rows = rows_of_star(&operator).await;
        assert_eq!(rows[0][1], Value::Null);
        for pair in rows.windows(2) {
            assert_eq!(pair[0][0], pair[1][1], "each ends where the next begins: {rows:?}");
            assert!(pair[0][0].as_str() > pair[1][0].as_str(), "each begins behind the one before: {rows:?}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn each_weight_is_kept_within_its_bounds() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    for row in operator.get(WEIGHTS).await.ok().as_array().unwrap() {
        let (least, most) = (row["least"].as_i64().unwrap(), row["most"].as_i64().unwrap());
        let path = format!("{WEIGHTS}/{}", row["name"].as_str().unwrap());
        let form = |value: i64| json!({ "value": value, "effective_from": "2026-12-01", "why_vi": "Bài kiểm thử", "why_en": "A test" });
        for value in [least - 1, most + 1] {
            let refusal = operator.put(&path, form(value)).await.refused(422, "invalid");
            assert_eq!(refusal["errors"][0]["at"], "value");
            assert!(refusal["errors"][0]["message"].as_str().unwrap().contains(&most.to_string()), "{refusal}");
        }
        for value in [least, most] {
            operator.put(&path, form(value)).await.ok();
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn what_only_a_filter_keeps_out_is_not_missing() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    app.shelve(&stall, HONEY).await;
    app.shelve(&stall, Goods { title: "Rượu ngô", set_no: 14, ..TEA }).await;
    for query in [
        "q=mat%20ong&price_max=1000",
        "q=mat%20ong&stars_min=3",
        "q=mat%20ong&in_stock=false",
        "q=mat%20ong&province=lai-chau&set=14",
        "q=ruou%20ngo",
        "q=-&price_max=1000",
        "q=mat%20ong&province=ha-noi",
    ] {
        for _ in 0..5 {
            let page = app.anyone().get(&format!("/v1/listings?{query}")).await.ok();
            assert_eq!(page["items"], json!([]), "{query}");
        }
    }
    app.shelf.flush_misses().await;
    let misses = app.operator().await.get("/admin/v1/search_misses").await.ok();
    let misses: Vec<_> = misses.as_array().unwrap().iter().map(|row| [&row["province_code"], &row["words"]]).collect();
    assert_eq!(misses, [[&json!(HA_NOI), &json!("mat ong")]]);
    app.finish().await;
}

#[tokio::test]
async fn what_nobody_found_is_counted_by_province_without_what_tells_who_looked() {
    let app = TestApp::new().await;
    let operator = app.operator().await;
    let look = async |query: &str, times: usize| {
        for _ in 0..times {
            app.anyone().get(&format!("/v1/listings?{query}")).await.ok();
        }
    };
    look("q=Zyxwv%20Qqq&province=lai-chau", 4).await;
    look("q=Zyxwv%20Qqq&legacy_province=lai-chau", 2).await;
    look("q=zyxwv%20qqq", 5).await;
    look("q=zyxwv%200912%20345%20678", 5).await;
    look("q=zyxwv%20500g", 5).await;
    look("q=zyxwv%40example.vn", 9).await;
    look("q=only%20four%20zyxwv", 4).await;
    app.shelf.flush_misses().await;
    let rows = async || {
        let misses = operator.get("/admin/v1/search_misses").await.ok();
        let rows = misses.as_array().unwrap().iter().map(|row| {
            (row["province_code"].clone(), row["words"].as_str().unwrap().to_owned(), row["count"].as_i64().unwrap())
        });
        rows.collect::<Vec<_>>()
    };
    let miss = |province: Value, words: &str, count: i64| (province, words.to_owned(), count);
    let shown = [
        miss(json!(LAI_CHAU), "zyxwv qqq", 6),
        miss(Value::Null, "zyxwv", 5),
        miss(Value::Null, "zyxwv 500g", 5),
        miss(Value::Null, "zyxwv qqq", 5),
    ];
    assert_eq!(rows().await, shown);
    // A second writing adds; a second instance would, too.
    look("q=zyxwv%20qqq&province=lai-chau", 1).await;
    app.shelf.flush_misses().await;
    app.shelf.flush_misses().await;
    assert_eq!(rows().await[0], miss(json!(LAI_CHAU), "zyxwv qqq", 7));

    // The desk of the province has its own among its numbers, and nobody else's.
    let officer = app.officer(LAI_CHAU, OfficerRole::Supervisor).await;
    let report = officer.get("/admin/v1/statistics/searches").await.ok();
    let numbers: Vec<_> = report["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| json!([row["province_code"], row["words"], row["searches"]]))
        .collect();
    assert_eq!(numbers, [json!([LAI_CHAU, "zyxwv qqq", 7])]);

    // After a week, what hardly anybody looked for is forgotten; the rest after a year and a month.
    app.run_jobs().await;
    let all = app.count(KEPT).await;
    app.clock.advance(TimeDelta::days(8));
    app.run_jobs().await;
    assert_eq!(app.count(KEPT).await, all - 1);
    app.clock.advance(TimeDelta::days(400));
    app.run_jobs().await;
    assert_eq!(app.count(KEPT).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn inventions_fill_no_more_than_a_day_and_go_by_thousands() {
    const SEARCHES: &str = "select sum(count) from search_misses";
    let app = TestApp::new().await;
    let note =
        |first: usize, last: usize| (first..=last).for_each(|n| app.shelf.note_miss(None, &format!("zyxwv {n}")));
    note(1, 3_000);
    app.shelf.flush_misses().await;
    note(2_001, 5_100);
    app.shelf.flush_misses().await;
    assert_eq!((app.count(KEPT).await, app.count(SEARCHES).await), (5_000, 6_000), "what is known is counted on");
    app.run_jobs().await;
    app.clock.advance(TimeDelta::days(1));
    note(5_100, 5_100);
    app.shelf.flush_misses().await;
    assert_eq!(app.count(KEPT).await, 5_001, "another day");

    app.sql(
        "insert into search_misses (day, words, count)
         select '2026-11-01', 'zyxwv ' || n, 1 from generate_series(1, 10001) as n;
         insert into shelf_news (kind, subject, at)
         select 'listing', gen_random_uuid(), now() - interval '8 days' from generate_series(1, 10001);
         insert into shelf_news (kind) values ('common')",
    )
    .await;
    app.run_jobs().await;
    assert_eq!(app.count(KEPT).await, 5_001);
    assert_eq!(app.count("select count(*) from shelf_news where at < now() - interval '7 days'").await, 0);
    app.finish().await;
}
