//! Set preferences: which channels one wants for which topic.

use axum::Json;
use serde::{Deserialize, Serialize};
use serde_json::json;
use songhan_app::{ApiJson, Cx, IntoProblem, Problem};
use songhan_base::{FieldError, Id, Internal};

use super::read_preferences::{Settings, Topics, read_preferences};
use crate::channel::Channel;
use crate::preferences::is_mandatory;
use crate::store;
use crate::topic::Topic;

/// What one wants.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SetNoticePreferences)]
pub struct Input {
    pub topics: Topics,
}

#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    #[error("some channels cannot be left out; keep those named")]
    Mandatory(Vec<FieldError>),
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl IntoProblem for Rejection {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Mandatory(errors) => Problem::invalid("channel_mandatory", detail, errors),
            Self::Internal(error) => error.into(),
        }
    }
}

/// Sets an account's (one's own) preferences, all of them.
pub async fn set_preferences(cx: &Cx, account: Id, input: &Input) -> Result<(), Rejection> {
    let wanted = |topic: Topic, channel: Channel| input.topics.of(topic).contains(&channel);
    let left_out = |topic: Topic| {
        let missing = Channel::ALL.into_iter().filter(move |&channel| is_mandatory(topic, channel));
        missing.filter(move |&channel| !wanted(topic, channel)).map(move |channel| (topic, channel))
    };
    let errors: Vec<FieldError> = Topic::ALL
        .into_iter()
        .flat_map(left_out)
        .map(|(topic, channel)| {
            let said = format!("{} is always told by {}", topic.as_str(), channel.as_str());
            FieldError::new(format!("topics/{}", topic.as_str()), "mandatory", said)
        })
        .collect();
    if !errors.is_empty() {
        return Err(Rejection::Mandatory(errors));
    }
    let mut tx = cx.begin().await?;
    for topic in Topic::ALL {
        for channel in Channel::OUT.into_iter().filter(|&channel| !is_mandatory(topic, channel)) {
            store::set_preference(&mut tx, account, topic, channel, wanted(topic, channel)).await?;
        }
    }
    let detail = json!({ "topics": input.topics });
    tx.audit("notices.preferences_changed", &format!("account:{account}"), detail).await?;
    tx.commit().await?;
    Ok(())
}

#[utoipa::path(put, path = "/api/v1/me/notice-preferences", operation_id = "set_notice_preferences", tag = "notices",
    summary = "Choose how I am told",
    description = "All topics are given. The app is always told, and what concerns security goes by e-mail too. SMS and Zalo \
                   take effect once the telephone number is verified, push once a browser has subscribed.",
    request_body = Input,
    responses(
        (status = 200, description = "What holds now", body = Settings),
        (status = 422, description = "A topic or channel is none, or a mandatory one is left out"),
    ))]
pub async fn set_preferences_handler(cx: Cx, ApiJson(input): ApiJson<Input>) -> Result<Json<Settings>, Problem> {
    let account = cx.person()?.account;
    set_preferences(&cx, account, &input).await.map_err(IntoProblem::into_problem)?;
    Ok(Json(read_preferences(&cx, account).await?))
}
