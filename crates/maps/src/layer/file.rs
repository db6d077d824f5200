//! Reads `layers/*.toml`, and says what is wrong with them.

use std::collections::HashSet;

use jiff::civil::Date;
use serde::Deserialize;
use songhan_base::{Role, Text};
use songhan_city::{Folder, Placed, Report, TomlFile, optional_date};

use super::{Attribute, Kind, Layer, Readers, Rights, Search, Shape, Style};

const DIR: &str = "layers";
/// Names that tools and databases take without quotes.
const NAME: &str = "write small letters a-z, digits, - and _, beginning with a letter, 48 at most";
/// What GeoJSON calls otherwise, and the parameters of a search that stand beside the attributes.
const TAKEN: [&str; 14] = [
    "id",
    "geometry",
    "type",
    "limit",
    "bbox",
    "bbox-crs",
    "datetime",
    "crs",
    "filter",
    "filter-lang",
    "filter-crs",
    "after",
    "f",
    "lang",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: Text,
    description: Text,
    group: Placed<String>,
    shape: Shape,
    owner: Placed<String>,
    source: Text,
    licence: Placed<String>,
    #[serde(default, deserialize_with = "optional_date")]
    from: Option<Date>,
    #[serde(default, deserialize_with = "optional_date")]
    until: Option<Date>,
    #[serde(default)]
    simulated: bool,
    #[serde(default)]
    data: Option<Placed<String>>,
    rights: FileRights,
    #[serde(default)]
    style: Style,
    #[serde(default)]
    search: Option<Search>,
    #[serde(default)]
    attribute: Vec<Placed<Attribute>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRights {
    read: Readers,
    #[serde(default)]
    edit: Vec<Role>,
    #[serde(default)]
    area: Option<Placed<String>>,
}

pub fn read(folder: &Folder, report: &mut Report) -> Vec<Layer> {
    folder.tomls::<File>(DIR, report).into_iter().map(|file| layer(file, folder, report)).collect()
}

fn layer(file: TomlFile<File>, folder: &Folder, report: &mut Report) -> Layer {
    let TomlFile { name, place, value } = file;
    if !is_name(&name) {
        report.add(&place, format!("`{name}` cannot be a layer's name"), NAME);
    }
    attributes(&value, report);
    let known: Vec<&Attribute> = value.attribute.iter().map(|attribute| &**attribute).collect();
    for (what, remedy) in value.style.mistakes(value.shape, &known) {
        report.add(&place, what, remedy);
    }
    for (what, remedy) in value.search.iter().flat_map(|search| search.mistakes(&known)) {
        report.add(&place, what, remedy);
    }
    if value.licence.trim().is_empty() {
        report.add(value.licence.place(), "the layer has no licence", "say under which its data may be used");
    }
    if value.from.zip(value.until).is_some_and(|(from, until)| until < from) {
        report.add(&place, "the layer ends before it begins", "correct `from` or `until`");
    }
    if let Some(data) = &value.data
        && !folder.contains(data)
    {
        report.add(
            data.place(),
            format!("there is no file `{data}`"),
            "name a file of the city's folder, or remove the line",
        );
    }
    Layer {
        code: name,
        title: value.title,
        description: value.description,
        group: value.group,
        shape: value.shape,
        attributes: value.attribute.into_iter().map(Placed::into_inner).collect(),
        rights: Rights {
            read: value.rights.read,
            edit: value.rights.edit,
            area: value.rights.area.map(Placed::into_inner),
        },
        style: value.style,
        search: value.search,
        owner: value.owner,
        source: value.source,
        licence: value.licence.into_inner(),
        from: value.from,
        until: value.until,
        simulated: value.simulated,
        data: value.data.map(Placed::into_inner),
    }
}

fn attributes(file: &File, report: &mut Report) {
    let mut seen = HashSet::new();
    for attribute in &file.attribute {
        let (name, place) = (attribute.name.as_str(), attribute.place());
        if !is_name(name) || TAKEN.contains(&name) {
            report.add(place, format!("`{name}` cannot be an attribute's name"), NAME);
        }
        if !seen.insert(name) {
            report.add(place, format!("the attribute `{name}` stands twice"), "remove one of the two");
        }
        if !attribute.domain.is_empty() && attribute.kind != Kind::Text {
            report.add(place, "only a text has a domain", "write kind = \"text\", or remove the domain");
        }
        let mut codes = HashSet::new();
        for value in &attribute.domain {
            if !codes.insert(&value.code) {
                report.add(
                    place,
                    format!("the code `{}` stands twice in the domain", value.code),
                    "remove one of the two",
                );
            }
        }
    }
    let area = file.rights.area.as_ref();
    if let Some(area) =
        area.filter(|area| !file.attribute.iter().any(|one| one.name == ***area && one.kind == Kind::Text))
    {
        report.add(
            area.place(),
            format!("the layer has no text attribute `{area}`"),
            "name the attribute that holds the area's code",
        );
    }
}

fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    name.len() <= 48
        && bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_')
}
