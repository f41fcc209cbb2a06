//! Uploads: by content, without secrets, read by whom they are for.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{GenericImageView as _, ImageReader, Rgb, RgbImage, Rgba, RgbaImage};
use ocop_market::people::access::{MemberRole, OfficerRole};
use serde_json::{Value, json};

use crate::support::sellers::{PDF, ShopActor, cooperative, png};
use crate::support::{Answer, LAI_CHAU, LAO_CAI, TestApp};

async fn upload(shop: &ShopActor, purpose: &str, mime: &str, bytes: impl Into<Vec<u8>>) -> Answer {
    shop.upload(&shop.path(&format!("/media?purpose={purpose}")), mime, bytes.into()).await
}

/// The picture at that address, as decoded.
async fn picture(app: &TestApp, uploaded: &Value, size: &str) -> (Answer, image::DynamicImage) {
    let answer = app.anyone().get(uploaded["urls"][size].as_str().unwrap()).await;
    assert_eq!(answer.status, 200);
    let image = ImageReader::new(Cursor::new(&answer.bytes)).with_guessed_format().unwrap().decode().unwrap();
    (answer, image)
}

/// A JPEG as a telephone held upright takes it: 90 × 60 pixels lying on their side, red above blue once turned, and
/// in the metadata something nobody should learn.
fn from_a_telephone() -> Vec<u8> {
    let lying = RgbImage::from_fn(90, 60, |x, _| if x < 45 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) });
    let mut jpeg = Vec::new();
    lying.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 95)).unwrap();
    let mut exif = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x02".to_vec();
    exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"); // Orientation 6: turn 90° clockwise
    exif.extend(b"\x82\x98\0\x02\0\0\0\x10\0\0\0\x26\0\0\0\0"); // Copyright, 16 bytes at 38
    exif.extend(b"22.5207,103.4920");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The same PNG, claiming another size in its header.
fn claiming(mut png: Vec<u8>, width: u32, height: u32) -> Vec<u8> {
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = png[12..29].iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
    });
    png[29..33].copy_from_slice(&(!crc).to_be_bytes());
    png
}

