//! All SQL of GeoPackages. Names from a file are quoted, and checked to be those of plain tables, before they stand in a
//! statement.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags, Row, params_from_iter};

use super::{fatal, kind_of_name, name_of_kind};
use crate::layer::Bounds;
use crate::{About, Fatal, Field, FieldKind, Format, GeometryKind, LayerInfo, Limits, Srs};

pub struct Db(Connection);

/// A table of features or attributes and how its columns are called in it.
#[derive(Clone)]
pub struct Table {
    pub info: LayerInfo,
    name: String,
    key: String,
    geometry: Option<String>,
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn refused(why: impl ToString) -> Fatal {
    Fatal::Refused { format: Format::GeoPackage, why: why.to_string() }
}

impl Db {
    pub fn open(path: &Path) -> Result<Self, Fatal> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let db = Connection::open_with_flags(uri(path), flags).map_err(fatal)?;
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).map_err(fatal)?;
        for config in [
            DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA,
            DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER,
            DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW,
        ] {
            db.set_db_config(config, false).map_err(fatal)?;
        }
        db.execute_batch(
            "PRAGMA query_only = ON; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA cache_size = -8192;",
        )
        .map_err(fatal)?;
        Ok(Self(db))
    }

    /// Whether the name is that of a plain table: a view may hide work without end, a virtual table a program.
    fn is_plain(&self, name: &str) -> Result<bool, Fatal> {
        let sql = "SELECT count(*) FROM sqlite_schema
            WHERE type = 'table' AND name = ?1 COLLATE NOCASE AND sql NOT LIKE 'CREATE VIRTUAL%'";
        self.0.query_row(sql, [name], |row| row.get::<_, i64>(0)).map(|count| count == 1).map_err(fatal)
    }

    /// Layers in the order of their names. Tables of other kinds (tiles) are no layers.
    pub fn tables(&self, limits: &Limits) -> Result<Vec<Table>, Fatal> {
        for name in ["gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"] {
            let optional = name == "gpkg_geometry_columns";
            let missing = || refused(format!("it has no table {name}; it is a database, but no GeoPackage"));
            if !self.is_plain(name)? && !optional {
                return Err(missing());
            }
        }
        let joined = if self.is_plain("gpkg_geometry_columns")? {
            "LEFT JOIN gpkg_geometry_columns g ON g.table_name = c.table_name COLLATE NOCASE"
        } else {
            "LEFT JOIN (SELECT NULL AS table_name, NULL AS column_name, NULL AS geometry_type_name, NULL AS srs_id) g ON 0"
        };
        let sql = format!(
            "SELECT c.table_name, c.data_type, c.min_x, c.min_y, c.max_x, c.max_y, g.column_name, g.geometry_type_name,
                s.organization, s.organization_coordsys_id, s.srs_name, s.definition
            FROM gpkg_contents c {joined} LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
            WHERE c.data_type IN ('features', 'attributes') ORDER BY c.table_name LIMIT 1000"
        );
        let mut statement = self.0.prepare(&sql).map_err(fatal)?;
        let found = statement.query_map([], |row| Ok(table(row))).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let mut tables = Vec::new();
        for table in found.map_err(fatal)? {
            if self.is_plain(&table.name)? {
                tables.push(self.with_columns(table, limits)?);
            }
        }
        Ok(tables)
    }

    fn with_columns(&self, mut table: Table, limits: &Limits) -> Result<Table, Fatal> {
        let sql = "SELECT name, type, pk FROM pragma_table_info(?1) ORDER BY cid";
        let mut statement = self.0.prepare(sql).map_err(fatal)?;
        let mut rows = statement.query([&table.name]).map_err(fatal)?;
        while let Some(row) = rows.next().map_err(fatal)? {
            let (name, kind) = (text(row, 0).unwrap_or_default(), text(row, 1).unwrap_or_default());
            let key = row.get_ref(2).map_err(fatal)?.as_i64().unwrap_or(0) > 0;
            if key && kind.eq_ignore_ascii_case("INTEGER") {
                table.key = name;
            } else if table.geometry.as_ref().is_some_and(|geometry| geometry.eq_ignore_ascii_case(&name)) {
                table.geometry = Some(name);
            } else {
                table.info.fields.push(Field::new(name, kind_of_column(&kind)));
            }
        }
        if table.info.fields.len() > limits.fields {
            return Err(Fatal::TooManyFields { max: limits.fields });
        }
        Ok(table)
    }

    /// The next rows behind `after`, each handed to `take` as key, shape and values. Values longer than allowed are not
    /// even loaded; the flag behind the values tells. Ends early when `take` says so.
    pub fn page(
        &self,
        table: &Table,
        after: Option<i64>,
        rows_max: usize,
        limits: &Limits,
        mut take: impl FnMut(i64, &Row<'_>) -> Result<bool, Fatal>,
    ) -> Result<(), Fatal> {
        let (mut columns, mut longs) = (String::new(), String::from("0"));
        let geometry = table.geometry.as_ref().map(|name| (name.as_str(), limits.feature_bytes));
        let fields = table.info.fields.iter().map(|field| (field.name.as_str(), limits.text_bytes));
        for (name, max) in geometry.into_iter().chain(fields) {
            let name = quoted(name);
            columns.push_str(&format!(", CASE WHEN octet_length({name}) > {max} THEN NULL ELSE {name} END"));
            longs.push_str(&format!(" OR coalesce(octet_length({name}) > {max}, 0)"));
        }
        let (key, name) = (quoted(&table.key), quoted(&table.name));
        let behind = if after.is_some() { format!("WHERE {key} > ?1") } else { String::new() };
        let sql = format!("SELECT {key}{columns}, {longs} FROM {name} {behind} ORDER BY {key} LIMIT {rows_max}");
        let mut statement = self.0.prepare(&sql).map_err(fatal)?;
        let mut rows = statement.query(params_from_iter(after)).map_err(fatal)?;
        let mut last = after;
        while let Some(row) = rows.next().map_err(fatal)? {
            let key: i64 = row.get(0).map_err(fatal)?;
            // A damaged index could lead in circles.
            if last.is_some_and(|last| key <= last) {
                return Err(Fatal::broken(Format::GeoPackage, format!("row {key}"), "its rows are out of order"));
            }
            last = Some(key);
            if !take(key, row)? {
                break;
            }
        }
        Ok(())
    }
}

