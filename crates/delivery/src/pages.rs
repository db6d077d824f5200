//! Pages to print: the addresses of what waits for the carrier, and the list of what was handed over (bảng kê bưu gửi).
//! They hold addresses, so opening one is logged like every reading of them.

use axum::response::Response;
use serde_json::json;
use songhan_app::{Cx, IntoProblem, PageSpec, Path, Problem, Query};

use crate::ops::list_parcels::{Asked, list_parcels};
use crate::ops::show_manifest::show_manifest;

fn unit_name(cx: &Cx, code: &str) -> String {
    cx.city.agencies().get(code).map_or_else(|| code.to_owned(), |unit| unit.name.get(cx.lang).to_owned())
}

fn spec(cx: &Cx, title: String) -> PageSpec {
    PageSpec::titled(title)
        .office()
        .crumb("/office", cx.t("delivery-crumb-office"))
        .crumb("/office/parcels", cx.t("delivery-parcels"))
}

/// Địa chỉ nhận, to write on the parcels.
pub async fn addresses(cx: Cx, Query(mut asked): Query<Asked>) -> Result<Response, Problem> {
    asked.state = None;
    let page = list_parcels(&cx, &asked).await.map_err(IntoProblem::into_problem)?;
    let rows = page.items.iter().map(|one| {
        json!({ "dossier": one.dossier, "title": one.title, "unit": unit_name(&cx, &one.unit),
            "recipient": one.recipient, "phone": one.phone, "address": one.address })
    });
    let next = page.next.map(|next| match &asked.unit {
        Some(unit) => format!("/office/parcels/addresses?unit={unit}&after={next}"),
        None => format!("/office/parcels/addresses?after={next}"),
    });
    let data = json!({ "rows": rows.collect::<Vec<_>>(), "next": next.unwrap_or_default() });
    cx.page("delivery/addresses.html", spec(&cx, cx.t("delivery-addresses")), data).await
}

/// Bảng kê bưu gửi.
pub async fn manifest(cx: Cx, Path(id): Path<String>) -> Result<Response, Problem> {
    let list = show_manifest(&cx, &id).await.map_err(IntoProblem::into_problem)?;
    let title = cx.text(cx.lang, "delivery-manifest", &[("number", &list.number)]);
    let rows = list.parcels.iter().enumerate().map(|(n, line)| {
        let state = match line.state.as_str() {
            "handed_over" => String::new(),
            other => cx.t(&format!("delivery-parcel-{}", other.replace('_', "-"))),
        };
        let recipient = line.recipient.clone().unwrap_or_else(|| cx.t("delivery-forgotten"));
        json!([
            n + 1,
            line.number,
            { "text": recipient, "hint": line.phone },
            line.address.clone().unwrap_or_default(),
            { "text": line.dossier, "href": format!("/office/dossiers/{}", line.dossier), "hint": state },
        ])
    });
    let data = json!({
        "title": title,
        "unit": unit_name(&cx, &list.unit),
        "service": list.service_name,
        "officer": list.officer_name,
        "at": list.handed_over_at,
        "count": list.parcels.len(),
        "rows": rows.collect::<Vec<_>>(),
    });
    cx.page("delivery/manifest.html", spec(&cx, title), data).await
}
