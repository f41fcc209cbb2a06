//! From the bytes somebody sent to files in the store.

use axum::body::Bytes;

use super::model::{Content, Mime, Purpose, WIDTHS, evidence_file, paper_file, picture_file};
use super::pictures::{self, Frame, Printed};
use crate::app::App;
use crate::platform::error::Result;
use crate::platform::extract::UNSUPPORTED_TYPE;
use crate::platform::files::Files;
use crate::platform::tokens::random_name;

/// A paper's longer side, in pixels: 200 dots an inch on A4, every stamp legible.
const PAPER_SIDE: u32 = 2400;
/// How much higher than wide a picture may come out; a longer one is shrunk until it fits.
const TALLEST: u32 = 3;

/// An upload that lies in the store, not yet anybody's. One that stays so is harmless: nobody knows its name.
#[derive(Debug)]
pub struct Stored {
    /// What for.
    pub(super) purpose: Purpose,
    /// Its random name, without width and extension.
    pub(super) name: String,
    /// What it is.
    pub(super) mime: Mime,
    /// Size of its largest file.
    pub(super) bytes: usize,
    /// Width and height of its largest file, in pixels; none for a PDF.
    pub(super) size: Option<(u32, u32)>,
}

/// Judges the upload by its content and puts it into the store: a picture in every width, a paper or a buyer's picture
/// as one file.
///
/// Refuses with `UNSUPPORTED_TYPE`, `PICTURE_TOO_LARGE`, `PICTURE_UNREADABLE` or `OVERLOADED`. Call it outside of any transaction.
pub async fn take_in(app: &App, purpose: Purpose, bytes: Bytes) -> Result<Stored> {
    match (purpose, Content::of(&bytes)) {
        (Purpose::Picture, Some(Content::Image(format))) => {
            let frames = WIDTHS.map(|width| Frame { width, height: width * TALLEST });
            let printed = pictures::print(&app.pictures, bytes, format, frames).await?;
            put_picture(&app.files, printed).await
        }
        (Purpose::Evidence, Some(Content::Image(format))) => {
            let [widest, _] = WIDTHS;
            let frame = Frame { width: widest, height: widest * TALLEST };
            let [printed] = pictures::print(&app.pictures, bytes, format, [frame]).await?;
            put_evidence(&app.files, printed).await
        }
        (Purpose::Paper, Some(Content::Image(format))) => {
            let frame = Frame { width: PAPER_SIDE, height: PAPER_SIDE };
            let [printed] = pictures::print(&app.pictures, bytes, format, [frame]).await?;
            put_paper(&app.files, Mime::Jpeg, printed.bytes, Some((printed.width, printed.height))).await
        }
        (Purpose::Paper, Some(Content::Pdf)) => put_paper(&app.files, Mime::Pdf, bytes, None).await,
        (Purpose::Picture | Purpose::Evidence, _) => {
            Err(UNSUPPORTED_TYPE.because("a picture is a JPEG, PNG or WebP file"))
        }
        (Purpose::Paper, _) => Err(UNSUPPORTED_TYPE.because("a paper is a PDF, JPEG, PNG or WebP file")),
    }
}

async fn put_picture(files: &Files, printed: [Printed; WIDTHS.len()]) -> Result<Stored> {
    let name = random_name()?;
    let [large, _] = &printed;
    let (bytes, size) = (large.bytes.len(), Some((large.width, large.height)));
    for (width, print) in WIDTHS.into_iter().zip(printed) {
        files.put(&picture_file(&name, width), print.bytes).await?;
    }
    Ok(Stored { purpose: Purpose::Picture, name, mime: Mime::Jpeg, bytes, size })
}

async fn put_evidence(files: &Files, printed: Printed) -> Result<Stored> {
    let name = random_name()?;
    let (bytes, size) = (printed.bytes.len(), Some((printed.width, printed.height)));
    files.put(&evidence_file(&name), printed.bytes).await?;
    Ok(Stored { purpose: Purpose::Evidence, name, mime: Mime::Jpeg, bytes, size })
}

async fn put_paper(files: &Files, mime: Mime, bytes: Bytes, size: Option<(u32, u32)>) -> Result<Stored> {
    let name = random_name()?;
    let length = bytes.len();
    files.put(&paper_file(&name, mime), bytes).await?;
    Ok(Stored { purpose: Purpose::Paper, name, mime, bytes: length, size })
}
