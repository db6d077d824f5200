//! List the features of a collection: `/ogc/collections/{id}/items`.

use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde_json::json;
use songhan_app::{Cx, Path, Problem};
use songhan_base::Internal;

use super::answer::{self, Asked, Format, GEOJSON, encoded, shortened};
use super::links::{self, Link};
use super::list_collections::QUERYABLES;
use super::scan::{Scan, Wanted};
use super::system::System;
use super::write::{self, Failed};
use super::{bounds, collection, filter, html, moment};
use crate::feature::Feature;
use crate::layer::{Layer, Reach};

/// Parameters with a meaning of their own; all others are attributes.
pub const KNOWN: [&str; 9] =
    ["limit", "bbox", "bbox-crs", "datetime", "crs", "filter", "filter-lang", "filter-crs", "after"];
const LIMIT: usize = 10;
const LIMIT_MAX: usize = 10_000;
/// GDAL before 3.8 asks for ten features a page whatever the description of the API offers (OSGeo/gdal#8522), sends no
/// `User-Agent`, and follows the links `next` to the end. What stands in such a link is for the server to say (part 1,
/// 7.15.4): for a program that does not name itself and asked for ten, pages grow; for everyone else they stay as long as
/// the first.
const GROWING: [(&str, &str); 2] = [("10", "100"), ("100", "1000")];
/// A page that weighs so much is full.
const PAGE_BYTES_MAX: usize = 32 << 20;
/// What a feature weighs about, so that a page seldom moves while it is written.
const FEATURE_BYTES: usize = 300;

/// What a page came to.
pub struct Taken {
    returned: usize,
    pub matched: Option<usize>,
    /// The number behind which the next page begins.
    pub next: Option<i64>,
}

/// Hands a page of features to `sink`, which says how many bytes it holds by now.
pub async fn take(
    cx: &Cx,
    mut scan: Scan,
    limit: usize,
    mut sink: impl FnMut(&Feature) -> Result<usize, Problem> + Send,
) -> Result<Taken, Problem> {
    let (from_start, counted) = (scan.last == 0, scan.is_counted());
    let (mut returned, mut beyond, mut full, mut last) = (0, 0, false, scan.last);
    while !scan.ended && !scan.is_spent() && (beyond == 0 || counted) {
        for feature in scan.page(cx, limit.saturating_sub(returned) + 1).await? {
            if full {
                beyond += 1;
                continue;
            }
            let bytes = sink(&feature)?;
            returned += 1;
            last = feature.feature;
            full = returned == limit || bytes > PAGE_BYTES_MAX;
        }
        tokio::task::yield_now().await;
    }
    let next = if beyond > 0 { Some(last) } else { Some(scan.last).filter(|_| !scan.ended) };
    let matched = scan.matched.or_else(|| (from_start && scan.ended).then_some(returned + beyond));
    Ok(Taken { returned, matched, next })
}

/// Of a limit beyond the greatest the greatest is meant, as part 1 wants it.
fn limit(asked: &Asked) -> Result<usize, Problem> {
    let Some(text) = asked.get("limit") else { return Ok(LIMIT) };
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = if digits { text.parse().unwrap_or(LIMIT_MAX) } else { 0 };
    if number == 0 {
        let told = format!("limit={} cannot be; write a whole number from 1 to {LIMIT_MAX}", shortened(text));
        return Err(Problem::bad_request(told));
    }
    Ok(number.min(LIMIT_MAX))
}

/// The limit of the page behind this one, where it is another.
fn next_limit(asked: &Asked) -> Option<&'static str> {
    let said = asked.get("limit").filter(|_| asked.header("user-agent").is_none())?;
    GROWING.iter().find(|(limit, _)| *limit == said).map(|(_, next)| *next)
}

fn after(asked: &Asked) -> Result<i64, Problem> {
    let Some(text) = asked.get("after") else { return Ok(0) };
    let number = text.parse().ok().filter(|number| *number >= 0);
    number
        .ok_or_else(|| Problem::bad_request(format!("after={} is of no next link; take it as it is", shortened(text))))
}

