//! The providers play by their own rules: what they say can be believed, and what is forged cannot.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Uri};
use chrono::TimeDelta;
use ocop_market::adapters::disbursement::{Outcome as Sent, Payout, Recipient};
use ocop_market::adapters::gateway::{Created, Found, Outcome, Returned};
use ocop_market::adapters::vnpay::{Back, Sale, Sold, Taken};
use ocop_market::adapters::{BANK_NOTICE_SIGNATURE, BANK_NOTICE_TIMESTAMP, ghn, momo};
use ocop_market::kernel::{Clock, Lang, Vnd};
use ocop_market::platform::serve::serve;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{Providers, bank_keys, start};

/// What a merchant was told.
#[derive(Debug, Clone)]
struct Heard {
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl Heard {
    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

/// A merchant that writes down whatever it is told, and the providers it deals with.
struct Merchant {
    clock: Clock,
    providers: Providers,
    heard: Arc<Mutex<Vec<Heard>>>,
    url: String,
}

impl Merchant {
    async fn open() -> Self {
        let heard: Arc<Mutex<Vec<Heard>>> = Arc::default();
        let router = Router::new().fallback({
            let heard = Arc::clone(&heard);
            async move |uri: Uri, headers: HeaderMap, body: Bytes| {
                heard.lock().unwrap().push(Heard { uri, headers, body });
            }
        });
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(serve(listener, router, std::future::pending()));
        let clock = Clock::manual(start());
        Self { providers: Providers::start(&clock, &url).await, clock, heard, url }
    }

    /// What it was told since it was last asked.
    fn heard(&self) -> Vec<Heard> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }

    /// A buyer at VNPay's page.
    async fn at_vnpay(&self, reference: &str, amount: i64) -> String {
        let now = self.clock.now();
        let return_url = format!("{}/return", self.url);
        let sale = Sale {
            reference,
            amount: Vnd::new(amount),
            info: "Thanh toan don hang",
            return_url: &return_url,
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            lang: Lang::Vi,
            created_at: now,
            expires_at: now + TimeDelta::minutes(15),
        };
        let page = self.providers.adapters().vnpay.unwrap().pay_page(&sale);
        let (status, shown) = self.providers.get(&page).await;
        assert_eq!(status, 200, "{shown}");
        page
    }

    async fn play(&self, gateway: &str, reference: &str, deed: &str) -> Value {
        let path = format!("/control/{gateway}/payments/{reference}/{deed}");
        let (status, played) = self.providers.post(&path, json!({})).await;
        assert_eq!(status, 200, "{played}");
        played
    }

    /// What VNPay has said, each as believed.
    fn said_by_vnpay(&self) -> Vec<Result<Outcome, ()>> {
        let vnpay = self.providers.adapters().vnpay.unwrap();
        let read = |heard: Heard| vnpay.read(heard.uri.query().unwrap().as_bytes()).map_err(drop);
        self.heard().into_iter().map(read).map(|notice| notice.map(|notice| notice.outcome)).collect()
    }

    fn sold<'a>(&self, reference: &'a str) -> Sold<'a> {
        Sold { reference, created_at: self.clock.now() }
    }
}

fn is_paid(outcome: &Result<Outcome, ()>) -> bool {
    matches!(outcome, Ok(Outcome::Paid { .. }))
}

#[tokio::test]
async fn vnpay_takes_only_what_the_merchant_signed_and_only_in_time() {
    let merchant = Merchant::open().await;
    let page = merchant.at_vnpay("A1", 180_600).await;
    assert_eq!(merchant.providers.get(&page.replace("18060000", "18060100")).await.0, 400);
    merchant.clock.advance(TimeDelta::minutes(15));
    assert!(merchant.providers.get(&page).await.1.contains("11:"));
}

#[tokio::test]
async fn vnpay_tells_by_notice_and_through_the_browser() {
    let merchant = Merchant::open().await;
    merchant.at_vnpay("A1", 180_600).await;
    let played = merchant.play("vnpay", "A1", "pay").await;
    let vnpay = merchant.providers.adapters().vnpay.unwrap();
    let query = played["return_url"].as_str().unwrap().split_once('?').unwrap().1;
    let returned = vnpay.read(query.as_bytes()).unwrap();
    assert_eq!((returned.reference.as_str(), returned.amount), ("A1", Vnd::new(180_600)));
    let heard = merchant.said_by_vnpay();
    assert_eq!(heard, [Ok(returned.outcome)]);
    assert!(is_paid(&heard[0]));
    let (status, _) = merchant.providers.post("/control/vnpay/payments/A1/fail", json!({})).await;
    assert_eq!(status, 409, "it has ended");
}

