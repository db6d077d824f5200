//! What somebody looks for: words, a number on a street, near what, and in which area.

use std::sync::Arc;

use geo_types::Coord;
use songhan_app::Cx;
use songhan_base::Internal;

use super::address::Address;
use super::area;
use super::ground::Ground;
use super::parlance::Parlance;
use crate::View;

/// Words at the end of a text that may name an area without a comma before them.
const AREA_WORDS_MAX: usize = 5;

/// What was asked for.
#[derive(Clone)]
pub struct Question {
    pub words: Vec<String>,
    pub address: Option<Address>,
    pub near: Option<Coord<f64>>,
    /// It lies in each of these.
    pub within: Arc<Vec<Ground>>,
    /// Its first words are words for a street, so many.
    pub street_words: usize,
}

impl Question {
    /// What stands behind a comma is an area if one is called so, else more words.
    pub async fn of(cx: &Cx, text: &str, near: Option<Coord<f64>>) -> Result<Self, Internal> {
        let parlance = &cx.city.get::<View>().parlance;
        let address = Address::read(text, parlance);
        let parts: Vec<&str> = text.split([',', ';']).collect();
        let (own, behind) = parts.split_at(address.as_ref().map_or(1, |address| address.parts).min(parts.len()));
        let (mut words, mut within) = (parlance.words(&own.join(",")), Vec::new());
        for part in behind {
            let named = parlance.words(part);
            match area::ground(cx, &named).await? {
                Some(ground) if !ground.is_empty() => within.push(ground),
                // The whole city, or an area without a shape: everything lies there as far as the map knows.
                Some(_) => {}
                None => words.extend(named),
            }
        }
        let street_words = words.iter().take_while(|word| parlance.is_street(word)).count();
        Ok(Self { words, address, near, within: Arc::new(within), street_words })
    }

    /// The same text with its last words as an area, where one is called so.
    pub fn divided(cx: &Cx, text: &str, parlance: &Parlance) -> Option<String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let lengths = (1..=AREA_WORDS_MAX.min(words.len().saturating_sub(1))).rev();
        let mut divided = lengths.map(|length| words.split_at(words.len() - length));
        let (own, area) = divided.find(|(_, last)| area::is_called(cx, &parlance.words(&last.join(" "))))?;
        Some(format!("{}, {}", own.join(" "), area.join(" ")))
    }
}
