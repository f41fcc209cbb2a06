//! What a shop says about its certificate, and when it cannot be true.

use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::NewCertificate;
use super::{DecisionNumber, SetNo, Stars};
use crate::kernel::text::fold;
use crate::kernel::{Invalid, Line, MediaId};
use crate::market::sellers::Summary;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::extract::INVALID;

/// The shop claimed this product of this decision before.
pub const CLAIMED_ALREADY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "certificate-claimed-already",
    vi: "Giấy chứng nhận này đã được khai",
    en: "This certificate has been claimed already",
};

/// The programme's first day (Decision 490/QĐ-TTg of 7 May 2018): nothing was recognised before.
const PROGRAMME_BEGAN: NaiveDate = match NaiveDate::from_ymd_opt(2018, 5, 7) {
    Some(day) => day,
    None => panic!("a day of the calendar"),
};

/// The last day districts existed and could issue (Resolution 202/2025/QH15).
const LAST_DAY_OF_DISTRICTS: NaiveDate = match NaiveDate::from_ymd_opt(2025, 6, 30) {
    Some(day) => day,
    None => panic!("a day of the calendar"),
};

/// What a shop says about its certificate.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CertificateClaim, example = json!({
    "product_name": "Chè Shan tuyết Tả Lèng",
    "set_no": 11,
    "stars": 4,
    "decision_number": "1187/QĐ-UBND",
    "decision_date": "2025-06-25",
    "authority": "UBND tỉnh Lai Châu",
    "issued_on": "2025-06-30",
    "scan_id": "0193f2a4-6c00-7000-8000-000000000001"
}))]
pub struct Claim {
    /// The product as the certificate names it.
    #[schema(inline)]
    pub product_name: Line<3, 200>,
    /// The product set it was rated in.
    pub set_no: SetNo,
    /// The stars given.
    pub stars: Stars,
    /// The number of the decision that recognised it.
    pub decision_number: DecisionNumber,
    /// The day of the decision.
    pub decision_date: NaiveDate,
    /// Who decided; possibly a district that no longer exists.
    #[schema(inline)]
    pub authority: Line<3, 160>,
    /// The day the certificate was issued: validity counts from here.
    pub issued_on: NaiveDate,
    /// The province of before 1 July 2025 it was issued in, by its code in that list; the shop's unless stated.
    #[schema(value_type = Option<String>, example = "12")]
    pub legacy_province_code: Option<Line<2, 2>>,
    /// A scan of it, among the shop's papers.
    pub scan_id: MediaId,
}

impl Claim {
    /// Refuses an authority that gives no such stars, and dates that cannot be: in the future, before the programme,
    /// issued before the decision, or by a district after districts were abolished. An authority is a district if its
    /// name says *huyện*, *quận* or *thị xã*; what a name leaves open (*thành phố* can be either) is for the officer to
    /// see.
    pub fn check(&self, today: NaiveDate) -> Result<()> {
        impossible(self.decision_date, self.issued_on, &self.authority, today)
            .and_then(|()| competent(&self.authority, self.stars).map_err(|why| ("authority", why)))
            .map_err(|(at, why)| Error::from(&INVALID).at(at, why))
    }

    /// The certificate to write down for the shop.
    pub(super) fn to_certificate(&self, shop: &Summary) -> NewCertificate {
        NewCertificate {
            product_name: self.product_name.to_string(),
            owner_name: shop.name.clone(),
            owner_tax_code: None,
            set_no: self.set_no,
            stars: self.stars,
            decision_number: self.decision_number.clone(),
            decision_date: self.decision_date,
            authority: self.authority.to_string(),
            issued_on: self.issued_on,
            legacy_province_code: self.legacy_province_code.as_deref().unwrap_or(&shop.legacy_province_code).to_owned(),
            scan_id: Some(self.scan_id),
            import_id: None,
            demo: shop.demo,
        }
    }
}

/// What cannot be about a recognition: the field it is wrong in, and why. Claims and imports share the rule.
pub(super) fn impossible(
    decision_date: NaiveDate,
    issued_on: NaiveDate,
    authority: &str,
    today: NaiveDate,
) -> std::result::Result<(), (&'static str, Invalid)> {
    if issued_on > today {
        return Err(("issued_on", IN_FUTURE));
    }
    if decision_date > issued_on {
        return Err(("issued_on", BEFORE_DECISION));
    }
    if decision_date < PROGRAMME_BEGAN {
        return Err(("decision_date", BEFORE_PROGRAMME));
    }
    if names_district(authority) && issued_on > LAST_DAY_OF_DISTRICTS {
        return Err(("authority", AFTER_DISTRICTS));
    }
    Ok(())
}

/// Whether such an authority gives so many stars, and takes them, by the words its name begins with: the Ministry five,
/// a People's Committee three and four (Decision 26/2026/QĐ-TTg). Claims, imports and revocations share the rule.
pub(super) fn competent(authority: &str, stars: Stars) -> std::result::Result<(), Invalid> {
    let name = fold(authority);
    let name = name.strip_prefix("chu tich ").unwrap_or(&name);
    let (beginnings, why): (&[&str], _) = match stars.get() {
        5 => (&["bo "], NOT_THE_MINISTRY),
        _ => (&["ubnd ", "uy ban nhan dan "], NOT_A_COMMITTEE),
    };
    if beginnings.iter().any(|beginning| name.starts_with(beginning)) { Ok(()) } else { Err(why) }
}

const NOT_THE_MINISTRY: Invalid = Invalid {
    vi: "phải là Bộ: 5 sao do Bộ công nhận",
    en: "must be the Ministry (Bộ): it recognises five stars",
};
const NOT_A_COMMITTEE: Invalid = Invalid {
    vi: "phải là Ủy ban nhân dân (UBND): 3 và 4 sao do UBND công nhận",
    en: "must be a People's Committee (UBND): it recognises three and four stars",
};
const IN_FUTURE: Invalid = Invalid { vi: "không được ở tương lai", en: "must not lie in the future" };
const BEFORE_DECISION: Invalid =
    Invalid { vi: "không được trước ngày quyết định", en: "must not lie before the decision" };
const BEFORE_PROGRAMME: Invalid = Invalid {
    vi: "không được trước ngày chương trình bắt đầu, 07/05/2018",
    en: "must not lie before the programme began on 2018-05-07",
};
const AFTER_DISTRICTS: Invalid = Invalid {
    vi: "cấp huyện không còn cấp giấy chứng nhận sau ngày 30/06/2025",
    en: "districts issued no certificate after 2025-06-30",
};

fn names_district(authority: &str) -> bool {
    let spaced = format!(" {} ", authority.to_lowercase());
    [" huyện ", " quận ", " thị xã "].iter().any(|kind| spaced.contains(kind))
}