fn wanted(cx: &Cx, layer: std::sync::Arc<Layer>, reach: Reach, asked: &Asked) -> Result<Wanted, Problem> {
    let bbox_system = System::read("bbox-crs", asked.get("bbox-crs"))?;
    let bounds = asked.get("bbox").map(|text| bounds::read(text, bbox_system)).transpose()?;
    let at = match asked.get("datetime") {
        Some(text) => moment::read(text, &cx.zone, cx.now())?,
        None => None,
    };
    let conditions = filter::conditions(cx, &layer, asked)?;
    Ok(Wanted { layer, reach, bounds, conditions, at, after: after(asked)? })
}

/// A feature that cannot be written ends the page.
pub fn failed(system: System, failed: Failed) -> Problem {
    match failed {
        Failed::Outside(feature, error) => {
            let told = format!("feature {feature} has no coordinates in crs={}: {error}", system.0);
            Problem::bad_request(told)
        }
        Failed::Internal(error) => error.into(),
    }
}

async fn run(cx: &Cx, code: &str, asked: &Asked) -> Result<Response, Problem> {
    let (layer, reach) = collection(cx, code)?;
    let attributes: Vec<&str> = layer.attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    asked.check(&KNOWN, &attributes)?;
    let (format, limit, system) = (asked.format()?, limit(asked)?, System::read("crs", asked.get("crs"))?);
    let wanted = wanted(cx, layer.clone(), reach, asked)?;
    let scan = Scan::new(cx, wanted, limit).await?;
    if format == Format::Html {
        let (mut features, mut bytes) = (Vec::new(), 0);
        let sink = |feature: &Feature| {
            bytes += feature.properties.len();
            features.push(Feature { geometry: None, ..feature.clone() });
            Ok(bytes)
        };
        let taken = take(cx, scan, limit, sink).await?;
        let next = taken.next.map(|next| asked.query_with("after", Some(&next.to_string())));
        return html::features(cx, &layer, asked, &features, taken.matched, next).await;
    }
    let mut out = Vec::with_capacity(limit.min(1_000) * FEATURE_BYTES);
    out.extend_from_slice(b"{\"type\":\"FeatureCollection\",\"features\":[");
    let sink = |feature: &Feature| {
        if out.last() == Some(&b'}') {
            out.extend_from_slice(b",\n");
        }
        write::feature(&mut out, feature, system).map_err(|error| failed(system, error))?;
        Ok(out.len())
    };
    let taken = take(cx, scan, limit, sink).await?;
    let links = links(cx, &layer, asked, taken.next);
    let mut rest = json!({ "links": links, "timeStamp": cx.now().to_string(), "numberReturned": taken.returned });
    if let Some(matched) = taken.matched {
        rest["numberMatched"] = matched.into();
    }
    out.extend_from_slice(b"],");
    out.extend_from_slice(&rest.to_string().as_bytes()[1..]);
    let mut response = answer::body(GEOJSON, out, layer.rights.is_public());
    links::in_header(&mut response, &links);
    response.headers_mut().append(header::VARY, HeaderValue::from_static("user-agent"));
    let said = system.header().ok_or_else(|| Internal::new("a reference system without a name"))?;
    response.headers_mut().insert("content-crs", said);
    Ok(response)
}

fn links(cx: &Cx, layer: &Layer, asked: &Asked, next: Option<i64>) -> Vec<Link> {
    let path = format!("/collections/{}/items", encoded(&layer.code));
    let query_as = |form: &str| asked.query_with("f", Some(form));
    let mut links = links::forms(cx, &path, GEOJSON, Format::Json, query_as).to_vec();
    if let Some(next) = next {
        let next = next.to_string();
        let mut changes = vec![("after", Some(&*next))];
        changes.extend(next_limit(asked).map(|limit| ("limit", Some(limit))));
        let query = asked.query_changed(&changes);
        links.push(Link::new("next", GEOJSON, links::at(cx, &path) + &query));
    }
    let own = links::at(cx, &format!("/collections/{}", encoded(&layer.code)));
    links.push(Link::new("collection", answer::JSON, own.clone()).titled(layer.title.get(cx.lang)));
    let queryables = Link::new(QUERYABLES, answer::SCHEMA, own + "/queryables");
    links.push(queryables.titled(cx.t("ogc-queryables")));
    links
}

