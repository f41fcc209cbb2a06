//! Certificates, as the pages of listings show them.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;

use super::phrasebook::Phrasebook;
use super::pieces::{Hash, Pieces, hash, members};
use super::pressed::Pressed;
use crate::kernel::CertificateId;
use crate::market::certification::{
    self, CertificateState, DecisionNumber, IssuedIn, SetNo, Standing, Stars, sentences, stars_today, state,
};
use crate::platform::error::Result;

/// A verified certificate and what it is worth on the day it was last looked at.
#[derive(Debug)]
pub struct Certificate {
    standing: Standing,
    given: Stars,
    /// What it is worth today.
    pub state: CertificateState,
    /// The stars it carries today, or 0.
    pub stars: u8,
    /// What no day changes and no other certificate says.
    json: Pressed,
    phrasebook: Arc<Phrasebook>,
    /// Where it was issued.
    issued_in: u32,
    /// What follows from the day: many are valid until the same one.
    worth: u32,
    hash: Hash,
}

/// What no day changes.
#[derive(Serialize)]
struct Lasting<'a> {
    id: CertificateId,
    product_name: &'a str,
    set_no: SetNo,
    stars: Stars,
    decision_number: &'a DecisionNumber,
    decision_date: NaiveDate,
    authority: &'a str,
    issued_on: NaiveDate,
    expires_on: NaiveDate,
    demo: bool,
}

#[derive(Serialize)]
struct Issued<'a> {
    issued_in: &'a IssuedIn,
}

/// What follows from the day.
#[derive(Serialize)]
struct Worth {
    stars_today: Option<Stars>,
    state: CertificateState,
    sentence_vi: String,
    sentence_en: String,
}

/// The members that no day changes and no other certificate says.
pub fn lasting(facts: &certification::Certificate) -> serde_json::Result<Vec<u8>> {
    let mut json = Vec::with_capacity(512);
    let lasting = Lasting {
        id: facts.id,
        product_name: &facts.product_name,
        set_no: facts.set_no,
        stars: facts.stars,
        decision_number: &facts.decision_number,
        decision_date: facts.decision_date,
        authority: &facts.authority,
        issued_on: facts.issued_on,
        expires_on: facts.standing.expires_on,
        demo: facts.demo,
    };
    members(&mut json, &lasting)?;
    Ok(json)
}

impl Certificate {
    /// As it stands on the day.
    pub fn new(
        facts: &certification::Certificate,
        issued_in: &IssuedIn,
        today: NaiveDate,
        (pieces, phrasebook): (&mut Pieces, &Arc<Phrasebook>),
    ) -> Result<Self> {
        let json = lasting(facts)?;
        let mut issued = Vec::new();
        members(&mut issued, &Issued { issued_in })?;
        let pressed = Pressed::new(&json, &phrasebook.certificates)?;
        let issued_in = pieces.number(&issued);
        Self::of((&json, pressed, phrasebook), issued_in, (facts.standing, facts.stars), today, pieces)
    }

    /// The same on another day; `None` if nothing about it is different then.
    pub fn on(&self, today: NaiveDate, pieces: &mut Pieces) -> Result<Option<Self>> {
        if state(&self.standing, today) == self.state {
            return Ok(None);
        }
        let mut json = Vec::new();
        self.json.write(&self.phrasebook.certificates, &mut json)?;
        let written = (&*json, self.json.clone(), &self.phrasebook);
        Self::of(written, self.issued_in, (self.standing, self.given), today, pieces).map(Some)
    }

    fn of(
        (json, pressed, phrasebook): (&[u8], Pressed, &Arc<Phrasebook>),
        issued_in: u32,
        (standing, given): (Standing, Stars),
        today: NaiveDate,
        pieces: &mut Pieces,
    ) -> Result<Self> {
        let (sentence_vi, sentence_en) = sentences(&standing, today);
        let stars_today = stars_today(given, &standing, today);
        let state = state(&standing, today);
        let mut worth = Vec::new();
        members(&mut worth, &Worth { stars_today, state, sentence_vi, sentence_en })?;
        Ok(Self {
            standing,
            given,
            state,
            stars: stars_today.and_then(|stars| u8::try_from(stars.get()).ok()).unwrap_or(0),
            hash: hash(&[json, pieces.get(issued_in), &worth].concat()),
            json: pressed,
            phrasebook: Arc::clone(phrasebook),
            issued_in,
            worth: pieces.number(&worth),
        })
    }

    /// Adds the members of its view.
    ///
    /// # Errors
    /// A fault if they cannot be read.
    pub fn write(&self, pieces: &Pieces, json: &mut Vec<u8>) -> Result<()> {
        self.json.write(&self.phrasebook.certificates, json)?;
        json.extend_from_slice(pieces.get(self.issued_in));
        json.extend_from_slice(pieces.get(self.worth));
        Ok(())
    }

    /// The hash of its view.
    pub fn hash(&self) -> &Hash {
        &self.hash
    }

    /// The next day on which it is worth something else.
    pub fn turns_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        certification::turns_on(&self.standing, today)
    }
}
