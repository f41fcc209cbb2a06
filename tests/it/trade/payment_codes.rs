//! Payment codes: every published one is read and written again byte for byte, and no changed one is taken.

use ocop_market::kernel::Vnd;
use ocop_market::platform::seal::Seal;
use ocop_market::trade::payments::AllocationStatus::{self, Captured, Due, Void};
use ocop_market::trade::payments::transfers::payload::{Field, Payload, PayloadError};
use ocop_market::trade::payments::transfers::reference::{candidates, of_number};
use ocop_market::trade::payments::transfers::vietqr::{VietQr, png, purpose, svg};
use ocop_market::trade::payments::transfers::{
    AccountNumber, ExceptionKind, Fit, Receipt, Source, fit, holder_is_one_of,
};
use proptest::prelude::*;

/// Published by NAPAS and by makers of such codes; the last is a VNPAY-QR code (merchant account 26).
const PUBLISHED: [&str; 9] = [
    "00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304AE9F",
    "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA53037045405100005802VN62150811Chuyen tien630453E6",
    "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA5303704540410005802VN62150811Chuyen tien6304BBB8",
    "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA530370454069999995802VN62140810Cam on nhe6304E786",
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E",
    "00020101021238540010A00000072701240006970436011010319334300208QRIBFTTA53037045802VN62220818Thanh toan hoa don6304E8A4",
    "00020101021238630010A00000072701330006970436011997043686255816010180208QRIBFTTC5303704540720000005802VN6304A2DC",
    "00020101021138620010A000000727013200069710250118PSP1234567890000000208QRIBFTTA53037045802VN62190515MOMOW2W123456786304821F",
    "00020101021126280010A0000007750110010531314453037045408210900005802VN5910CELLPHONES62600312CPSHN ONLINE0517021908061613127850705ONLHN0810CellphoneS63047685",
];

/// Published too, and wrong twice: its checksum should be 5BE7, and field 62 announces more than there is.
const BROKEN: &str = "00020101021238540010A00000072701240006970422011012345678900208QRIBFTTA52040000530370454061000005802VN5912NGUYEN VAN A62180810ITBLOG PAY16304E85C";

fn transfer(bin: &str, account: &str, amount: Option<i64>, purpose: Option<&str>) -> VietQr {
    VietQr {
        bin: bin.to_owned(),
        account: account.to_owned(),
        amount: amount.map(Vnd::new),
        purpose: purpose.map(str::to_owned),
    }
}

#[test]
fn every_published_code_is_written_again_as_it_was_read() {
    for text in PUBLISHED {
        let payload = Payload::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(payload.encode(), text);
    }
}

#[test]
fn the_published_code_that_is_wrong_is_refused_for_both_reasons() {
    let (stated, computed) = ("E85C".to_owned(), "5BE7".to_owned());
    let refused = Payload::parse(BROKEN).unwrap_err();
    assert_eq!(refused, PayloadError::Checksum { stated, computed });
    assert_eq!(refused.to_string(), "the checksum is 5BE7, not E85C");
    let refused = Payload::parse(&BROKEN.replace("E85C", "5BE7")).unwrap_err();
    assert_eq!(refused, PayloadError::Overrun { field: 62, announced: 18, left: 15 });
    assert_eq!(refused.to_string(), "field 62 announces 18 characters, 15 are left");
}

#[test]
fn a_transfer_is_written_as_napas_writes_it() {
    for (at, meant) in [
        (0, transfer("970416", "257678859", None, None)),
        (1, transfer("970416", "257678859", Some(10_000), Some("Chuyen tien"))),
        (2, transfer("970416", "257678859", Some(1_000), Some("Chuyen tien"))),
        (3, transfer("970416", "257678859", Some(999_999), Some("Cam on nhe"))),
    ] {
        assert_eq!(meant.payload().unwrap().encode(), PUBLISHED[at]);
        assert_eq!(VietQr::of(&Payload::parse(PUBLISHED[at]).unwrap()), Some(meant));
    }
    let with_a_bill = VietQr::of(&Payload::parse(PUBLISHED[4]).unwrap()).unwrap();
    assert_eq!(with_a_bill, transfer("970403", "0011012345678", Some(180_000), Some("thanh toan don hang")));
    for not_to_an_account in [PUBLISHED[6], PUBLISHED[8]] {
        assert_eq!(VietQr::of(&Payload::parse(not_to_an_account).unwrap()), None);
    }
}

