//! How many features a second each format is written and read, and at what peak of memory.
//!
//! `cargo run --release -p songhan-geofiles --example speed [features] [format …]`: points with five attributes, in a
//! temporary folder. Reading is measured with the fields given, and with the file looked through for them first. Time is
//! the processor's (Linux), so that other work on the machine counts little.

use std::path::Path;

use geo_types::Point;
use jiff::Timestamp;
use songhan_geofiles::{Feature, Field, FieldKind, Format, GeometryKind, Inference, Options, Sink, Srs, Value, open};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let count: u64 = arguments.next().map_or(Ok(1_000_000), |count| count.parse())?;
    let wanted: Vec<String> = arguments.collect();
    let folder = tempfile::tempdir()?;
    println!("{count} points with five attributes; features a second of processor time");
    println!("{:<18} {:>10} {:>10} {:>14} {:>8} {:>10}", "format", "write", "read", "read twice", "MB", "peak MB");
    for format in Format::ALL.into_iter().filter(|format| format.is_written()) {
        if !wanted.is_empty() && !wanted.iter().any(|wanted| format.to_string().eq_ignore_ascii_case(wanted)) {
            continue;
        }
        let path = folder.path().join(format!("diem.{}", format.extension()));
        let written = write(&path, format, count)?;
        let given = read(&path, Inference::Given(fields()), count)?;
        let whole = read(&path, Inference::Whole, count)?;
        let bytes = std::fs::metadata(&path)?.len() >> 20;
        println!("{:<18} {written:>10} {given:>10} {whole:>14} {bytes:>8} {:>10}", format.to_string(), peak());
        std::fs::remove_file(&path)?;
    }
    Ok(())
}

fn fields() -> Vec<Field> {
    [
        ("ma", FieldKind::Int),
        ("ten", FieldKind::Text),
        ("cao", FieldKind::Number),
        ("con", FieldKind::Bool),
        ("luc", FieldKind::Timestamp),
    ]
    .map(|(name, kind)| Field::new(name, kind))
    .into()
}

fn feature(number: u64) -> Feature {
    let part = |factor: u64| (number.wrapping_mul(factor) >> 40) as f64 / (1u64 << 24) as f64;
    let place = Point::new(107.9 + part(0x9e37_79b9_7f4a_7c15), 15.8 + part(0xbf58_476d_1ce4_e5b9));
    let at = Timestamp::from_second(1_700_000_000 + number as i64).unwrap_or(Timestamp::UNIX_EPOCH);
    let properties = vec![
        Value::Int(number as i64),
        Value::Text(format!("Trụ đèn số {number}, đường Bạch Đằng")),
        Value::Number(part(7) * 10.0),
        Value::Bool(number.is_multiple_of(3)),
        Value::Timestamp(at),
    ];
    Feature { id: None, geometry: Some(place.into()), properties }
}

fn write(path: &Path, format: Format, count: u64) -> Result<u64, Box<dyn std::error::Error>> {
    let mut spent = 0.0;
    let mut sink = Sink::create(path, format, &fields(), &Srs::wgs84(), GeometryKind::Point)?;
    for start in (0..count).step_by(100_000) {
        let features: Vec<Feature> = (start..count.min(start + 100_000)).map(feature).collect();
        let began = seconds();
        for feature in &features {
            sink.write(feature)?;
        }
        spent += seconds() - began;
    }
    let began = seconds();
    sink.finish()?;
    spent += seconds() - began;
    Ok((count as f64 / spent) as u64)
}

fn read(path: &Path, inference: Inference, count: u64) -> Result<u64, Box<dyn std::error::Error>> {
    let began = seconds();
    let mut found = 0;
    for feature in open(path, None, &Options { inference, ..Options::default() })? {
        found += u64::from(feature?.geometry.is_some());
    }
    assert_eq!(found, count);
    Ok((count as f64 / (seconds() - began)) as u64)
}

/// Processor time of the process so far, in hundredths.
fn seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = behind_name.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The process's peak so far, on Linux.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() >> 10
}
