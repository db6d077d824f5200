//! One question a screen: which screens there are given the answers so far, what comes next and what was before.

use crate::Answers;
use crate::form::{Form, Question, Section};

/// A screen: one question, or a few that belong together and carry the same `screen`.
#[derive(Clone, Debug)]
pub struct Screen<'a> {
    pub section: &'a Section,
    pub questions: Vec<&'a Question>,
    /// Whether it is the first of its section, where the section's introduction stands.
    pub opens_section: bool,
}

impl Screen<'_> {
    /// The last part of its address.
    pub fn id(&self) -> &str {
        self.questions.first().map_or("", |question| question.screen_id())
    }

    /// Whether a required question of it has no answer.
    pub fn is_open(&self, answers: &Answers) -> bool {
        self.questions.iter().any(|question| question.required && !answers.is_answered(&question.id))
    }
}

impl Form {
    /// The screens in order, given the answers so far.
    pub fn screens(&self, answers: &Answers) -> Vec<Screen<'_>> {
        let asked = self.asked(answers);
        let mut screens: Vec<Screen> = Vec::new();
        for section in &self.sections {
            let mut opens_section = true;
            for question in section.questions.iter().filter(|q| asked.iter().any(|a| std::ptr::eq(*a, *q))) {
                match screens.last_mut() {
                    Some(last) if !opens_section && question.screen.is_some() && last.id() == question.screen_id() => {
                        last.questions.push(question);
                    }
                    _ => screens.push(Screen { section, questions: vec![question], opens_section }),
                }
                opens_section = false;
            }
        }
        screens
    }

    /// The screen with this id; `None` when there is none or its questions are not asked.
    pub fn screen(&self, id: &str, answers: &Answers) -> Option<Screen<'_>> {
        self.screens(answers).into_iter().find(|screen| screen.id() == id)
    }

    /// The screen after this one; `None` after the last. One that is hidden by now counts from where it stood.
    pub fn next_after(&self, id: &str, answers: &Answers) -> Option<Screen<'_>> {
        let at = self.position(id)?;
        self.screens(answers).into_iter().find(|screen| self.position(screen.id()) > Some(at))
    }

    /// The screen before this one.
    pub fn previous(&self, id: &str, answers: &Answers) -> Option<Screen<'_>> {
        let at = self.position(id)?;
        self.screens(answers).into_iter().rev().find(|screen| self.position(screen.id()) < Some(at))
    }

    /// The first screen where something is still to be answered; `None` when the answers are complete.
    pub fn first_open(&self, answers: &Answers) -> Option<Screen<'_>> {
        self.screens(answers).into_iter().find(|screen| screen.is_open(answers))
    }

    /// Which screen of how many this is, counted from 1: it may change with the answers.
    pub fn progress(&self, id: &str, answers: &Answers) -> (usize, usize) {
        let screens = self.screens(answers);
        let at = screens.iter().position(|screen| screen.id() == id).map_or(screens.len(), |at| at + 1);
        (at, screens.len())
    }

    /// Where the first question of a screen stands among all questions.
    fn position(&self, id: &str) -> Option<usize> {
        self.questions().position(|question| question.screen_id() == id)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::Answers;
    use crate::sample::{answers, form};

    fn ids(answers: &Answers) -> Vec<String> {
        form().screens(answers).iter().map(|screen| screen.id().to_owned()).collect()
    }

    #[test]
    fn screens_follow_the_answers() {
        let mut given = answers();
        let all = ids(&given);
        assert_eq!(all[..2], ["applicant", "citizen_id"]);
        assert!(!all.contains(&"spouse_abroad".to_owned()));
        given.set("kind", Some(json!("marriage")));
        assert!(ids(&given).contains(&"spouse_abroad".to_owned()));
        assert!(!ids(&given).contains(&"country".to_owned()));
        assert_eq!(form().next_after("kind", &given).unwrap().id(), "spouse_abroad");
        assert_eq!(form().first_open(&given).unwrap().id(), "spouse_abroad");
        // Going back on the choice while on a screen that it hides.
        given.set("kind", Some(json!("birth")));
        assert_eq!(form().next_after("spouse_abroad", &given).unwrap().id(), "uses");
        assert_eq!(form().previous("spouse_abroad", &given).unwrap().id(), "kind");
        assert!(form().screen("spouse_abroad", &given).is_none() && form().next_after("x", &given).is_none());
    }

    #[test]
    fn walking_forward_and_back_meets_every_screen() {
        let given = answers();
        let all = ids(&given);
        let mut walked = vec![all[0].clone()];
        while let Some(next) = form().next_after(walked.last().unwrap(), &given) {
            walked.push(next.id().to_owned());
        }
        assert_eq!(walked, all);
        let mut back = vec![all[all.len() - 1].clone()];
        while let Some(previous) = form().previous(back.last().unwrap(), &given) {
            back.push(previous.id().to_owned());
        }
        back.reverse();
        assert_eq!(back, all);
        assert_eq!(form().progress(&all[1], &given), (2, all.len()));
        assert!(form().first_open(&given).is_none());
    }

    #[test]
    fn introductions_stand_once() {
        let screens = form().screens(&answers());
        let opening: Vec<_> = screens.iter().filter(|screen| screen.opens_section).map(super::Screen::id).collect();
        assert_eq!(opening, ["applicant", "kind"]);
        assert_eq!(screens[0].questions.len(), 2);
    }
}
