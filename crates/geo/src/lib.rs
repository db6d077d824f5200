//! Geometry of a city, without a database and without a network: reference systems ([`crs`]), vector tiles ([`tile`]),
//! the filter language of OGC ([`cql2`]) and broken shapes made whole ([`repair`]). Shapes are those of `geo-types`.

pub mod cql2;
pub mod crs;
pub mod repair;
pub mod tile;
