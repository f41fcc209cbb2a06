//! `simulate`: the providers' side of the wire, for a marketplace that runs elsewhere.

use std::net::SocketAddr;

use secrecy::SecretString;
use tokio::net::TcpListener;

use super::run::{stop_signal, stopped};
use crate::adapters::ghn::Credentials;
use crate::adapters::{Adapters, BankNotices, Disbursement, Ghn, Http, Momo, Vnpay};
use crate::config::{LogConfig, PublicUrl};
use crate::kernel::Clock;
use crate::platform::telemetry;
use crate::simulator::{Contracts, GhnContract, MomoContract, Simulator, VnpayContract};

/// Configuration of `simulate`. What the marketplace and its providers share stands in the same variables on both sides.
#[derive(clap::Args)]
pub struct SimulateConfig {
    /// Address of the simulated providers
    #[arg(long, env = "SIMULATOR_ADDR", default_value = "127.0.0.1:8090")]
    addr: SocketAddr,
    /// Where the marketplace's API is
    #[arg(long, env = "PUBLIC_URL", default_value = "http://127.0.0.1:8080")]
    marketplace: PublicUrl,
    /// The merchant at VNPay
    #[arg(long, env = "VNPAY_TMN_CODE", default_value = demo::VNPAY_TMN_CODE)]
    vnpay_tmn_code: String,
    /// Signs what goes to VNPay and comes from it
    #[arg(long, env = "VNPAY_SECRET", hide_env_values = true, default_value = demo::VNPAY_SECRET)]
    vnpay_secret: SecretString,
    /// The merchant at MoMo
    #[arg(long, env = "MOMO_PARTNER_CODE", default_value = demo::MOMO_PARTNER_CODE)]
    momo_partner_code: String,
    /// The half of MoMo's key that is sent along
    #[arg(long, env = "MOMO_ACCESS_KEY", default_value = demo::MOMO_ACCESS_KEY)]
    momo_access_key: String,
    /// Signs what goes to MoMo and comes from it
    #[arg(long, env = "MOMO_SECRET", hide_env_values = true, default_value = demo::MOMO_SECRET)]
    momo_secret: SecretString,
    /// Opens GHN's API
    #[arg(long, env = "GHN_TOKEN", hide_env_values = true, default_value = demo::GHN_TOKEN)]
    ghn_token: SecretString,
    /// The shop at GHN
    #[arg(long, env = "GHN_SHOP_ID", default_value = demo::GHN_SHOP_ID)]
    ghn_shop_id: String,
    /// Signs what GHN tells
    #[arg(long, env = "GHN_WEBHOOK_SECRET", hide_env_values = true, default_value = demo::GHN_WEBHOOK_SECRET)]
    ghn_webhook_secret: SecretString,
    /// Signs what the bank tells
    #[arg(long, env = "BANK_WEBHOOK_SECRET", hide_env_values = true, default_value = demo::BANK_WEBHOOK_SECRET)]
    bank_webhook_secret: SecretString,
    /// Signs what goes to the partner that pays out
    #[arg(long, env = "DISBURSEMENT_KEY", hide_env_values = true, default_value = demo::DISBURSEMENT_KEY)]
    disbursement_key: SecretString,
    #[command(flatten)]
    log: LogConfig,
}

/// What the demonstration and its providers share: public, like all of the demonstration's passwords.
pub(super) mod demo {
    pub const VNPAY_TMN_CODE: &str = "DEMOTMN1";
    pub const VNPAY_SECRET: &str = "DEMOSECRETDEMOSECRETDEMOSECRET12";
    pub const MOMO_PARTNER_CODE: &str = "MOMO";
    pub const MOMO_ACCESS_KEY: &str = "F8BBA842ECF85";
    pub const MOMO_SECRET: &str = "K951B6PE1waDMi640xX08PD3vg6EkVlz";
    pub const GHN_TOKEN: &str = "ghn-demo-token";
    pub const GHN_SHOP_ID: &str = "190001";
    pub const GHN_WEBHOOK_SECRET: &str = "ghn-demo-webhook";
    pub const BANK_WEBHOOK_SECRET: &str = "bank-demo-webhook";
    pub const DISBURSEMENT_KEY: &str = "disbursement-demo";
}