/// Immutable, so that neither a journal beside the file is followed nor one is made.
fn uri(path: &Path) -> String {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => uri.push(char::from(*byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri + "?immutable=1&mode=ro"
}

fn text(row: &Row<'_>, index: usize) -> Option<String> {
    match row.get_ref(index) {
        Ok(ValueRef::Text(text)) => Some(String::from_utf8_lossy(text).into_owned()),
        _ => None,
    }
}

fn number(row: &Row<'_>, index: usize) -> f64 {
    match row.get_ref(index) {
        Ok(ValueRef::Real(number)) => number,
        Ok(ValueRef::Integer(number)) => number as f64,
        _ => f64::NAN,
    }
}

fn table(row: &Row<'_>) -> Table {
    let name = text(row, 0).unwrap_or_default();
    let features = text(row, 1).is_some_and(|kind| kind == "features");
    let epsg = text(row, 8).is_some_and(|organisation| organisation.eq_ignore_ascii_case("epsg"));
    let code = row.get_ref(9).ok().and_then(|code| code.as_i64().ok()).and_then(|code| u32::try_from(code).ok());
    let wkt = text(row, 11).filter(|wkt| wkt.contains('[') && wkt.len() < 1 << 16);
    let epsg = code.filter(|_| epsg).or_else(|| Srs::from_wkt(wkt.as_deref().unwrap_or_default()).epsg);
    let known = epsg.is_some() || wkt.is_some();
    let srs = if known { Srs { epsg, name: text(row, 10), wkt } } else { Srs::default() };
    let kind = if features { kind_of_name(&text(row, 7).unwrap_or_default()) } else { GeometryKind::None };
    let bounds = Bounds::stated(number(row, 2), number(row, 3), number(row, 4), number(row, 5));
    Table {
        info: LayerInfo { name: name.clone(), kind, fields: Vec::new(), count: None, srs, bounds },
        name,
        key: "_rowid_".into(),
        geometry: text(row, 6).filter(|_| features),
    }
}

/// OGC 12-128r18, table 1. What else SQLite lets a column be called counts as text.
fn kind_of_column(declared: &str) -> FieldKind {
    let upper = declared.to_ascii_uppercase();
    match upper.split('(').next().unwrap_or_default().trim() {
        "BOOLEAN" => FieldKind::Bool,
        "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "INTEGER" | "BIGINT" => FieldKind::Int,
        "FLOAT" | "DOUBLE" | "REAL" | "DOUBLE PRECISION" | "NUMERIC" => FieldKind::Number,
        "DATE" => FieldKind::Date,
        "DATETIME" | "TIMESTAMP" => FieldKind::Timestamp,
        _ => FieldKind::Text,
    }
}

fn column_of_kind(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Bool => "BOOLEAN",
        FieldKind::Int => "INTEGER",
        FieldKind::Number => "REAL",
        FieldKind::Text | FieldKind::Json => "TEXT",
        FieldKind::Date => "DATE",
        FieldKind::Timestamp => "DATETIME",
    }
}

const WGS84: &str = concat!(
    r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],"#,
    r#"AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],"#,
    r#"UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]"#
);

/// Clauses 1.1.2, 1.1.3, 2.1.5.
const SCHEMA: &str = "
    PRAGMA application_id = 0x47504B47; PRAGMA user_version = 10301;
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
    BEGIN;
    CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
        organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
    CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
        description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
        min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
        CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
    CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
        geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
        CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
        CONSTRAINT uk_gc_table_name UNIQUE (table_name),
        CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
        CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
    INSERT INTO gpkg_spatial_ref_sys VALUES
        ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system'),
        ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');";

