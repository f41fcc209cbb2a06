//! Where payment providers are, and with which account.

use anyhow::{Context as _, ensure};
use secrecy::SecretString;

use super::{BankNoticeConfig, PublicUrl};
use crate::adapters::ghn::Credentials;
use crate::adapters::{Adapters, Disbursement, Ghn, Http, Momo, Vnpay};

/// The providers; each that is not configured is not offered.
#[derive(Debug, Clone, clap::Args)]
pub struct ProvidersConfig {
    #[command(flatten)]
    vnpay: VnpayConfig,
    #[command(flatten)]
    momo: MomoConfig,
    #[command(flatten)]
    bank_notices: BankNoticeConfig,
    #[command(flatten)]
    ghn: GhnConfig,
    #[command(flatten)]
    disbursement: DisbursementConfig,
}

impl ProvidersConfig {
    /// The clients of what is configured. Half a configuration is an error, and so is a gateway whose buyers could not
    /// come back because nobody said where we are.
    pub fn adapters(&self, public_url: Option<&PublicUrl>) -> anyhow::Result<Adapters> {
        let adapters = self.adapters_without_visitors()?;
        let is_gateway = adapters.vnpay.is_some() || adapters.momo.is_some();
        ensure!(public_url.is_some() || !is_gateway, "a payment gateway needs PUBLIC_URL: buyers come back to it");
        Ok(adapters)
    }

    /// The same for a process that nobody visits.
    pub fn adapters_without_visitors(&self) -> anyhow::Result<Adapters> {
        let http = Http::new()?;
        let (vnpay, momo) = (self.vnpay.client(&http)?, self.momo.client(&http)?);
        let bank_notices = self.bank_notices.keys()?;
        let (ghn, disbursement) = (self.ghn.client(&http)?, self.disbursement.client(&http)?);
        Ok(Adapters { http, vnpay, momo, bank_notices, ghn, disbursement })
    }
}

/// Payments at VNPay.
#[derive(Debug, Clone, clap::Args)]
#[expect(clippy::struct_field_names, reason = "fields are flags of the command line")]
struct VnpayConfig {
    /// VNPay's pay page, as `https://sandbox.vnpayment.vn/paymentv2/vpcpay.html`
    #[arg(long, env = "VNPAY_URL")]
    vnpay_url: Option<String>,
    /// VNPay's machine interface, as `https://sandbox.vnpayment.vn/merchant_webapi/api/transaction`
    #[arg(long, env = "VNPAY_API_URL")]
    vnpay_api_url: Option<String>,
    /// Terminal code at VNPay
    #[arg(long, env = "VNPAY_TMN_CODE")]
    vnpay_tmn_code: Option<String>,
    /// Secret shared with VNPay
    #[arg(long, env = "VNPAY_SECRET", hide_env_values = true)]
    vnpay_secret: Option<SecretString>,
    /// The secret before, believed while both sides change over
    #[arg(long, env = "VNPAY_SECRET_OLD", hide_env_values = true)]
    vnpay_secret_old: Option<SecretString>,
}

impl VnpayConfig {
    fn client(&self, http: &Http) -> anyhow::Result<Option<Vnpay>> {
        let given = [
            self.vnpay_url.is_some(),
            self.vnpay_api_url.is_some(),
            self.vnpay_tmn_code.is_some(),
            self.vnpay_secret.is_some(),
        ];
        if !given.contains(&true) {
            return Ok(None);
        }
        let urls =
            (required(self.vnpay_url.as_ref(), "VNPAY_URL")?, required(self.vnpay_api_url.as_ref(), "VNPAY_API_URL")?);
        let terminal = required(self.vnpay_tmn_code.as_ref(), "VNPAY_TMN_CODE")?;
        let secrets = (required(self.vnpay_secret.as_ref(), "VNPAY_SECRET")?, self.vnpay_secret_old.clone());
        Ok(Some(Vnpay::new(http.clone(), urls, terminal, secrets)))
    }
}

