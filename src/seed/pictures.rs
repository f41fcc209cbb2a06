//! Drawn pictures for the fictional goods: a sun over mountains and tea terraces, in colours of their own.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use crate::platform::error::Result;

const WIDTH: u32 = 1200;
const HEIGHT: u32 = 900;

/// Colours from the sky down.
pub struct Palette {
    /// The sky.
    pub sky: [u8; 3],
    /// The sun.
    pub sun: [u8; 3],
    /// The far ridge.
    pub ridge: [u8; 3],
    /// The near terraces.
    pub terraces: [u8; 3],
}

/// Draws the picture as PNG.
pub fn draw(palette: &Palette) -> Result<Vec<u8>> {
    let picture = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| Rgb(colour(palette, x, y)));
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png)?;
    Ok(png.into_inner())
}

fn colour(palette: &Palette, x: u32, y: u32) -> [u8; 3] {
    let (from_sun_x, from_sun_y) = (x.abs_diff(WIDTH * 3 / 4), y.abs_diff(HEIGHT / 4));
    if y > HEIGHT * 2 / 3 {
        // Terraces: a darker line every 30 pixels, bent a little.
        let line = (y + x / 8) % 30 < 4;
        return palette.terraces.map(|channel| if line { channel / 4 * 3 } else { channel });
    }
    let peak = HEIGHT / 3 + (x % 400).abs_diff(200);
    if y > peak {
        palette.ridge
    } else if from_sun_x * from_sun_x + from_sun_y * from_sun_y < 90 * 90 {
        palette.sun
    } else {
        palette.sky
    }
}
