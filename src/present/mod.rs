//! Floor 6: findings and cards become views, and views become text and JSON.

pub mod view;
