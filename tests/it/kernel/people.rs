//! Phones, addresses and the numbers of the tax office.

use ocop_market::kernel::{Email, PersonalId, Phone, TaxCode};
use proptest::prelude::*;
use serde_json::json;

use super::read;

#[test]
fn a_mobile_number_is_kept_in_one_form_however_typed() {
    let ways = [
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "(091) 234-5678",
        "+84912345678",
        "+84 (0)912 345 678",
        "84912345678",
        "0084 912 345 678",
        "0912\u{A0}345678",
    ];
    for typed in ways {
        assert_eq!(typed.parse::<Phone>().unwrap().as_str(), "+84912345678", "{typed}");
    }
    assert_eq!("0849123456".parse::<Phone>().unwrap().as_str(), "+84849123456", "084 is a prefix of mobiles too");
}

#[test]
fn what_is_no_vietnamese_mobile_is_refused() {
    let wrong =
        ["", "0", "912345678", "02438222222", "0612345678", "091234567", "09123456789", "+85512345678", "٠٩١٢٣٤٥٦٧٨"];
    for typed in wrong {
        assert!(read::<Phone>(json!(typed)).unwrap_err().contains("must be a Vietnamese mobile"), "{typed}");
    }
}

#[test]
fn an_address_is_kept_in_lower_case() {
    assert_eq!(" HTX.BinhLieu+1@Example.VN ".parse::<Email>().unwrap().as_str(), "htx.binhlieu+1@example.vn");
}

#[test]
fn what_no_relay_would_take_is_refused() {
    let long = format!("{}@example.vn", "a".repeat(65));
    let longer = format!("a@{}vn", "abcdefghi.".repeat(26));
    let wrong = [
        "",
        "a",
        "@example.vn",
        "a@",
        "a@vn",
        "a@@example.vn",
        "a@b@example.vn",
        "a b@example.vn",
        "a@exa mple.vn",
        ".a@example.vn",
        "a.@example.vn",
        "a..b@example.vn",
        "a@.vn",
        "a@example.",
        "a@-a.vn",
        "a@a-.vn",
        "a@127.0.0.1",
        "a@example.v",
        "á@example.vn",
        "a\n@example.vn",
        "<a@example.vn>",
        &long,
        &longer,
    ];
    for typed in wrong {
        assert!(read::<Email>(json!(typed)).unwrap_err().contains("must be an e-mail address"), "{typed}");
    }
}

#[test]
fn tax_codes_of_real_companies_pass() {
    for code in ["0100109106", "0101243150", "0402353502", "0111484606", "0100109106-001", "0100109106-999"] {
        assert_eq!(code.parse::<TaxCode>().unwrap().as_str(), code);
    }
    assert_eq!(" 0100109106 - 001".parse::<TaxCode>().unwrap().as_str(), "0100109106-001");
}

#[test]
fn tax_codes_that_were_never_issued_are_refused() {
    let wrong = [
        "",
        "0100109107",
        "010010910",
        "01001091060",
        "0100109106-000",
        "0100109106-1",
        "0100109106-",
        "010010910x",
        "0000000000",
    ];
    for typed in wrong {
        assert!(read::<TaxCode>(json!(typed)).unwrap_err().contains("must be a tax code"), "{typed}");
    }
}

#[test]
fn a_personal_id_has_a_birthplace_a_century_and_a_year() {
    for number in ["001090000001", "096203123456", "079 190 123 456"] {
        assert!(read::<PersonalId>(json!(number)).is_ok(), "{number}");
    }
    for number in ["", "00109000000", "0010900000012", "003090000001", "097090000001", "001490000001", "00109000000x"] {
        assert!(read::<PersonalId>(json!(number)).is_err(), "{number}");
    }
}

#[test]
fn a_personal_id_shows_its_last_digits_only() {
    let id: PersonalId = read(json!("001090123456")).unwrap();
    assert_eq!(id.last_digits(), "456");
    assert_eq!(id.expose(), "001090123456");
    assert!(!format!("{id:?} {id:#?}").contains(|c: char| c.is_ascii_digit()));
    for wrong in [json!("999990123456"), json!(1_090_123_456)] {
        let refusal = read::<PersonalId>(wrong).unwrap_err();
        assert_eq!(
            refusal,
            "phải là số định danh cá nhân gồm 12 chữ số / must be a personal identification number of 12 digits"
        );
    }
}

proptest! {
    #[test]
    fn any_wrong_digit_of_a_tax_code_is_noticed(place in 0..10_usize, digit in b'0'..=b'9') {
        let code = "0100109106";
        let mut typed = code.as_bytes().to_vec();
        typed[place] = digit;
        let typed = String::from_utf8(typed).unwrap();
        prop_assert_eq!(typed.parse::<TaxCode>().is_ok(), typed == code);
    }

    #[test]
    fn newtypes_take_back_what_they_kept(typed in "[ 0-9+().-]{0,16}|[a-zA-Z.@-]{0,20}") {
        if let Ok(phone) = typed.parse::<Phone>() {
            prop_assert_eq!(phone.as_str().parse::<Phone>(), Ok(phone));
        }
        if let Ok(email) = typed.parse::<Email>() {
            prop_assert_eq!(email.as_str().parse::<Email>(), Ok(email));
        }
        if let Ok(code) = typed.parse::<TaxCode>() {
            prop_assert_eq!(code.as_str().parse::<TaxCode>(), Ok(code));
        }
    }

    #[test]
    fn every_mobile_number_is_taken_with_every_prefix(number in "[35789][0-9]{8}") {
        for prefix in ["0", "84", "+84", "0084", "+840"] {
            let phone = format!("{prefix}{number}").parse::<Phone>();
            prop_assert_eq!(phone.map(Phone::into_inner), Ok(format!("+84{number}")));
        }
    }
}
