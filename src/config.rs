//! Configuration: one struct per concern, read from flags or the environment; the doc comments are the manual.

mod providers;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use axum::http::Uri;
use secrecy::SecretString;

use crate::adapters::BankNotices;
use crate::platform::db::DEFAULT_CONNECTIONS;
use crate::platform::telemetry::LogFormat;

pub use providers::ProvidersConfig;

/// Where the data is.
#[derive(Debug, Clone, clap::Args)]
pub struct DatabaseConfig {
    /// PostgreSQL 15 or newer, as `postgres://user:password@host/database`
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: SecretString,
    /// Connections of this process
    #[arg(long, env = "DATABASE_CONNECTIONS", default_value_t = DEFAULT_CONNECTIONS)]
    pub database_connections: u32,
}

/// What must survive beside the database.
#[derive(Debug, Clone, clap::Args)]
pub struct StorageConfig {
    /// Folder of uploaded pictures and papers
    #[arg(long, env = "FILES_DIR", default_value = "files")]
    pub files_dir: PathBuf,
    /// The key to it.
    #[command(flatten)]
    pub key: KeyConfig,
}

/// What opens what is sealed.
#[derive(Debug, Clone, clap::Args)]
pub struct KeyConfig {
    /// 32 random bytes in base64 (`openssl rand -base64 32`); encrypts ID and bank numbers at rest
    #[arg(long, env = "ENCRYPTION_KEY", hide_env_values = true)]
    pub encryption_key: SecretString,
}

/// Who reports money that came into the shops' bank accounts.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct BankNoticeConfig {
    /// Key by which bank notices are signed, at least 16 characters; without it, none are taken
    #[arg(long, env = "BANK_WEBHOOK_SECRET", hide_env_values = true)]
    pub bank_webhook_secret: Option<SecretString>,
    /// The key before it, while the service changes over
    #[arg(long, env = "BANK_WEBHOOK_SECRET_OLD", hide_env_values = true, requires = "bank_webhook_secret")]
    pub bank_webhook_secret_old: Option<SecretString>,
}

impl BankNoticeConfig {
    /// The keys, if there are any.
    pub fn keys(&self) -> anyhow::Result<Option<BankNotices>> {
        let old = self.bank_webhook_secret_old.as_ref();
        self.bank_webhook_secret.as_ref().map(|current| BankNotices::new(current, old)).transpose()
    }
}

/// Where the API listens.
#[derive(Debug, Clone, clap::Args)]
pub struct ListenConfig {
    /// Address of the API
    #[arg(long, env = "ADDR", default_value = "127.0.0.1:8080")]
    pub addr: SocketAddr,
    /// Own address of the officers' API; without it, `/admin/v1` is served on `ADDR`
    #[arg(long, env = "ADMIN_ADDR")]
    pub admin_addr: Option<SocketAddr>,
    /// Origins whose pages may call the API, separated by commas
    #[arg(long, env = "ALLOWED_ORIGINS", value_delimiter = ',')]
    pub allowed_origins: Vec<String>,
    /// Where everybody reaches the API, as `https://cho.example.vn`; printed on papers, which without it name paths only
    #[arg(long, env = "PUBLIC_URL")]
    pub public_url: Option<PublicUrl>,
    /// Seconds by which the catalogue in memory may lag behind the database before `/readyz` asks to be left out
    #[arg(long, env = "SHELF_LAG_LIMIT", default_value_t = 30)]
    pub shelf_lag_limit: u64,
    /// Serve a database that was filled with the demonstration, whose password is public
    #[arg(long, env = "DEMO", default_value_t = false)]
    pub demo: bool,
    /// Reverse proxies in front of us whose `X-Forwarded-For` entry is believed
    #[arg(long, env = "TRUSTED_PROXIES", default_value_t = 0)]
    pub trusted_proxies: usize,
}

/// What is logged, to standard error.
#[derive(Debug, Clone, clap::Args)]
pub struct LogConfig {
    /// `json` for machines, `text` for people
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::Json)]
    pub log_format: LogFormat,
    /// Filter, such as `info,ocop_market=debug`
    #[arg(long, env = "LOG", default_value = "info,sqlx=warn")]
    pub log: String,
}

/// What the running program needs to know of all this.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Filled with demonstration data: answers say so, codes appear in the log.
    pub demo: bool,
    /// See [`ListenConfig::allowed_origins`].
    pub allowed_origins: Vec<String>,
    /// See [`ListenConfig::trusted_proxies`].
    pub trusted_proxies: usize,
    /// See [`ListenConfig::public_url`].
    pub public_url: Option<PublicUrl>,
}

/// The beginning of every public address: scheme and host, without a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The whole address of a path, which begins with `/`.
    pub fn of(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let trimmed = typed.trim_end_matches('/');
        let url: Uri = trimmed.parse().map_err(|error| format!("{error}"))?;
        let is_web = matches!(url.scheme_str(), Some("http" | "https"));
        let is_bare = url.path() == "/" && url.query().is_none() && !trimmed.contains(['#', '@']);
        if is_web && is_bare { Ok(Self(trimmed.to_owned())) } else { Err("must be like https://cho.example.vn".into()) }
    }
}
