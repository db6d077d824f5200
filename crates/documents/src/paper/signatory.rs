//! Who signs, and by whose authority (thẩm quyền ký).

use serde::{Deserialize, Serialize};

/// Who signs a paper (Decree 30/2020, Appendix I, II.7).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Signatory {
    /// By whose authority, each on a line of its own: a deputy of a People's Committee has `TM. Ủy ban nhân dân` and
    /// below it `KT. Chủ tịch`. Empty: by their own.
    #[serde(default)]
    pub authority: Vec<Authority>,
    /// Chức vụ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Họ và tên.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// How someone comes to sign for another (Decree 30/2020, article 13 and Appendix I, II.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// TM., thay mặt: for a body that decides together.
    Body,
    /// Q., quyền: entrusted with an office that is vacant.
    Acting,
    /// KT., ký thay: a deputy in place of the head.
    Deputy,
    /// TL., thừa lệnh: the head of a part, by order.
    Order,
    /// TUQ., thừa ủy quyền: by a delegation in writing, for a limited time.
    Delegation,
}

impl By {
    const ALL: [Self; 5] = [Self::Body, Self::Acting, Self::Deputy, Self::Order, Self::Delegation];

    /// The letters before whose authority it is.
    pub const fn letters(self) -> &'static str {
        match self {
            Self::Body => "TM.",
            Self::Acting => "Q.",
            Self::Deputy => "KT.",
            Self::Order => "TL.",
            Self::Delegation => "TUQ.",
        }
    }
}

/// One line above a signature, such as `KT. Chủ tịch`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Authority {
    pub by: By,
    /// The body or the office: `Ủy ban nhân dân`, `Chủ tịch`.
    pub of: String,
}

impl Authority {
    pub fn new(by: By, of: impl Into<String>) -> Self {
        Self { by, of: of.into() }
    }
}

impl From<Authority> for String {
    fn from(authority: Authority) -> Self {
        format!("{} {}", authority.by.letters(), authority.of)
    }
}

impl TryFrom<String> for Authority {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let by = By::ALL.into_iter().find_map(|by| Some((by, text.strip_prefix(by.letters())?.trim())));
        let (by, of) = by.filter(|(_, of)| !of.is_empty()).ok_or_else(|| {
            format!("cannot read the authority {text:?}; write TM., Q., KT., TL. or TUQ. and whose it is")
        })?;
        Ok(Self { by, of: of.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authority_reads_as_it_is_written() {
        for by in By::ALL {
            let authority = Authority::new(by, "Chủ tịch");
            let json = serde_json::to_string(&authority).unwrap();
            assert_eq!(serde_json::from_str::<Authority>(&json).unwrap(), authority);
        }
        let delegated: Authority = serde_json::from_str("\"TUQ. Giám đốc\"").unwrap();
        assert_eq!((delegated.by, delegated.of.as_str()), (By::Delegation, "Giám đốc"));
        for wrong in ["", "KT.", "PP. Chủ tịch", "Chủ tịch"] {
            assert!(Authority::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
