//! Every endpoint, merged: `/v1` for the public, buyers and shops, `/admin/v1` for officers, each with its own OpenAPI
//! document; and the layers around them.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware;
use axum::response::Redirect;
use axum::routing::get;
use tower_http::compression::CompressionLayer;
use tower_http::cors::CorsLayer;
use utoipa::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::SwaggerUi;

use crate::app::App;
use crate::front::shelf::feed::Shelf;
use crate::front::{moderation, shelf, statistics};
use crate::market::{assessment, cases, catalogue, certification, measures, media, screening, sellers};
use crate::people::{access, identity, policies};
use crate::places;
use crate::platform::error::{ProblemDocument, Result};
use crate::platform::http::{Frame, frame, no_such_method, no_such_route, thin};
use crate::trade::{
    complaints, inventory, orders, payments, payouts, rates, returns, reviews, shipping, statements, vouchers,
};

/// How long a request may take.
const DEADLINE: Duration = Duration::from_secs(20);
/// How long an upload may take: 10 MB over the mobile network of a highland commune.
const UPLOAD_DEADLINE: Duration = Duration::from_mins(3);

fn deadline(route: &str) -> Duration {
    let uploads = ["/media", "/certificate_imports", "/remittances"];
    if uploads.iter().any(|upload| route.ends_with(upload)) { UPLOAD_DEADLINE } else { DEADLINE }
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "ocop-market",
        description = "Sàn thương mại điện tử cho sản phẩm OCOP: người mua, gian hàng.\n\n\
                       The marketplace of Viet Nam's OCOP programme: for the public, buyers and shops."
    ),
    components(schemas(ProblemDocument))
)]
struct PublicDocument;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "ocop-market, officers",
        description = "Bàn làm việc của Sở Công Thương: chỉ hồ sơ của tỉnh mình.\n\n\
                       The desk of the provincial departments of industry and trade: their own provinces' cases only."
    ),
    components(schemas(ProblemDocument))
)]
struct OfficersDocument;

/// The endpoints of `/v1` with their document.
pub fn public_api() -> (Router<App>, utoipa::openapi::OpenApi) {
    let api = OpenApiRouter::new()
        .merge(places::http::router())
        .merge(identity::http::router())
        .merge(access::http::router())
        .merge(policies::http::router())
        .merge(cases::http::router())
        .merge(moderation::http::router())
        .merge(media::http::router())
        .merge(sellers::http::router())
        .merge(certification::http::router())
        .merge(assessment::http::router())
        .merge(catalogue::http::router())
        .merge(catalogue::offers::http::router())
        .merge(measures::http::router())
        .merge(shelf::http::router())
        .merge(shelf::search::http::router())
        .merge(rates::http::router())
        .merge(statements::http::router())
        .merge(inventory::http::router())
        .merge(vouchers::http::router())
        .merge(payments::http::router())
        .merge(orders::cart::http::router())
        .merge(orders::checkouts::http::router())
        .merge(shipping::http::router())
        .merge(orders::http::router())
        .merge(orders::parcels::http::router())
        .merge(orders::lookup::router())
        .merge(orders::addresses::http::router())
        .merge(orders::invoices::http::router())
        .merge(orders::evidence::http::router())
        .merge(payments::transfers::http::router())
        .merge(payouts::http::router())
        .merge(returns::http::router())
        .merge(reviews::http::router())
        .merge(complaints::http::router());
    let (_, catalogue) = shelf::http::catalogue_router().split_for_parts();
    let mut document = PublicDocument::openapi();
    document.merge(catalogue);
    finish(OpenApiRouter::with_openapi(document).nest("/v1", api))
}

/// The endpoints of `/admin/v1` with their document.
pub fn officers_api() -> (Router<App>, utoipa::openapi::OpenApi) {
    let api = OpenApiRouter::new()
        .merge(access::admin::router())
        .merge(policies::admin::router())
        .merge(sellers::admin::router())
        .merge(certification::admin::router())
        .merge(assessment::admin::router())
        .merge(screening::admin::router())
        .merge(measures::admin::router())
        .merge(rates::admin::router())
        .merge(statements::admin::router())
        .merge(payouts::admin::router())
        .merge(payments::admin::router())
        .merge(statistics::admin::router())
        .merge(shelf::search::admin::router())
        .merge(vouchers::admin::router())
        .merge(moderation::admin::router());
    finish(OpenApiRouter::with_openapi(OfficersDocument::openapi()).nest("/admin/v1", api))
}

/// Adds to the document what every operation shares: the way to sign in and the problem document.
fn finish(router: OpenApiRouter<App>) -> (Router<App>, utoipa::openapi::OpenApi) {
    let (router, mut document) = router.split_for_parts();
    let session = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The `token` of `POST /v1/sessions`; the scope names what the account must be."))
        .build();
    document.components.get_or_insert_default().add_security_scheme("session", SecurityScheme::Http(session));
    for item in document.paths.paths.values_mut() {
        let changes = [&mut item.put, &mut item.post, &mut item.delete];
        for operation in changes.into_iter().flatten() {
            declare_conflicts(operation);
        }
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            declare_errors(operation);
            describe(&mut operation.responses);
        }
    }
    (router, document)
}

