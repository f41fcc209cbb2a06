//! Images written anew: upright, without metadata, on white, in the sizes asked for.
//!
//! The size is read from the header and judged before anything is decoded, and only so many images are worked on at
//! once, with only so many waiting: an image is the dearest thing a shop can send us.

use std::io::Cursor;
use std::panic::catch_unwind;

use axum::body::Bytes;
use axum::http::StatusCode;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{
    DynamicImage, GenericImageView as _, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage,
};

use crate::platform::bounded::Bounded;
use crate::platform::error::{Error, Problem, Result};

/// An image of more than `MAX_PIXELS`, or longer than `MAX_SIDE`.
pub const PICTURE_TOO_LARGE: Problem = Problem {
    status: StatusCode::UNPROCESSABLE_ENTITY,
    code: "picture-too-large",
    vi: "Ảnh có kích thước quá lớn",
    en: "The picture has too many pixels",
};

/// The header says image, the rest is not one.
pub const PICTURE_UNREADABLE: Problem = Problem {
    status: StatusCode::UNPROCESSABLE_ENTITY,
    code: "picture-unreadable",
    vi: "Không đọc được ảnh",
    en: "The picture cannot be read",
};

/// More than any telephone of today takes in one picture that is still under the upload's limit.
const MAX_PIXELS: u64 = 40_000_000;
/// In pixels.
const MAX_SIDE: u32 = 12_000;
/// What one decoded image may take: `MAX_PIXELS` in four bytes each.
const MAX_DECODED_BYTES: u64 = 4 * MAX_PIXELS;
/// Of 100: no loss a buyer sees, a fifth of the bytes of a camera's.
const JPEG_QUALITY: u8 = 82;

/// Images worked on at a time.
const AT_ONCE: usize = 2;
/// Uploads that may wait for that.
const WAITING: usize = 8;

/// The largest an image may come out, in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Largest width.
    pub width: u32,
    /// Largest height.
    pub height: u32,
}

/// An image written anew.
#[derive(Debug)]
pub struct Printed {
    /// The JPEG file.
    pub bytes: Bytes,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Where images are worked on.
pub fn workshop() -> Bounded {
    Bounded::new(AT_ONCE, WAITING)
}

/// Writes the image anew once for each frame, the largest first, never enlarged.
pub async fn print<const N: usize>(
    workshop: &Bounded,
    bytes: Bytes,
    format: ImageFormat,
    frames: [Frame; N],
) -> Result<[Printed; N]> {
    let work = move || develop(&bytes, format).and_then(|image| print_all(image, frames));
    // A decoder that panics has met a file it should have refused.
    workshop.run(move || catch_unwind(work)).await?.unwrap_or_else(|_| Err(Error::from(&PICTURE_UNREADABLE)))
}

/// Decodes the image upright and on white, unless its header asks for too much.
fn develop(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refusal(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_DECODED_BYTES {
        return Err(too_large());
    }
    let orientation = decoder.orientation().map_err(|error| refusal(&error))?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
    image.apply_orientation(orientation);
    Ok(on_white(image))
}

fn refusal(error: &ImageError) -> Error {
    match error {
        ImageError::Limits(_) => too_large(),
        _ => Error::from(&PICTURE_UNREADABLE),
    }
}

fn too_large() -> Error {
    PICTURE_TOO_LARGE.because(format!("at most {} megapixels and {MAX_SIDE} pixels a side", MAX_PIXELS / 1_000_000))
}

/// JPEG knows no transparency; a cut-out product stands on white.
fn on_white(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return image.into_rgb8().into();
    }
    let see_through = image.into_rgba8();
    let blend = |part: u8, opacity: u8| {
        let (part, opacity) = (u16::from(part), u16::from(opacity));
        u8::try_from((part * opacity + 255 * (255 - opacity) + 127) / 255).unwrap_or(u8::MAX)
    };
    RgbImage::from_fn(see_through.width(), see_through.height(), |x, y| {
        let [red, green, blue, opacity] = see_through.get_pixel(x, y).0;
        Rgb([red, green, blue].map(|part| blend(part, opacity)))
    })
    .into()
}

/// One print a frame, each shrunk from the one before, which is quicker by far than from the original.
fn print_all<const N: usize>(mut image: DynamicImage, frames: [Frame; N]) -> Result<[Printed; N]> {
    let mut printed = Vec::with_capacity(N);
    for frame in frames {
        let (width, height) = fit(image.dimensions(), frame);
        if (width, height) != image.dimensions() {
            image = image.resize_exact(width, height, FilterType::CatmullRom);
        }
        let mut bytes = Vec::new();
        image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY))?;
        printed.push(Printed { bytes: bytes.into(), width, height });
    }
    printed.try_into().map_err(|_| Error::fault("one print a frame"))
}

/// The largest size of the same shape within the frame and within the original.
fn fit((width, height): (u32, u32), frame: Frame) -> (u32, u32) {
    let (wide, high) = (u64::from(width), u64::from(height));
    let shrunk = |side: u64, to: u32, of: u64| u32::try_from((side * u64::from(to) / of).max(1)).unwrap_or(to);
    if width <= frame.width && height <= frame.height {
        (width, height)
    } else if wide * u64::from(frame.height) >= high * u64::from(frame.width) {
        (frame.width, shrunk(high, frame.width, wide))
    } else {
        (shrunk(wide, frame.height, high), frame.height)
    }
}