/// A database being written. It is one transaction, and no package before it ends.
pub struct Draft {
    db: Connection,
    insert: String,
    table: String,
}

pub struct NewTable<'a> {
    pub name: &'a str,
    pub key: &'a str,
    pub geometry: &'a str,
    pub columns: Vec<(String, FieldKind)>,
    pub srs: &'a Srs,
    pub srs_id: i32,
    pub kind: GeometryKind,
    pub about: &'a About,
}

/// A row to be written: its key if it has one of its own, the shape, the values.
pub type NewRow = (Option<i64>, Option<Vec<u8>>, Vec<rusqlite::types::Value>);

impl Draft {
    pub fn create(path: &Path, new: &NewTable<'_>) -> Result<Self, Fatal> {
        let db = Connection::open(path).map_err(fatal)?;
        db.execute_batch(SCHEMA).map_err(fatal)?;
        let srs = "INSERT INTO gpkg_spatial_ref_sys VALUES (?1, ?2, ?3, ?4, ?5, NULL) ON CONFLICT DO NOTHING";
        db.execute(srs, ("WGS 84 geodetic", 4326, "EPSG", 4326, WGS84)).map_err(fatal)?;
        let name = new.srs.name.clone().unwrap_or_else(|| format!("EPSG:{}", new.srs_id));
        let organisation = if new.srs.epsg.is_some() { "EPSG" } else { "NONE" };
        let wkt = new.srs.written_wkt().unwrap_or_else(|| "undefined".into());
        db.execute(srs, (name, new.srs_id, organisation, new.srs_id, wkt)).map_err(fatal)?;
        let spatial = new.kind != GeometryKind::None;
        let geometry =
            if spatial { format!(", {} {}", quoted(new.geometry), name_of_kind(new.kind)) } else { String::new() };
        let columns: String =
            new.columns.iter().map(|(name, kind)| format!(", {} {}", quoted(name), column_of_kind(*kind))).collect();
        let table = quoted(new.name);
        let key = quoted(new.key);
        db.execute_batch(&format!(
            "CREATE TABLE {table} ({key} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL{geometry}{columns})"
        ))
        .map_err(fatal)?;
        // The moment is a fixed one: the same features make the same bytes.
        let contents = "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)
            VALUES (?1, ?2, ?4, ?5, '1970-01-01T00:00:00.000Z', ?3)";
        let data_type = if spatial { "features" } else { "attributes" };
        let title = if new.about.title.is_empty() { new.name } else { &new.about.title };
        let srs_id = spatial.then_some(new.srs_id);
        db.execute(contents, (new.name, data_type, srs_id, title, &new.about.text)).map_err(fatal)?;
        if spatial {
            let column = "INSERT INTO gpkg_geometry_columns VALUES (?1, ?2, ?3, ?4, 0, 0)";
            db.execute(column, (new.name, new.geometry, name_of_kind(new.kind), new.srs_id)).map_err(fatal)?;
        }
        let count = 1 + usize::from(spatial) + new.columns.len();
        let marks = vec!["?"; count].join(", ");
        Ok(Self { db, insert: format!("INSERT INTO {table} VALUES ({marks})"), table: new.name.to_owned() })
    }

    /// Writes rows. A key that is there already is replaced by a new one; how often that was, is returned.
    pub fn insert(&mut self, rows: Vec<NewRow>, spatial: bool) -> Result<u64, Fatal> {
        let mut statement = self.db.prepare(&self.insert).map_err(fatal)?;
        let mut renamed = 0;
        for (key, shape, values) in rows {
            let mut bind = |key: Option<i64>| {
                statement.raw_bind_parameter(1, key)?;
                if spatial {
                    statement.raw_bind_parameter(2, shape.as_deref())?;
                }
                for (index, value) in values.iter().enumerate() {
                    statement.raw_bind_parameter(index + 2 + usize::from(spatial), value)?;
                }
                statement.raw_execute().map(|_| ())
            };
            match bind(key) {
                Err(error) if key.is_some() && error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                    bind(None).map_err(fatal)?;
                    renamed += 1;
                }
                other => other.map_err(fatal)?,
            }
        }
        Ok(renamed)
    }

    pub fn finish(self, bounds: Option<Bounds>) -> Result<(), Fatal> {
        if let Some(Bounds { min, max }) = bounds {
            let sql = "UPDATE gpkg_contents SET min_x = ?2, min_y = ?3, max_x = ?4, max_y = ?5 WHERE table_name = ?1";
            self.db.execute(sql, (&self.table, min.x, min.y, max.x, max.y)).map_err(fatal)?;
        }
        self.db.execute_batch("COMMIT").map_err(fatal)?;
        self.db.close().map_err(|(_, error)| fatal(error))
    }
}
