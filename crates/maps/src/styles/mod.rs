//! Kiểu bản đồ: how map programs draw the city, made from what each layer declares of its looks. One style by day and one
//! for dark screens, with the icons and letters that they name.

pub mod answer;
mod compose;
mod draw;
mod expression;
mod labels;
mod show_style;
pub mod sprites;
mod theme;

use songhan_app::{Access, Route};
use utoipa_axum::routes;

pub fn routes() -> Vec<Route> {
    vec![
        Route::api(routes!(show_style::handler), Access::Public),
        Route::api(routes!(sprites::handler), Access::Public),
    ]
}
