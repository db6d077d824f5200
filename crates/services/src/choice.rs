//! What an applicant chooses beside the questions of a form.

/// A choice that an applicant makes beside the questions of the form. Each is a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Nộp cho ai: before the first question, because answers follow from it.
    ForWhom,
    /// Nơi giải quyết.
    Unit,
    /// Đối tượng miễn phí: after the last question, because fees follow from the answers.
    Exemption,
    /// Cách nhận kết quả, where it may come by post.
    Return,
}

impl Choice {
    pub const ALL: [Self; 4] = [Self::ForWhom, Self::Unit, Self::Exemption, Self::Return];

    /// The last part of its address.
    pub const fn id(self) -> &'static str {
        match self {
            Self::ForWhom => "for-whom",
            Self::Unit => "unit",
            Self::Exemption => "fee-exemption",
            Self::Return => "return",
        }
    }

    /// The field of its page, and the field that an error is told about.
    pub const fn field(self) -> &'static str {
        match self {
            Self::ForWhom => "party",
            Self::Unit => "unit",
            Self::Exemption => "group",
            Self::Return => "way",
        }
    }

    /// What its texts begin with: `services-KEY-title`, `-hint`, `-wrong`.
    pub const fn texts(self) -> &'static str {
        match self {
            Self::ForWhom => "services-for-whom",
            Self::Unit => "services-unit",
            Self::Exemption => "services-exemption",
            Self::Return => "returns",
        }
    }

    /// What it is kept under among the draft's answers: a name that no question can have.
    pub const fn key(self) -> &'static str {
        match self {
            Self::ForWhom => "_for",
            Self::Unit => "_unit",
            Self::Exemption => "_exemption",
            Self::Return => "_return",
        }
    }
}