/// Payments at MoMo.
#[derive(Debug, Clone, clap::Args)]
#[expect(clippy::struct_field_names, reason = "fields are flags of the command line")]
struct MomoConfig {
    /// MoMo's interface, as `https://test-payment.momo.vn`
    #[arg(long, env = "MOMO_URL")]
    momo_url: Option<String>,
    /// Partner code at MoMo
    #[arg(long, env = "MOMO_PARTNER_CODE")]
    momo_partner_code: Option<String>,
    /// Access key at MoMo
    #[arg(long, env = "MOMO_ACCESS_KEY")]
    momo_access_key: Option<String>,
    /// Secret shared with MoMo
    #[arg(long, env = "MOMO_SECRET", hide_env_values = true)]
    momo_secret: Option<SecretString>,
    /// The secret before, believed while both sides change over
    #[arg(long, env = "MOMO_SECRET_OLD", hide_env_values = true)]
    momo_secret_old: Option<SecretString>,
}

impl MomoConfig {
    fn client(&self, http: &Http) -> anyhow::Result<Option<Momo>> {
        let given = [
            self.momo_url.is_some(),
            self.momo_partner_code.is_some(),
            self.momo_access_key.is_some(),
            self.momo_secret.is_some(),
        ];
        if !given.contains(&true) {
            return Ok(None);
        }
        let url = required(self.momo_url.as_ref(), "MOMO_URL")?.trim_end_matches('/').to_owned();
        let partner = required(self.momo_partner_code.as_ref(), "MOMO_PARTNER_CODE")?;
        let access_key = required(self.momo_access_key.as_ref(), "MOMO_ACCESS_KEY")?;
        let secrets = (required(self.momo_secret.as_ref(), "MOMO_SECRET")?, self.momo_secret_old.clone());
        Ok(Some(Momo::new(http.clone(), url, (partner, access_key), secrets)))
    }
}

/// The carrier GHN.
#[derive(Debug, Clone, clap::Args)]
#[expect(clippy::struct_field_names, reason = "fields are flags of the command line")]
struct GhnConfig {
    /// Where GHN's API is, as `https://online-gateway.ghn.vn`
    #[arg(long, env = "GHN_URL")]
    ghn_url: Option<PublicUrl>,
    /// GHN's token
    #[arg(long, env = "GHN_TOKEN", hide_env_values = true)]
    ghn_token: Option<SecretString>,
    /// Number of the shop at GHN
    #[arg(long, env = "GHN_SHOP_ID")]
    ghn_shop_id: Option<String>,
    /// Signs the status messages GHN sends to `/v1/carriers/ghn/status`
    #[arg(long, env = "GHN_WEBHOOK_SECRET", hide_env_values = true)]
    ghn_webhook_secret: Option<SecretString>,
}

impl GhnConfig {
    fn client(&self, http: &Http) -> anyhow::Result<Option<Ghn>> {
        let given = [
            self.ghn_url.is_some(),
            self.ghn_token.is_some(),
            self.ghn_shop_id.is_some(),
            self.ghn_webhook_secret.is_some(),
        ];
        if !given.contains(&true) {
            return Ok(None);
        }
        let credentials = Credentials {
            url: required(self.ghn_url.as_ref(), "GHN_URL")?.of(""),
            token: required(self.ghn_token.as_ref(), "GHN_TOKEN")?,
            shop_id: required(self.ghn_shop_id.as_ref(), "GHN_SHOP_ID")?,
            webhook_secret: required(self.ghn_webhook_secret.as_ref(), "GHN_WEBHOOK_SECRET")?,
        };
        Ok(Some(Ghn::new(http.clone(), credentials)))
    }
}

/// The licensed partner that sends gateway money to shops.
#[derive(Debug, Clone, clap::Args)]
struct DisbursementConfig {
    /// Where the partner that pays shops out is
    #[arg(long, env = "DISBURSEMENT_URL")]
    disbursement_url: Option<PublicUrl>,
    /// Signs what goes to the partner that pays shops out
    #[arg(long, env = "DISBURSEMENT_KEY", hide_env_values = true)]
    disbursement_key: Option<SecretString>,
}

impl DisbursementConfig {
    fn client(&self, http: &Http) -> anyhow::Result<Option<Disbursement>> {
        if self.disbursement_url.is_none() && self.disbursement_key.is_none() {
            return Ok(None);
        }
        let url = required(self.disbursement_url.as_ref(), "DISBURSEMENT_URL")?.of("");
        let key = required(self.disbursement_key.as_ref(), "DISBURSEMENT_KEY")?;
        Ok(Some(Disbursement::new(http.clone(), &url, key)))
    }
}

fn required<T: Clone>(given: Option<&T>, name: &str) -> anyhow::Result<T> {
    given.cloned().with_context(|| format!("{name} is missing, while others of its provider are set"))
}
