//! Tải dữ liệu: a layer, or what of it is asked for, as a file in a format of the field. It is written feature by feature
//! into a temporary file and then sent, so that a million features need no more memory than a page of them; a file that
//! cannot be made whole is told before a byte of it is sent.

mod about;
mod answer;
mod download_layer;
mod file;
mod writing;

use songhan_app::{Access, Route};
use utoipa_axum::routes;

pub fn routes() -> Vec<Route> {
    vec![Route::api(routes!(download_layer::handler), Access::Public)]
}
