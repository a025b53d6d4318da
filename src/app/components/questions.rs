//! "Paste these and we can say more": what another file would tell.

use yew::prelude::*;

use super::icon::icon;
use super::said::{pair, sentence};
use super::{Act, Shown};
use crate::app::action::Action;
use crate::app::words;

/// Names that make detection easy, for a tab that is added to be filled.
const NAMES: &[(&str, &str)] = &[
    ("dockerfile", "Dockerfile"),
    ("compose", "docker-compose.yml"),
    ("kubernetes", "kubernetes.yaml"),
    ("python", "settings.py"),
    ("env", ".env"),
    ("requirements", "requirements.txt"),
    ("log", "worker.log"),
    ("systemd", "celery.service"),
    ("supervisord", "supervisord.conf"),
];

pub(in crate::app) fn questions(state: &Shown, act: &Act) -> Html {
    let page = state.reading.page;
    let Some(answer) = state.answer.as_ref().filter(|answer| !answer.questions.is_empty()) else {
        return Html::default();
    };
    let need = |kind: &String| {
        let name = NAMES.iter().find(|(known, _)| known == kind).map(|(_, name)| (*name).to_owned());
        let onclick = act.reform(move |_: MouseEvent| Action::Added(name.clone()));
        html! { <button type="button" class="link" {onclick}>{words::kind_name(page, kind).to_owned()}</button> }
    };
    let questions = answer.questions.iter().map(|question| {
        html! {
            <li>
                <span class="needs">{for question.needs.iter().take(2).map(need)}</span>
                {pair(state.reading, &|language| sentence(language, &question.message))}
            </li>
        }
    });
    html! {
        <section class="asks">
            <h2>{icon("ask")}{words::ask_more(page)}</h2>
            <ul>{for questions}</ul>
        </section>
    }
}