#[tokio::test]
async fn vnpay_fails_delays_duplicates_reorders_and_is_forged_on_request() {
    let merchant = Merchant::open().await;
    for deed in ["fail", "cancel", "delay", "duplicate", "wrong_amount", "forge", "reorder"] {
        merchant.at_vnpay(deed, 100_000).await;
    }
    for deed in ["fail", "cancel"] {
        merchant.play("vnpay", deed, deed).await;
        assert_eq!(merchant.said_by_vnpay(), [Ok(Outcome::Failed)]);
    }
    let delayed = merchant.play("vnpay", "delay", "delay").await;
    assert!(merchant.heard().is_empty());
    let sending = format!("/control/notices/{}/sending", delayed["notices"][0]["number"]);
    merchant.providers.post(&sending, json!({})).await;
    assert!(merchant.said_by_vnpay().iter().all(is_paid));
    merchant.play("vnpay", "duplicate", "duplicate").await;
    let twice = merchant.said_by_vnpay();
    assert!(twice.len() == 2 && twice[0] == twice[1] && is_paid(&twice[0]));
    merchant.play("vnpay", "wrong_amount", "wrong_amount").await;
    let vnpay = merchant.providers.adapters().vnpay.unwrap();
    let wrong = vnpay.read(merchant.heard()[0].uri.query().unwrap().as_bytes()).unwrap();
    assert_eq!(wrong.amount, Vnd::new(99_999));
    merchant.play("vnpay", "forge", "forge").await;
    assert_eq!(merchant.said_by_vnpay(), [Err(())]);
    merchant.play("vnpay", "forge", "pay").await;
    assert!(merchant.said_by_vnpay().iter().all(is_paid), "the forger did not end it");
    merchant.play("vnpay", "reorder", "reorder").await;
    let reordered = merchant.said_by_vnpay();
    assert!(is_paid(&reordered[0]));
    assert_eq!(reordered[1..], [Ok(Outcome::Failed)]);
}

#[tokio::test]
async fn vnpay_answers_questions_and_gives_back_no_more_than_it_took() {
    let merchant = Merchant::open().await;
    let (vnpay, now) = (merchant.providers.adapters().vnpay.unwrap(), merchant.clock.now());
    assert_eq!(vnpay.find("Q0", merchant.sold("A1"), now).await.unwrap(), Found::Nothing);
    merchant.at_vnpay("A1", 100_000).await;
    let outcome = async |request: &str| match vnpay.find(request, merchant.sold("A1"), now).await.unwrap() {
        Found::Known(notice) => notice.outcome,
        Found::Nothing => panic!("it is known"),
    };
    assert_eq!(outcome("Q1").await, Outcome::Pending);
    merchant.play("vnpay", "A1", "delay").await;
    let Outcome::Paid { transaction } = outcome("Q2").await else { panic!("it is paid") };
    merchant.providers.set_faults("vnpay_query", &["drop_answer", "pending"]).await;
    vnpay.find("Q3", merchant.sold("A1"), now).await.unwrap_err();
    assert_eq!(outcome("Q4").await, Outcome::Pending);

    let taken = Taken { sold: merchant.sold("A1"), transaction: &transaction, amount: Vnd::new(100_000) };
    let refund = async |request: &str, amount: i64| {
        vnpay.refund(taken, Back { request, amount: Vnd::new(amount), others: &[] }, now).await
    };
    merchant.providers.set_faults("vnpay_refund", &["refuse", "drop_answer"]).await;
    assert!(matches!(refund("R0", 60_000).await.unwrap(), Returned::Declined(_)));
    refund("R1", 60_000).await.unwrap_err();
    assert!(matches!(refund("R1", 60_000).await.unwrap(), Returned::Done { .. }), "it was done, and once");
    assert!(matches!(refund("R2", 60_000).await.unwrap(), Returned::Declined(_)));
    let Returned::Done { transaction: Some(third) } = refund("R3", 40_000).await.unwrap() else { panic!("it is done") };
    // What VNPay tells of is its latest refund; that says nothing about another one.
    assert_eq!(refund("R1", 60_000).await.unwrap(), Returned::Pending);
    let others = [third];
    let same_amount = Back { request: "R3", amount: Vnd::new(40_000), others: &others };
    assert_eq!(vnpay.refund(taken, same_amount, now).await.unwrap(), Returned::Pending);
}

