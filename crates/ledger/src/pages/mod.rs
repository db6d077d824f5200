//! Pages for the payer: pay, on the way to the gateway, and back from it; and those of the accountant (`office`). They
//! work without JavaScript.

mod back;
mod gateway;
mod key;
pub mod office;
mod pay;

use songhan_app::{Access, Cx, Problem, Route};
use songhan_base::Id;

use crate::access::{Hidden, Seen, see};

/// Who may see a charge is told charge by charge: its payer has an account, the holder of its link has none.
pub fn routes() -> Vec<Route> {
    let payers = vec![
        Route::get("/pay/{charge}", pay::show, Access::Public),
        Route::post("/pay/{charge}/refund-account", pay::give_account, Access::Public),
        Route::get("/pay/{charge}/live", pay::live, Access::Public),
        Route::post("/pay/{charge}/gateway", gateway::begin, Access::Public),
        Route::get("/pay/{charge}/gateway/{payment}", gateway::go, Access::Public),
        Route::get("/pay/{charge}/return", back::show, Access::Public),
    ];
    [payers, office::routes()].concat()
}

/// The charge, by the account or by the key that this browser was given.
async fn seen(cx: &Cx, id: Id, key: Option<&str>) -> Result<Seen, Problem> {
    see(cx, id, key).await.map_err(Hidden::into)
}

/// The name of a unit in the page's language; its code when the city has let go of it.
fn unit_name(cx: &Cx, code: &str) -> String {
    cx.city.agencies().get(code).map_or(code, |unit| unit.name.get(cx.lang)).to_owned()
}
