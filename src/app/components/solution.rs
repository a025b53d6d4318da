//! "Do now": the remedies, what the chosen one changes, and the button that does it.

use yew::prelude::*;

use super::said::sentence;
use super::{Act, Shown};
use crate::app::action::Action;
use crate::app::remedy::{DiffLine, remedies};
use crate::app::rows::Row;
use crate::app::words;
use crate::present::view::Answer;

pub(super) fn solution(state: &Shown, act: &Act, answer: &Answer, row: &Row) -> Html {
    let page = state.reading.page;
    let all = remedies(answer, row);
    let Some(remedy) = all.get(state.remedy).or_else(|| all.first()) else {
        return Html::default();
    };
    let diff = remedy.diff(state, answer);
    if diff.is_empty() {
        return Html::default();
    }
    let apply = {
        let edits = remedy.for_editor(answer);
        act.reform(move |_: MouseEvent| Action::FixAsked(edits.clone()))
    };
    let choices = all.iter().enumerate().map(|(index, one)| {
        let pressed = std::ptr::eq(one, remedy);
        html! {
            <button type="button" aria-pressed={pressed.to_string()}
                onclick={act.reform(move |_: MouseEvent| Action::RemedyChosen(index))}>
                {sentence(page, &one.title)}
            </button>
        }
    });
    html! {
        <>
            <div class="diff">{for diff.iter().map(|line| row_of(state, line))}</div>
            <div class="act">
                <button type="button" class="btn main" onclick={apply}>
                    {if remedy.places > 1 { words::fix_all(page, remedy.places) } else { words::fix(page).to_owned() }}
                </button>
                if all.len() > 1 {
                    <div class="seg" role="group" aria-label={words::remedies(page)}>{for choices}</div>
                } else {
                    <span class="remedy">{sentence(page, &remedy.title)}</span>
                }
            </div>
        </>
    }
}

fn row_of(state: &Shown, line: &DiffLine) -> Html {
    let page = state.reading.page;
    let (class, sign, name) =
        if line.added { ("in", "+", words::line_in(page)) } else { ("out", "−", words::line_out(page)) };
    html! {
        <div {class}>
            <span class="n" aria-hidden="true">{line.number}</span>
            <span class="sign" aria-hidden="true">{sign}</span>
            <span class="vh">{name}</span>
            <span class="line">{for line.stretches.iter().map(|(changed, text)| {
                if *changed { html! { <mark>{text}</mark> } } else { html! { <>{text}</> } }
            })}</span>
        </div>
    }
}
