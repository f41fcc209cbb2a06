//! [`Officer`]: proof that the caller has a function today, and in which provinces.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use axum::extract::{FromRef, FromRequestParts, MatchedPath};
use axum::http::StatusCode;
use axum::http::request::Parts;
use uuid::Uuid;

use super::model::{Provinces, Reach};
use super::permissions::Permission;
use super::store;
use crate::app::App;
use crate::kernel::{AccountId, AuditId};
use crate::people::audit;
use crate::people::identity::SignedIn;
use crate::platform::db::Scoped;
use crate::platform::error::{Error, Problem, Result};

/// The caller is somebody, but this is not their function.
pub const NOT_YOUR_FUNCTION: Problem = Problem {
    status: StatusCode::FORBIDDEN,
    code: "not-your-function",
    vi: "Bạn không có quyền thực hiện chức năng này",
    en: "Your role does not include this function",
};

/// An officer with permission `P` somewhere, today.
pub struct Officer<P> {
    app: App,
    /// Who.
    pub account: AccountId,
    reaches: Vec<Reach>,
    provinces: Provinces,
    operation: String,
    permission: PhantomData<P>,
}

impl<P: Permission> Officer<P> {
    /// The shared parts that are not data.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Where the officer holds another permission: the verdict on a case needs the one of its kind.
    pub fn provinces_for(&self, permission: &str) -> Provinces {
        self.provinces_for_any(&[permission])
    }

    fn provinces_for_any(&self, permissions: &[&str]) -> Provinces {
        let reaches = self.reaches.iter().filter(|reach| permissions.contains(&reach.permission.as_str()));
        let codes: BTreeSet<&str> = reaches.map(|reach| reach.province_code.as_str()).collect();
        Provinces::new(codes.into_iter().map(str::to_owned).collect())
    }

    /// Whether the officer holds another permission wherever they hold `P`: nobody gives what they do not have.
    pub fn holds(&self, permission: &str) -> bool {
        let own = self.provinces_for(permission);
        self.provinces.codes().iter().all(|province| own.contains(province))
    }

    /// A read-only look, bound to the officer's provinces.
    pub async fn see<T>(&self, work: impl AsyncFnOnce(&mut Scoped<'_, Provinces>) -> Result<T>) -> Result<T> {
        self.app.db.see(async |conn| work(&mut Scoped::new(conn, self.provinces.clone())).await).await
    }

    /// An act on `subject`, bound to the officer's provinces and recorded in the same transaction.
    pub async fn act<T>(
        &self,
        subject_id: Uuid,
        work: impl AsyncFnOnce(&mut Scoped<'_, Provinces>) -> Result<T> + Clone,
    ) -> Result<T> {
        self.act_noting(subject_id, async |scope| Ok((work(scope).await?, serde_json::json!({})))).await
    }

    /// An act that reads ID data in full, recorded as such.
    pub async fn read_id_data<T>(
        &self,
        subject_id: Uuid,
        work: impl AsyncFnOnce(&mut Scoped<'_, Provinces>) -> Result<T> + Clone,
    ) -> Result<T> {
        self.act_noting(subject_id, async |scope| Ok((work(scope).await?, serde_json::json!({ "id_data": "read" }))))
            .await
    }

    /// An act that says, beside its result, what else the record is to remember of it.
    pub async fn act_noting<T>(
        &self,
        subject_id: Uuid,
        work: impl AsyncFnOnce(&mut Scoped<'_, Provinces>) -> Result<(T, serde_json::Value)> + Clone,
    ) -> Result<T> {
        self.app
            .db
            .act(async |conn| {
                let (done, facts) = work(&mut Scoped::new(conn, self.provinces.clone())).await?;
                audit::record(conn, &self.entry(subject_id, facts)).await?;
                Ok(done)
            })
            .await
    }

    fn entry(&self, subject_id: Uuid, facts: serde_json::Value) -> audit::Entry {
        let now = self.app.clock.now();
        audit::Entry {
            id: AuditId::new(now),
            at: now,
            account_id: self.account,
            operation: self.operation.clone(),
            permission: P::NAME.to_owned(),
            provinces: self.provinces.codes().to_vec(),
            subject_id,
            facts,
            erased_at: None,
        }
    }
}

impl<S, P> FromRequestParts<S> for Officer<P>
where
    S: Send + Sync,
    P: Permission,
    App: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let signed_in = SignedIn::from_request_parts(parts, state).await?;
        let app = App::from_ref(state);
        let today = app.clock.today();
        let account = signed_in.account;
        let reaches = app.db.glance(async |conn| store::reaches(conn, account, today).await).await?;
        let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let operation = format!("{} {route}", parts.method);
        let mut officer =
            Self { app, account, reaches, provinces: Provinces::new(Vec::new()), operation, permission: PhantomData };
        officer.provinces = officer.provinces_for_any(P::ANY_OF);
        if officer.provinces.codes().is_empty() {
            return Err(Error::from(&NOT_YOUR_FUNCTION));
        }
        signed_in.require_second_factor().await?;
        Ok(officer)
    }
}
