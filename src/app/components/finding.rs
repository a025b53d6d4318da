//! One row of the list: a button, and when it is open the chart below it.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::body::body;
use super::icon::{icon, severity_name};
use super::places::{place_name, places_name};
use super::said::title;
use super::{Act, Shown};
use crate::app::action::Action;
use crate::app::rows::Row;
use crate::app::words;
use crate::present::view::{Place, Role, Severity};

pub(super) fn finding_row(state: &Shown, act: &Act, row: &Row, index: usize) -> Html {
    let page = state.reading.page;
    let Some(answer) = &state.answer else {
        return Html::default();
    };
    let Some(first) = row.findings.first().and_then(|index| answer.findings.get(*index)) else {
        return Html::default();
    };
    let open = state.open.as_ref() == Some(&row.key);
    let severity = severity_name(first.severity);
    let severity_word = match first.severity {
        Severity::Error => words::error(page),
        Severity::Warning => words::warning(page),
        Severity::Info => words::info(page),
    };
    // "Cause: line 18" only where that line has a finding of its own.
    let cause = first.related.iter().find(|related| {
        let line = |place: &Place| (place.file, place.start.line);
        related.role == Role::Cause && answer.findings.iter().any(|other| line(&other.place) == line(&related.place))
    });
    let id = row.key.id(index);
    let body_id = format!("{id}-body");

    let toggle = {
        let key = row.key.clone();
        act.reform(move |_: MouseEvent| Action::RowToggled(key.clone()))
    };
    // Escape closes the chart from anywhere in it; the focus goes back to its button.
    let onkeydown = {
        let (act, key, id) = (act.clone(), row.key.clone(), id.clone());
        Callback::from(move |event: KeyboardEvent| {
            if open && event.key() == "Escape" {
                let button = gloo::utils::document().get_element_by_id(&id);
                if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
                    let _ = button.focus();
                }
                act.emit(Action::RowToggled(key.clone()));
            }
        })
    };
    html! {
        <li key={id.clone()}>
            <article class={classes!("f", open.then_some("open"))} data-rule={row.key.rule.clone()} {onkeydown}>
                <h2>
                    <button type="button" class="f-h" id={id} aria-expanded={open.to_string()}
                        aria-controls={open.then(|| body_id.clone())} onclick={toggle}>
                        <span class={classes!("sev", severity)}>{icon(severity)}{severity_word}</span>
                        <span class="title">
                            {title(state.reading, &first.title)}
                            if let Some(cause) = cause {
                                <span class="sub">{words::cause_at(page, &place_name(page, answer, &cause.place))}</span>
                            }
                        </span>
                        <span class="where num">{places_name(page, answer, &row.findings)}</span>
                        {icon(if open { "open" } else { "shut" })}
                    </button>
                </h2>
                if open {
                    <div class="f-body" id={body_id}>{body(state, act, answer, row)}</div>
                }
            </article>
        </li>
    }
}
