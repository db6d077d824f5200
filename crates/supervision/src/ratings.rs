//! Who may see how content people are. Where few have rated, whoever knows one of them would learn what that one said; so
//! ratings are shown from a number on that the city declares (`shown_from`), and to administrators, who see no dossiers,
//! always.
//!
//! What is withheld cannot be had by subtraction either:
//! - the agencies of a month add up to the city, and so do its fields: where what is withheld of them comes to fewer
//!   ratings than that number, the smallest row that could be shown is withheld with it;
//! - nobody is shown the ratings of an agency in one field, which would tie agencies and fields together;
//! - a month is shown when it is over, and does not move from then on: watched from day to day it would give away each new
//!   rating, and each that is changed;
//! - beside an agency's or a field's month the months before stand without ratings, which each month's own page has.

use std::collections::BTreeSet;

use serde::Serialize;
use songhan_app::Cx;
use songhan_base::Role;

use crate::{Indicators, Month};

/// Why ratings are not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = SupervisionRatingsWithheld)]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// There are too few, or so few elsewhere that these would tell of them.
    Few,
    /// The month is not over.
    Running,
    /// Ratings of an agency in one field are never shown.
    UnitAndField,
}

/// How much of a month's ratings the actor sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    All,
    /// Those of so many people and more.
    From(i64),
    None,
}

impl Sight {
    pub fn of(cx: &Cx, month: Month) -> Self {
        if cx.actor.has(Role::Administrator) {
            return Self::All;
        }
        let is_over = month < Month::of(cx.today());
        match cx.city.get::<Indicators>().ratings_shown_from().filter(|_| is_over) {
            Some(least) => Self::From(least),
            None => Self::None,
        }
    }

    /// Of a sum that nobody can take apart.
    pub const fn shows(self, ratings: i64) -> bool {
        match self {
            Self::All => true,
            Self::From(least) => ratings >= least,
            Self::None => false,
        }
    }

    /// The same where it would have to be known beside what else is shown.
    pub fn all_or_none(self) -> Self {
        if self == Self::All { self } else { Self::None }
    }

    /// Which rows of a table that adds up to the city are shown.
    pub fn rows<'r>(self, rows: impl IntoIterator<Item = Row<'r>>) -> Rows {
        let Self::From(least) = self else { return Rows { sight: self, codes: BTreeSet::new() } };
        let (mut enough, few): (Vec<Row<'_>>, Vec<Row<'_>>) = rows.into_iter().partition(|row| row.ratings >= least);
        enough.sort_by(|a, b| (b.ratings, b.code).cmp(&(a.ratings, a.code)));
        let mut withheld: i64 = few.iter().map(|row| row.ratings).sum();
        // Somebody who changed an earlier rating was once counted among the content ones alone.
        if few.iter().any(|row| row.ratings != 0 || row.satisfied != 0) {
            while withheld < least
                && let Some(smallest) = enough.pop()
            {
                withheld += smallest.ratings;
            }
        }
        Rows { sight: self, codes: enough.into_iter().map(|row| row.code.to_owned()).collect() }
    }
}

/// A row of a table, by what was rated.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    pub code: &'r str,
    pub ratings: i64,
    pub satisfied: i64,
}

/// The rows of a table whose ratings are shown.
#[derive(Clone, Debug)]
pub struct Rows {
    sight: Sight,
    codes: BTreeSet<String>,
}

impl Rows {
    pub fn shows(&self, code: &str) -> bool {
        self.sight == Sight::All || self.codes.contains(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(ratings: &[(&'static str, i64)]) -> Vec<&'static str> {
        let rows = Sight::From(5).rows(ratings.iter().map(|&(code, ratings)| Row { code, ratings, satisfied: 0 }));
        ratings.iter().map(|(code, _)| *code).filter(|code| rows.shows(code)).collect()
    }

    #[test]
    fn few_are_withheld() {
        assert_eq!(shown(&[("a", 5), ("b", 12), ("c", 0)]), ["a", "b"]);
        assert_eq!(shown(&[("a", 40), ("b", 4), ("c", 2)]), ["a"], "six together tell nothing of one");
        assert!(!Sight::From(5).shows(4) && Sight::From(5).shows(5) && !Sight::None.shows(100) && Sight::All.shows(1));
    }

    #[test]
    fn one_alone_takes_the_smallest_with_it() {
        assert_eq!(shown(&[("a", 40), ("b", 1), ("c", 6)]), ["a"]);
        assert_eq!(shown(&[("a", 40), ("b", 1)]), [""; 0], "else the city minus `a` is `b`");
    }

    #[test]
    fn a_changed_rating_is_withheld_like_a_new_one() {
        let rows = [Row { code: "a", ratings: 9, satisfied: 9 }, Row { code: "b", ratings: 0, satisfied: -1 }];
        assert!(!Sight::From(5).rows(rows).shows("a"));
        assert!(Sight::All.rows(rows).shows("b") && !Sight::None.rows(rows).shows("a"));
    }
}
