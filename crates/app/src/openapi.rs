//! The API described from the code: every route that a module declared by `routes!`, with what the frame itself adds to
//! each operation, so that no operation repeats it: who may call, and the answers that any request may get.

use axum::http::{Method, StatusCode};
use songhan_base::{Internal, Lang};
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, Content, InfoBuilder, License, OpenApi, OpenApiBuilder, Paths, Ref, RefOr, Required, Response,
};
use utoipa::{PartialSchema, ToSchema};

use crate::{Access, App, Problem, Route};

const PROBLEM: &str = "application/problem+json";

/// The whole document. Fails when two modules give one name to different shapes, which no program could tell apart.
pub fn document(app: &App) -> Result<OpenApi, Internal> {
    let mut paths = Paths::new();
    let mut components = Components::new();
    components.security_schemes.insert(
        "bearer".into(),
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some(
                    "A session's token, from POST /api/v1/sessions, or one that `songhan token create` made",
                ))
                .build(),
        )
        .into(),
    );
    let mut schemas = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    for route in app.modules.iter().flat_map(|m| &m.routes) {
        let Some(api) = &route.api else { continue };
        schemas.extend(api.0.iter().cloned());
        let mut own = api.1.clone();
        for (path, item) in &mut own.paths {
            for (method, operation) in operations(item) {
                complete(operation, &method, path, route);
            }
        }
        paths.merge(own);
    }
    for (name, schema) in schemas {
        match components.schemas.get(&name) {
            Some(other) if *other != schema => return Err(shared_name(&name)),
            Some(_) => {}
            None => drop(components.schemas.insert(name, schema)),
        }
    }
    let mut license = License::new("Apache-2.0");
    license.url = Some("https://www.apache.org/licenses/LICENSE-2.0".into());
    let info = InfoBuilder::new()
        .title(format!("Songhan: {}", app.city.manifest().name.get(Lang::En)))
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("The city's digital government. Errors are RFC 9457 problems; times are RFC 3339."))
        .license(Some(license))
        .build();
    Ok(OpenApiBuilder::new().info(info).paths(paths).components(Some(components)).build())
}

fn shared_name(name: &str) -> Internal {
    Internal::new(format!(
        "describe the API: two types are called {name} there; name one of them otherwise by #[schema(as = …)]"
    ))
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let all = [
        (Method::GET, &mut item.get),
        (Method::PUT, &mut item.put),
        (Method::POST, &mut item.post),
        (Method::DELETE, &mut item.delete),
        (Method::PATCH, &mut item.patch),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// Adds what the layers around the operation do. Where the operation says more of a status, its words stand; an error
/// that it names without a body is a problem like all others.
fn complete(operation: &mut Operation, method: &Method, path: &str, route: &Route) {
    operation.security = Some(security(&route.access));
    if route.idempotent {
        require_key(operation);
    }
    for (status, answer) in &mut operation.responses.responses {
        let RefOr::T(response) = answer else { continue };
        if status.starts_with(['4', '5']) && response.content.is_empty() {
            tell_problem(response, path);
        }
    }
    let changes = *method != Method::GET;
    let sends = matches!(*method, Method::POST | Method::PUT | Method::PATCH);
    let guarded = matches!(route.access, Access::Roles(_));
    let meant = changes && route.access != Access::Signed;
    let json = match &operation.request_body {
        Some(RefOr::T(body)) => body.content.contains_key("application/json"),
        _ => false,
    };
    let answers = [
        (true, StatusCode::BAD_REQUEST, "The address, a header or the body cannot be read".to_owned()),
        (true, StatusCode::UNAUTHORIZED, "The token is missing, is not valid or has expired".to_owned()),
        (guarded || meant, StatusCode::FORBIDDEN, forbidden(&route.access, meant)),
        (sends, StatusCode::PAYLOAD_TOO_LARGE, "The body is too large".to_owned()),
        (json, StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is not JSON".to_owned()),
        (
            sends,
            StatusCode::UNPROCESSABLE_ENTITY,
            "The body does not fit, or the Idempotency-Key was used for another request".to_owned(),
        ),
    ];
    for (_, status, description) in answers.into_iter().filter(|(given, ..)| *given) {
        let told = operation.responses.responses.entry(status.as_str().to_owned());
        told.or_insert_with(|| {
            let mut response = Response::new(description);
            tell_problem(&mut response, path);
            RefOr::T(response)
        });
    }
}

/// Who may call it, and that a browser calls it from its own pages.
fn forbidden(access: &Access, meant: bool) -> String {
    let mut why = Vec::new();
    if let Access::Roles(roles) = access {
        let names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
        why.push(format!("Not of a role that may: {}", names.join(", ")));
    }
    if meant {
        why.push("Sent by a browser from another site".to_owned());
    }
    why.join("; ")
}

fn tell_problem(response: &mut Response, path: &str) {
    let schema = Ref::from_schema_name(Problem::name());
    response.content.insert(PROBLEM.to_owned(), RefOr::T(Content::new(Some(schema))));
    // Outside /api/ a browser is answered by a page.
    if !path.starts_with("/api/") {
        let page = ObjectBuilder::new().schema_type(Type::String);
        response.content.insert("text/html".to_owned(), RefOr::T(Content::new(Some(page))));
    }
}

/// What the guard asks for; an empty requirement is "without a token too".
fn security(access: &Access) -> Vec<SecurityRequirement> {
    let bearer = SecurityRequirement::new::<_, [&str; 0], &str>("bearer", []);
    match access {
        Access::Public => vec![SecurityRequirement::default(), bearer],
        Access::SignedIn | Access::Roles(_) => vec![bearer],
        Access::Signed => vec![SecurityRequirement::default()],
    }
}

fn require_key(operation: &mut Operation) {
    let key = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(128))
        .pattern(Some("^[!-~]+$"))
        .build();
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some("A new random text for each new request, and the same one when it is repeated"))
        .schema(Some(key))
        .example(Some("0d6c9f3e-3a5f-4a5b-9c43-0c8a5f0d7a11".into()))
        .build();
    operation.parameters.get_or_insert_default().push(RefOr::T(key));
}
