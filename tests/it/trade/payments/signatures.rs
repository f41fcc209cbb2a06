//! Signatures, by the providers' vectors.

use std::net::Ipv4Addr;

use chrono::{TimeDelta, TimeZone as _, Utc};
use ocop_market::adapters::signing::{Algorithm, Keys};
use ocop_market::adapters::{Http, Vnpay, momo, vnpay};
use ocop_market::kernel::{Lang, Vnd};

use super::gateway::{OLD_SECRET, SECRET};

#[test]
fn a_vnpay_pay_page_is_signed_as_vnpay_signs() {
    let urls = ("https://pay.example.vn".to_owned(), String::new());
    let vnpay = Vnpay::new(Http::new().unwrap(), urls, "DEMOTMN1".to_owned(), (SECRET.into(), None));
    let created_at = Utc.with_ymd_and_hms(2026, 11, 21, 2, 30, 0).unwrap();
    let page = vnpay.pay_page(&vnpay::Sale {
        reference: "OCOP-2026-0001",
        amount: Vnd::new(180_600),
        info: "Thanh toan don hang OCOP-2026-0001",
        return_url: "https://example.vn/vnpay/return",
        address: Ipv4Addr::new(203, 0, 113, 7).into(),
        lang: Lang::Vi,
        created_at,
        expires_at: created_at + TimeDelta::minutes(15),
    });
    let signature = "63b4582e4df2aff2a2a5b65d29337fca774870429a8cefd559ad5bf8418a512172b2260da3497bafcf80a61d99ef468236a\
                     34621f072bdedaea8e0187bacd3d1";
    assert!(page.ends_with(&format!("&vnp_Version=2.1.0&vnp_SecureHash={signature}")), "{page}");
    assert!(page.starts_with("https://pay.example.vn?vnp_Amount=18060000&vnp_Command=pay&"), "{page}");
}

#[test]
fn a_momo_message_is_signed_as_momo_signs() {
    let text = momo::signed_text([
        ("accessKey", "F8BBA842ECF85"),
        ("amount", "50000"),
        ("extraData", ""),
        ("ipnUrl", "https://example.vn/ipn/momo"),
        ("orderId", "MOMO0001"),
        ("orderInfo", "pay with MoMo"),
        ("partnerCode", "MOMO"),
        ("redirectUrl", "https://example.vn/return"),
        ("requestId", "MOMO0001"),
        ("requestType", "captureWallet"),
    ]);
    let keys = Keys::new(Algorithm::Sha256, "K951B6PE1waDMi640xX08PD3vg6EkVlz".into(), None);
    assert_eq!(keys.sign(text.as_bytes()), "e385272b6ab112996059ab5929face4dea81f945314bcb595613fc57bd8391f3");
}

#[test]
fn while_keys_change_both_are_believed_and_no_third() {
    let old = Keys::new(Algorithm::Sha512, OLD_SECRET.into(), None);
    let both = Keys::new(Algorithm::Sha512, SECRET.into(), Some(OLD_SECRET.into()));
    let new = Keys::new(Algorithm::Sha512, SECRET.into(), None);
    let message = b"vnp_Amount=100";
    assert!(both.verify(message, &old.sign(message)));
    assert!(both.verify(message, &new.sign(message).to_uppercase()));
    assert!(!new.verify(message, &old.sign(message)));
    assert_eq!(both.sign(message), new.sign(message));
    for forged in ["", "00", "not hex", &both.sign(b"vnp_Amount=101")] {
        assert!(!both.verify(message, forged), "{forged}");
    }
}