#[tokio::test]
async fn a_picture_comes_back_upright_in_two_widths_without_its_metadata() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let original = from_a_telephone();
    assert!(contains(&original, b"22.5207") && contains(&original, b"Exif"));
    // The header lies; the content counts.
    let uploaded = upload(&shop, "picture", "text/html", original).await.ok();
    assert_eq!((&uploaded["width"], &uploaded["height"]), (&60.into(), &90.into()));
    for size in ["small", "large"] {
        let (answer, image) = picture(&app, &uploaded, size).await;
        assert_eq!(answer.header("content-type"), Some("image/jpeg"));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(!contains(&answer.bytes, b"22.5207") && !contains(&answer.bytes, b"Exif"));
        assert_eq!(image.dimensions(), (60, 90), "upright, and not enlarged");
        let (top, bottom) = (image.get_pixel(30, 10).0, image.get_pixel(30, 80).0);
        assert!(top[0] > 180 && bottom[2] > 180, "{top:?} above {bottom:?}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_large_picture_shrinks_and_a_cut_out_one_stands_on_white() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let large = upload(&shop, "picture", "image/png", png(2000, 1000)).await.ok();
    assert_eq!(picture(&app, &large, "small").await.1.dimensions(), (480, 240));
    assert_eq!(picture(&app, &large, "large").await.1.dimensions(), (1200, 600));

    let mut cut_out = Cursor::new(Vec::new());
    let image = RgbaImage::from_fn(40, 40, |x, _| if x < 20 { Rgba([0, 0, 0, 0]) } else { Rgba([0, 0, 0, 255]) });
    image.write_to(&mut cut_out, image::ImageFormat::WebP).unwrap();
    let cut_out = upload(&shop, "picture", "image/webp", cut_out.into_inner()).await.ok();
    let (_, shown) = picture(&app, &cut_out, "large").await;
    assert!(shown.get_pixel(4, 20).0[0] > 240 && shown.get_pixel(36, 20).0[0] < 15);
    app.finish().await;
}

#[tokio::test]
async fn what_is_no_picture_or_asks_for_too_much_is_refused_before_it_is_decoded() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    for (purpose, bytes) in [
        ("picture", PDF.to_vec()),
        ("picture", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec()),
        ("picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()),
        ("picture", Vec::new()),
        ("paper", b"PK\x03\x04 a text document".to_vec()),
        ("paper", b" %PDF-1.4".to_vec()),
    ] {
        upload(&shop, purpose, "image/png", bytes).await.refused(415, "unsupported-type");
    }
    let whole = png(64, 64);
    upload(&shop, "picture", "image/png", &whole[..whole.len() / 2]).await.refused(422, "picture-unreadable");
    upload(&shop, "paper", "image/jpeg", [0xFF, 0xD8, 0xFF, 0xE0]).await.refused(422, "picture-unreadable");
    for (width, height) in [(30_000, 30_000), (12_001, 10), (8_000, 5_001)] {
        let bomb = claiming(png(8, 8), width, height);
        for purpose in ["picture", "paper"] {
            upload(&shop, purpose, "image/png", bomb.clone()).await.refused(422, "picture-too-large");
        }
    }
    upload(&shop, "picture", "image/png", vec![0; 10 * 1024 * 1024 + 1]).await.refused(413, "too-large");
    upload(&shop, "poster", "image/png", png(8, 8)).await.refused(422, "invalid");
    let kept: i64 = app
        .app
        .db
        .see(async |conn| Ok(sqlx::query_scalar("select count(*) from media").fetch_one(conn).await?))
        .await
        .unwrap();
    assert_eq!(kept, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_paper_is_read_by_its_shop_and_the_officers_of_its_province() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let other = app.draft_shop(cooperative(LAI_CHAU)).await;
    let id = shop.media("paper", PDF.to_vec()).await;
    let own = shop.path(&format!("/media/{id}"));

    let read = shop.get(&own).await;
    assert_eq!((read.status, read.bytes.as_ref()), (200, PDF));
    assert_eq!(read.header("cache-control"), Some("private, no-store"));
    assert_eq!(read.header("content-type"), Some("application/pdf"));
    assert_eq!(read.header("content-disposition"), Some(format!("attachment; filename=\"{id}.pdf\"").as_str()));
    app.anyone().get(&own).await.refused(401, "sign-in-first");
    other.get(&own).await.refused(404, "not-found");
    other.get(&other.path(&format!("/media/{id}"))).await.refused(404, "not-found");

    let officers = format!("/admin/v1/media/{id}");
    let reviewer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let elsewhere = app.officer(LAO_CAI, OfficerRole::Reviewer).await;
    reviewer.get(&officers).await.refused(404, "not-found");
    shop.paper("business_registration").await;
    shop.post(&shop.path("/submission"), json!({})).await.ok();
    let read = reviewer.get(&officers).await;
    assert_eq!((read.status, read.bytes.as_ref()), (200, PDF));
    assert_eq!(read.header("cache-control"), Some("private, no-store"));
    elsewhere.get(&officers).await.refused(404, "not-found");
    shop.get(&officers).await.refused(403, "not-your-function");

    let supervisor = app.officer(LAI_CHAU, OfficerRole::Supervisor).await;
    let record = supervisor.get("/admin/v1/audit_entries").await.ok();
    let reads: Vec<&Value> =
        record["items"].as_array().unwrap().iter().filter(|entry| entry["subject_id"] == *id).collect();
    assert_eq!(reads.len(), 1, "one read, and the refused ones left nothing");
    assert_eq!(reads[0]["operation"], "GET /admin/v1/media/{media_id}");
    assert_eq!(reads[0]["account_id"], reviewer.account().to_string());
    app.finish().await;
}

#[tokio::test]
async fn the_photograph_of_a_paper_loses_its_metadata_too_and_never_becomes_public() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let uploaded = upload(&shop, "paper", "image/jpeg", from_a_telephone()).await.ok();
    assert_eq!(uploaded["urls"], Value::Null);
    let id = uploaded["id"].as_str().unwrap();
    let read = shop.get(&shop.path(&format!("/media/{id}"))).await;
    assert!(read.bytes.starts_with(&[0xFF, 0xD8, 0xFF]) && !contains(&read.bytes, b"22.5207"));
    let name: String = app
        .app
        .db
        .see(async |conn| Ok(sqlx::query_scalar("select name from media").fetch_one(conn).await?))
        .await
        .unwrap();
    for address in [
        format!("{name}.jpg"),
        format!("{name}-480.jpg"),
        format!("{name}-1200.jpg"),
        format!("..%2Fpapers%2F{name}.jpg"),
        format!("{name}-480.jpg%00"),
    ] {
        app.anyone().get(&format!("/v1/media/{address}")).await.refused(404, "not-found");
    }
    app.finish().await;
}

#[tokio::test]
async fn only_who_edits_the_shop_uploads_and_only_so_much() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    let path = shop.path("/media?purpose=picture");
    let manager = app.member(&shop, MemberRole::Manager).await;
    let packer = app.member(&shop, MemberRole::Packer).await;
    manager.upload(&path, "image/png", png(8, 8)).await.ok();
    packer.upload(&path, "image/png", png(8, 8)).await.refused(403, "not-your-function");
    app.account("Người lạ").await.upload(&path, "image/png", png(8, 8)).await.refused(404, "not-found");
    app.anyone().upload(&path, "image/png", png(8, 8)).await.refused(401, "sign-in-first");

    app.app
        .db
        .act(async |conn| {
            sqlx::query(
                "insert into media (id, seller_id, uploaded_by, purpose, name, mime, bytes, created_at)
                 select gen_random_uuid(), seller_id, uploaded_by, 'paper', 'n' || n, 'application/pdf', 1, created_at
                   from media, generate_series(1, 1999) as n",
            )
            .execute(conn)
            .await?;
            Ok(())
        })
        .await
        .unwrap();
    shop.upload(&path, "image/png", png(8, 8)).await.refused(409, "media-full");
    app.finish().await;
}

#[tokio::test]
async fn a_picture_that_finds_no_room_is_refused_at_once_and_taken_later() {
    let app = TestApp::new().await;
    let shop = app.draft_shop(cooperative(LAI_CHAU)).await;
    // Work that fills the workshop, waiting places included, until the gate opens.
    let (gate, closed) = std::sync::mpsc::channel::<()>();
    let closed = std::sync::Arc::new(std::sync::Mutex::new(closed));
    let mut work = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let (pictures, closed) = (app.app.pictures.clone(), closed.clone());
        work.spawn(async move { pictures.run(move || closed.lock().unwrap().recv().is_err()).await });
    }
    tokio::task::yield_now().await;
    let refused = upload(&shop, "picture", "image/png", png(8, 8)).await;
    assert_eq!(refused.header("retry-after"), Some("1"));
    refused.refused(503, "overloaded");
    drop(gate);
    assert!(work.join_all().await.into_iter().all(|done| done.unwrap()));
    upload(&shop, "picture", "image/png", png(8, 8)).await.ok();
    app.finish().await;
}
