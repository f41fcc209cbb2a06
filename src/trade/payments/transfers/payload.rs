//! The text of a payment QR code: EMVCo's merchant-presented mode (EMV QRCPS 1.1), which VietQR and VNPAY-QR follow.
//!
//! Fields are a two-digit tag, a two-digit length and the value; some values are templates of fields again. The last
//! field, 63, is a CRC-16/CCITT-FALSE over everything before its own value, so a text in which one character was
//! changed is never taken. What is read is written again byte for byte, also fields this house has no use for.

use std::fmt;

/// Which text this is; always the first field, always `01`.
const FORMAT: u8 = 0;
/// The checksum; always the last field.
const CHECKSUM: u8 = 63;
/// The checksum's tag and length, which it covers itself.
const CHECKSUM_HEAD: &str = "6304";
/// The longest value two digits can announce.
const LONGEST: usize = 99;

/// Why a text is no payment code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayloadError {
    /// A character at this byte is not printable ASCII.
    NotText(usize),
    /// It does not end with field 63 of four characters.
    NoChecksum,
    /// The checksum is not that of the text.
    Checksum {
        /// What it says.
        stated: String,
        /// What it should say.
        computed: String,
    },
    /// Four digits for a tag and a length were expected at the beginning of this rest.
    NoField(String),
    /// The field announces more characters than are left.
    Overrun {
        /// Which field.
        field: u8,
        /// So many are announced.
        announced: usize,
        /// So many there are.
        left: usize,
    },
    /// A field without a value, or with a longer one than can be announced.
    Length(u8),
    /// The field occurs twice, or where it may not.
    Misplaced(u8),
    /// It does not begin with the format indicator `01`.
    NotEmv,
}

impl fmt::Display for PayloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotText(at) => write!(f, "byte {at} is not printable ASCII"),
            Self::NoChecksum => f.write_str("it does not end with a checksum (field 63)"),
            Self::Checksum { stated, computed } => write!(f, "the checksum is {computed}, not {stated}"),
            Self::NoField(rest) => write!(f, "no tag and length at “{rest}”"),
            Self::Overrun { field, announced, left } => {
                write!(f, "field {field:02} announces {announced} characters, {left} are left")
            }
            Self::Length(field) => write!(f, "field {field:02} must have 1 to {LONGEST} characters"),
            Self::Misplaced(field) => write!(f, "field {field:02} stands twice or in the wrong place"),
            Self::NotEmv => f.write_str("it does not begin with 000201"),
        }
    }
}

impl std::error::Error for PayloadError {}

/// A tag with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// From 0 to 99.
    pub tag: u8,
    /// 1 to 99 printable ASCII characters.
    pub value: String,
}

impl Field {
    /// A field to be written.
    pub fn new(tag: u8, value: impl Into<String>) -> Self {
        Self { tag, value: value.into() }
    }

    /// A template: the fields as the value of another.
    pub fn template(tag: u8, fields: &[Self]) -> Self {
        Self::new(tag, written(fields))
    }
}

/// A payment code without its checksum, which follows from the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload(Vec<Field>);

impl Payload {
    /// From its fields, in the order in which they are written.
    pub fn new(fields: Vec<Field>) -> Result<Self, PayloadError> {
        for field in &fields {
            check(field)?;
        }
        require_once(&fields)?;
        match fields.first() {
            Some(Field { tag: FORMAT, value }) if value == "01" => Ok(Self(fields)),
            _ => Err(PayloadError::NotEmv),
        }
    }

    /// Reads a text, strictly: nothing unknown is dropped, nothing wrong is guessed.
    pub fn parse(text: &str) -> Result<Self, PayloadError> {
        if let Some(at) = text.bytes().position(|byte| !is_printable(byte)) {
            return Err(PayloadError::NotText(at));
        }
        let (covered, stated) = text.split_at_checked(text.len().saturating_sub(4)).ok_or(PayloadError::NoChecksum)?;
        let body = covered.strip_suffix(CHECKSUM_HEAD).ok_or(PayloadError::NoChecksum)?;
        let computed = checksum(covered);
        if stated != computed {
            return Err(PayloadError::Checksum { stated: stated.to_owned(), computed });
        }
        Self::new(read(body)?)
    }

    /// The text for the QR code.
    pub fn encode(&self) -> String {
        let covered = written(&self.0) + CHECKSUM_HEAD;
        let checksum = checksum(&covered);
        covered + &checksum
    }

    /// The value of a field, by its tag.
    pub fn value(&self, tag: u8) -> Option<&str> {
        value_of(&self.0, tag)
    }
}

/// The value of the field with this tag.
pub fn value_of(fields: &[Field], tag: u8) -> Option<&str> {
    fields.iter().find(|field| field.tag == tag).map(|field| field.value.as_str())
}

/// The fields of a text without checksum: a template's value, or a whole body.
pub fn read(text: &str) -> Result<Vec<Field>, PayloadError> {
    let mut fields = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (tag, length, after) = head(rest).ok_or_else(|| PayloadError::NoField(rest.chars().take(4).collect()))?;
        let (value, next) = after.split_at_checked(length).ok_or(PayloadError::Overrun {
            field: tag,
            announced: length,
            left: after.len(),
        })?;
        fields.push(Field::new(tag, value));
        rest = next;
    }
    Ok(fields)
}

/// Tag, length and what follows them.
fn head(text: &str) -> Option<(u8, usize, &str)> {
    let (digits, after) = text.split_at_checked(4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((digits[..2].parse().ok()?, digits[2..].parse().ok()?, after))
}

/// Refuses a value that cannot be written, and a template whose fields do not fill it exactly.
fn check(field: &Field) -> Result<(), PayloadError> {
    if let Some(at) = field.value.bytes().position(|byte| !is_printable(byte)) {
        return Err(PayloadError::NotText(at));
    }
    if field.tag > 99 || field.tag == CHECKSUM {
        return Err(PayloadError::Misplaced(field.tag));
    }
    if !(1..=LONGEST).contains(&field.value.len()) {
        return Err(PayloadError::Length(field.tag));
    }
    if is_template(field.tag) {
        let inner = read(&field.value)?;
        if let Some(empty) = inner.iter().find(|field| field.value.is_empty()) {
            return Err(PayloadError::Length(empty.tag));
        }
        require_once(&inner)?;
    }
    Ok(())
}

/// Merchant accounts (26–51), additional data (62), the merchant in another language (64), unreserved (80–99).
const fn is_template(tag: u8) -> bool {
    matches!(tag, 26..=51 | 62 | 64 | 80..=99)
}

fn require_once(fields: &[Field]) -> Result<(), PayloadError> {
    let again = fields.iter().enumerate().find(|(at, field)| fields[..*at].iter().any(|other| other.tag == field.tag));
    again.map_or(Ok(()), |(_, field)| Err(PayloadError::Misplaced(field.tag)))
}

fn written(fields: &[Field]) -> String {
    let head = |field: &Field| format!("{:02}{:02}", field.tag, field.value.len());
    fields.iter().flat_map(|field| [head(field), field.value.clone()]).collect()
}

const fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// CRC-16/CCITT-FALSE (polynomial 1021, start FFFF, not reflected), as four capital hexadecimal digits.
fn checksum(text: &str) -> String {
    let mut crc: u16 = 0xFFFF;
    for byte in text.bytes() {
        crc ^= u16::from(byte) << 8;
        for _ in 0..8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 };
        }
    }
    format!("{crc:04X}")
}
