//! Whether the record is still what was sealed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::ERASURE;
use super::chain::{GENESIS, Hash, link, payload_hash};
use super::heads::{ExportedHead, name_of};
use super::store::{self, Head, Link};
use crate::kernel::AuditId;
use crate::platform::error::Result;

/// Seals read at a time.
const CHUNK: i64 = 1_000;
/// An entry that is older has been sealed, or somebody put it there.
const SEALED_WITHIN: TimeDelta = TimeDelta::minutes(15);
/// Findings shown; whoever has more needs a backup, not a list.
const SHOWN: usize = 100;

/// What was found to be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// The entry, or its seal, is not what was sealed.
    Changed,
    /// The entry is gone, its seal is there.
    EntryMissing,
    /// Seals are gone from the middle.
    SealMissing,
    /// The chain ends before a head that was kept.
    TailCut,
    /// The chain is another one than the head that was kept.
    HeadDiffers,
    /// A head the database noted is not among the files, or cannot be read.
    HeadLost,
    /// An entry without a seal, too old to be only waiting.
    Unsealed,
    /// What the entry said was erased, and nobody recorded that they did.
    ErasureUnrecorded,
}

impl Wrong {
    /// In words, Vietnamese first.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Changed => "nội dung khác với lúc niêm phong / is not what was sealed",
            Self::EntryMissing => "dòng nhật ký đã bị xóa / the entry was removed",
            Self::SealMissing => "thiếu niêm phong ở giữa chuỗi / seals are missing from the middle",
            Self::TailCut => "phần cuối chuỗi đã bị cắt / the chain's tail was cut off",
            Self::HeadDiffers => "chuỗi khác với bản đã lưu / the chain is not the one that was kept",
            Self::HeadLost => "mất tệp lưu đầu chuỗi / a kept head is lost",
            Self::Unsealed => "dòng nhật ký không được niêm phong / the entry was never sealed",
            Self::ErasureUnrecorded => {
                "nội dung bị xóa mà không có dòng ghi việc xóa / was erased without an entry that says so"
            }
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct Finding {
    /// What.
    pub wrong: Wrong,
    /// In words, Vietnamese and English.
    pub words: &'static str,
    /// Where in the chain, if it is there.
    pub position: Option<i64>,
    /// Which entry, if it is there and of the asker's provinces.
    pub entry_id: Option<AuditId>,
    /// Against which kept head.
    #[schema(example = "audit-heads/2026-11-22.json")]
    pub head: Option<String>,
}

/// The outcome.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verification {
    /// Whether nothing is wrong.
    pub intact: bool,
    /// Seals in the chain.
    pub sealed: i64,
    /// The last one's hash, in hex.
    pub hash: String,
    /// Entries whose payload was erased lawfully; the chain holds their hashes.
    pub erased: i64,
    /// Heads kept outside the chain that it was compared with.
    pub heads: usize,
    /// What is wrong, up to a hundred.
    #[schema(max_items = 100)]
    pub findings: Vec<Finding>,
}

/// Walks the whole chain and compares it with every head: those the database noted and those of `exported`. Entries
/// beyond `provinces` are counted and checked like all, but not named.
pub async fn verify(
    conn: &mut PgConnection,
    provinces: &[String],
    exported: &[ExportedHead],
    now: DateTime<Utc>,
) -> Result<Verification> {
    let mut walk = Walk::new(provinces);
    walk.expect(conn, exported).await?;
    loop {
        let links = store::links(conn, walk.head.position, CHUNK).await?;
        for link in &links {
            walk.step(link)?;
        }
        if links.len() < usize::try_from(CHUNK)? {
            break;
        }
    }
    walk.end();
    for entry in store::unsealed(conn, now - SEALED_WITHIN, i64::try_from(SHOWN)?).await? {
        let id = walk.knows(&entry.provinces).then_some(entry.id);
        walk.find(Wrong::Unsealed, None, id, None);
    }
    for entry in store::erased_unrecorded(conn, ERASURE, i64::try_from(SHOWN)?).await? {
        let id = walk.knows(&entry.provinces).then_some(entry.id);
        walk.find(Wrong::ErasureUnrecorded, None, id, None);
    }
    Ok(walk.outcome())
}