#[test]
fn what_is_no_code_says_why() {
    let first = || Field::new(0, "01");
    let twice = vec![first(), Field::new(58, "VN"), Field::new(58, "VN")];
    for (fields, why) in [
        (vec![], PayloadError::NotEmv),
        (vec![Field::new(0, "02")], PayloadError::NotEmv),
        (vec![Field::new(58, "VN"), first()], PayloadError::NotEmv),
        (twice, PayloadError::Misplaced(58)),
        (vec![first(), Field::new(63, "ABCD")], PayloadError::Misplaced(63)),
        (vec![first(), Field::new(59, "")], PayloadError::Length(59)),
        (vec![first(), Field::new(59, "A".repeat(100))], PayloadError::Length(59)),
        (vec![first(), Field::new(59, "Mật ong")], PayloadError::NotText(1)),
        (vec![first(), Field::new(62, "08")], PayloadError::NoField("08".to_owned())),
        (vec![first(), Field::new(62, "0805abc")], PayloadError::Overrun { field: 8, announced: 5, left: 3 }),
        (vec![first(), Field::new(62, "0800")], PayloadError::Length(8)),
    ] {
        assert_eq!(Payload::new(fields).unwrap_err(), why);
    }
    for (text, why) in [
        ("", PayloadError::NoChecksum),
        ("000201", PayloadError::NoChecksum),
        ("000201\n6304", PayloadError::NotText(6)),
    ] {
        assert_eq!(Payload::parse(text).unwrap_err(), why, "{text:?}");
    }
}

#[test]
fn a_purpose_is_short_capital_ascii() {
    assert_eq!(purpose("Thanh toán đơn hàng số 12"), "THANH TOAN DON HANG SO 12");
    assert_eq!(purpose("Đặc sản Mường Than, chè Shan tuyết cổ thụ"), "DAC SAN MUONG THAN CHE SH");
    assert_eq!(purpose("茶"), "");
}

#[test]
fn a_code_is_drawn() {
    let payload = Payload::parse(PUBLISHED[1]).unwrap();
    let picture = image::load_from_memory(&png(&payload).unwrap()).unwrap().into_luma8();
    assert!(picture.width() >= 480 && picture.width() == picture.height());
    // A white margin, then the corner of the first finder pattern, which is seven modules wide.
    let (black, white) = ([0], [255]);
    let margin = (0..picture.width()).find(|at| picture.get_pixel(*at, *at).0 == black).unwrap();
    let module = margin / 4;
    assert!((margin..margin + 7 * module).all(|at| picture.get_pixel(at, margin).0 == black));
    assert_eq!(picture.get_pixel(margin + 7 * module, margin).0, white);
    let drawing = svg(&payload).unwrap();
    assert!(drawing.contains("<svg") && drawing.contains("<path") && !drawing.contains("<script"), "{drawing}");
}

#[test]
fn a_reference_is_found_whatever_people_and_banks_do_to_it() {
    assert_eq!(of_number("OCOP-261121-7K3QZ"), "OCOP2611217K3QZ");
    for words in [
        "OCOP2611217K3QZ",
        "ocop-261121-7k3qz",
        "MBVCB.123.OCOP2611217K3QZ.CT tu 0123 toi 4567",
        "chuyen tien mua che OCOP 261121 7K3QZ cam on",
        "0C0P26II2I7K3QZ",
        "(OCOP) 26.11.21 / 7K3QZ",
        "OCOP OCOP2611217K3QZ",
    ] {
        assert!(candidates(words).contains(&"OCOP2611217K3QZ".to_owned()), "{words}");
    }
    for words in ["", "chuyen tien", "2611217K3QZ", "OCOP", "OCOP2611217K3Q"] {
        assert!(!candidates(words).contains(&"OCOP2611217K3QZ".to_owned()), "{words}");
    }
}

#[test]
fn the_holder_is_the_shop_or_who_stands_behind_it() {
    let names = ["Hợp tác xã nông nghiệp Sin Suối Hồ", "Vàng A Chỉnh"];
    for holder in ["HTX NONG NGHIEP SIN SUOI HO", "Hợp tác xã Nông nghiệp Sin Suối Hồ", "VANG A CHINH"] {
        assert!(holder_is_one_of(holder, &names), "{holder}");
    }
    for holder in ["VANG A CHIN", "HTX SIN SUOI HO", "NGUYEN VAN A"] {
        assert!(!holder_is_one_of(holder, &names), "{holder}");
    }
}

#[test]
fn an_account_number_is_taken_as_people_write_it_and_never_printed() {
    let number = AccountNumber::try_from("7800 2051-2345 6".to_owned()).unwrap();
    assert_eq!((number.reveal(), number.last()), ("7800205123456", "3456"));
    assert_eq!(format!("{number:?}"), "•3456");
    for wrong in ["12345", "12345678901234567890", "12345/78", "số 123456"] {
        assert!(AccountNumber::try_from(wrong.to_owned()).is_err(), "{wrong}");
    }
    let seal = Seal::new(&Seal::generate_key().unwrap()).unwrap();
    assert_eq!(number.digest(&seal, "970405"), number.digest(&seal, "970405"));
    assert_ne!(number.digest(&seal, "970405"), number.digest(&seal, "970436"));
}

