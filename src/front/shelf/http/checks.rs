//! Are the stars real? What the register answers to anybody who holds a decision in hand.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::store::checks as store;
use crate::app::Public;
use crate::kernel::Line;
use crate::market::certification::register;
use crate::market::certification::{CertificateView, DecisionNumber};
use crate::platform::error::Result;
use crate::platform::etag::Cacheable;
use crate::platform::extract::Query;

/// What stands on the certificate.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CheckQuery {
    /// The number of the decision.
    #[param(value_type = String, example = "3981/QĐ-UBND")]
    decision_number: DecisionNumber,
    /// Words of the product or its owner, with or without accents.
    #[param(value_type = Option<String>, max_length = 200, example = "che shan tuyet")]
    product: Option<Line<1, 200>>,
}

/// A certificate that an officer verified or a department registered.
#[derive(Debug, Serialize, ToSchema)]
struct CheckedCertificate {
    /// The certificate, and what it is worth today.
    #[serde(flatten)]
    certificate: CertificateView,
    /// The listings here that name it; those with a minimum age are left out.
    listings: Vec<String>,
}

/// What the register knows.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CertificateCheck {
    /// The certificates that fit, of the latest decision first; at most fifty. None means that nobody here has verified
    /// such a certificate, not that it does not exist.
    items: Vec<CheckedCertificate>,
}

/// Check a certificate by its decision and product. Claims nobody verified are not among the answers.
#[utoipa::path(get, path = "/certificate_checks", tag = "shelf", security(()), params(CheckQuery),
    responses((status = OK, body = CertificateCheck)))]
pub(super) async fn check_certificates(
    public: Public,
    Query(query): Query<CheckQuery>,
) -> Result<Cacheable<CertificateCheck>> {
    let today = public.app().clock.today();
    public
        .see(async |conn| {
            let found = register::check(conn, &query.decision_number, query.product.as_deref(), today).await?;
            let ids: Vec<_> = found.iter().map(|certificate| certificate.id).collect();
            let showing = store::showing(conn, &ids, today).await?;
            let listings = |certificate: &CertificateView| {
                let naming = showing.iter().filter(|showing| showing.certificate_id == certificate.id);
                naming.map(|showing| showing.slug.clone()).collect()
            };
            let items =
                found.into_iter().map(|found| CheckedCertificate { listings: listings(&found), certificate: found });
            Ok(Cacheable(CertificateCheck { items: items.collect() }))
        })
        .await
}
