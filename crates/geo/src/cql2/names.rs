//! The operators of the standard with their names in JSON; in text they are the same in capitals.

macro_rules! operators {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($variant,)+ }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// As in JSON.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// Keywords have no case in text, and people forget that they have one in JSON.
            pub fn find(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|op| op.name().eq_ignore_ascii_case(name))
            }
        }
    };
}

operators! {
    Comparison { Equal = "=", Unequal = "<>", Less = "<", Greater = ">", AtMost = "<=", AtLeast = ">=", }
}

operators! {
    Arithmetic { Add = "+", Subtract = "-", Multiply = "*", Divide = "/", Modulo = "%", Quotient = "div", Power = "^", }
}

operators! {
    /// What folds a text before it is compared.
    Folding { Casei = "casei", Accenti = "accenti", }
}

operators! {
    Spatial {
        Intersects = "s_intersects",
        Equals = "s_equals",
        Disjoint = "s_disjoint",
        Touches = "s_touches",
        Within = "s_within",
        Overlaps = "s_overlaps",
        Crosses = "s_crosses",
        Contains = "s_contains",
    }
}

operators! {
    Temporal {
        After = "t_after",
        Before = "t_before",
        Contains = "t_contains",
        Disjoint = "t_disjoint",
        During = "t_during",
        Equals = "t_equals",
        FinishedBy = "t_finishedBy",
        Finishes = "t_finishes",
        Intersects = "t_intersects",
        Meets = "t_meets",
        MetBy = "t_metBy",
        OverlappedBy = "t_overlappedBy",
        Overlaps = "t_overlaps",
        StartedBy = "t_startedBy",
        Starts = "t_starts",
    }
}

operators! {
    Array { Equals = "a_equals", Contains = "a_contains", ContainedBy = "a_containedBy", Overlaps = "a_overlaps", }
}

/// Words that need quotes to be the name of a property, and that no function may have (clause 8.2 and the BNF).
const KEYWORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "is",
    "null",
    "like",
    "between",
    "in",
    "true",
    "false",
    "div",
    "casei",
    "accenti",
    "date",
    "timestamp",
    "interval",
    "bbox",
    "point",
    "linestring",
    "polygon",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
    "isnull",
];

/// Of the keywords those that can begin nothing but an operator, so that a bare property never has their name.
const RESERVED: &[&str] = &["and", "or", "not", "is", "null", "like", "between", "in", "true", "false", "div"];

pub fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
        || Spatial::find(word).is_some()
        || Temporal::find(word).is_some()
        || Array::find(word).is_some()
}

/// Rule `identifierStart` of the BNF.
pub fn starts_identifier(c: char) -> bool {
    matches!(c,
        ':' | '_' | 'A'..='Z' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFE}' | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
        // Within the Greek and later block, but white space.
        && !c.is_whitespace()
}

/// Rule `identifierPart` of the BNF.
pub fn continues_identifier(c: char) -> bool {
    starts_identifier(c) || matches!(c, '.' | '0'..='9' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Whether a name needs no quotes.
pub fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(starts_identifier) && chars.all(continues_identifier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_of_the_standard_and_of_the_city() {
        for name in ["eo:cloud_cover", "_a.b.1", "diện_tích", "Đường", "value", ":x", "e\u{301}"] {
            assert!(is_identifier(name), "{name}");
        }
        for name in ["", "1a", "a b", "a-b", "×", ".a", "a\u{1680}b"] {
            assert!(!is_identifier(name), "{name}");
        }
    }

    #[test]
    fn keywords_have_no_case() {
        assert_eq!(Temporal::find("T_FINISHEDBY"), Some(Temporal::FinishedBy));
        assert!(is_keyword("Between") && is_keyword("s_Intersects") && is_keyword("a_equals") && !is_keyword("area"));
    }
}
