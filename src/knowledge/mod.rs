//! Floor 1: tables derived from Celery's sources, and the official links.

pub mod backends;
pub mod celery;
pub mod importable;
pub mod imports;
pub mod links;
pub mod packages;
mod packed;
#[cfg(feature = "cli")]
pub mod reference;
pub mod serializers;
pub mod time_zones;
