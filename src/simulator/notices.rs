//! What providers tell the marketplace: sent at once, held back, or sent again.

use std::fmt::Write as _;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{Refused, Simulator};
use crate::adapters::{BANK_NOTICE_SIGNATURE, BANK_NOTICE_TIMESTAMP, Unreachable};

/// Which provider tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Teller {
    Vnpay,
    Momo,
    Ghn,
    Bank,
}

/// How the marketplace hears of something that happened, or did not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Telling {
    /// At once.
    #[default]
    Once,
    /// At once, twice.
    Twice,
    /// When somebody sends the notice by hand.
    Later,
    /// It did not happen; somebody without the key says so.
    Forged,
}

impl Telling {
    /// What a page offers.
    pub const CHOICES: [(&'static str, &'static str); 4] = [
        ("once", "Báo ngay · Tell at once"),
        ("twice", "Báo hai lần · Tell twice"),
        ("later", "Báo sau · Tell later"),
        ("forged", "Giả mạo thông báo · Forge a notice"),
    ];

    /// Whether it happened.
    pub fn is_true(self) -> bool {
        self != Self::Forged
    }

    /// How often the news is sent at once.
    pub fn times(self) -> usize {
        match self {
            Self::Later => 0,
            Self::Once | Self::Forged => 1,
            Self::Twice => 2,
        }
    }
}

/// The request that carries the news. Its signature is made when it is sent, unless it stands in the content.
#[derive(Debug, Clone)]
pub enum Wire {
    /// By GET.
    Get { url: String },
    /// By POST of JSON.
    Post { url: String, headers: Vec<(&'static str, String)>, body: String },
    /// By POST of JSON that carries the instant of its sending, signed.
    BankNotice { url: String, body: String, genuine: bool },
}

/// How the marketplace answered.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    /// The HTTP status; none if nobody answered.
    pub status: Option<u16>,
    /// The beginning of the body, or why there is none.
    pub answer: String,
}

/// Something a provider has to tell.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    /// Names it here.
    pub number: i64,
    /// Who tells it.
    pub teller: Teller,
    /// About what: a payment's reference, a parcel's code.
    pub about: String,
    /// What it says, in a few words.
    pub says: String,
    #[serde(skip)]
    wire: Wire,
    /// Each sending, the first one first.
    pub told: Vec<Told>,
}

/// What is to be told: held back, or sent so many times.
#[derive(Debug, Clone)]
pub struct News {
    pub teller: Teller,
    pub about: String,
    pub says: String,
    pub wire: Wire,
    pub times: usize,
}

/// Every notice, the oldest first.
#[derive(Debug, Default)]
pub struct Notices(Vec<Notice>);

impl Notices {
    /// All of them.
    pub fn all(&self) -> &[Notice] {
        &self.0
    }

    /// Those about one thing.
    pub fn about(&self, teller: Teller, about: &str) -> Vec<Notice> {
        self.0.iter().filter(|notice| notice.teller == teller && notice.about == about).cloned().collect()
    }

    fn find(&mut self, number: i64) -> Option<&mut Notice> {
        self.0.iter_mut().find(|notice| notice.number == number)
    }
}

impl Simulator {
    /// Writes the news down, and sends each as often as it says, one after the other. Returns the notices as told.
    pub(super) async fn tell(&self, news: Vec<News>) -> Vec<Notice> {
        let mut told = Vec::with_capacity(news.len());
        for News { teller, about, says, wire, times } in news {
            let number = {
                let mut state = self.state();
                let number = state.number();
                state.notices.0.push(Notice { number, teller, about, says, wire, told: Vec::new() });
                number
            };
            for _ in 0..times {
                // Known: it was just written down.
                let _ = self.send(number).await;
            }
            told.extend(self.state().notices.find(number).cloned());
        }
        told
    }

    /// Sends a notice, once more if it was sent before.
    pub(super) async fn send(&self, number: i64) -> Result<Notice, Refused> {
        let unknown = || Refused::not_found(format!("notice {number}"));
        let wire = self.state().notices.find(number).ok_or_else(unknown)?.wire.clone();
        let told = match self.carry(wire).await {
            Ok((status, answer)) => Told { status: Some(status), answer },
            Err(Unreachable(error)) => Told { status: None, answer: format!("{error:#}") },
        };
        let mut state = self.state();
        let notice = state.notices.find(number).ok_or_else(unknown)?;
        notice.told.push(told);
        Ok(notice.clone())
    }

    /// Sends what has never been sent, the newest first where the news is to arrive in the wrong order.
    pub(super) async fn send_held(&self, newest_first: bool) -> Result<Vec<Notice>, Refused> {
        let held = |notice: &&Notice| notice.told.is_empty();
        let mut numbers: Vec<i64> =
            self.state().notices.all().iter().filter(held).map(|notice| notice.number).collect();
        if newest_first {
            numbers.reverse();
        }
        let mut sent = Vec::with_capacity(numbers.len());
        for number in numbers {
            sent.push(self.send(number).await?);
        }
        Ok(sent)
    }

    async fn carry(&self, wire: Wire) -> Result<(u16, String), Unreachable> {
        let http = &self.0.http;
        let post = |url: &str| http.post(url).header("content-type", "application/json");
        let request = match wire {
            Wire::Get { url } => http.get(&url),
            Wire::Post { url, headers, body } => {
                headers.iter().fold(post(&url), |request, (name, value)| request.header(*name, value)).body(body)
            }
            Wire::BankNotice { url, body, genuine } => {
                let (timestamp, signature) = self.sign_bank_notice(&body, genuine)?;
                post(&url).header(BANK_NOTICE_TIMESTAMP, timestamp).header(BANK_NOTICE_SIGNATURE, signature).body(body)
            }
        };
        let answered = http.send(request).await?;
        let text = String::from_utf8_lossy(&answered.body).chars().take(300).collect();
        Ok((answered.status, text))
    }
}

/// A signature with its last digit changed.
pub fn spoiled(signature: &str) -> String {
    let mut spoiled = signature.to_owned();
    let last = if spoiled.pop() == Some('0') { '1' } else { '0' };
    // Writing to a `String` cannot fail.
    let _ = spoiled.write_char(last);
    spoiled
}

impl Notice {
    /// Whether the marketplace took it, as far as HTTP says.
    pub fn was_taken(&self) -> bool {
        let taken = |status: u16| StatusCode::from_u16(status).is_ok_and(|status| status.is_success());
        self.told.last().and_then(|told| told.status).is_some_and(taken)
    }
}
