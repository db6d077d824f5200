//! Import procedures of the national catalogue: every line read, what is new or changed kept as a version, one commit.

use std::collections::BTreeMap;
use std::io::BufRead;

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use songhan_app::Cx;
use songhan_base::{Id, Internal};
use songhan_catalogue::{NationalProcedure, Reader, Tally};
use songhan_db::Tx;

use crate::imported::{Change, NationalMap, ProceduresImported, between, store};
use crate::procedure::Procedures;

/// A mutex of the whole cluster: two imports at once would both see what neither has written.
const LOCK: i64 = 0x736f_6e67_6361_7461;

/// What came of an import. Its last line is a contract.
#[derive(Debug, Default)]
pub struct Imported {
    pub new: usize,
    pub changed: usize,
    /// Lines that are no procedure, with the reason.
    pub refused: Vec<(usize, String)>,
    /// What was read of the others.
    pub tally: Tally,
    /// National fields that `catalogue.toml` does not name, with their procedures.
    pub unmapped: BTreeMap<String, usize>,
    /// Those that the city's folder declares itself.
    pub declared: usize,
}

impl std::fmt::Display for Imported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { new, changed, refused, tally, .. } = self;
        let (read, refused) = (tally.procedures, refused.len());
        write!(f, "imported {read} procedures: {new} new, {changed} changed, {refused} refused; {tally}")
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("cannot read line {line}: {source}; the file is one JSON record a line, gzipped or not")]
    Reading { line: usize, source: std::io::Error },
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// A procedure as it was read.
struct Read {
    procedure: NationalProcedure,
    /// What is kept, and its digest.
    content: String,
    digest: String,
    /// Of the line as published.
    line_digest: String,
}

/// The file as it was read.
struct File {
    procedures: Vec<Read>,
    digest: String,
}

/// Imports what `file` holds: one record a line. `told` hears of each thousand lines.
pub async fn import_procedures(
    cx: &Cx,
    file: impl BufRead + Send + 'static,
    told: impl Fn(usize) + Send + 'static,
) -> Result<Imported, Rejection> {
    // Reading takes seconds of processor time, so not here and not within a transaction.
    let reading = tokio::task::spawn_blocking(move || read(file, told));
    let (file, mut imported) = reading.await.map_err(Internal::new)??;
    let (map, declared) = (cx.city.get::<NationalMap>(), cx.city.get::<Procedures>());
    for Read { procedure, .. } in &file.procedures {
        if !map.home(&procedure.field).is_mapped {
            *imported.unmapped.entry(procedure.field.clone()).or_default() += 1;
        }
        imported.declared += usize::from(declared.get(&procedure.code).is_some());
    }
    let mut tx = cx.begin().await?;
    tx.lock(LOCK).await?;
    let changes = compare(&mut tx, &file).await?;
    imported.new = changes.iter().filter(|change| change.number == 1).count();
    imported.changed = changes.len() - imported.new;
    if changes.is_empty() {
        tx.rollback().await?;
        return Ok(imported);
    }
    let import = cx.env.id();
    keep(&mut tx, import, cx.today(), &file, &changes).await?;
    let detail = serde_json::json!({ "import": import, "new": imported.new, "changed": imported.changed });
    tx.audit("services.import_procedures", "procedures", detail).await?;
    tx.emit(ProceduresImported { import, new: imported.new, changed: imported.changed }).await?;
    tx.commit().await?;
    Ok(imported)
}

const TOLD_EACH: usize = 1_000;

fn read(file: impl BufRead, told: impl Fn(usize)) -> Result<(File, Imported), Rejection> {
    let (mut reader, mut imported, mut procedures) = (Reader::default(), Imported::default(), Vec::new());
    let mut whole = Sha256::new();
    for (n, line) in file.split(b'\n').enumerate() {
        let line = line.map_err(|source| Rejection::Reading { line: n + 1, source })?;
        whole.update(&line);
        whole.update(b"\n");
        if (n + 1) % TOLD_EACH == 0 {
            told(n + 1);
        }
        let Ok(line) = std::str::from_utf8(&line) else {
            imported.refused.push((n + 1, "not UTF-8".to_owned()));
            continue;
        };
        // A byte-order mark and blank lines are nobody's fault.
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() {
            continue;
        }
        match reader.read(line) {
            Ok(procedure) => {
                imported.tally.add(&procedure);
                let content = serde_json::to_string(&procedure).map_err(Internal::new)?;
                let digest = hex(&Sha256::digest(&content));
                procedures.push(Read { procedure, content, digest, line_digest: hex(&Sha256::digest(line)) });
            }
            Err(refused) => imported.refused.push((n + 1, refused.to_string())),
        }
    }
    Ok((File { procedures, digest: hex(&whole.finalize()) }, imported))
}

fn hex(digest: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(digest)
}

/// One of the file that is to be kept.
struct Kept {
    at: usize,
    number: i64,
    kind: &'static str,
    changes: Vec<Change>,
}

