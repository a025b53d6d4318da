//! The page's components. They take what they show and give back actions.

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
mod notes;
mod places;
mod questions;
mod said;
mod solution;
mod summary;
mod top;

pub(super) use editor_pane::EditorPane;
pub(super) use file_bar::FileBar;
pub(super) use findings::Findings;
pub(super) use first_visit::{Aside, Greeting};
pub(super) use foot::{Dock, Foot};
pub(super) use notes::Notes;
pub(super) use questions::Questions;
pub(super) use top::Top;

/// The page's state as components get it.
pub(super) type Shown = yew::UseReducerHandle<super::state::State>;
/// Where components report what happened.
pub(super) type Act = yew::Callback<super::action::Action>;

/// What most components take.
#[derive(Clone, PartialEq, yew::Properties)]
pub(super) struct Props {
    pub(super) state: Shown,
    pub(super) act: Act,
}
