//! The parts of the page. They take what they show and give back actions. They are functions, not components of
//! Yew's: each component would weigh 2 KB in the page, and all of them show the same state.

mod assumption;
mod body;
mod editor_pane;
mod excerpt;
mod file_bar;
mod finding;
mod findings;
mod first_visit;
mod foot;
mod icon;
mod kind_choice;
mod notes;
mod parts;
mod picture;
mod places;
mod questions;
mod said;
mod solution;
mod summary;
mod top;

pub(super) use editor_pane::editor_pane;
pub(super) use file_bar::file_bar;
pub(super) use findings::findings;
pub(super) use first_visit::{aside, greeting};
pub(super) use foot::{dock, foot};
pub(super) use icon::severity_name;
pub(super) use notes::notes;
pub(super) use questions::questions;
pub(super) use top::top;

/// The page's state as components get it.
pub(super) type Shown = yew::UseReducerHandle<super::state::State>;
/// Where components report what happened.
pub(super) type Act = yew::Callback<super::action::Action>;
