//! The house under test: the same [`App`] and router as `main` builds, on a database of its own, with a clock that is
//! advanced and never slept.

mod actor;
pub mod catalogue;
pub mod ghn;
pub mod providers;
pub mod sellers;
mod trade;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use chrono::{DateTime, TimeZone as _, Utc};
use ocop_market::adapters::{Adapters, BankNotices};
use ocop_market::app::{App, Parts};
use ocop_market::config::{PublicUrl, Settings};
use ocop_market::front::shelf::feed::Shelf;
use ocop_market::kernel::{AccountId, Clock, DepartmentId};
use ocop_market::market::media;
use ocop_market::people::access::{self, Department, DepartmentKind, NewGrant, OfficerRole};
use ocop_market::people::identity::{self, Registration};
use ocop_market::platform::db::Db;
use ocop_market::platform::files::Files;
use ocop_market::platform::jobs::{self, Worker};
use ocop_market::platform::passwords::Passwords;
use ocop_market::platform::private_postgres::PrivatePostgres;
use ocop_market::platform::seal::Seal;
use ocop_market::platform::serve::serve;
use ocop_market::platform::sheets;
use ocop_market::{routes, worker};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::OnceCell;

pub use actor::{Actor, Answer};
pub use providers::Providers;
pub use trade::*;

pub const HA_NOI: &str = "01";
pub const TUYEN_QUANG: &str = "08";
pub const LAI_CHAU: &str = "12";
pub const LAO_CAI: &str = "15";
pub const VINH_LONG: &str = "86";

/// The password of every account the harness makes.
pub const PASSWORD: &str = "mat khau cua bai kiem thu";

static CLUSTER: OnceCell<PrivatePostgres> = OnceCell::const_new();
static PASSWORD_HASH: OnceCell<String> = OnceCell::const_new();

async fn cluster() -> &'static PrivatePostgres {
    CLUSTER.get_or_init(async || PrivatePostgres::shared_for_tests(env!("CARGO_MANIFEST_DIR")).await.unwrap()).await
}