#[test]
fn money_fits_or_waits_and_is_never_counted_twice() {
    const DUE: Vnd = Vnd::new(100);
    let receipt = |source, reported| Receipt { source, amount: DUE, bank_reference: "FT1".to_owned(), reported };
    let what = |status: AllocationStatus, receipt: Option<Receipt>, source, amount, reference| {
        fit((status, DUE), receipt.as_ref(), (source, Vnd::new(amount), reference))
    };
    for (found, meant) in [
        (what(Due, None, Source::Notice, 100, "FT1"), Fit::Pays),
        (what(Due, None, Source::Shop, 101, "FT1"), Fit::Waits(ExceptionKind::Over)),
        (what(Due, None, Source::Notice, 99, "FT1"), Fit::Waits(ExceptionKind::Under)),
        (what(Void, None, Source::Notice, 100, "FT1"), Fit::Waits(ExceptionKind::Late)),
        // The shop said so first, under a name of its own.
        (what(Captured, Some(receipt(Source::Shop, false)), Source::Notice, 100, "FT2"), Fit::Known),
        // The bank has reported that money already: this is other money.
        (
            what(Captured, Some(receipt(Source::Shop, true)), Source::Notice, 100, "FT2"),
            Fit::Waits(ExceptionKind::Again),
        ),
        (
            what(Captured, Some(receipt(Source::Shop, false)), Source::Notice, 90, "FT1"),
            Fit::Waits(ExceptionKind::Again),
        ),
        (what(Captured, Some(receipt(Source::Notice, true)), Source::Shop, 100, "FT2"), Fit::Known),
        (
            what(Captured, Some(receipt(Source::Notice, true)), Source::Notice, 100, "FT2"),
            Fit::Waits(ExceptionKind::Again),
        ),
        (what(Captured, Some(receipt(Source::Shop, false)), Source::Shop, 100, "FT1"), Fit::Known),
        (
            what(Captured, Some(receipt(Source::Shop, false)), Source::Shop, 100, "FT2"),
            Fit::Waits(ExceptionKind::Again),
        ),
        (what(Captured, None, Source::Shop, 100, "FT1"), Fit::Waits(ExceptionKind::Again)),
    ] {
        assert_eq!(found, meant);
    }
}

/// A code of any fields, templates among them.
fn any_payload() -> impl Strategy<Value = Payload> {
    let plain = (2_u8..=25, "[ -~]{1,99}").prop_map(|(tag, value)| Field::new(tag, value));
    let inner = prop::collection::btree_map(0_u8..=99, "[ -~]{1,16}", 1..4);
    let template = (prop::sample::select(vec![26_u8, 38, 51, 62, 64, 80, 99]), inner).prop_map(|(tag, inner)| {
        let inner: Vec<Field> = inner.into_iter().map(|(tag, value)| Field::new(tag, value)).collect();
        Field::template(tag, &inner)
    });
    prop::collection::vec(prop_oneof![plain, template], 0..6).prop_map(|mut fields| {
        fields.sort_by_key(|field| field.tag);
        fields.dedup_by_key(|field| field.tag);
        fields.insert(0, Field::new(0, "01"));
        Payload::new(fields).unwrap()
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(payload in any_payload()) {
        prop_assert_eq!(Payload::parse(&payload.encode()), Ok(payload));
    }

    #[test]
    fn no_changed_character_goes_unnoticed(payload in any_payload(), at: prop::sample::Index, other in 0_u8..128) {
        let text = payload.encode();
        let mut changed = text.clone().into_bytes();
        let at = at.index(changed.len());
        prop_assume!(changed[at] != other);
        changed[at] = other;
        prop_assert!(Payload::parse(&String::from_utf8(changed).unwrap()).is_err());
    }

    #[test]
    fn no_text_makes_the_reader_stumble(text: String) {
        if let Ok(payload) = Payload::parse(&text) {
            prop_assert_eq!(payload.encode(), text);
        }
    }

    #[test]
    fn any_words_become_a_purpose(words: String) {
        let said = purpose(&words);
        prop_assert!(said.len() <= 25 && said.is_ascii());
        prop_assert_eq!(purpose(&said), said);
    }

    #[test]
    fn any_words_may_name_an_order(before in "[a-z .]{0,30}", after in "[a-z .]{0,30}", number in "OCOP-2[0-9]{5}-[0-9A-HJKMNP-TV-Z]{5}") {
        let found = candidates(&format!("{before}{number}{after}"));
        prop_assert!(found.contains(&of_number(&number)), "{:?}", found);
    }
}
