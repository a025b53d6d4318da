//! What must be said beside the findings: texts that were not checked, and things that happened once.

use yew::prelude::*;

use super::icon::icon;
use super::said::coded;
use super::{Act, Shown};
use crate::app::action::{Action, Notice};
use crate::app::words;

/// Files that could not be read, were skipped, or are of no known kind.
pub(in crate::app) fn unchecked(state: &Shown, act: &Act) -> Html {
    let page = state.reading.page;
    let unreadable = state.files.iter().filter(|file| file.is_unreadable()).map(|file| {
        let id = file.id;
        html! {
            <li>
                {icon("ask")}<span>{words::unreadable(page, &file.name)}</span>
                <button type="button" class="btn" onclick={act.reform(move |_: MouseEvent| Action::TriedAgain(id))}>
                    {words::try_again(page)}
                </button>
            </li>
        }
    });
    let answer = state.answer.as_ref();
    let skipped = answer.into_iter().flat_map(|answer| &answer.skipped).map(|file| {
        html! { <li>{icon("ask")}<span>{words::skipped(page, &file.path)}{" "}{coded(page.of(&file.because).as_str())}</span></li> }
    });
    let unknown = answer
        .into_iter()
        .flat_map(|answer| &answer.files)
        .filter(|file| file.kind == "unknown" && file.parts.is_empty())
        .map(|file| html! { <li>{icon("ask")}<span>{words::unknown_kind(page, &file.path)}</span></li> });
    let notes: Vec<Html> = unreadable.chain(skipped).chain(unknown).collect();
    if notes.is_empty() {
        return Html::default();
    }
    html! { <ul class="unchecked">{for notes}</ul> }
}

/// Said once: a file that was no text, a fix that came too late.
pub(in crate::app) fn notes(state: &Shown, act: &Act) -> Html {
    let page = state.reading.page;
    let Some(notice) = &state.notice else {
        return Html::default();
    };
    let said = match notice {
        Notice::FileNotText(name) => words::file_not_text(page, name),
        Notice::FileNotRead(name) => words::file_not_read(page, name),
        Notice::FixOutdated => words::fix_outdated(page).to_owned(),
    };
    html! {
        <div class="notice" role="alert">
            <span>{said}</span>
            <button type="button" class="btn" onclick={act.reform(|_: MouseEvent| Action::NoticeDismissed)}>
                {words::dismiss(page)}
            </button>
        </div>
    }
}
