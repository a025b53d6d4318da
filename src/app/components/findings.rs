//! The right half: the summary, what could not be checked, and the list.

use yew::prelude::*;

use super::finding::finding_row;
use super::icon::icon;
use super::notes::unchecked;
use super::picture::picture;
use super::places::jump;
use super::questions::questions;
use super::summary::summary;
use super::{Act, Shown};
use crate::app::action::Action;
use crate::app::rows::rows;
use crate::app::state::{Engine, OpenFile};
use crate::app::words;
use crate::present::view::Answer;

pub(in crate::app) fn findings(state: &Shown, act: &Act) -> Html {
    let page = state.reading.page;
    let body = match &state.answer {
        Some(answer) if answer.findings.is_empty() => nothing_found(state, answer),
        Some(answer) => {
            let shown = rows(answer).into_iter().enumerate().filter(|(_, row)| {
                let category =
                    row.findings.first().and_then(|index| answer.findings.get(*index)).map(|one| one.category);
                state.filter.is_none() || state.filter == category
            });
            html! {
                <ol class="list">{for shown.map(|(index, row)| finding_row(state, act, &row, index))}</ol>
            }
        }
        None => waiting(state, act),
    };
    let suppressed = state.answer.as_ref().filter(|answer| !answer.suppressed.is_empty());
    html! {
        <section key="findings" class="right" id="findings" tabindex="-1" aria-label={words::findings(page)}>
            {summary(state, act)}
            <div class="scroll">
                {unchecked(state, act)}
                {body}
                {picture(state, act)}
                if let Some(answer) = suppressed {
                    <p class="aside-note">
                        {words::suppressed(page, answer.suppressed.len() as u32)}{": "}
                        {for answer.suppressed.iter().map(|one| html! { <>{jump(state, act, answer, one.place)}{" "}</> })}
                    </p>
                }
                <div class="narrow-only">{questions(state, act)}</div>
            </div>
        </section>
    }
}

/// Silence must not read as proof: it says what was held against the text.
fn nothing_found(state: &Shown, answer: &Answer) -> Html {
    let page = state.reading.page;
    // Where nothing at all was recognised, the note above says so.
    if answer.files.iter().all(|file| file.kind == "unknown" && file.parts.is_empty()) {
        return Html::default();
    }
    html! {
        <div class="clear">
            <h2>{icon("ok")}{words::clear(page)}</h2>
            <p>{words::rules_applied(page, answer.applied, answer.rules)}{". "}{words::clear_text(page)}</p>
        </div>
    }
}

fn waiting(state: &Shown, act: &Callback<Action>) -> Html {
    let page = state.reading.page;
    match state.engine {
        Engine::Failed => html! {
            <div class="clear" role="alert">
                <p>{words::engine_failed(page)}</p>
                <button type="button" class="btn main" onclick={act.reform(|_: MouseEvent| Action::EngineLoading)}>
                    {words::try_again(page)}
                </button>
            </div>
        },
        Engine::Loading => html! { <p class="aside-note">{words::engine_loading(page)}</p> },
        Engine::Ready if state.files.iter().any(|file| !file.is_blank() && !OpenFile::is_unreadable(file)) => {
            html! { <p class="aside-note">{words::checking(page)}</p> }
        }
        Engine::Ready => Html::default(),
    }
}
