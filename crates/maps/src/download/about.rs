//! What a file says of its layer: what it is, whose, from where, under which licence, as of when, and whether it is real.

use jiff::Timestamp;
use songhan_app::Cx;
use songhan_geo::crs::Crs;
use songhan_geofiles::About;

use crate::layer::Layer;

pub fn of(cx: &Cx, layer: &Layer, crs: Crs, as_of: Timestamp, filter: Option<&str>) -> About {
    let mut lines = Vec::new();
    if layer.simulated {
        lines.push(cx.t("ogc-simulated"));
    }
    lines.push(layer.description.get(cx.lang).to_owned());
    let owner = cx.city.agencies().get(&layer.owner).map(|unit| unit.name.get(cx.lang).to_owned());
    let as_of = as_of.to_zoned(cx.zone.clone()).strftime("%Y-%m-%d %H:%M %:z").to_string();
    let said = [
        ("ogc-owner", owner),
        ("ogc-source", Some(layer.source.get(cx.lang).to_owned())),
        ("ogc-licence", Some(layer.licence.clone())),
        ("download-crs", Some(format!("{crs} ({})", crs.name_en()))),
        ("download-as-of", Some(as_of)),
        ("download-filter", filter.map(str::to_owned)),
    ];
    lines.extend(said.into_iter().filter_map(|(key, value)| Some(format!("{}: {}", cx.t(key), value?))));
    About { title: layer.title.get(cx.lang).to_owned(), text: lines.join("\n") }
}
