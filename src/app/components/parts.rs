//! The parts of a note: where each begins, what it was taken for and why, and the way to say it oneself.

use yew::prelude::*;

use super::kind_choice::kind_choice;
use super::places::jump;
use super::said::coded;
use super::{Act, Shown};
use crate::app::action::Action;
use crate::app::mask;
use crate::app::words;
use crate::present::view::{Answer, Part};

pub(super) fn parts(state: &Shown, act: &Act) -> Html {
    let page = state.reading.page;
    let id = state.active;
    let checked = |answer: &Answer| answer.files.iter().position(|file| file.id == id);
    let Some((answer, index)) = state.answer.as_deref().and_then(|answer| Some((answer, checked(answer)?))) else {
        return Html::default();
    };
    let file = &answer.files[index];
    if file.parts.is_empty() {
        return Html::default();
    }
    let text = state.checked_file(answer, index as u32).map(|file| &*file.text);
    let row = |(index, part): (usize, &Part)| {
        let number = index as u32 + 1;
        let said = state.active_file().part_kinds.iter().find(|(chosen, _)| *chosen == number).map(|(_, kind)| &**kind);
        let reason = if said.is_some() { words::kind_yours(page) } else { page.of(&part.because).as_str() };
        let choose = act.reform(move |kind| Action::PartKindChosen(id, number, kind));
        html! {
            <li key={number}>
                <span class="part-n">{words::part_number(page, number)}</span>
                {jump(state, act, answer, part.place)}
                <code class="part-line">{text.map(|text| first_line(text, part)).unwrap_or_default()}</code>
                if file.kind == "markdown" {
                    {kind_choice(page, &words::part_kind(page, number), Some(&part.kind), said, choose)}
                } else {
                    <span>{words::kind_name(page, &part.kind).to_owned()}</span>
                }
                <span class="because">{coded(reason)}</span>
            </li>
        }
    };
    html! {
        <details class="parts">
            <summary>{words::parts_read(page, file.parts.len() as u32)}</summary>
            <ol>{for file.parts.iter().enumerate().map(row)}</ol>
        </details>
    }
}

/// The part's first line that is not empty, without its secrets.
fn first_line(text: &str, part: &Part) -> String {
    let (start, end) = (part.place.start.offset as usize, part.place.end.offset as usize);
    let line =
        text.get(start..end).unwrap_or_default().lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    mask::masked(line, 0..line.len(), &mask::secrets(line, None))
}
