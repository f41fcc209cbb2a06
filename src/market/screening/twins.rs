//! Near-duplicate texts, by `MinHash` (Broder 1997): how many runs of three syllables two texts share.
//!
//! The share of equal numbers in two signatures estimates the Jaccard similarity of the texts' runs to within a few per
//! cent. Signatures that agree in a whole band meet in an index; texts 70 % alike do so in 99 of 100 cases, texts 20 %
//! alike in 3.

use crate::kernel::text::fold;

/// Numbers in a signature.
const ROWS: usize = 64;
/// Numbers in a band.
const BAND: usize = 4;
/// Syllables in a run.
const RUN: usize = 3;
/// Texts of fewer syllables are alike by accident.
const LEAST_SYLLABLES: usize = 40;

/// What a text sounds like, whatever its accents, capitals and punctuation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    signature: Vec<i64>,
}

impl Fingerprint {
    /// The fingerprint of the texts together; none if they are too short to be told apart.
    pub fn of(texts: &[&str]) -> Option<Self> {
        let folded = texts.iter().map(|text| fold(text)).collect::<Vec<_>>().join(" ");
        let syllables: Vec<&str> = folded.split(' ').filter(|syllable| !syllable.is_empty()).collect();
        if syllables.len() < LEAST_SYLLABLES {
            return None;
        }
        let mut signature = [u64::MAX; ROWS];
        for run in syllables.windows(RUN) {
            let hash = hash(run);
            for (row, least) in (0_u64..).zip(&mut signature) {
                *least = (*least).min(scatter(hash ^ scatter(row + 1)));
            }
        }
        Some(Self { signature: signature.iter().map(|least| least.cast_signed()).collect() })
    }

    /// From a stored signature.
    pub(super) fn stored(signature: Vec<i64>) -> Self {
        Self { signature }
    }

    pub(super) fn signature(&self) -> &[i64] {
        &self.signature
    }

    /// A number for each band: those of similar texts are likely to have one in common.
    pub(super) fn bands(&self) -> Vec<i64> {
        let bands = (0_u64..).zip(self.signature.chunks(BAND));
        bands
            .map(|(band, rows)| {
                let mix = |sum: u64, row: &i64| scatter(sum ^ row.cast_unsigned());
                rows.iter().fold(scatter(band), mix).cast_signed()
            })
            .collect()
    }

    /// How alike the texts are, in per cent.
    pub fn likeness(&self, other: &Self) -> u8 {
        let equal = self.signature.iter().zip(&other.signature).filter(|(one, other)| one == other).count();
        u8::try_from(equal * 100 / ROWS).unwrap_or(100)
    }
}

/// FNV-1a over the syllables: the same on every machine and in every version, because it is stored.
fn hash(run: &[&str]) -> u64 {
    let bytes = run.iter().flat_map(|syllable| syllable.bytes().chain([b' ']));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// The finaliser of `SplitMix64`: every bit of the answer depends on every bit of the number.
const fn scatter(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
