//! What members write about their shop.

use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::kernel::{Email, Line, PersonalId, Phone, TaxCode, Text};
use crate::market::sellers::model::{Profile, Seat, SellerKind};
use crate::places;
use crate::platform::error::{Error, Result};
use crate::platform::extract::INVALID;

/// Everything a shop says about itself. A draft may leave out what it does not know yet; `missing` tells what is needed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "cooperative",
    "name": "Hợp tác xã Trà Sin Suối Hồ",
    "legal_name": "Hợp tác xã nông nghiệp Sin Suối Hồ",
    "representative": "Vàng A Chỉnh",
    "tax_code": "6200012349",
    "commune_code": "03394",
    "street": "Bản Sin Suối Hồ",
    "phone": "0912 345 678",
    "email": "htx@example.vn",
    "about_vi": "Chè Shan tuyết hái từ cây cổ thụ trên độ cao 1.500 mét."
}))]
pub struct ShopForm {
    /// Who sells.
    kind: SellerKind,
    /// The shop's name.
    #[schema(value_type = String, min_length = 3, max_length = 120)]
    name: Line<3, 120>,
    /// The name in the register; a household gives its person's full name.
    #[schema(value_type = Option<String>, min_length = 2, max_length = 200)]
    legal_name: Option<Line<2, 200>>,
    /// An organisation's legal representative.
    #[schema(value_type = Option<String>, min_length = 2, max_length = 120)]
    representative: Option<Line<2, 120>>,
    /// An organisation's tax code, which is its business code too.
    #[schema(value_type = Option<String>)]
    tax_code: Option<TaxCode>,
    /// A household's 12-digit personal ID. It is never shown again; left out, it stays as it is.
    #[schema(value_type = Option<String>)]
    pub personal_id: Option<PersonalId>,
    /// The commune of the seat or residence: its five-digit code.
    #[schema(value_type = String, min_length = 5, max_length = 5)]
    commune_code: Line<5, 5>,
    /// The province of before 1 July 2025, by its legacy code; needed only where the commune had two.
    #[schema(value_type = Option<String>, min_length = 2, max_length = 2)]
    legacy_province_code: Option<Line<2, 2>>,
    /// House, street, hamlet. Published for organisations, never for a household.
    #[schema(value_type = Option<String>, min_length = 2, max_length = 200)]
    street: Option<Line<2, 200>>,
    /// For questions.
    #[schema(value_type = Option<String>)]
    phone: Option<Phone>,
    /// For questions.
    #[schema(value_type = Option<String>)]
    email: Option<Email>,
    /// Whether phone and e-mail stand on the public page: unless said otherwise an organisation's do, a household's not.
    public_contact: Option<bool>,
    /// About the shop, in Vietnamese.
    #[schema(value_type = Option<String>, max_length = 4000)]
    about_vi: Option<Text<1, 4000>>,
    /// About the shop, in English.
    #[schema(value_type = Option<String>, max_length = 4000)]
    about_en: Option<Text<1, 4000>>,
}

impl ShopForm {
    /// The profile it describes, once the places are looked up.
    pub async fn profile(&self, conn: &mut PgConnection) -> Result<Profile> {
        self.check_identifiers()?;
        Ok(Profile {
            kind: self.kind,
            name: self.name.to_string(),
            legal_name: self.legal_name.as_ref().map(ToString::to_string),
            representative: self.representative.as_ref().map(ToString::to_string),
            tax_code: self.tax_code.clone(),
            seat: self.seat(conn).await?,
            phone: self.phone.clone(),
            email: self.email.clone(),
            public_contact: self.public_contact.unwrap_or(self.kind.is_organisation()),
            about_vi: self.about_vi.as_ref().map(ToString::to_string),
            about_en: self.about_en.as_ref().map(ToString::to_string),
        })
    }

    /// Refuses identifiers of the other sort of seller.
    fn check_identifiers(&self) -> Result<()> {
        let (organisation, invalid) = (self.kind.is_organisation(), || Error::from(&INVALID));
        if organisation && self.personal_id.is_some() {
            return Err(invalid().at(
                "personal_id",
                "phải bỏ trống: tổ chức dùng mã số thuế / must be left out: an organisation has a tax code",
            ));
        }
        if !organisation && self.tax_code.is_some() {
            return Err(invalid().at("tax_code", "phải bỏ trống: hộ kinh doanh dùng số định danh cá nhân / must be left out: a household has a personal ID"));
        }
        if !organisation && self.representative.is_some() {
            return Err(invalid().at(
                "representative",
                "phải bỏ trống: hộ kinh doanh tự chịu trách nhiệm / must be left out: a household answers for itself",
            ));
        }
        Ok(())
    }

    /// The commune with the provinces it follows from, or the legacy one the seller chose among its predecessors'.
    async fn seat(&self, conn: &mut PgConnection) -> Result<Seat> {
        let Some(commune) = places::commune(conn, &self.commune_code).await? else {
            return Err(Error::from(&INVALID)
                .at("commune_code", "phải là mã xã hiện hành / must be the code of a commune in force"));
        };
        let before = places::legacy_provinces_of(conn, &commune.code).await?;
        let chosen = match (&self.legacy_province_code, before.as_slice()) {
            (None, [only]) => Some(only),
            (None, _) => None,
            (Some(code), before) => before.iter().find(|province| province.code == code.as_str()),
        };
        let Some(chosen) = chosen else {
            let choice: Vec<_> =
                before.iter().map(|province| format!("{} ({})", province.code, province.name_vi)).collect();
            let message = format!("must be one of {}", choice.join(", "));
            return Err(Error::from(&INVALID).at("legacy_province_code", message));
        };
        Ok(Seat {
            province_code: commune.province_code,
            commune_code: commune.code,
            legacy_province_code: chosen.code.clone(),
            street: self.street.as_ref().map(ToString::to_string),
        })
    }
}
