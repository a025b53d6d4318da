//! Floor 6: findings and cards become views, and views become text and JSON.

#[cfg(feature = "engine")]
mod answer;
pub mod border;
#[cfg(feature = "engine")]
mod checker;
#[cfg(feature = "cli")]
pub mod explain;
#[cfg(feature = "engine")]
pub mod json;
#[cfg(feature = "engine")]
mod picture;
#[cfg(feature = "cli")]
pub mod text;
pub mod view;

#[cfg(feature = "engine")]
pub use answer::answer;
#[cfg(feature = "engine")]
pub use checker::Checker;
#[cfg(feature = "engine")]
pub use picture::picture;
