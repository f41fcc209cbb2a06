//! Whose eyes: every operation of both OpenAPI documents, tried as every wrong person, and once as a right one.
//!
//! The document is the plan: an operation without a declared policy, without an example for its body, or with a path
//! parameter this file has no fixture for, fails.

mod plan;
mod world;

use std::collections::BTreeMap;

use axum::body::Bytes;

use crate::support::{Answer, TestApp};
use plan::{Operation, Policy};
use world::{Person, World};

/// What a person must get from an operation that is not theirs.
fn expected(operation: &Operation, person: Person) -> &'static [u16] {
    match (&operation.policy, person) {
        (Policy::Public, _) => &[],
        (_, Person::Nobody) => &[401],
        // Any account may call it; what belongs to somebody else does not exist.
        (Policy::Account, _) if operation.names_something() => &[404],
        (Policy::Account, _) => &[],
        (Policy::Shop(_), Person::Packer) => &[403],
        (Policy::Shop(_), _) => &[404],
        (Policy::Officer(_), Person::OtherProvince) if operation.names_something() => &[404],
        (Policy::Officer(_), Person::OtherProvince) => &[],
        (Policy::Officer(_), _) => &[403],
    }
}

#[tokio::test]
async fn nobody_sees_or_does_what_is_not_theirs() {
    let app = TestApp::new().await;
    let world = World::new(&app).await;
    let operations = plan::operations();
    let mut wrong = Vec::new();
    let mut tried = BTreeMap::<Person, usize>::new();
    for operation in &operations {
        for person in Person::ALL {
            if world.belongs_to(operation, person) {
                continue;
            }
            let answer = send(&world, operation, person).await;
            *tried.entry(person).or_default() += 1;
            let expected = expected(operation, person);
            let refused_for_who_it_is = [401, 403].contains(&answer.status);
            let held = if expected.is_empty() { !refused_for_who_it_is } else { expected.contains(&answer.status) };
            if !held || answer.status >= 500 {
                wrong.push(format!("{operation} as {person:?}: {} instead of {expected:?}", answer.status));
            }
            if person != Person::Nobody && world.leaks(operation, person, &answer) {
                wrong.push(format!("{operation} as {person:?}: shows what is not theirs: {}", answer.body));
            }
        }
    }
    let total: usize = tried.values().sum();
    println!("walls: {} operations, {total} (operation × person) tried: {tried:?}", operations.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    app.run_jobs().await;
    app.finish().await;
}

/// The other half of the proof: the fixtures are real, so that a 404 above means a wall and not a hole in this file.
#[tokio::test]
async fn the_right_person_gets_through_every_door() {
    let app = TestApp::new().await;
    let mut wrong = Vec::new();
    let world = World::new(&app).await;
    for operation in plan::operations() {
        if operation.ends_what_it_names() {
            continue;
        }
        let answer = send(&world, &operation, world.right_person(&operation)).await;
        if [401, 403, 404, 405, 415].contains(&answer.status) || answer.status >= 500 {
            wrong.push(format!("{operation}: {} {}", answer.status, answer.body));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    app.run_jobs().await;
    app.finish().await;
}

async fn send(world: &World, operation: &Operation, person: Person) -> Answer {
    let path = world.fill(operation);
    let body = operation.example.as_ref().map(|example| world.fill_body(example)).unwrap_or_default();
    let actor = world.actor(person).await;
    let headers = [("content-type", operation.content_type.as_str()), ("idempotency-key", "walls"), ("if-match", "\"0\"")];
    actor.send(operation.method.clone(), &path, &headers, Bytes::from(body)).await
}
