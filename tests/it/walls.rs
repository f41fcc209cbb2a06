//! Whose eyes: every operation of both OpenAPI documents, tried as every wrong person, and once as a right one.
//!
//! The document is the plan: an operation without a declared policy, without an example for its body, or with a path
//! parameter this file has no fixture for, fails.

mod fixtures;
mod plan;
mod world;

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::Method;
use ocop_market::adapters::ghn::SIGNATURE_HEADER;
use ocop_market::adapters::{BANK_NOTICE_SIGNATURE, BANK_NOTICE_TIMESTAMP};

use crate::support::{Answer, ghn};
use plan::{Operation, Policy};
use world::{Person, World, lacks_a_code};

/// What a person must get from an operation that is not theirs; nothing in particular where anybody may call it.
#[expect(clippy::match_same_arms, reason = "a rule a line, from top to bottom")]
fn expected(operation: &Operation, person: Person) -> &'static [u16] {
    match (&operation.policy, person) {
        (Policy::Public, _) => &[],
        (_, Person::Nobody) => &[401],
        // Any account may call it; what belongs to somebody else does not exist.
        (Policy::Account, _) if operation.names_something() => &[404],
        (Policy::Account, _) => &[],
        (Policy::Shop(_), Person::Packer) => &[403],
        (Policy::Shop(_), _) => &[404],
        (Policy::Officer(_), _) if operation.is_national() => &[403],
        (Policy::Officer(_), Person::OtherProvince) if operation.names_something() => &[404],
        (Policy::Officer(_), Person::OtherProvince) => &[],
        (Policy::Officer(_), _) => &[403],
    }
}

#[tokio::test]
async fn nobody_sees_or_does_what_is_not_theirs() {
    let app = world::marketplace().await;
    let world = World::new(&app).await;
    let operations = plan::operations();
    let mut wrong = Vec::new();
    let mut tried = BTreeMap::<Person, usize>::new();
    for operation in &operations {
        for person in Person::WRONG {
            if person.may(operation) {
                continue;
            }
            *tried.entry(person).or_default() += 1;
            for path in world.paths(operation, person) {
                let answer = send(&world, operation, person, &path).await;
                if !held(operation, person, answer.status) {
                    wrong.push(format!("{operation} at {path} as {person:?}: {} {}", answer.status, answer.body));
                }
                if let Some(secret) = world.leak(person, &answer) {
                    wrong.push(format!("{operation} at {path} as {person:?} tells {secret}: {}", answer.body));
                }
            }
        }
    }
    let total: usize = tried.values().sum();
    println!("walls: {} operations, {total} (operation × person) tried: {tried:?}", operations.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    app.run_jobs().await;
    app.finish().await;
}

/// Whether the wall held: the refusal it must be or, where anybody may call, none for who the caller is.
fn held(operation: &Operation, person: Person, status: u16) -> bool {
    let expected = expected(operation, person);
    if expected.is_empty() { status < 500 && ![401, 403].contains(&status) } else { expected.contains(&status) }
}

/// The other half of the proof: the fixtures are real, so that a 404 above means a wall and not a hole in this file.
#[tokio::test]
async fn the_right_person_gets_through_every_door() {
    let app = world::marketplace().await;
    let world = World::new(&app).await;
    let mut wrong = Vec::new();
    for operation in plan::operations() {
        let person = Person::right_for(&operation);
        let mut paths = world.paths(&operation, person);
        if operation.method != Method::GET {
            // What is done once cannot be done again.
            paths.truncate(1);
        }
        for path in paths {
            let answer = send(&world, &operation, person, &path).await;
            if !(200..300).contains(&answer.status) && !lacks_a_code(&answer) {
                wrong.push(format!("{operation} at {path}: {} {}", answer.status, answer.body));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    app.run_jobs().await;
    app.finish().await;
}

async fn send(world: &World<'_>, operation: &Operation, person: Person, path: &str) -> Answer {
    let actor = world.actor(person).await;
    let body = world.body(operation);
    // Whoever sends a notice has signed it: that is all its wall is made of.
    let (timestamp, signature) = world.signed_notice(&body);
    let of_ghn = ghn::signature(&body);
    let headers = [
        ("content-type", operation.content_type.as_str()),
        ("idempotency-key", "walls"),
        ("if-match", "*"),
        (BANK_NOTICE_TIMESTAMP, timestamp.as_str()),
        (BANK_NOTICE_SIGNATURE, signature.as_str()),
        (SIGNATURE_HEADER, of_ghn.as_str()),
    ];
    actor.send(operation.method.clone(), path, &headers, Bytes::from(body)).await
}