#[tokio::test]
async fn momo_is_begun_paid_asked_and_gives_back() {
    let merchant = Merchant::open().await;
    let momo = merchant.providers.adapters().momo.unwrap();
    let (return_url, notice_url) = (format!("{}/return", merchant.url), format!("{}/ipn", merchant.url));
    let sale = momo::Sale {
        reference: "M1",
        amount: Vnd::new(50_000),
        info: "Thanh toán",
        return_url: &return_url,
        notice_url: &notice_url,
        lang: Lang::Vi,
    };
    merchant.providers.set_faults("momo_create", &["drop_answer"]).await;
    momo.create(&sale).await.unwrap_err();
    let Created::At(page) = momo.create(&sale).await.unwrap() else { panic!("it is begun") };
    assert_eq!(merchant.providers.get(&page).await.0, 200);
    let Found::Known(begun) = momo.find("Q1", "M1").await.unwrap() else { panic!("it is known") };
    assert_eq!(begun.outcome, Outcome::Pending);
    assert_eq!(momo.find("Q2", "M9").await.unwrap(), Found::Nothing);

    merchant.play("momo", "M1", "forge").await;
    momo.read(&merchant.heard()[0].body).unwrap_err();
    let played = merchant.play("momo", "M1", "duplicate").await;
    let heard = merchant.heard();
    assert_eq!(heard.len(), 2);
    let notice = momo.read(&heard[0].body).unwrap();
    assert_eq!(momo.read(&heard[1].body).unwrap(), notice);
    let query = played["return_url"].as_str().unwrap().split_once('?').unwrap().1;
    assert_eq!(momo.read_return(query.as_bytes()).unwrap(), notice);
    assert_eq!(momo.find("Q3", "M1").await.unwrap(), Found::Known(notice.clone()));

    let Outcome::Paid { transaction } = notice.outcome else { panic!("it is paid") };
    merchant.providers.set_faults("momo_refund", &["drop_answer"]).await;
    momo.refund("R1", &transaction, Vnd::new(30_000)).await.unwrap_err();
    assert!(matches!(momo.refund("R1", &transaction, Vnd::new(30_000)).await.unwrap(), Returned::Done { .. }));
    assert!(matches!(momo.refund("R2", &transaction, Vnd::new(30_000)).await.unwrap(), Returned::Declined(_)));
}