async fn compare(tx: &mut Tx, file: &File) -> Result<Vec<Kept>, Internal> {
    let known = store::known(tx).await?;
    let first = if known.is_empty() { "first" } else { "new" };
    let mut kept = Vec::new();
    for (at, read) in file.procedures.iter().enumerate() {
        let Some(before) = known.get(&read.procedure.code) else {
            kept.push(Kept { at, number: 1, kind: first, changes: Vec::new() });
            continue;
        };
        if before.digest == read.digest {
            continue;
        }
        let content = store::content(tx, &before.code, before.number).await?;
        // What an older program kept may be written otherwise and say the same.
        let changes = match serde_json::from_str(&content) {
            Ok(old) if old == read.procedure => continue,
            Ok(old) => between(&old, &read.procedure),
            Err(_) => Vec::new(),
        };
        kept.push(Kept { at, number: before.number + 1, kind: "changed", changes });
    }
    Ok(kept)
}

async fn keep(tx: &mut Tx, import: Id, today: Date, file: &File, kept: &[Kept]) -> Result<(), Internal> {
    let new = kept.iter().filter(|kept| kept.number == 1).count();
    store::insert_import(tx, import, &file.digest, new, kept.len() - new).await?;
    for one in kept {
        let read = &file.procedures[one.at];
        let version = store::New {
            code: &read.procedure.code,
            number: one.number,
            digest: &read.digest,
            line_digest: &read.line_digest,
            title: &read.procedure.name,
            since: today,
            kind: one.kind,
            content: &read.content,
            changes: &one.changes,
            import,
        };
        store::insert(tx, version).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use songhan_testkit::{TestCity, for_each_database};

    use super::*;
    use crate::catalogue::{self, Catalogue};
    use crate::imported::tests::{line, modules};

    async fn import(city: &TestCity, lines: &[String]) -> Imported {
        let file = Cursor::new(lines.join("\n"));
        let imported = import_procedures(&city.system(), file, |_| {}).await.expect("imported");
        city.settle().await;
        imported
    }

    async fn rows(city: &TestCity) -> (i64, i64) {
        let sql = "SELECT (SELECT count(*) FROM procedure_versions), (SELECT count(*) FROM events
                   WHERE kind = 'services.procedures_imported')";
        songhan_db::query(sql).fetch_one(&city.app.db).await.expect("counts")
    }

    #[tokio::test]
    async fn again_changes_nothing_and_a_change_is_a_version() {
        for_each_database(modules(), |city| async move {
            let lines = [line("9.000001", &[]), line("9.000002", &[]), String::new(), "{}".to_owned()];
            let first = import(&city, &lines).await;
            let told = first.to_string();
            assert!(
                told.starts_with(
                    "imported 2 procedures: 2 new, 0 changed, 1 refused; deadlines read 2 of 2, fees read 2 of 2"
                ),
                "{told}"
            );
            assert_eq!(first.refused[0].0, 4);
            let again = import(&city, &lines).await;
            assert!(again.to_string().starts_with("imported 2 procedures: 0 new, 0 changed, 1 refused"));
            assert_eq!(rows(&city).await, (2, 1));

            let before = Catalogue::of(&city.app).await.expect("a catalogue");
            let old = before.get("9.000001").expect("imported").clone();
            let cheaper = line("9.000001", &[("ten_thu_tuc", "Cấp giấy phép thử nghiệm")]);
            let second = import(&city, &[cheaper, line("9.000003", &[])]).await;
            assert_eq!((second.new, second.changed, rows(&city).await), (1, 1, (4, 2)));
            let now = Catalogue::of(&city.app).await.expect("a catalogue");
            let new = now.get("9.000001").expect("imported");
            assert_eq!(new.title.vi, "Cấp giấy phép thử nghiệm");
            assert_ne!(new.version, old.version);
            let kept = catalogue::version(&city.app, "9.000001", &old.version).await.expect("read").expect("kept");
            assert_eq!((kept.title.vi.as_str(), kept.version.as_str()), ("Cấp giấy phép thử", old.version.as_str()));
            let changes = store::changes(&city.app.db, None, 10).await.expect("changes");
            let told: Vec<_> = changes.iter().map(|entry| (entry.code.as_str(), entry.kind.as_str())).collect();
            assert_eq!(told, [("9.000003", "new"), ("9.000001", "changed")], "the first import is no change");
        })
        .await;
    }

    #[tokio::test]
    async fn the_folder_stands_before_the_import() {
        for_each_database(modules(), |city| async move {
            let imported = import(&city, &[line("2.000635", &[]), line("9.000001", &[])]).await;
            assert_eq!((imported.new, imported.declared), (2, 1));
            let catalogue = Catalogue::of(&city.app).await.expect("a catalogue");
            assert!(catalogue.get("2.000635").is_some_and(|procedure| procedure.national.is_none()));
            assert!(catalogue.get("9.000001").is_some_and(|procedure| procedure.national.is_some()));
            assert_eq!(catalogue.find("giay phep thu", 5)[0].code, "9.000001");
        })
        .await;
    }
}
