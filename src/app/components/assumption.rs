//! Which Celery and RabbitMQ the findings are about, how that is known, and the way to say it oneself.

use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::places::jump;
use super::said::coded;
use super::{Act, Shown};
use crate::app::action::Action;
use crate::app::words;

/// The last release of each line that people run.
const VERSIONS: &[&str] = &["3.1.26", "4.4.7", "5.0.5", "5.2.7", "5.3.6", "5.4.0", "5.5.3", "5.6.3", "5.7.0"];

/// The lines that people run.
const RABBITMQ: &[&str] = &["3.12", "3.13", "4.0", "4.1", "4.2", "4.3"];

pub(in crate::app) fn assumption(state: &Shown, act: &Act) -> Html {
    let page = state.reading.page;
    let Some(answer) = &state.answer else {
        return Html::default();
    };
    let celery = answer.versions.iter().find(|versions| versions.product == "celery");
    let said = state.options.celery.as_deref();
    // Without a word of the reader's the text decides, if it says anything.
    let unsaid = match celery {
        Some(celery) if celery.known && said.is_none() => words::celery_detected(page),
        _ => words::celery_unknown(page),
    };
    html! {
        <div class="assume">
            if let Some(celery) = celery {
                <p>
                    <b>{words::assumed(page, &span(&celery.possible))}</b>
                    {" · "}{coded(page.of(&celery.because).as_str())}
                    if let Some(place) = celery.from {
                        {" "}{jump(state, act, answer, place)}
                    }
                </p>
            }
            {choice(words::celery_version(page), unsaid, VERSIONS, said, act.reform(|event| Action::CelerySaid(chosen(&event))))}
            {choice(
                words::rabbitmq_version(page),
                words::celery_detected(page),
                RABBITMQ,
                state.options.rabbitmq.as_deref(),
                act.reform(|event| Action::RabbitmqSaid(chosen(&event))),
            )}
        </div>
    }
}

/// What the reader says of a version; `unsaid` stands where nothing is said.
fn choice(
    label: &'static str,
    unsaid: &'static str,
    versions: &[&'static str],
    said: Option<&str>,
    onchange: Callback<Event>,
) -> Html {
    html! {
        <label>
            <span>{label}</span>
            <select {onchange}>
                <option value="" selected={said.is_none()}>{unsaid}</option>
                {for versions.iter().map(|version| html! {
                    <option value={*version} selected={said == Some(*version)}>{*version}</option>
                })}
            </select>
        </label>
    }
}

fn chosen(event: &Event) -> Option<String> {
    let select = event.target()?.dyn_into::<HtmlSelectElement>().ok()?;
    Some(select.value()).filter(|version| !version.is_empty())
}

/// "4.0–4.4, 5.2": neighbours joined. Celery went from 3.1 to 4.0 and from 4.4 to 5.0.
fn span(minors: &[String]) -> String {
    let mut spans: Vec<(&str, &str)> = Vec::new();
    for minor in minors {
        match spans.last_mut() {
            Some((_, last)) if follows(last, minor) => *last = minor,
            _ => spans.push((minor, minor)),
        }
    }
    let names: Vec<String> = spans
        .into_iter()
        .map(|(first, last)| if first == last { first.to_owned() } else { format!("{first}–{last}") })
        .collect();
    names.join(", ")
}

fn follows(last: &str, next: &str) -> bool {
    let number = |version: &str| {
        let (major, minor) = version.split_once('.')?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    };
    match (number(last), number(next)) {
        (Some((major, minor)), Some((next_major, next_minor))) => {
            (next_major == major && next_minor == minor + 1)
                || matches!(((major, minor), (next_major, next_minor)), ((3, 1), (4, 0)) | ((4, 4), (5, 0)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_joined() {
        let minors = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(span(&minors("4.4")), "4.4");
        assert_eq!(span(&minors("3.1 4.0 4.1")), "3.1–4.1");
        assert_eq!(span(&minors("4.3 4.4 5.0 5.2")), "4.3–5.0, 5.2");
    }
}
