//! The page: the tree, and behind it what follows its state.

use web_sys::Element;
use yew::prelude::*;

use super::action::Action;
use super::components::{Shown, aside, dock, editor_pane, file_bar, findings, foot, greeting, notes, questions, top};
use super::outside::Outside;
use super::preferences;
use super::state::{Pane, State};
use super::words;
use crate::present::view::Severity;

#[component]
pub(super) fn Page() -> Html {
    let state = use_reducer(|| State::new(preferences::reading(), preferences::theme()));
    let act = {
        let dispatcher = state.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    let parent = use_node_ref();
    let outside = use_mut_ref(|| None::<Outside>);
    {
        let (state, act, parent) = (state.clone(), act.clone(), parent.clone());
        use_effect(move || {
            let mut outside = outside.borrow_mut();
            if outside.is_none() {
                *outside = parent.cast::<Element>().map(|parent| Outside::new(&parent, &act));
            }
            if let Some(outside) = &mut *outside {
                outside.follow(&state);
            }
        });
    }

    let (state, act) = (&state, &act);
    let page = state.reading.page;
    let first = state.is_first_visit();
    let pane = if state.pane == Pane::Findings && !first { "findings" } else { "text" };
    // The editor's place in the tree never changes: a browser that is composing Hangul must not lose it.
    html! {
        <>
            {top(state, act)}
            <main class={if first { "first" } else { "check" }} data-pane={pane}>
                <section class="left" key="left" aria-label={words::your_text(page)}>
                    <div class="above" key="above">
                        if first {
                            {greeting(state, act)}
                        } else {
                            {file_bar(state, act)}
                        }
                    </div>
                    {editor_pane(state, &parent)}
                    <div class="below" key="below">
                        if !first {
                            {questions(state, act)}
                        }
                    </div>
                </section>
                {if first { aside(state, act) } else { findings(state, act) }}
            </main>
            {foot(state)}
            if !first {
                {dock(state, act)}
            }
            {notes(state, act)}
            <div class="vh" role="status">{status(state)}</div>
        </>
    }
}

/// What a screen reader hears after a check: the counts, nothing more.
fn status(state: &Shown) -> String {
    let page = state.reading.page;
    let Some(answer) = &state.answer else {
        return String::new();
    };
    if answer.findings.is_empty() {
        return words::clear(page).to_owned();
    }
    let count = |severity| answer.findings.iter().filter(|finding| finding.severity == severity).count() as u32;
    words::status_counts(page, count(Severity::Error), count(Severity::Info), count(Severity::Warning))
}
