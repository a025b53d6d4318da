//! The open files, and what the checker takes the shown one for.

use yew::prelude::*;

use super::icon::icon;
use super::kind_choice::kind_choice;
use super::parts::parts;
use super::said::coded;
use super::{Act, Shown};
use crate::app::action::Action;
use crate::app::opening::choose_files;
use crate::app::words;

pub(in crate::app) fn file_bar(state: &Shown, act: &Act) -> Html {
    let page = state.reading.page;
    let tabs = state.files.iter().map(|file| {
        let id = file.id;
        let current = (state.active == id).then_some("true");
        html! {
            <li key={id} class={classes!("file", current.map(|_| "on"))}>
                <button type="button" aria-current={current}
                    onclick={act.reform(move |_: MouseEvent| Action::Selected(id))}>{&*file.name}</button>
                <button type="button" class="close" aria-label={words::close_file(page, &file.name)}
                    onclick={act.reform(move |_: MouseEvent| Action::Closed(id))}>{icon("close")}</button>
            </li>
        }
    });
    let open = {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| choose_files(act.clone()))
    };
    html! {
        <>
            <div class="files">
                <ul aria-label={words::files(page)}>{for tabs}</ul>
                <button type="button" class="add" onclick={act.reform(|_: MouseEvent| Action::Added(None))}>
                    {icon("plus")}<span>{words::add_file(page)}</span>
                </button>
                <button type="button" class="add" onclick={open}>{icon("drop")}<span>{words::open_files(page)}</span></button>
            </div>
            {kind(state, act)}
        </>
    }
}

/// The kind with its reason; the reader may overrule it.
fn kind(state: &Shown, act: &Act) -> Html {
    let page = state.reading.page;
    let file = state.active_file();
    let id = file.id;
    let checked = state.answer.as_ref().and_then(|answer| answer.files.iter().find(|checked| checked.id == id));
    let reason = match (&file.kind, checked) {
        (Some(_), _) => words::kind_yours(page),
        (None, Some(checked)) => page.of(&checked.because),
        (None, None) => "",
    };
    let detected = checked.map(|checked| checked.kind.as_str());
    let choose = act.reform(move |kind| Action::KindChosen(id, kind));
    html! {
        <>
            <div class="kind">
                {kind_choice(page, words::kind(page), detected, file.kind.as_deref(), choose)}
                <span class="because" title={reason.replace('`', "")}>{coded(reason)}</span>
            </div>
            {parts(state, act)}
        </>
    }
}
