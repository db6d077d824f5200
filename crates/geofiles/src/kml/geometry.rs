//! Shapes of KML (clause 10), and the tracks that Google's programs write.

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};

use crate::Reason;
use crate::limits::Gauge;
use crate::problem::Halt;
use crate::xml::{Token, Xml};

pub const SHAPES: [&str; 7] = ["Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack"];

/// Reads the shape whose element has just begun, through to its end.
pub fn read(name: &str, xml: &mut Xml, gauge: &mut Gauge) -> Result<Option<Geometry<f64>>, Halt> {
    match name {
        "MultiGeometry" | "MultiTrack" => {
            gauge.enter()?;
            let floor = xml.depth();
            let mut members = Vec::new();
            while xml.depth() >= floor {
                match xml.next()? {
                    Some(Token::Start(name)) if SHAPES.contains(&name.as_str()) => {
                        gauge.take(1)?;
                        members.extend(read(&name, xml, gauge)?);
                    }
                    Some(Token::Start(_)) => xml.skip()?,
                    Some(_) => {}
                    None => break,
                }
            }
            gauge.leave();
            Ok(Some(whole(members)))
        }
        "Polygon" => polygon(xml, gauge),
        "Track" => {
            Ok(Some(coords(xml, "coord", gauge)?).filter(|all| !all.is_empty()).map(|all| LineString(all).into()))
        }
        _ => {
            let all = coords(xml, "coordinates", gauge)?;
            match name {
                "Point" => match all.as_slice() {
                    [] => Ok(None),
                    [one] => Ok(Some(Point(*one).into())),
                    _ => Err(Reason::Shape("a point has several coordinates".into()).into()),
                },
                _ => Ok(Some(LineString(all).into())),
            }
        }
    }
}

/// A collection of one kind as the whole of that kind: KML has one element for all.
fn whole(members: Vec<Geometry<f64>>) -> Geometry<f64> {
    let kinds = |test: fn(&Geometry<f64>) -> bool| !members.is_empty() && members.iter().all(test);
    if kinds(|member| matches!(member, Geometry::Point(_))) {
        return MultiPoint(members.into_iter().filter_map(|member| member.try_into().ok()).collect()).into();
    }
    if kinds(|member| matches!(member, Geometry::LineString(_))) {
        return MultiLineString(members.into_iter().filter_map(|member| member.try_into().ok()).collect()).into();
    }
    if kinds(|member| matches!(member, Geometry::Polygon(_))) {
        return MultiPolygon(members.into_iter().filter_map(|member| member.try_into().ok()).collect()).into();
    }
    Geometry::GeometryCollection(GeometryCollection(members))
}

fn polygon(xml: &mut Xml, gauge: &mut Gauge) -> Result<Option<Geometry<f64>>, Halt> {
    let floor = xml.depth();
    let (mut outer, mut inner, mut within) = (None, Vec::new(), false);
    while xml.depth() >= floor {
        match xml.next()? {
            Some(Token::Start(name)) => match name.as_str() {
                "outerBoundaryIs" => within = false,
                "innerBoundaryIs" => within = true,
                "LinearRing" => {
                    let ring = LineString(coords(xml, "coordinates", gauge)?);
                    if within || outer.is_some() {
                        gauge.take(1)?;
                        inner.push(ring);
                    } else {
                        outer = Some(ring);
                    }
                }
                _ => xml.skip()?,
            },
            Some(_) => {}
            None => break,
        }
    }
    Ok(outer.map(|outer| Polygon::new(outer, inner).into()))
}

/// All coordinates in elements of that name, to the end of the element that has just begun.
fn coords(xml: &mut Xml, wanted: &str, gauge: &mut Gauge) -> Result<Vec<Coord<f64>>, Halt> {
    let floor = xml.depth();
    let mut all = Vec::new();
    while xml.depth() >= floor {
        match xml.next()? {
            Some(Token::Start(name)) if name == wanted => {
                let text = xml.long_text()?;
                let blanks = wanted == "coord";
                if blanks { track(&text, gauge, &mut all)? } else { list(&text, gauge, &mut all)? }
            }
            Some(Token::Start(_)) => xml.skip()?,
            Some(_) => {}
            None => break,
        }
    }
    Ok(all)
}

/// `lon,lat[,height]` separated by blanks (clause 16.9); blanks behind commas are forgiven.
fn list(text: &str, gauge: &mut Gauge, all: &mut Vec<Coord<f64>>) -> Result<(), Reason> {
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        gauge.take(1)?;
        let mut numbers = [0.0; 3];
        let mut count = 0;
        loop {
            let end = rest.find(|c: char| c == ',' || c.is_whitespace()).unwrap_or(rest.len());
            let (number, behind) = rest.split_at(end);
            if count == 3 {
                return Err(Reason::Shape("a coordinate has more than 3 numbers".into()));
            }
            numbers[count] = finite(number)?;
            gauge.height |= count == 2;
            count += 1;
            let blankless = behind.trim_start();
            let Some(next) = blankless.strip_prefix(',') else {
                rest = blankless;
                break;
            };
            rest = next.trim_start();
            // `108.2,16.1, 108.3,16.2` is about too: what has a comma itself is no height.
            let word = rest.split_whitespace().next().unwrap_or_default();
            if count == 2 && rest.len() < next.len() && word.contains(',') {
                break;
            }
            if rest.is_empty() {
                break;
            }
        }
        if count < 2 {
            return Err(Reason::Shape("a coordinate has one number only".into()));
        }
        all.push(Coord { x: numbers[0], y: numbers[1] });
    }
    Ok(())
}

/// `lon lat height` in an element of its own.
fn track(text: &str, gauge: &mut Gauge, all: &mut Vec<Coord<f64>>) -> Result<(), Reason> {
    let numbers = text.split_whitespace().map(finite).collect::<Result<Vec<_>, _>>()?;
    match numbers.as_slice() {
        [] => {}
        [x, y, more @ ..] => {
            gauge.take(1)?;
            gauge.height |= !more.is_empty();
            all.push(Coord { x: *x, y: *y });
        }
        _ => return Err(Reason::Shape("a coordinate has one number only".into())),
    }
    Ok(())
}

fn finite(text: &str) -> Result<f64, Reason> {
    let wrong = || Reason::Shape(format!("`{}` is no coordinate", text.chars().take(30).collect::<String>()));
    let number: f64 = text.parse().map_err(|_| wrong())?;
    if number.is_finite() { Ok(number) } else { Err(Reason::NotFinite) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coords(text: &str) -> Result<Vec<(f64, f64)>, Reason> {
        let mut all = Vec::new();
        list(text, &mut Gauge::new(&crate::Limits::default()), &mut all)?;
        Ok(all.into_iter().map(|coord| (coord.x, coord.y)).collect())
    }

    #[test]
    fn coordinates_as_people_write_them() {
        assert_eq!(coords("\n 108.2,16.1,0 108.3,16.2 \n"), Ok(vec![(108.2, 16.1), (108.3, 16.2)]));
        assert_eq!(coords("108.2, 16.1 108.3 ,16.2"), Ok(vec![(108.2, 16.1), (108.3, 16.2)]));
        assert_eq!(coords("1,2, 3,4,"), Ok(vec![(1.0, 2.0), (3.0, 4.0)]));
        assert_eq!(coords(" "), Ok(vec![]));
        for bad in ["1", "1,x", "1,2,3,4", "1,nan", ",1"] {
            assert!(coords(bad).is_err(), "{bad}");
        }
    }
}
