//! Samples of the search of places.

use super::world::{Request, World, get};

pub async fn sample(world: &World, method: &str, path: &str) -> Option<Request> {
    let asked = match (method, path) {
        ("GET", "/api/v1/places") => "/api/v1/places?q=hai%20chau",
        ("GET", "/api/v1/places/at") => "/api/v1/places/at?lon=108.2208&lat=16.0678",
        _ => return None,
    };
    songhan_maps::fill_from_folder(&world.city.system()).await.expect("the layers are filled");
    Some(get(asked.to_owned()))
}
