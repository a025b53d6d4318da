//! The page before anything was pasted: what it does, three ways in, and what it promises.

use yew::prelude::*;

use super::icon::icon;
use super::{Act, Shown};
use crate::app::action::Action;
use crate::app::examples::{EXAMPLES, Example};
use crate::app::opening::{choose_files, paste as paste_clipboard};
use crate::app::words::{self, Word};

/// The title and the three ways in, above the editor.
pub(in crate::app) fn greeting(state: &Shown, act: &Act) -> Html {
    let page = state.reading.page;
    let way = |picture: &str, name: &'static str, hint: &'static str, onclick: Callback<MouseEvent>| {
        html! {
            <button type="button" {onclick}>{icon(picture)}<b>{name}</b><small>{hint}</small></button>
        }
    };
    let paste = {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| paste_clipboard(act.clone()))
    };
    let open = {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| choose_files(act.clone()))
    };
    let to_examples = Callback::from(|_: MouseEvent| {
        let first = gloo::utils::document().query_selector(".examples button").ok().flatten();
        if let Some(button) = first.and_then(|first| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(first).ok())
        {
            let _ = button.focus();
        }
    });
    html! {
        <>
            <div class="hello">
                <svg class="mark" aria-hidden="true"><use href="#i-logo" /></svg>
                <h1>{words::hello(page)}</h1>
                <p>{words::hello_text(page)}</p>
            </div>
            <div class="ways">
                {way("paste", words::way_paste(page), words::way_paste_hint(page), paste)}
                {way("drop", words::way_open(page), words::way_open_hint(page), open)}
                {way("book", words::way_example(page), words::way_example_hint(page), to_examples)}
            </div>
        </>
    }
}

/// Beside the editor: the promise, the examples, what can be read.
pub(in crate::app) fn aside(state: &Shown, act: &Act) -> Html {
    let page = state.reading.page;
    let example = |example: &'static Example| {
        let onclick = act.reform(move |_: MouseEvent| {
            Action::Opened(
                example.files.iter().map(|(name, text)| (Some((*name).to_owned()), (*text).to_owned())).collect(),
            )
        });
        let names = example.files.iter().enumerate().map(|(index, (name, _))| {
            html! { <>{if index > 0 { ", " } else { "" }}<code>{*name}</code></> }
        });
        html! {
            <li>
                <button type="button" data-example={example.id} {onclick}>
                    <b>{(example.title)(page)}</b>
                    <small>{match example.hint { Some(hint) => html! { {hint(page)} }, None => names.collect::<Html>() }}</small>
                </button>
            </li>
        }
    };
    html! {
        <div key="aside" class="welcome">
            <p class="vow"><b>{words::vow(page)}</b><small>{words::vow_text(page)}</small></p>
            <section>
                <h2>{words::examples(page)}</h2>
                <ul class="examples">{for EXAMPLES.iter().map(example)}</ul>
            </section>
            <section>
                <h2>{words::reads(page)}</h2>
                <dl class="kinds">{for KINDS.iter().map(|(name, codes, text)| html! {
                    <>
                        <dt>{name(page)}</dt>
                        <dd>
                            {for codes.iter().enumerate().map(|(index, code)| html! {
                                <>{if index > 0 { ", " } else { "" }}<code>{*code}</code></>
                            })}
                            if let Some(text) = text {
                                {if codes.is_empty() { "" } else { " " }}{text(page)}
                            }
                        </dd>
                    </>
                })}</dl>
            </section>
        </div>
    }
}

/// What the checker reads today.
const KINDS: &[(Word, &[&str], Option<Word>)] = &[
    (words::reads_settings, &["celeryconfig.py", "settings.py", ".env"], None),
    (words::reads_commands, &["celery worker"], Some(words::reads_commands_list)),
    (words::reads_containers, &["Dockerfile", "docker-compose.yml", "Kubernetes YAML"], None),
    (words::reads_logs, &[], Some(words::reads_logs_list)),
];
