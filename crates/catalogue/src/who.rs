//! Who handles a procedure, and who may apply.

use serde::{Deserialize, Serialize};

/// Cấp thực hiện.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Cấp bộ.
    Central,
    /// Cấp tỉnh.
    Province,
    /// Cấp xã.
    Commune,
    /// Cơ quan khác: courts, social insurance, …
    Other,
}

impl Level {
    /// The levels of a cell such as "Cấp bộ, Cấp tỉnh"; the unknown word otherwise.
    pub(crate) fn read(cell: &str) -> Result<Vec<Self>, String> {
        cell.split(',')
            .map(|word| match word.trim() {
                "Cấp bộ" => Ok(Self::Central),
                "Cấp tỉnh" => Ok(Self::Province),
                "Cấp xã" => Ok(Self::Commune),
                "Cơ quan khác" => Ok(Self::Other),
                other => Err(other.to_owned()),
            })
            .collect()
    }
}

/// Đối tượng thực hiện.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Applicant {
    /// Công dân Việt Nam.
    Citizen,
    /// Người Việt Nam định cư ở nước ngoài.
    OverseasVietnamese,
    /// Người nước ngoài.
    Foreigner,
    /// Người nước ngoài cư trú tại Việt Nam.
    ResidentForeigner,
    /// Cán bộ, công chức, viên chức.
    Official,
    /// Doanh nghiệp.
    Firm,
    /// Doanh nghiệp Việt Nam.
    VietnameseFirm,
    /// Doanh nghiệp có vốn đầu tư nước ngoài.
    ForeignInvestedFirm,
    /// Hợp tác xã.
    Cooperative,
    /// Tổ chức (không bao gồm doanh nghiệp, HTX).
    Organisation,
    /// Tổ chức nước ngoài.
    ForeignOrganisation,
    /// Đảng viên, Tổ chức Đảng.
    Party,
    /// A kind that is not in the published list: as published.
    Unlisted(String),
}

/// As published; two of the names have commas of their own, so the list is not split at commas.
const APPLICANTS: [(&str, Applicant); 13] = [
    ("Cán bộ, công chức, viên chức", Applicant::Official),
    ("Công dân Việt Nam", Applicant::Citizen),
    ("Doanh nghiệp có vốn đầu tư nước ngoài", Applicant::ForeignInvestedFirm),
    ("Doanh nghiệp Việt Nam", Applicant::VietnameseFirm),
    ("Doanh nghiệp", Applicant::Firm),
    ("Hợp tác xã", Applicant::Cooperative),
    ("Người nước ngoài cư trú tại Việt Nam", Applicant::ResidentForeigner),
    ("Người nước ngoài", Applicant::Foreigner),
    ("Người Việt Nam định cư ở nước ngoài", Applicant::OverseasVietnamese),
    ("Tổ chức (không bao gồm doanh nghiệp, HTX)", Applicant::Organisation),
    ("Tổ chức nước ngoài", Applicant::ForeignOrganisation),
    ("Tổ chức Đảng", Applicant::Party),
    ("Đảng viên", Applicant::Party),
];

impl Applicant {
    pub(crate) fn read(cell: &str) -> Vec<Self> {
        let mut found = Vec::new();
        let mut rest = cell.trim();
        while !rest.is_empty() {
            let listed = APPLICANTS.into_iter().find_map(|(name, kind)| {
                let after = rest.strip_prefix(name)?;
                (after.is_empty() || after.starts_with(',')).then_some((kind, after))
            });
            let (kind, after) = listed.unwrap_or_else(|| {
                let (name, after) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
                (Self::Unlisted(name.trim().to_owned()), after)
            });
            if !found.contains(&kind) {
                found.push(kind);
            }
            rest = after.trim_start_matches([',', ' ']);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels() {
        assert_eq!(Level::read("Cấp bộ, Cấp xã"), Ok(vec![Level::Central, Level::Commune]));
        assert_eq!(Level::read("Cấp huyện"), Err("Cấp huyện".to_owned()));
    }

    #[test]
    fn applicants_with_commas_in_their_names() {
        let cell = "Tổ chức (không bao gồm doanh nghiệp, HTX), Cán bộ, công chức, viên chức, Doanh nghiệp, Tàu";
        let expected =
            [Applicant::Organisation, Applicant::Official, Applicant::Firm, Applicant::Unlisted("Tàu".to_owned())];
        assert_eq!(Applicant::read(cell), expected);
    }
}