/// The refusals that follow from what an operation is: who it is for, what it names, what it takes.
fn declare_errors(operation: &mut Operation) {
    let security = serde_json::to_value(&operation.security).unwrap_or_default();
    let scope = security[0]["session"][0].as_str().unwrap_or_default();
    let takes_body = operation.request_body.is_some();
    let has_parameter = |place: &ParameterIn| {
        operation.parameters.iter().flatten().any(|parameter| match parameter {
            RefOr::T(parameter) => parameter.parameter_in == *place,
            RefOr::Ref(_) => false,
        })
    };
    let (takes_query, names) = (has_parameter(&ParameterIn::Query), has_parameter(&ParameterIn::Path));
    let declared = [
        ("400", takes_body),
        ("401", !scope.is_empty()),
        ("403", !scope.is_empty() && scope != "account"),
        ("404", names),
        ("413", takes_body),
        ("415", takes_body),
        ("422", takes_body || takes_query),
        ("503", true),
    ];
    declare(operation, &declared);
}

/// The refusals of a change that what is there, or what is done meanwhile, may not allow.
fn declare_conflicts(operation: &mut Operation) {
    let edits = operation.parameters.iter().flatten().any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.name.eq_ignore_ascii_case("if-match"),
        RefOr::Ref(_) => false,
    });
    // Guessing passwords and codes, and having messages sent, is slowed down.
    let throttled = operation.tags.iter().flatten().any(|tag| tag == "identity");
    declare(operation, &[("409", true), ("412", edits), ("428", edits), ("429", throttled)]);
}

fn declare(operation: &mut Operation, refusals: &[(&str, bool)]) {
    for (status, _) in refusals.iter().filter(|(_, applies)| *applies) {
        operation.responses.responses.entry((*status).to_owned()).or_insert_with(|| problem_response(""));
    }
}

/// OpenAPI wants a description of every response: the status' own name says it.
fn describe(responses: &mut utoipa::openapi::Responses) {
    for (status, response) in &mut responses.responses {
        let name = status.parse().ok().and_then(|code| StatusCode::from_u16(code).ok()?.canonical_reason());
        if let (RefOr::T(response), Some(name)) = (response, name)
            && response.description.is_empty()
        {
            name.clone_into(&mut response.description);
        }
    }
    responses
        .responses
        .entry("default".to_owned())
        .or_insert_with(|| problem_response("Anything else: a problem document (RFC 9457)"));
}

fn problem_response(description: &str) -> RefOr<utoipa::openapi::Response> {
    use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder};
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemDocument"))).build();
    ResponseBuilder::new().description(description).content("application/problem+json", content).build().into()
}

/// Everything on one listener.
pub fn everything(app: &App, shelf: &Shelf) -> Router {
    let (public, public_document) = public_api();
    let (officers, officers_document) = officers_api();
    let docs = docs(vec![("/v1/openapi.json", public_document), ("/admin/v1/openapi.json", officers_document)]);
    framed(app, public.merge(officers).merge(watched(shelf)), docs).merge(catalogue(app, shelf))
}

/// The listener of the public, where officers have their own.
pub fn public_only(app: &App, shelf: &Shelf) -> Router {
    let (public, document) = public_api();
    let docs = docs(vec![("/v1/openapi.json", document)]);
    framed(app, public.merge(watched(shelf)), docs).merge(catalogue(app, shelf))
}

/// The officers' own listener.
pub fn officers_only(app: &App) -> Router {
    let (officers, document) = officers_api();
    let probes = Router::new().route("/readyz", get(readyz));
    framed(app, officers.merge(probes), docs(vec![("/admin/v1/openapi.json", document)]))
}

/// What is answered from memory, inside of a frame of its own.
fn catalogue(app: &App, shelf: &Shelf) -> Router {
    let (router, _) = shelf::http::catalogue_router().split_for_parts();
    let mut router = router.with_state(shelf::http::ShelfState::new(shelf.clone()));
    let origins = &app.settings.allowed_origins;
    if !origins.is_empty() {
        router = router.layer(cors(origins));
    }
    router.layer(middleware::from_fn_with_state(Frame { clock: app.clock.clone(), deadline }, thin))
}

fn docs(documents: Vec<(&'static str, utoipa::openapi::OpenApi)>) -> Router {
    Router::new().merge(
        SwaggerUi::new("/docs").urls(
            documents.into_iter().map(|(url, document)| (utoipa_swagger_ui::Url::new(url, url), document)).collect(),
        ),
    )
}

fn framed(app: &App, api: Router<App>, docs: Router) -> Router {
    let probes = Router::new().route("/healthz", get(healthz));
    let home = Router::new().route("/", get(|| async { Redirect::temporary("/docs/") }));
    api.merge(probes)
        .merge(home)
        .with_state(app.clone())
        .merge(docs)
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
        .layer(CompressionLayer::new())
        .layer(cors(&app.settings.allowed_origins))
        .layer(middleware::from_fn_with_state(Frame { clock: app.clock.clone(), deadline }, frame))
}

fn cors(origins: &[String]) -> CorsLayer {
    let origins: Vec<HeaderValue> = origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::PUT, Method::POST, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            HeaderName::from_static("idempotency-key"),
        ])
        .expose_headers([header::ETAG, header::RETRY_AFTER, HeaderName::from_static("idempotent-replayed")])
        .max_age(Duration::from_hours(1))
}

/// The text format of Prometheus.
const METRICS: [(HeaderName, &str); 1] = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];

/// What a listener with the catalogue says of itself to those who watch it.
fn watched(shelf: &Shelf) -> Router<App> {
    let (ready, counted) = (shelf.clone(), shelf.clone());
    let readyz = async move |app: State<App>| {
        ready.ready()?;
        readyz(app).await
    };
    let metrics = async move || (METRICS, counted.metrics());
    Router::new().route("/readyz", get(readyz)).route("/metrics", get(metrics))
}

/// The process lives.
async fn healthz() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The process can serve: the database answers.
async fn readyz(State(app): State<App>) -> Result<StatusCode> {
    app.db.ping().await?;
    Ok(StatusCode::NO_CONTENT)
}
