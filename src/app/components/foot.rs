//! The line at the bottom, and on a phone the bar that switches between findings and text.

use yew::prelude::*;

use super::icon::icon;
use super::{Act, Shown};
use crate::app::action::Action;
use crate::app::state::Pane;
use crate::app::words;

pub(in crate::app) fn foot(state: &Shown) -> Html {
    let page = state.reading.page;
    html! {
        <footer class="foot">
            <span>{icon("ok")}{words::foot_vow(page)}</span>
            if let Some(answer) = &state.answer {
                <span class="foot-end num">
                    {words::rules_applied(page, answer.applied, answer.rules)}{" · "}{words::took(page, state.milliseconds)}
                </span>
            }
        </footer>
    }
}

pub(in crate::app) fn dock(state: &Shown, act: &Act) -> Html {
    let page = state.reading.page;
    let count = state.answer.as_ref().map_or(0, |answer| answer.findings.len() as u32);
    let tab = |pane: Pane, label: String| {
        let current = (state.pane == pane).then_some("true");
        html! {
            <button type="button" aria-current={current}
                onclick={act.reform(move |_: MouseEvent| Action::PaneChosen(pane))}>{label}</button>
        }
    };
    html! {
        <nav class="dock" aria-label={words::findings(page)}>
            {tab(Pane::Findings, words::findings_count(page, count))}
            {tab(Pane::Text, words::your_text(page).to_owned())}
        </nav>
    }
}
