//! Ids: one newtype per noun over a `UUIDv7` made by the app, never by the database.
//!
//! The id's time is the instant handed in, so ids sort by creation and follow a clock that a test advances. Within one
//! process ids of equal instants sort in the order they were made. Ids are not secrets, and not permissions.

use std::{
    fmt,
    str::FromStr,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::{Timestamp, Uuid};

use super::Invalid;

const NOT_AN_ID: Invalid = Invalid {
    vi: "phải là mã định danh dạng UUID",
    en: "must be an id: a UUID such as 0193f2a4-6c00-7000-8000-000000000001",
};

/// How many ids this process has made, from a random start below 2³¹: two processes working in the same microsecond
/// start apart, and two thousand million ids pass before the count wraps.
static TURN: LazyLock<AtomicU32> = LazyLock::new(|| {
    let random = Uuid::new_v7(Timestamp::from_unix_time(0, 0, 0, 0));
    let [.., a, b, c, d] = random.into_bytes();
    AtomicU32::new(u32::from_be_bytes([a, b, c, d]) >> 1)
});

/// A version 7 UUID (RFC 9562 §5.7): milliseconds, then 12 bits of fraction of the millisecond (§6.2 method 3), 32 bits
/// of [`TURN`], 30 random bits. Instants before 1970 count as 1970.
fn uuid_v7(at: DateTime<Utc>) -> Uuid {
    let nanos = at.timestamp_subsec_nanos();
    let fraction = u128::from(nanos % 1_000_000) * 4096 / 1_000_000;
    let turn = u128::from(TURN.fetch_add(1, Ordering::Relaxed));
    Uuid::new_v7(Timestamp::from_unix_time(
        u64::try_from(at.timestamp()).unwrap_or(0),
        nanos,
        (fraction << 32) | turn,
        12 + 32,
    ))
}

macro_rules! id {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, ToSchema,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        #[schema(value_type = String, format = Uuid, example = "0193f2a4-6c00-7000-8000-000000000001")]
        pub struct $name(Uuid);

        impl $name {
            /// A new id whose time is `at`; later than every id this process made for the same instant.
            pub fn new(at: DateTime<Utc>) -> Self {
                Self(uuid_v7(at))
            }

            /// The bare UUID, where a type has no say: lock keys, file names.
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(typed: &str) -> Result<Self, Invalid> {
                typed.parse().map(Self).map_err(|_| NOT_AN_ID)
            }
        }
    )+};
}

id! {
    /// A person who can sign in: buyer, member of a shop, officer, or several of these.
    AccountId;
    /// One signed-in device of an account.
    SessionId;
    /// A shop: a cooperative, company or household business that sells.
    SellerId;
    /// An account's place in a shop.
    MemberId;
    /// A government office whose officers moderate, such as a provincial department of industry and trade.
    DepartmentId;
    /// A permission given to an officer.
    GrantId;
    /// An uploaded picture.
    MediaId;
    /// An uploaded document that only its owner and officers may read.
    PaperId;
    /// An OCOP certificate: the stars a product was given by decision.
    CertificateId;
    /// A product as offered by a shop.
    ListingId;
    /// One edited state of a listing, as officers review it.
    RevisionId;
    /// What is bought of a listing: one size or package, with its own price and stock.
    VariantId;
    /// A matter in the officers' queue.
    CaseId;
    /// A change of what a shop has on hand.
    MovementId;
    /// A buyer's cart.
    CartId;
    /// One act of buying, paid at once; it splits into an order per shop.
    CheckoutId;
    /// What one shop has to deliver to one buyer.
    OrderId;
    /// One variant in an order, with its quantity and price.
    OrderLineId;
    /// An attempt to pay a checkout.
    PaymentId;
    /// A parcel handed to a carrier.
    ParcelId;
    /// A buyer's review of something bought.
    ReviewId;
    /// What somebody wrote beside a case: a note of the desk, or words between the desk and the parties.
    NoteId;
    /// A row an operator edits: a rule or word list of the automatic screening.
    ScreeningRuleId;
    /// An order to take down, or a request for information, from an authority.
    AuthorityOrderId;
    /// A shop's suspension.
    SuspensionId;
    /// A buyer's complaint.
    ComplaintId;
    /// What a reader reported about a review.
    ReviewReportId;
    /// A dated version of one of the platform's policies.
    PolicyVersionId;
    /// A file for re-rating a product, as its shop recorded it.
    RenewalId;
    /// A recorded revocation of a certificate.
    RevocationId;
    /// An uploaded recognition decision.
    ImportId;
    /// A self-assessment of a product, in all its versions.
    AssessmentId;
    /// A statement of a shop's sales over a period.
    SalesCertificateId;
    /// A rule of what the marketplace charges.
    CommissionRuleId;
    /// A transfer in the books: entries that belong together.
    TransferId;
    /// One try to pay at a gateway; its key there.
    AttemptId;
    /// Money a gateway took: one transaction there.
    CaptureId;
    /// A provider's message, as it came.
    WebhookId;
    /// Money received that fits nothing by itself, and waits for a person.
    ExceptionId;
    /// Money to be given back; its key at the provider.
    RefundId;
    /// A buyer's wish to return goods.
    ReturnId;
    /// A shop's own bank account.
    BankAccountId;
    /// A voucher: a discount with its bearer and limits.
    VoucherId;
    /// One use of a voucher.
    RedemptionId;
    /// A saved address of a buyer.
    AddressId;
    /// A carrier's list of cash it has collected and remitted.
    RemittanceId;
    /// A row of a carrier's list.
    RemittanceRowId;
    /// What a shop said to have got of a parcel's cash.
    CashReceiptId;
    /// Gateway money on its way to a shop; its key at the licensed partner.
    PayoutId;
    /// A piece of work to be done later.
    JobId;
    /// A recorded act of an officer, or a read of ID data.
    AuditId;
    /// A message to a person: mail, SMS or in the app.
    MessageId;
    /// One request to the API, as problem documents and logs name it.
    RequestId;
}
