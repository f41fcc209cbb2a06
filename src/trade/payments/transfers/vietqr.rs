//! VietQR: the transfer to a bank account that a payment code asks for (NAPAS 247, specification 1.5.2).

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use super::payload::{Field, Payload, PayloadError, read, value_of};
use crate::kernel::Vnd;
use crate::kernel::text::fold;
use crate::platform::error::Result;

/// NAPAS, whose the template 38 is.
const NAPAS: &str = "A000000727";
/// By account number; by card number it would be `QRIBFTTC`.
const TO_ACCOUNT: &str = "QRIBFTTA";
/// Vietnamese đồng (ISO 4217).
const CURRENCY: &str = "704";
/// The longest purpose every bank's app takes.
const LONGEST_PURPOSE: usize = 25;
/// Pixels, or units of the drawing, of a side at least: sharp on a telephone and in print.
const SIDE: u32 = 480;

/// A transfer to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VietQr {
    /// The bank identification number of the receiving bank.
    pub bin: String,
    /// The receiving account.
    pub account: String,
    /// How much; the payer says it where there is none.
    pub amount: Option<Vnd>,
    /// What the receiver will read, in [`purpose`]'s letters.
    pub purpose: Option<String>,
}

impl VietQr {
    /// As a payment code: a dynamic one, good for this payment only, if it says how much.
    pub fn payload(&self) -> Result<Payload, PayloadError> {
        let account = Field::template(1, &[Field::new(0, &*self.bin), Field::new(1, &*self.account)]);
        let merchant = Field::template(38, &[Field::new(0, NAPAS), account, Field::new(2, TO_ACCOUNT)]);
        let initiation = if self.amount.is_some() { "12" } else { "11" };
        let mut fields = vec![Field::new(0, "01"), Field::new(1, initiation), merchant, Field::new(53, CURRENCY)];
        fields.extend(self.amount.map(|amount| Field::new(54, amount.get().to_string())));
        fields.push(Field::new(58, "VN"));
        fields.extend(self.purpose.as_deref().map(|purpose| Field::template(62, &[Field::new(8, purpose)])));
        Payload::new(fields)
    }

    /// What a payment code asks for; none if it is no VietQR transfer to an account in đồng.
    pub fn of(payload: &Payload) -> Option<Self> {
        let merchant = read(payload.value(38)?).ok()?;
        if value_of(&merchant, 0) != Some(NAPAS) || value_of(&merchant, 2) != Some(TO_ACCOUNT) {
            return None;
        }
        if payload.value(53) != Some(CURRENCY) {
            return None;
        }
        let account = read(value_of(&merchant, 1)?).ok()?;
        let amount = payload.value(54).map(|digits| digits.parse().ok().map(Vnd::new));
        let further = payload.value(62).and_then(|fields| read(fields).ok()).unwrap_or_default();
        Some(Self {
            bin: value_of(&account, 0)?.to_owned(),
            account: value_of(&account, 1)?.to_owned(),
            // An amount that is no number is no transfer we understand.
            amount: amount.map_or(Some(None), |amount| amount.map(Some))?,
            purpose: value_of(&further, 8).map(str::to_owned),
        })
    }
}

/// Words as a transfer can carry them: capital ASCII letters and digits without diacritics, at most 25 characters.
pub fn purpose(words: &str) -> String {
    let ascii = fold(words).replace(|c: char| !c.is_ascii(), " ");
    let short: String = fold(&ascii).chars().take(LONGEST_PURPOSE).collect();
    short.trim_end().to_ascii_uppercase()
}

/// The code as a drawing.
pub fn svg(payload: &Payload) -> Result<String> {
    Ok(code(payload)?.render::<svg::Color<'_>>().min_dimensions(SIDE, SIDE).build())
}

/// The code as a picture.
pub fn png(payload: &Payload) -> Result<Vec<u8>> {
    let picture = code(payload)?.render::<image::Luma<u8>>().min_dimensions(SIDE, SIDE).build();
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

/// Level M, as NAPAS asks for: readable with 15 % of it lost.
fn code(payload: &Payload) -> Result<QrCode> {
    Ok(QrCode::with_error_correction_level(payload.encode(), EcLevel::M)?)
}