#[tokio::test]
async fn the_bank_tells_of_transfers() {
    let merchant = Merchant::open().await;
    let transfer = |telling: &str| json!({ "bin": "970405", "account": "7800205123456", "amount": 205_000, "content": "OCOP", "telling": telling });
    let (status, _) = merchant.providers.post("/control/bank/transfers", transfer("twice")).await;
    assert_eq!(status, 200);
    merchant.providers.post("/control/bank/transfers", transfer("forged")).await;
    let heard = merchant.heard();
    let is_genuine = |heard: &Heard| {
        let (timestamp, signature) = (heard.header(BANK_NOTICE_TIMESTAMP), heard.header(BANK_NOTICE_SIGNATURE));
        bank_keys().verify(timestamp, &heard.body, signature)
    };
    assert_eq!(heard.iter().map(is_genuine).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(heard[0].body, heard[1].body);
    let notice: Value = serde_json::from_slice(&heard[0].body).unwrap();
    assert_eq!((&notice["amount"], &notice["bin"]), (&json!(205_000), &json!("970405")));
    assert_eq!(merchant.providers.state().await["transfers"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn held_notices_are_sent_in_either_order() {
    let merchant = Merchant::open().await;
    for content in ["first", "second"] {
        let transfer =
            json!({ "bin": "970405", "account": "78", "amount": 1000, "content": content, "telling": "later" });
        merchant.providers.post("/control/bank/transfers", transfer).await;
    }
    assert!(merchant.heard().is_empty());
    merchant.providers.post("/control/notices/sending?newest_first=true", json!({})).await;
    let contents: Vec<Value> = merchant
        .heard()
        .iter()
        .map(|heard| serde_json::from_slice::<Value>(&heard.body).unwrap()["content"].clone())
        .collect();
    assert_eq!(contents, ["second", "first"]);
}

#[tokio::test]
async fn ghn_makes_an_order_once_and_tells_where_it_is() {
    let merchant = Merchant::open().await;
    let carrier = merchant.providers.adapters().ghn.unwrap();
    let party = || ghn::Party {
        name: "HTX Mường Than".to_owned(),
        phone: "0912345678".to_owned(),
        address: "Bản Phường".to_owned(),
        ward: "Xã Mường Than".to_owned(),
        district: "Huyện Than Uyên".to_owned(),
        province: "Lai Châu".to_owned(),
    };
    let order = ghn::NewOrder {
        client_order_code: "P1".to_owned(),
        from: party(),
        to: party(),
        grams: 700,
        millimetres: [200, 100, 100],
        cod: 205_000,
        insured: 185_000,
        inspection: ghn::Inspection::Look,
        note: None,
        items: Vec::new(),
    };
    let quoted = carrier.preview(&order).await.unwrap();
    merchant.providers.set_faults("ghn_create", &["drop_answer"]).await;
    carrier.create(&order).await.unwrap_err();
    let made = carrier.create(&order).await.unwrap();
    assert_eq!(merchant.providers.state().await["parcels"].as_array().unwrap().len(), 1);
    assert!(quoted.total_fee > 0);

    let parcel = format!("/control/ghn/parcels/{}", made.order_code);
    merchant.providers.post(&parcel, json!({ "status": "delivered", "telling": "forged" })).await;
    merchant.providers.post(&parcel, json!({ "status": "delivering" })).await;
    let heard = merchant.heard();
    let is_genuine = |heard: &Heard| carrier.is_genuine(&heard.body, heard.header(ghn::SIGNATURE_HEADER)).unwrap();
    assert_eq!(heard.iter().map(is_genuine).collect::<Vec<_>>(), [false, true]);
    assert_eq!(carrier.detail(&made.order_code).await.unwrap().status, "delivering");
    carrier.cancel(&made.order_code).await.unwrap_err();
    assert!(merchant.providers.get(&carrier.label(&made.order_code).await.unwrap()).await.1.contains("P1"));
}

#[tokio::test]
async fn the_partner_pays_out_once_by_key() {
    let merchant = Merchant::open().await;
    let (partner, now) = (merchant.providers.adapters().disbursement.unwrap(), merchant.clock.now());
    let bank = Recipient { bin: "970405".to_owned(), account: "78".to_owned(), holder: "HTX MUONG THAN".to_owned() };
    let payout = |key: &str, amount: i64| Payout {
        key: key.to_owned(),
        provider: "vnpay".to_owned(),
        bank: bank.clone(),
        amount: Vnd::new(amount),
        reference: format!("OCOP {key}"),
    };
    merchant.providers.set_faults("payout_send", &["drop_request", "drop_answer"]).await;
    partner.send(&payout("K1", 90_000), now).await.unwrap_err();
    assert_eq!(partner.find("K1", now).await.unwrap(), None);
    partner.send(&payout("K1", 90_000), now).await.unwrap_err();
    assert_eq!(partner.find("K1", now).await.unwrap(), Some(Sent::Succeeded));
    assert_eq!(partner.send(&payout("K1", 90_000), now).await.unwrap(), Sent::Succeeded);
    partner.send(&payout("K1", 90_001), now).await.unwrap_err();

    merchant.providers.set_faults("payout_send", &["pending", "refuse"]).await;
    assert_eq!(partner.send(&payout("K2", 1_000), now).await.unwrap(), Sent::Pending);
    assert!(matches!(partner.send(&payout("K3", 1_000), now).await.unwrap(), Sent::Failed { .. }));
    merchant.providers.post("/control/payouts/K2/succeeded", json!({})).await;
    assert_eq!(partner.find("K2", now).await.unwrap(), Some(Sent::Succeeded));
    let (status, _) = merchant.providers.post("/payouts", json!(payout("K4", 1_000))).await;
    assert_eq!(status, 401, "nobody signed it");
    assert_eq!(merchant.providers.state().await["payouts"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn the_providers_show_pages_with_buttons() {
    let merchant = Merchant::open().await;
    merchant.at_vnpay("A1", 100_000).await;
    let transfer = json!({ "bin": "970405", "account": "78", "amount": 1000, "content": "<b>OCOP</b>" });
    merchant.providers.post("/control/bank/transfers", transfer).await;
    for page in ["/", "/vnpay/A1", "/bank?bin=970405&amount=1000"] {
        let (status, shown) = merchant.providers.get(page).await;
        assert_eq!(status, 200, "{page}");
        assert!(!shown.contains("<b>"), "{page}");
    }
    assert!(merchant.providers.get("/vnpay/A1").await.1.contains("action=\"/vnpay/A1/wrong_amount\""));
    let (status, _) = merchant.providers.post("/vnpay/A1/pay", json!({})).await;
    assert_eq!(status, 303);
}
