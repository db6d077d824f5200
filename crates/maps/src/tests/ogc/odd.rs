//! Whatever is asked, the answer is never our failure, and a refusal says what to do.

use songhan_testkit::for_each_database_in;

use super::*;

/// What programs and people send that nobody meant.
const VALUES: &[&str] = &[
    "",
    "0",
    "-1",
    "1",
    "NaN",
    "inf",
    "-inf",
    "1e999",
    "1e-999",
    "99999999999999999999999",
    "9223372036854775807",
    "null",
    "true",
    "[]",
    "{}",
    "%5B%5B",
    "''",
    "%27",
    "%22",
    "%00",
    "%ff%fe",
    "%F0%9F%8C%B3",
    "a%CC%80",
    "%E2%80%AE",
    "1,2,3,4",
    "NaN,NaN,NaN,NaN",
    "-180,-90,180,90",
    "180,-90,-180,90",
    "170,-10,-170,10",
    "1e308,-1e308,1e308,1e308",
    "0,0,0,0",
    "1,2,3,4,5,6",
    "2026-11-20",
    "0000-01-01",
    "-9999-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "../..",
    "/",
    "2026-02-30T00:00:00Z",
    "EPSG:4326",
];

#[tokio::test]
async fn odd_parameters_are_answered() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 5).await;
        let mut client = city.visitor();
        for name in [
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
            "species",
            "height_m",
            "commune",
            "lang",
            "x",
        ] {
            for value in VALUES {
                for query in [format!("{name}={value}"), format!("bbox=0,0,180,90&filter=TRUE&{name}={value}")] {
                    let answer = client.get(&format!("{ITEMS}?{query}")).await;
                    assert!(
                        matches!(answer.status.as_u16(), 200 | 400),
                        "{query}: {} {}",
                        answer.status,
                        answer.text()
                    );
                    // What holds a NUL is refused before it comes to us.
                    if answer.status == 400 && *value != "%00" {
                        assert_eq!(answer.headers["content-type"], "application/problem+json", "{query}");
                    }
                }
            }
        }
        for path in ["0", "-1", "a", "1.5", "99999999999999999999999", "%00", "%F0%9F%8C%B3", "1%20"] {
            let status = client.get(&format!("{ITEMS}/{path}")).await.status.as_u16();
            assert!(matches!(status, 400 | 404), "{path}: {status}");
            client.get(&format!("/ogc/collections/{path}/items")).await;
        }
    })
    .await;
}

#[tokio::test]
async fn huge_filters_are_answered_in_bounded_time() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 1_200).await;
        let mut client = city.visitor();
        let many = |part: &str, by: &str, count| vec![part; count].join(by);
        let ring: String = (0..900)
            .map(|n| {
                let angle = f64::from(n) / 900.0 * std::f64::consts::TAU;
                format!("{:.5}%20{:.5},", 108.3 + angle.cos() / 9.0, 16.06 + angle.sin() / 9.0)
            })
            .collect();
        let first = ring.split(',').next().unwrap().to_owned();
        for filter in [
            many("height_m%3C0", "%20OR%20", 3_000),
            many("(", "", 20_000),
            many("NOT%20", "", 5_000),
            format!("species%20LIKE%20'{}'", many("%25a", "", 400)),
            format!("height_m%20IN%20({})", many("5.5", ",", 10_000)),
            format!("S_INTERSECTS(geometry,POLYGON(({ring}{first})))"),
            format!("S_DISJOINT(geometry,POLYGON(({ring}{first})))"),
            many("a", "", 60_000),
        ] {
            let answer = client.get(&format!("{ITEMS}?filter={filter}")).await;
            assert!(matches!(answer.status.as_u16(), 200 | 400), "{} {}", answer.status, &filter[..60]);
        }
        // A page may be empty and lead on; at the end nothing was left out.
        let (mut looked, mut next) = (
            0,
            Some(format!(
                "{ITEMS}?filter={}%20OR%20species='B%C3%A0ng%201100'",
                many("height_m%3C0", "%20OR%20", 2_000)
            )),
        );
        let mut found = Vec::new();
        while let Some(path) = next {
            let document = client.get(&path).await.expect(200).json();
            found.extend(ids(&document));
            next = link(&document, "next").map(str::to_owned);
            looked += 1;
        }
        assert_eq!((found, looked > 1), (vec![1_101], true));
    })
    .await;
}

#[tokio::test]
async fn odd_bodies_are_answered() {
    for_each_database_in(folder(true), modules(), |city| async move {
        planted(&city, 2).await;
        let mut officer = officer_of(&city, HAI_CHAU.0);
        let nested = |depth: usize| format!("{{\"type\":\"Feature\",\"properties\":{{}},\"geometry\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
        let bodies = [
            String::new(),
            "null".into(),
            nested(100),
            nested(100_000),
            r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1e400,1]},"properties":{}}"#.into(),
            r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1e308,1e308]},"properties":{"species":"x"}}"#.into(),
            r#"{"type":"Feature","geometry":{"type":"MultiPoint","coordinates":[]},"properties":{"species":"x"}}"#.into(),
            r#"{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[]},"properties":{"species":"x"}}"#.into(),
            r#"{"type":"Feature","geometry":null,"properties":{"species":"\u0000"}}"#.into(),
            r#"{"type":"Feature","geometry":null,"properties":{"\u0000":1}}"#.into(),
            r#"{"type":"Feature","geometry":null,"properties":{"species":{"a":[1]}}}"#.into(),
            r#"{"type":"Feature","geometry":null,"properties":{"species":"x","height_m":1e400}}"#.into(),
            r#"{"type":["Feature"],"geometry":null,"properties":{}}"#.into(),
        ];
        for body in bodies {
            for (method, path) in [(Method::POST, ITEMS.to_owned()), (Method::PUT, format!("{ITEMS}/1")), (Method::PATCH, format!("{ITEMS}/1"))] {
                let answer = officer.send(method.clone(), &path, Some(GEOJSON), body.clone().into_bytes()).await;
                assert!(answer.status.as_u16() < 500, "{method} {}: {} {}", &body[..body.len().min(80)], answer.status, answer.text());
            }
        }
        let before = page(&mut officer, "?limit=100").await;
        assert_eq!(before["numberMatched"], before["numberReturned"]);
    })
    .await;
}