/// A marketplace with places and product sets, and nobody in it yet.
pub struct TestApp {
    pub app: App,
    pub clock: Clock,
    pub router: Router,
    pub shelf: Shelf,
    worker: Worker<App>,
    database: String,
    people: AtomicU32,
    finished: bool,
    files: TempDir,
    key: SecretString,
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with(Adapters::none().expect("a client"), None).await
    }

    /// One with these providers, which everybody reaches at this address.
    pub async fn with(adapters: Adapters, public_url: Option<PublicUrl>) -> Self {
        Self::on(Clock::manual(start()), Adapters { bank_notices: Some(bank_keys()), ..adapters }, public_url).await
    }

    /// One with simulated providers, who reach it through a port.
    pub async fn with_providers() -> (Self, Providers) {
        let clock = Clock::manual(start());
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let providers = Providers::start(&clock, &url).await;
        let app = Self::on(clock, providers.adapters(), Some(url.parse().unwrap())).await;
        tokio::spawn(serve(listener, app.router.clone(), std::future::pending()));
        (app, providers)
    }

    /// One that shares a clock with its providers.
    pub async fn on(clock: Clock, adapters: Adapters, public_url: Option<PublicUrl>) -> Self {
        let database = cluster().await.clone_for_test(&version(), prepare).await.unwrap();
        let files = tempfile::tempdir().unwrap();
        let key = Seal::generate_key().unwrap();
        let app = App::new(Parts {
            db: Db::new(cluster().await.options(&database), 8),
            clock: clock.clone(),
            files: Files::folder(files.path()).unwrap(),
            seal: Seal::new(&key).unwrap(),
            passwords: Passwords::new(2).unwrap(),
            pictures: media::workshop(),
            sheets: sheets::readers(),
            adapters,
            settings: Settings { demo: false, allowed_origins: Vec::new(), trusted_proxies: 0, public_url },
        });
        let shelf = Shelf::new(app.db.clone(), clock.clone());
        let router = routes::everything(&app, &shelf);
        let worker = worker::worker();
        Self { app, clock, router, shelf, worker, database, people: AtomicU32::new(0), finished: false, files, key }
    }

    /// The program itself, run from a shell with this marketplace's database, files and key.
    pub async fn program(&self) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_ocop-market"));
        program
            .env("DATABASE_URL", self.options().await.to_url_lossy().as_str())
            .env("FILES_DIR", self.files.path())
            .env("ENCRYPTION_KEY", self.key.expose_secret());
        program
    }

    /// How another instance connects to this marketplace's database.
    pub async fn options(&self) -> PgConnectOptions {
        cluster().await.options(&self.database)
    }

    /// The folder of the object files.
    pub fn folder(&self) -> &Path {
        self.files.path()
    }

    /// Somebody who did not say who they are.
    pub fn anyone(&self) -> Actor {
        Actor::new(&self.app, &self.shelf, self.router.clone(), self.address())
    }

    /// A new account with a confirmed contact, signed in.
    pub async fn account(&self, name: &str) -> Actor {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        let contact = format!("nguoi-{number}@example.vn");
        let registration: Registration = serde_json::from_value(json!({
            "display_name": name,
            "contact": contact,
            "password": PASSWORD,
            "consents": [{ "purpose": "account", "version": "2026-07" }],
        }))
        .unwrap();
        let hash = PASSWORD_HASH
            .get_or_init(async || self.app.passwords.hash(registration.password.secret()).await.unwrap())
            .await;
        let now = self.clock.now();
        self.app
            .db
            .act(async |conn| identity::create_confirmed(conn, &registration, hash, false, now).await)
            .await
            .unwrap();
        self.sign_in(&contact).await
    }

    /// Signs an account of [`TestApp::account`] in once more.
    pub async fn sign_in(&self, contact: &str) -> Actor {
        let anyone = self.anyone();
        let opened = anyone.post("/v1/sessions", json!({ "contact": contact, "password": PASSWORD })).await.ok();
        let account: AccountId = opened["account_id"].as_str().unwrap().parse().unwrap();
        anyone.signed_in(opened["token"].as_str().unwrap(), contact, account)
    }

    /// An officer of the trade department of one province, with the usual permissions of the role.
    pub async fn officer(&self, province: &str, role: OfficerRole) -> Actor {
        self.officer_of(&format!("so-cong-thuong-{province}"), DepartmentKind::IndustryAndTrade, &[province], role)
            .await
    }

    /// The national operator, who holds every province.
    pub async fn operator(&self) -> Actor {
        let all: Vec<String> = (1..=96).map(|code| format!("{code:02}")).collect();
        let codes = self.app.db.see(async |conn| ocop_market::places::list_provinces(conn).await).await.unwrap();
        let codes: Vec<&str> =
            all.iter().map(String::as_str).filter(|code| codes.iter().any(|known| known.code == *code)).collect();
        self.officer_of("quoc-gia", DepartmentKind::National, &codes, OfficerRole::Operator).await
    }

    async fn officer_of(&self, slug: &str, kind: DepartmentKind, provinces: &[&str], role: OfficerRole) -> Actor {
        let officer = self.account("Cán bộ").await;
        let permissions: Vec<String> = role.usual_permissions();
        self.appoint(&officer, slug, kind, provinces, (role, &permissions)).await;
        officer
    }

    /// An officer of the agriculture department of a province, with these permissions only.
    pub async fn agriculture_officer(&self, province: &str, permissions: &[&str]) -> Actor {
        let officer = self.account("Cán bộ nông nghiệp").await;
        let permissions: Vec<String> = permissions.iter().map(ToString::to_string).collect();
        let slug = format!("so-nong-nghiep-{province}");
        let role = (OfficerRole::Reviewer, permissions.as_slice());
        self.appoint(&officer, &slug, DepartmentKind::Agriculture, &[province], role).await;
        officer
    }

    /// Gives somebody a grant from today on.
    pub async fn appoint(
        &self,
        officer: &Actor,
        slug: &str,
        kind: DepartmentKind,
        provinces: &[&str],
        (role, permissions): (OfficerRole, &[String]),
    ) {
        let now = self.clock.now();
        let provinces: Vec<String> = provinces.iter().map(ToString::to_string).collect();
        let department = department_of(slug, kind, now);
        self.app
            .db
            .act(async |conn| {
                let grant = NewGrant {
                    account: officer.account(),
                    department: access::ensure_department(conn, &department, &provinces, now).await?,
                    role,
                    permissions: permissions.to_vec(),
                    valid_from: self.clock.today(),
                    valid_to: None,
                };
                access::grant(conn, &grant, now).await
            })
            .await
            .unwrap();
    }

    /// Runs every job that is due, and those they cause, until nothing is due.
    pub async fn run_jobs(&self) {
        while self.worker.run_due(&self.app, &self.app.db, &self.clock).await.unwrap() > 0 {}
    }

    /// The last message written to a contact.
    pub async fn last_message(&self, recipient: &str) -> String {
        self.app
            .db
            .see(async |conn| {
                Ok(sqlx::query_scalar::<_, String>(
                    "select body from messages where recipient = $1 order by created_at desc, id desc limit 1",
                )
                .bind(recipient)
                .fetch_one(conn)
                .await?)
            })
            .await
            .unwrap()
    }

    /// Ends the test: no due job may be left unrun, none may have died.
    pub async fn finish(mut self) {
        self.finished = true;
        let now = self.clock.now();
        let dead = self.app.db.see(async |conn| jobs::dead_letters(conn).await).await.unwrap();
        assert!(dead.is_empty(), "jobs that were given up: {dead:#?}");
        let backlog = self.app.db.see(async |conn| jobs::backlog(conn, now).await).await.unwrap();
        assert_eq!(backlog.due, 0, "jobs left behind");
        self.app.db.close().await;
        cluster().await.drop_database(&self.database).await.unwrap();
    }

    /// Ends a test that has broken its own database connection.
    pub async fn abandon(mut self) {
        self.finished = true;
        cluster().await.drop_database(&self.database).await.unwrap();
    }

    /// Everybody calls from an address of their own, or they would be counted as one.
    fn address(&self) -> IpAddr {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        IpAddr::V4(Ipv4Addr::from(u32::from(Ipv4Addr::new(10, 0, 0, 1)) + number))
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        assert!(self.finished || std::thread::panicking(), "end the test with `app.finish().await`");
    }
}

