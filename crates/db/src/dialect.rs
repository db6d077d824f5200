//! The few places where one text must read differently on the two engines.

/// Opens the clauses written `/*pg … */`.
pub fn for_postgres(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once("/*pg ") {
        let (inside, behind) = after.split_once("*/").unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(inside);
        rest = behind;
    }
    out + rest
}

/// One DDL text for both: lines that begin with `--pg ` or `--sqlite ` are for one engine, type words are mapped for
/// SQLite's STRICT tables, and `/*strict*/` marks where STRICT goes.
pub fn ddl(sql: &str, postgres: bool) -> String {
    let (mine, other) = if postgres { ("--pg ", "--sqlite ") } else { ("--sqlite ", "--pg ") };
    let lines = sql.lines().filter(|line| !line.trim_start().starts_with(other));
    let lines = lines.map(|line| line.trim_start().strip_prefix(mine).unwrap_or(line));
    // Whole-line comments go: an apostrophe in one would open a quotation.
    let text: Vec<&str> = lines.filter(|line| !line.trim_start().starts_with("--")).collect();
    let text = text.join("\n");
    if postgres {
        return words(&text, |word| match word {
            "BLOB" => "BYTEA",
            other => other,
        });
    }
    words(&text, |word| match word {
        "BIGINT" | "BOOLEAN" => "INTEGER",
        other => other,
    })
    .replace("DOUBLE PRECISION", "REAL")
    .replace("/*strict*/", "STRICT")
}

/// Maps whole words outside quoted text.
fn words(sql: &str, map: impl Fn(&str) -> &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut word = String::new();
    let mut quoted = false;
    for c in sql.chars().chain(std::iter::once('\n')) {
        if c.is_ascii_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        out.push_str(if quoted { &word } else { map(&word) });
        word.clear();
        quoted ^= c == '\'';
        out.push(c);
    }
    out.pop();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_types_but_not_text() {
        let text = "-- the table's own\nCREATE TABLE t (n BIGINT NOT NULL, s TEXT DEFAULT 'a BIGINT') /*strict*/;\n--pg CREATE INDEX x;";
        assert_eq!(ddl(text, false), "CREATE TABLE t (n INTEGER NOT NULL, s TEXT DEFAULT 'a BIGINT') STRICT;");
        assert!(ddl(text, true).ends_with("\nCREATE INDEX x;"));
    }

    #[test]
    fn opens_postgres_clauses() {
        assert_eq!(for_postgres("SELECT 1 /*pg FOR UPDATE*/"), "SELECT 1 FOR UPDATE");
    }
}