/// List the features of a collection.
#[utoipa::path(get, path = "/ogc/collections/{collection}/items", operation_id = "list_features", tag = "ogc",
    description = "OGC API – Features, parts 1 to 3. GeoJSON, or a page for people. Each attribute of the collection is a \
        parameter too: `species=Bàng`. A parameter that is not known is refused. `numberMatched` is told where the index \
        knows it, and left out where only a look at each of many features could tell. A page may be shorter than `limit` \
        and still have a link `next`.",
    params(("collection" = String, Path, description = "Code of a layer", example = "trees"),
        ("limit" = Option<String>, Query, pattern = "^[0-9]*[1-9][0-9]*$",
            description = "1 to 10,000 features on a page, 10 if it is not said; of more than 10,000 that is meant", example = "10"),
        ("bbox" = Option<String>, Query, description = "Four numbers (or six) in bbox-crs: west, south, east, north", example = "108.1,16,108.3,16.2"),
        ("bbox-crs" = Option<String>, Query, description = "The system of bbox; CRS84 if it is not said", example = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        ("datetime" = Option<String>, Query, description = "The layer as of this moment, or as of the end of this interval; an open end is now. \
            A day means its end in the city", example = "2026-11-20T09:00:00+07:00"),
        ("crs" = Option<String>, Query, description = "The system of the answer, one of the collection's list", example = "http://www.opengis.net/def/crs/EPSG/0/5899"),
        ("filter" = Option<String>, Query, description = "A filter in CQL2", example = "height_m > 10"),
        ("filter-lang" = Option<String>, Query, description = "`cql2-text` or `cql2-json`", example = "cql2-text"),
        ("filter-crs" = Option<String>, Query, description = "The system of shapes in the filter", example = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        ("after" = Option<i64>, Query, description = "As a link `next` has it"),
        ("f" = Option<String>, Query, description = "`json` or `html`; without it the header Accept says", example = "json")),
    responses(
        (status = 200, description = "A page of features", headers(("Content-Crs" = String, description = "The system of the coordinates"),
            ("Link" = String, description = "self, alternate, next, collection, queryables")),
            content((Object = "application/geo+json", example = json!({ "type": "FeatureCollection", "features": [{ "type": "Feature",
                "id": 1, "geometry": { "type": "Point", "coordinates": [108.2208, 16.0678] }, "properties": { "species": "Bàng",
                "height_m": 7.5 } }], "links": [{ "href": "http://127.0.0.1:8080/ogc/collections/trees/items?after=1", "rel": "next",
                "type": "application/geo+json" }], "timeStamp": "2026-11-20T02:00:00Z", "numberReturned": 1, "numberMatched": 2 })),
                (String = "text/html"))),
        (status = 400, description = "A parameter that is not known, or cannot be read"),
        (status = 404, description = "No such collection, or not yours to read"),
    ))]
pub async fn handler(cx: Cx, Path(code): Path<String>, asked: Asked) -> Response {
    let answer = run(&cx, &code, &asked).await;
    asked.answer(answer)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;

    #[test]
    fn limits_are_whole_numbers_and_too_great_ones_are_cut() {
        let read = |query: &str| limit(&Asked::new(HeaderMap::new(), query));
        for (query, wanted) in [
            ("", 10),
            ("limit=1", 1),
            ("limit=10000", 10_000),
            ("limit=20000", 10_000),
            ("limit=99999999999999999999999", 10_000),
        ] {
            assert_eq!(read(query).unwrap(), wanted, "{query}");
        }
        for wrong in ["limit=0", "limit=-1", "limit=", "limit=ten", "limit=1.5", "limit=１"] {
            assert!(read(wrong).unwrap_err().detail().contains("limit"), "{wrong}");
        }
    }

    #[test]
    fn only_pages_of_a_program_without_a_name_grow() {
        let next = |headers: HeaderMap, query: &str| next_limit(&Asked::new(headers, query));
        for (query, grown) in [
            ("limit=10", Some("100")),
            ("limit=100&after=10", Some("1000")),
            ("limit=1000&after=110", None),
            ("limit=25", None),
            ("", None),
        ] {
            assert_eq!(next(HeaderMap::new(), query), grown, "{query}");
            let named = HeaderMap::from_iter([(header::USER_AGENT, HeaderValue::from_static("OWSLib 0.31"))]);
            assert_eq!(next(named, query), None, "{query}");
        }
    }
}
