//! The golden table: every endpoint × role → status, the same on both databases. A new route fails here until it has a
//! sample, and a changed answer until someone has looked at it.

mod acting;
mod archive;
mod atlas;
mod casework;
mod counter;
mod desk;
mod drafts;
mod maps;
mod places;
mod residents;
mod returns;
mod samples;
mod treasury;
pub mod world;

use std::collections::BTreeMap;

use songhan_city::Folder;
use songhan_testkit::{Answer, TestCity, for_each_database_with};

use crate::modules;
use world::World;

/// A width for each column of the table.
const WIDTH: usize = 17;

#[tokio::test]
async fn every_endpoint_for_every_role() {
    let mut sections = world::sections();
    let telephone = songhan_sandbox::on_a_free_port().await.unwrap();
    for (name, section) in songhan_documents::personal::demo_sections(&telephone, &telephone) {
        sections[name] = section;
    }
    for_each_database_with(sections, modules::all(), |city| async move {
        let world = World::new(city).await;
        let (mut table, mut missing) = (BTreeMap::new(), Vec::new());
        for (method, path) in world.endpoints() {
            let Some(statuses) = statuses(&world, &method, &path).await else {
                missing.push(format!("{method} {path}"));
                continue;
            };
            table.insert((path, method), statuses);
        }
        assert!(missing.is_empty(), "write a sample in tests/main/golden for: {missing:#?}");
        insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("endpoints_by_role", text(&world, &table));
        });
    })
    .await;
}

#[tokio::test]
async fn every_schema_that_openapi_names_is_there() {
    let city = TestCity::sqlite(modules::all(), Folder::embedded()).await;
    let document = serde_json::to_value(&*city.openapi).unwrap();
    let (mut open, mut named) = (vec![&document], 0);
    while let Some(value) = open.pop() {
        if let Some(path) = value["$ref"].as_str() {
            let place = path.strip_prefix('#').expect("within the document");
            assert!(document.pointer(place).is_some(), "{path} is named and not there; write #[param(inline)]");
            named += 1;
        }
        open.extend(value.as_object().into_iter().flat_map(|object| object.values()));
        open.extend(value.as_array().into_iter().flatten());
    }
    assert!(named > 100, "{named}");
}

/// The answers to each role. What has been used is not tried on by the next, so that the order says nothing: a new thing
/// is made after every answer but a refusal, and to look changes nothing.
async fn statuses(world: &World, method: &str, path: &str) -> Option<Vec<u16>> {
    let (mut unused, mut statuses) = (None, Vec::new());
    for (_, person) in &world.roles {
        let request = match unused.take() {
            Some(request) => request,
            None => samples::sample(world, method, path, person.as_ref()).await?,
        };
        let answer = world.send(person.as_ref(), request.clone()).await;
        let status = answer.status.as_u16();
        assert!(status < 500, "{method} {path}: {} {}", status, answer.text());
        unused = (method == "GET" || is_refusal(&answer)).then_some(request);
        statuses.push(status);
    }
    Some(statuses)
}

/// Not theirs, or they are to sign in first.
fn is_refusal(answer: &Answer) -> bool {
    let status = answer.status.as_u16();
    matches!(status, 401 | 403 | 404) || (status == 303 && answer.location().starts_with("/sign-in"))
}

fn text(world: &World, table: &BTreeMap<(String, String), Vec<u16>>) -> String {
    let row = |cells: Vec<String>, path: &str| {
        let cells: String = cells.into_iter().map(|cell| format!("{cell:<WIDTH$}")).collect();
        format!("{cells}{path}\n")
    };
    let mut text = row(world.roles.iter().map(|(name, _)| (*name).to_owned()).collect(), "");
    text = text.trim_end().to_owned() + "\n";
    for ((path, method), statuses) in table {
        text += &row(statuses.iter().map(ToString::to_string).collect(), &format!("{method} {path}"));
    }
    text
}
