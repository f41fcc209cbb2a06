//! The providers' side of the wire: the simulator on a port of its own, and clients that speak to it.

use std::net::SocketAddr;

use ocop_market::adapters::disbursement::Disbursement;
use ocop_market::adapters::ghn::{Credentials, Ghn};
use ocop_market::adapters::{Adapters, Http, Momo, Vnpay};
use ocop_market::kernel::Clock;
use ocop_market::simulator::{Contracts, GhnContract, MomoContract, Simulator, VnpayContract};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::bank_keys;

pub const BANK_KEY: &str = "khoa hien nay cua ngan hang";
const DISBURSEMENT_KEY: &str = "khoa cua don vi chi ho";

/// The running simulator; it ends with the test.
pub struct Providers {
    url: String,
    http: Http,
    serving: JoinHandle<()>,
}

impl Providers {
    /// Providers that tell the marketplace at the address of what happens.
    pub async fn start(clock: &Clock, marketplace: &str) -> Self {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let http = Http::new().unwrap();
        let simulator = Simulator::new(contracts(marketplace), clock.clone(), http.clone());
        let serving = tokio::spawn(async move { simulator.serve(listener, std::future::pending()).await });
        Self { url, http, serving }
    }

    /// Clients of them all.
    pub fn adapters(&self) -> Adapters {
        let pages = ["/paymentv2/vpcpay.html", "/merchant_webapi/api/transaction"];
        let [pay, api] = pages.map(|path| format!("{}{path}", self.url));
        let Contracts { vnpay, momo, ghn, disbursement_key, .. } = contracts("");
        let credentials = Credentials {
            url: self.url.clone(),
            token: ghn.token,
            shop_id: ghn.shop_id,
            webhook_secret: ghn.webhook_secret,
        };
        Adapters {
            vnpay: Some(Vnpay::new(self.http.clone(), (pay, api), vnpay.tmn_code, (vnpay.secret, None))),
            momo: Some(Momo::new(
                self.http.clone(),
                self.url.clone(),
                (momo.partner_code, momo.access_key),
                (momo.secret, None),
            )),
            bank_notices: Some(bank_keys()),
            ghn: Some(Ghn::new(self.http.clone(), credentials)),
            disbursement: Some(Disbursement::new(self.http.clone(), &self.url, disbursement_key)),
            http: self.http.clone(),
        }
    }

    /// Reads a page or a JSON document.
    pub async fn get(&self, address: &str) -> (u16, String) {
        let address = if address.starts_with("http") { address.to_owned() } else { format!("{}{address}", self.url) };
        let answered = self.http.send(self.http.get(&address)).await.unwrap();
        (answered.status, String::from_utf8(answered.body).unwrap())
    }

    /// Presses a button, or sends what a program would.
    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let request = self.http.post(&format!("{}{path}", self.url)).json(&body);
        let answered = self.http.send(request).await.unwrap();
        (answered.status, serde_json::from_slice(&answered.body).unwrap_or_default())
    }

    /// Has the next calls of an operation go wrong.
    pub async fn set_faults(&self, operation: &str, faults: &[&str]) {
        let (status, _) = self.post(&format!("/control/faults/{operation}"), json!(faults)).await;
        assert_eq!(status, 204);
    }

    /// Everything that has happened there.
    pub async fn state(&self) -> Value {
        serde_json::from_str(&self.get("/control/state").await.1).unwrap()
    }
}

impl Drop for Providers {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn contracts(marketplace: &str) -> Contracts {
    Contracts {
        marketplace: marketplace.to_owned(),
        vnpay: VnpayContract { tmn_code: "DEMOTMN1".to_owned(), secret: "DEMOSECRETDEMOSECRETDEMOSECRET12".into() },
        momo: MomoContract {
            partner_code: "MOMO".to_owned(),
            access_key: "F8BBA842ECF85".to_owned(),
            secret: "K951B6PE1waDMi640xX08PD3vg6EkVlz".into(),
        },
        ghn: GhnContract {
            token: "the cua GHN".into(),
            shop_id: "190001".to_owned(),
            webhook_secret: "khoa cua GHN".into(),
        },
        bank_secret: BANK_KEY.into(),
        disbursement_key: DISBURSEMENT_KEY.into(),
    }
}