/// The way along the chain.
struct Walk<'a> {
    provinces: &'a [String],
    head: Head,
    erased: i64,
    /// Heads by the position they were kept at, with where they are kept.
    expected: BTreeMap<i64, Vec<(Hash, String)>>,
    heads: usize,
    findings: Vec<Finding>,
}

impl<'a> Walk<'a> {
    fn new(provinces: &'a [String]) -> Self {
        let head = Head { position: 0, hash: GENESIS };
        Self { provinces, head, erased: 0, expected: BTreeMap::new(), heads: 0, findings: Vec::new() }
    }

    fn find(&mut self, wrong: Wrong, position: Option<i64>, entry_id: Option<AuditId>, head: Option<String>) {
        self.findings.push(Finding { wrong, words: wrong.words(), position, entry_id, head });
    }

    fn knows(&self, provinces: &[String]) -> bool {
        provinces.iter().all(|code| self.provinces.contains(code))
    }

    /// Notes what the heads say the chain must be.
    async fn expect(&mut self, conn: &mut PgConnection, exported: &[ExportedHead]) -> Result<()> {
        let mut readable = BTreeSet::new();
        for ExportedHead { name, head } in exported {
            let Some(head) = head else { continue };
            readable.insert(name.as_str());
            self.expected.entry(head.position).or_default().push((head.hash, name.clone()));
        }
        for noted in store::noted_heads(conn).await? {
            let name = name_of(noted.day);
            if !readable.contains(name.as_str()) {
                self.find(Wrong::HeadLost, Some(noted.head.position), None, Some(name.clone()));
            }
            self.expected
                .entry(noted.head.position)
                .or_default()
                .push((noted.head.hash, format!("audit_heads: {name}")));
        }
        for name in exported.iter().filter(|file| file.head.is_none()).map(|file| file.name.clone()) {
            self.find(Wrong::HeadLost, None, None, Some(name));
        }
        self.heads = self.expected.values().map(Vec::len).sum();
        self.compare();
        Ok(())
    }

    /// Compares the chain so far with the heads that were kept at this position.
    fn compare(&mut self) {
        for (hash, name) in self.expected.remove(&self.head.position).unwrap_or_default() {
            if hash != self.head.hash {
                self.find(Wrong::HeadDiffers, Some(self.head.position), None, Some(name));
            }
        }
    }

    fn step(&mut self, found: &Link) -> Result<()> {
        if found.position != self.head.position + 1 {
            self.find(Wrong::SealMissing, Some(self.head.position + 1), None, None);
        }
        match &found.entry {
            None => self.find(Wrong::EntryMissing, Some(found.position), None, None),
            Some(entry) => {
                let erased = entry.erased_at.is_some() && entry.facts.is_null();
                self.erased += i64::from(erased);
                let payload = if erased { found.payload_hash } else { payload_hash(&entry.facts)? };
                let computed = link(&self.head.hash, found.position, entry, &payload, found.sealed_at);
                if computed != found.hash || payload != found.payload_hash {
                    let id = self.knows(&entry.provinces).then_some(entry.id);
                    self.find(Wrong::Changed, Some(found.position), id, None);
                }
            }
        }
        // On from what is there: one change is one finding, not one for each seal after it.
        self.head = Head { position: found.position, hash: found.hash };
        self.compare();
        Ok(())
    }

    /// Heads beyond the end, and those at positions that are gone, were of a chain that is no longer there.
    fn end(&mut self) {
        for (position, heads) in std::mem::take(&mut self.expected) {
            let wrong = if position > self.head.position { Wrong::TailCut } else { Wrong::HeadDiffers };
            for (_, name) in heads {
                self.find(wrong, Some(position), None, Some(name));
            }
        }
    }

    fn outcome(mut self) -> Verification {
        let intact = self.findings.is_empty();
        self.findings.truncate(SHOWN);
        Verification {
            intact,
            sealed: self.head.position,
            hash: hex::encode(self.head.hash),
            erased: self.erased,
            heads: self.heads,
            findings: self.findings,
        }
    }
}
