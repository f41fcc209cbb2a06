//! Pages of a list: how many items, and where the next page begins.
//!
//! Lists are read by keyset: a cursor names the last item shown, in the order of the list, and is opaque to the reader.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::Invalid;

/// The layout of a cursor: this byte, the checksum, the position as JSON; all in base64url.
const VERSION: u8 = 1;
const CHECKSUM: usize = 12;
/// No cursor of ours is longer, in characters.
const LONGEST: usize = 2048;

const NOT_A_CURSOR: Invalid = Invalid {
    vi: "phải là giá trị `next` của trang trước trong cùng danh sách, với cùng bộ lọc và thứ tự",
    en: "must be the `next` of an earlier page of the same list, with the same filters and order",
};

/// Makes and reads page cursors.
///
/// A cursor is bound to its list: `binding` says which list, filter and order it belongs to, by whatever bytes the
/// caller likes as long as two different lists never have the same. A changed cursor, or one of another list, is
/// refused. The checksum is no secret: a position grants nothing, because every page is read through the reader's own
/// scope.
pub struct Cursor;

impl Cursor {
    /// The cursor that continues after `position`. Fails only for a position that is no JSON, a fault of its type.
    pub fn encode(binding: &[u8], position: &impl Serialize) -> serde_json::Result<String> {
        let position = serde_json::to_vec(position)?;
        let mut bytes = vec![VERSION];
        bytes.extend(checksum(binding, &position));
        bytes.extend(position);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The position after which to continue.
    pub fn decode<T: DeserializeOwned>(binding: &[u8], cursor: &str) -> Result<T, Invalid> {
        if cursor.len() > LONGEST {
            return Err(NOT_A_CURSOR);
        }
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| NOT_A_CURSOR)?;
        match bytes.split_first().and_then(|(version, rest)| Some((version, rest.split_first_chunk::<CHECKSUM>()?))) {
            Some((&VERSION, (sum, position))) if *sum == checksum(binding, position) => {
                serde_json::from_slice(position).map_err(|_| NOT_A_CURSOR)
            }
            _ => Err(NOT_A_CURSOR),
        }
    }
}

/// The first bytes of SHA-256 over version, binding and position, the binding's length between them so that nothing
/// can move from one to the other.
fn checksum(binding: &[u8], position: &[u8]) -> [u8; CHECKSUM] {
    let mut hash = Sha256::new();
    hash.update([VERSION]);
    hash.update(binding.len().to_be_bytes());
    hash.update(binding);
    hash.update(position);
    let hash: [u8; 32] = hash.finalize().into();
    std::array::from_fn(|at| hash[at])
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items of this page, in the order of the list.
    pub items: Vec<T>,
    /// What to pass as `after` for the next page; null on the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The page out of rows fetched with [`Limit::fetch`]: one row more than the page holds means that more follow.
    /// `position` tells where an item stands in the order of the list.
    pub fn cut<P: Serialize>(
        mut rows: Vec<T>,
        limit: Limit,
        binding: &[u8],
        position: impl FnOnce(&T) -> P,
    ) -> serde_json::Result<Self> {
        let more = rows.len() > limit.items();
        rows.truncate(limit.items());
        let last = rows.last().filter(|_| more);
        let next = last.map(|last| Cursor::encode(binding, &position(last))).transpose()?;
        Ok(Self { items: rows, next })
    }

    /// The same page with every item turned into another.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(turn).collect(), next: self.next }
    }
}

/// How many items a page holds at most: 1 to 100, 24 if nobody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "i64")]
#[schema(value_type = u8, minimum = 1, maximum = 100, default = 24, example = 24)]
pub struct Limit(u8);

impl Limit {
    /// The largest number of items on the page.
    pub fn items(self) -> usize {
        usize::from(self.0)
    }

    /// How many rows to read for the page: one more than it holds, which shows whether another page follows.
    pub fn fetch(self) -> i64 {
        i64::from(self.0) + 1
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(24)
    }
}

impl TryFrom<i64> for Limit {
    type Error = Invalid;

    fn try_from(items: i64) -> Result<Self, Invalid> {
        u8::try_from(items)
            .ok()
            .filter(|items| (1..=100).contains(items))
            .map(Self)
            .ok_or(Invalid {
                vi: "phải là số nguyên từ 1 đến 100", en: "must be a whole number between 1 and 100"
            })
    }
}
