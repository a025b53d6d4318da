//! Places: how they are called, and the buttons that go there.

use yew::prelude::*;

use super::{Act, Shown};
use crate::app::action::Action;
use crate::app::language::Language;
use crate::app::words;
use crate::present::view::{Answer, Finding, Place};

/// "18행", or "settings.py 18행" where there are several files.
pub(super) fn place_name(language: Language, answer: &Answer, place: &Place) -> String {
    match answer.files.get(place.file as usize) {
        Some(file) if answer.files.len() > 1 => words::at_file_line(language, place.start.line, &file.path),
        _ => words::at_line(language, place.start.line),
    }
}

/// The places of a row: the first two, and how many more.
pub(super) fn places_name(language: Language, answer: &Answer, findings: &[usize]) -> String {
    let mut names: Vec<String> = Vec::new();
    for finding in findings.iter().filter_map(|index| answer.findings.get(*index)) {
        let mut name = place_name(language, answer, &finding.place);
        if finding.count > 1 {
            name = format!("{name} ({})", words::times(language, finding.count));
        }
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let more = names.len().saturating_sub(2);
    names.truncate(2);
    let shown = names.join(", ");
    if more == 0 { shown } else { format!("{shown} {}", words::more_places(language, more as u32)) }
}

/// A button that shows the place in the editor.
pub(super) fn jump(state: &Shown, act: &Act, answer: &Answer, place: Place) -> Html {
    let language = state.reading.page;
    let name = place_name(language, answer, &place);
    let onclick = act.reform(move |_: MouseEvent| Action::Jumped(place));
    html! {
        <button type="button" class="link" aria-label={words::jump_to(language, &name)} {onclick}>{name}</button>
    }
}

/// The buttons of several findings, each place once.
pub(super) fn jumps(state: &Shown, act: &Act, answer: &Answer, findings: &[&Finding]) -> Html {
    let mut places: Vec<Place> = Vec::new();
    for finding in findings {
        let known = |place: &Place| (place.file, place.start.line) == (finding.place.file, finding.place.start.line);
        if !places.iter().any(known) {
            places.push(finding.place);
        }
    }
    places.into_iter().map(|place| html! { <>{jump(state, act, answer, place)}{" "}</> }).collect()
}
