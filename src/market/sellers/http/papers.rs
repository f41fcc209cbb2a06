//! The papers of a shop.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{answer, lock};
use crate::app::App;
use crate::kernel::{PaperId, SellerId};
use crate::market::cases;
use crate::market::media::{self, Purpose};
use crate::market::sellers::file::ShopFile;
use crate::market::sellers::papers::NewPaper;
use crate::market::sellers::store;
use crate::people::access::{ManageShop, Shop};
use crate::platform::error::{Error, NOT_FOUND, Problem, Result};
use crate::platform::extract::{INVALID, Json, Path};
use crate::platform::versions::Versioned;

/// The shop has [`MOST_PAPERS`].
pub const PAPERS_FULL: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "papers-full",
    vi: "Cửa hàng đã có số giấy tờ tối đa",
    en: "The shop has as many papers as it may",
};

/// Papers of one shop, expired ones included.
const MOST_PAPERS: usize = 100;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(add_paper)).routes(routes!(remove_paper))
}

/// Add a paper whose file has been uploaded.
#[utoipa::path(post, path = "/shops/{shop_id}/papers", tag = "sellers", security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path)), responses((status = CREATED, body = ShopFile)))]
async fn add_paper(shop: Shop<ManageShop>, Json(paper): Json<NewPaper>) -> Result<(StatusCode, Versioned<ShopFile>)> {
    let clock = &shop.app().clock;
    let (now, today) = (clock.now(), clock.today());
    paper.check(today)?;
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        lock(conn, *seller).await?.status.allow_new_paper()?;
        cases::require_no_appeal(conn, seller.as_uuid()).await?;
        if !media::owned(conn, paper.media_id, *seller, Purpose::Paper).await? {
            return Err(Error::from(&INVALID)
                .at("media_id", "phải là giấy tờ do cửa hàng tải lên / must be a paper this shop has uploaded"));
        }
        if store::papers::list(conn, *seller).await?.len() >= MOST_PAPERS {
            return Err(PAPERS_FULL.because(format!("at most {MOST_PAPERS}")));
        }
        store::papers::insert(conn, PaperId::new(now), *seller, &paper, now).await?;
        Ok((StatusCode::CREATED, answer(conn, *seller, today).await?))
    })
    .await
}

/// A paper in the path.
#[derive(Debug, Deserialize)]
struct PaperPath {
    paper_id: PaperId,
}

/// Take a paper away, as long as no officer has to judge by it.
#[utoipa::path(delete, path = "/shops/{shop_id}/papers/{paper_id}", tag = "sellers",
    security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path), ("paper_id" = PaperId, Path)), responses((status = OK, body = ShopFile)))]
async fn remove_paper(shop: Shop<ManageShop>, Path(path): Path<PaperPath>) -> Result<Versioned<ShopFile>> {
    let today = shop.app().clock.today();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        lock(conn, *seller).await?.status.allow_paper_removal()?;
        cases::require_no_appeal(conn, seller.as_uuid()).await?;
        if !store::papers::delete(conn, path.paper_id, *seller).await? {
            return Err(Error::from(&NOT_FOUND));
        }
        answer(conn, *seller, today).await
    })
    .await
}
