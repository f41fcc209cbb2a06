//! The functions of the house, each a type: the handler's signature says who may.

use super::model::MemberRole;

/// A function of an officer.
pub trait Permission: Send + Sync + 'static {
    /// As declared in the OpenAPI document.
    const NAME: &'static str;

    /// As stored in grants: any of these is enough.
    const ANY_OF: &'static [&'static str] = &[Self::NAME];
}

/// A function of a shop's member.
pub trait ShopFunction: Send + Sync + 'static {
    /// As declared in the OpenAPI document.
    const NAME: &'static str;

    /// Whether a member with `role` has it.
    fn is_for(role: MemberRole) -> bool;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $permission:ident = $name:literal;)+) => {
        $($(#[$doc])*
        #[derive(Debug)]
        pub struct $permission;

        impl Permission for $permission {
            const NAME: &'static str = $name;
        })+

        /// Every permission a grant can carry.
        pub const PERMISSIONS: &[&str] = &[$($name),+];
    };
}

permissions! {
    /// See the queue and the dossiers of one's provinces.
    ReadCases = "cases.read";
    /// Decide on shops that want to open.
    DecideSellers = "sellers.decide";
    /// Decide on claims to OCOP certificates; may be granted to the agriculture department.
    DecideCertificates = "certificates.decide";
    /// Decide on listings and their revisions.
    DecideListings = "listings.decide";
    /// Mediate complaints of buyers and decide on reported reviews.
    DecideComplaints = "complaints.decide";
    /// Carry out orders of authorities, answer their requests, suspend and reinstate shops, withdraw listings.
    DecideMeasures = "measures.decide";
    /// Give cases of one's provinces to another officer.
    AssignCases = "cases.assign";
    /// Edit the rules and word lists of the automatic screening, and what a province leaves to it.
    ManageScreening = "screening.manage";
    /// Publish the platform's policies.
    ManagePolicies = "policies.manage";
    /// Run voucher programmes of one's provinces.
    ManageVouchers = "vouchers.manage";
    /// Read commissions, withheld taxes and the monthly returns of one's provinces.
    ReadTaxes = "taxes.read";
    /// Look after payments, payouts and the books of the whole marketplace.
    ManageMoney = "money.manage";
    /// Read the numbers of one's provinces.
    ReadStatistics = "statistics.read";
    /// Read what officers of one's provinces did.
    ReadAudit = "audit.read";
    /// Grant and end permissions of one's provinces.
    ManageOfficers = "officers.manage";
}

/// Decide on a case, of whatever kind: at least one of the deciding permissions. Which one a case needs, its kind says.
#[derive(Debug)]
pub struct DecideCases;

impl Permission for DecideCases {
    const NAME: &'static str = "cases.decide";
    const ANY_OF: &'static [&'static str] = &[
        DecideSellers::NAME,
        DecideCertificates::NAME,
        DecideListings::NAME,
        DecideComplaints::NAME,
        DecideMeasures::NAME,
    ];
}

/// Hand a case to another officer: by who works on it, or by who gives cases to others.
#[derive(Debug)]
pub struct HandOverCases;

impl Permission for HandOverCases {
    const NAME: &'static str = "cases.hand_over";
    const ANY_OF: &'static [&'static str] = &[
        AssignCases::NAME,
        DecideSellers::NAME,
        DecideCertificates::NAME,
        DecideListings::NAME,
        DecideComplaints::NAME,
        DecideMeasures::NAME,
    ];
}

macro_rules! shop_functions {
    ($($(#[$doc:meta])* $function:ident = $name:literal for $($role:ident)|+;)+) => {
        $($(#[$doc])*
        #[derive(Debug)]
        pub struct $function;

        impl ShopFunction for $function {
            const NAME: &'static str = $name;

            fn is_for(role: MemberRole) -> bool {
                matches!(role, $(MemberRole::$role)|+)
            }
        })+
    };
}

shop_functions! {
    /// Look into the shop's back office.
    ReadShop = "shop.read" for Owner | Manager | Accountant | Packer;
    /// Change what the shop is: its data, papers, certificates, submission.
    ManageShop = "shop.manage" for Owner | Manager;
    /// Say who belongs to the shop.
    ManageMembers = "shop.members" for Owner;
    /// Write listings, set prices and stock.
    EditListings = "shop.listings" for Owner | Manager;
    /// Accept, pack and ship orders.
    HandleOrders = "shop.orders" for Owner | Manager | Packer;
    /// Confirm payments, give money back, read statements.
    HandleMoney = "shop.money" for Owner | Manager | Accountant;
    /// Say to which bank account buyers pay.
    ManageBankAccounts = "shop.bank" for Owner;
    /// Make vouchers the shop bears.
    OfferVouchers = "shop.vouchers" for Owner | Manager;
}