/// The clients of the demonstration's providers, which play at the address.
pub(super) fn demo_adapters(providers: &PublicUrl) -> anyhow::Result<Adapters> {
    let http = Http::new()?;
    let vnpay = Vnpay::new(
        http.clone(),
        (providers.of("/paymentv2/vpcpay.html"), providers.of("/merchant_webapi/api/transaction")),
        demo::VNPAY_TMN_CODE.to_owned(),
        (demo::VNPAY_SECRET.into(), None),
    );
    let account = (demo::MOMO_PARTNER_CODE.to_owned(), demo::MOMO_ACCESS_KEY.to_owned());
    let momo = Momo::new(http.clone(), providers.of(""), account, (demo::MOMO_SECRET.into(), None));
    let ghn = Credentials {
        url: providers.of(""),
        token: demo::GHN_TOKEN.into(),
        shop_id: demo::GHN_SHOP_ID.to_owned(),
        webhook_secret: demo::GHN_WEBHOOK_SECRET.into(),
    };
    Ok(Adapters {
        vnpay: Some(vnpay),
        momo: Some(momo),
        bank_notices: Some(BankNotices::new(&demo::BANK_WEBHOOK_SECRET.into(), None)?),
        ghn: Some(Ghn::new(http.clone(), ghn)),
        disbursement: Some(Disbursement::new(http.clone(), &providers.of(""), demo::DISBURSEMENT_KEY.into())),
        http,
    })
}

/// What the demonstration's providers have on file.
pub(super) fn demo_contracts(marketplace: &PublicUrl) -> Contracts {
    Contracts {
        marketplace: marketplace.of(""),
        vnpay: VnpayContract { tmn_code: demo::VNPAY_TMN_CODE.to_owned(), secret: demo::VNPAY_SECRET.into() },
        momo: MomoContract {
            partner_code: demo::MOMO_PARTNER_CODE.to_owned(),
            access_key: demo::MOMO_ACCESS_KEY.to_owned(),
            secret: demo::MOMO_SECRET.into(),
        },
        ghn: GhnContract {
            token: demo::GHN_TOKEN.into(),
            shop_id: demo::GHN_SHOP_ID.to_owned(),
            webhook_secret: demo::GHN_WEBHOOK_SECRET.into(),
        },
        bank_secret: demo::BANK_WEBHOOK_SECRET.into(),
        disbursement_key: demo::DISBURSEMENT_KEY.into(),
    }
}

/// Plays the providers until told to stop.
pub async fn run(config: SimulateConfig) -> anyhow::Result<()> {
    telemetry::start(config.log.log_format, &config.log.log);
    let contracts = Contracts {
        marketplace: config.marketplace.of(""),
        vnpay: VnpayContract { tmn_code: config.vnpay_tmn_code, secret: config.vnpay_secret },
        momo: MomoContract {
            partner_code: config.momo_partner_code,
            access_key: config.momo_access_key,
            secret: config.momo_secret,
        },
        ghn: GhnContract {
            token: config.ghn_token,
            shop_id: config.ghn_shop_id,
            webhook_secret: config.ghn_webhook_secret,
        },
        bank_secret: config.bank_webhook_secret,
        disbursement_key: config.disbursement_key,
    };
    let stop = stop_signal()?;
    let listener = TcpListener::bind(config.addr).await?;
    println!("simulated providers on http://{}", listener.local_addr()?);
    Simulator::new(contracts, Clock::system(), Http::new()?).serve(listener, stopped(stop)).await;
    Ok(())
}
