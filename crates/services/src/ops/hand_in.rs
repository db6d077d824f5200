//! What is sent to be handed in: a form filled in whole, or the name of a draft.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::openapi::schema::{OneOfBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::ops::submit::Input;

/// A draft of one's own that is to be handed in.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DraftHandIn, example = json!({"draft": "019aa4c2-7c00-7000-8000-000000000007", "version": 1}))]
pub struct NamedDraft {
    #[schema(example = "019aa4c2-7c00-7000-8000-000000000007")]
    pub draft: String,
    /// The version that was looked through, and signed where the form asks for it: a later change is refused.
    #[serde(default)]
    #[schema(example = 1)]
    pub version: Option<i64>,
}

/// The one or the other: what names a draft is one.
#[derive(Clone, Debug)]
pub enum HandIn {
    Whole(Box<Input>),
    Draft(NamedDraft),
}

impl<'de> Deserialize<'de> for HandIn {
    fn deserialize<D: Deserializer<'de>>(body: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(body)?;
        let read = match value.get("draft") {
            Some(_) => NamedDraft::deserialize(value).map(Self::Draft),
            None => Input::deserialize(value).map(|input| Self::Whole(Box::new(input))),
        };
        read.map_err(D::Error::custom)
    }
}

// Derived, each would be a schema of its own without a name.
impl PartialSchema for HandIn {
    fn schema() -> RefOr<Schema> {
        let (whole, draft) = (Ref::from_schema_name("DossierInput"), Ref::from_schema_name("DraftHandIn"));
        OneOfBuilder::new().item(whole).item(draft).into()
    }
}

impl ToSchema for HandIn {
    fn name() -> Cow<'static, str> {
        "DossierHandIn".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        for (name, schema) in [("DossierInput", Input::schema()), ("DraftHandIn", NamedDraft::schema())] {
            schemas.push((name.to_owned(), schema));
        }
        Input::schemas(schemas);
        NamedDraft::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_names_a_draft_is_one() {
        let read = |value: Value| serde_json::from_value::<HandIn>(value);
        assert!(matches!(read(json!({ "draft": "x" })), Ok(HandIn::Draft(NamedDraft { version: None, .. }))));
        assert!(matches!(read(json!({ "procedure": "x", "answers": {} })), Ok(HandIn::Whole(_))));
        for (wrong, told) in [
            (json!({ "draft": "x", "procedure": "y" }), "unknown field `procedure`"),
            (json!({ "draft": 1 }), "expected a string"),
            (json!({ "answers": {} }), "missing field `procedure`"),
            (json!([]), "expected struct"),
        ] {
            let error = read(wrong.clone()).unwrap_err().to_string();
            assert!(error.contains(told), "{wrong}: {error}");
        }
    }
}
