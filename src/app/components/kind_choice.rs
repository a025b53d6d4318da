//! The list from which a reader says what a text is.

use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::app::language::Language;
use crate::app::words;

/// `detected` is what the checker took it for, `said` the reader's own word.
pub(super) fn kind_choice(
    page: Language,
    name: &str,
    detected: Option<&str>,
    said: Option<&str>,
    choose: Callback<Option<String>>,
) -> Html {
    let auto = match (detected, said) {
        (Some(kind), None) => words::kind_detected(page, words::kind_name(page, kind)),
        _ => words::kind_auto(page).to_owned(),
    };
    let onchange = choose.reform(|event: Event| {
        let chosen = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        chosen.map(|select| select.value()).filter(|kind| !kind.is_empty())
    });
    let options = words::KINDS.iter().filter(|(kind, _)| *kind != "unknown").map(|(kind, name)| {
        html! { <option value={*kind} selected={said == Some(kind)}>{name(page)}</option> }
    });
    html! {
        <label>
            <span class="vh">{name.to_owned()}</span>
            <select {onchange}>
                <option value="" selected={said.is_none()}>{auto}</option>
                {for options}
            </select>
        </label>
    }
}
