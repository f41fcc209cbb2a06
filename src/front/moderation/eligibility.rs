//! Who may work on a case: within their provinces, with the permission of its kind, not on their own shop, and of an
//! appeal nobody who decided before, of a record nobody who made it.

use axum::http::StatusCode;
use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::kernel::{AccountId, CaseId};
use crate::market::cases::{self, Case, CaseKind};
use crate::market::certification::revocations;
use crate::people::access::{self, NOT_YOUR_FUNCTION, Officer, Permission, Provinces, ReadCases};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};

/// Nobody decides on a shop they belong to.
pub const OWN_CASE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "own-case",
    vi: "Không thể tự quyết định hồ sơ của cửa hàng mình",
    en: "You cannot decide on a shop you belong to",
};

/// Nobody decides on an appeal against themselves.
pub const OWN_DECISION: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "own-decision",
    vi: "Không thể tự giải quyết khiếu nại về quyết định của chính mình",
    en: "You cannot decide on an appeal against your own decision",
};

/// Nobody was left in the province to decide on this appeal.
pub const NATIONAL_DESK: Problem = Problem {
    status: StatusCode::FORBIDDEN,
    code: "national-desk",
    vi: "Khiếu nại này do cơ quan vận hành cấp quốc gia giải quyết",
    en: "This appeal is for the national department to decide on",
};

/// A case and, if it is an appeal, the case it is against: that one says what is to be judged and by whom.
pub struct Matter {
    /// The case.
    pub case: Case,
    /// The case appealed against.
    pub appealed: Option<Case>,
}

impl Matter {
    /// With the case appealed against.
    pub async fn of(conn: &mut PgConnection, case: Case) -> Result<Self> {
        let appealed = cases::appealed(conn, &case).await?;
        Ok(Self { case, appealed })
    }

    /// The case whose subject is judged: an appeal has the papers of the case it is against.
    pub fn judged(&self) -> &Case {
        self.appealed.as_ref().unwrap_or(&self.case)
    }

    /// The permission to decide.
    pub fn permission(&self) -> Result<&'static str> {
        let kind = self.judged().kind;
        kind.permission().ok_or_else(|| Error::fault(format!("nobody may decide on cases of the kind {kind:?}")))
    }

    /// Whose decision is to be judged.
    fn decider(&self) -> Option<AccountId> {
        self.appealed.as_ref().and_then(|appealed| appealed.decided_by)
    }

    /// Who recorded what the case only confirms: a second officer does that.
    async fn recorder(&self, conn: &mut PgConnection) -> Result<Option<AccountId>> {
        match self.case.kind {
            CaseKind::CertificateRevocation => revocations::recorder(conn, self.case.subject_id.into()).await.map(Some),
            _ => Ok(None),
        }
    }

    /// Every officer who may see the case and decide on it on the day: the province's own, or the national department's
    /// where it is theirs.
    pub async fn eligible(&self, conn: &mut PgConnection, today: NaiveDate) -> Result<Vec<AccountId>> {
        let deciding = self.holders_of(conn, self.permission()?, today).await?;
        let seeing = self.holders_of(conn, ReadCases::NAME, today).await?;
        let members = access::members_of(conn, self.case.seller_id).await?;
        let recorder = self.recorder(conn).await?;
        let fits = |officer: &AccountId| {
            seeing.contains(officer)
                && !members.contains(officer)
                && ![self.decider(), recorder].contains(&Some(*officer))
        };
        Ok(deciding.into_iter().filter(fits).collect())
    }

    async fn holders_of(&self, conn: &mut PgConnection, permission: &str, today: NaiveDate) -> Result<Vec<AccountId>> {
        let province = &self.case.province_code;
        if self.case.national {
            access::national_officers_of(conn, province, permission, today).await
        } else {
            access::officers_of(conn, province, permission, today).await
        }
    }

    /// Refuses an officer who holds the permission, but not for this very case.
    async fn require_fit(&self, conn: &mut PgConnection, officer: AccountId, today: NaiveDate) -> Result<()> {
        if access::is_member(conn, self.case.seller_id, officer).await? {
            return Err(Error::from(&OWN_CASE));
        }
        if self.decider() == Some(officer) {
            return Err(Error::from(&OWN_DECISION));
        }
        if self.case.national && !self.eligible(conn, today).await?.contains(&officer) {
            return Err(Error::from(&NATIONAL_DESK));
        }
        Ok(())
    }
}

/// Where the officer can see cases at all.
fn visible<P: Permission>(reach: &Provinces, officer: &Officer<P>) -> Provinces {
    reach.and(&officer.provinces_for(ReadCases::NAME))
}

/// The case, if the officer can see it.
pub async fn look_at<P: Permission>(
    conn: &mut PgConnection,
    reach: &Provinces,
    officer: &Officer<P>,
    id: CaseId,
) -> Result<Matter> {
    let case = cases::find(conn, &visible(reach, officer), id).await?.or_refuse(&NOT_FOUND)?;
    Matter::of(conn, case).await
}

/// The case, locked, if the officer can see it.
pub async fn lock<P: Permission>(
    conn: &mut PgConnection,
    reach: &Provinces,
    officer: &Officer<P>,
    id: CaseId,
) -> Result<Matter> {
    let case = cases::lock(conn, &visible(reach, officer), id).await?.or_refuse(&NOT_FOUND)?;
    Matter::of(conn, case).await
}

/// The case, locked, and the provinces in which the officer may decide on its kind. A case the officer cannot even see
/// is not there; one that is seen but of another function or another's desk is refused as such.
pub async fn lock_to_decide<P: Permission>(
    conn: &mut PgConnection,
    reach: &Provinces,
    officer: &Officer<P>,
    id: CaseId,
) -> Result<(Matter, Provinces)> {
    let matter = lock(conn, reach, officer, id).await?;
    let provinces = officer.provinces_for(matter.permission()?);
    if !provinces.contains(&matter.case.province_code) {
        return Err(Error::from(&NOT_YOUR_FUNCTION));
    }
    matter.require_fit(conn, officer.account, officer.app().clock.today()).await?;
    Ok((matter, provinces))
}