/// A department that is called like its address.
pub fn department_of(slug: &str, kind: DepartmentKind, now: DateTime<Utc>) -> Department {
    let name = || slug.to_owned();
    Department { id: DepartmentId::new(now), slug: name(), name_vi: name(), name_en: name(), kind }
}

/// The keys of the service that reports transfers: today's, and the one before.
pub fn bank_keys() -> BankNotices {
    BankNotices::new(&providers::BANK_KEY.into(), Some(&BANK_KEY_BEFORE.into())).unwrap()
}

/// The key the service signed with until lately.
pub const BANK_KEY_BEFORE: &str = "khoa truoc day cua ngan hang";

/// Where the clock of every test starts: a Saturday morning in Viet Nam.
pub fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 2, 0, 0).unwrap()
}

/// The template holds as long as the program that fills it stays the same.
fn version() -> String {
    let program = std::env::current_exe().and_then(std::fs::metadata).and_then(|program| program.modified());
    format!("{:?}", program.unwrap())
}

/// Fills the template every test's database is cloned from.
async fn prepare(options: sqlx::postgres::PgConnectOptions) -> anyhow::Result<()> {
    let db = Db::new(options, 1);
    ocop_market::cli::prepare_database(&db, start()).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
    db.close().await;
    Ok(())
}
