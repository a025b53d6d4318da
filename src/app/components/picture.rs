//! What was understood of the deployment. It is asked for when it is opened, so nobody waits for it before.

use yew::prelude::*;

use super::icon::icon;
use super::places::jump;
use super::{Act, Shown};
use crate::app::action::Action;
use crate::app::language::Language;
use crate::app::words;
use crate::present::view::{Answer, Process, ProcessRole, Scope, Setting, Told, User, Value, Variant};

pub(super) fn picture(state: &Shown, act: &Act) -> Html {
    let page = state.reading.page;
    let Some(answer) = &state.answer else {
        return Html::default();
    };
    let open = state.picture_wanted;
    html! {
        <section class="picture">
            <h2>
                <button type="button" class="picture-h" aria-expanded={open.to_string()}
                    aria-controls={open.then_some("picture")} onclick={act.reform(|_: MouseEvent| Action::PictureToggled)}>
                    <span>{words::picture(page)}</span>{icon(if open { "open" } else { "shut" })}
                </button>
            </h2>
            if open {
                <div id="picture">{drawn(state, act, answer)}</div>
            }
        </section>
    }
}

fn drawn(state: &Shown, act: &Act, answer: &Answer) -> Html {
    let page = state.reading.page;
    let Some(picture) = &answer.picture else {
        return html! { <p class="aside-note">{words::checking(page)}</p> };
    };
    let next: Vec<&str> =
        answer.questions.iter().flat_map(|question| question.needs.first()).map(String::as_str).collect();
    html! {
        <>
            if picture.variants.iter().all(|variant| variant.processes.is_empty() && variant.scopes.is_empty()) {
                <p class="aside-note">{words::picture_none(page)}</p>
            } else {
                {for picture.variants.iter().map(|one| variant(state, act, answer, one, picture.variants.len() > 1))}
            }
            if !next.is_empty() {
                <p class="picture-next">
                    {icon("ask")}{words::picture_next(page)}{": "}
                    {next.iter().map(|kind| words::kind_name(page, kind)).collect::<Vec<_>>().join(", ")}
                </p>
            }
        </>
    }
}

fn variant(state: &Shown, act: &Act, answer: &Answer, variant: &Variant, named: bool) -> Html {
    let page = state.reading.page;
    html! {
        <div class="variant">
            if named {
                <h3>{&variant.name}</h3>
            }
            if !variant.processes.is_empty() {
                <ul class="processes" aria-label={words::processes(page)}>
                    {for variant.processes.iter().map(|one| process(state, act, answer, one))}
                </ul>
            }
            {for alike(&variant.scopes).into_iter().map(|(names, one)| scope(state, act, answer, &names, one, named))}
        </div>
    }
}

fn process(state: &Shown, act: &Act, answer: &Answer, process: &Process) -> Html {
    let page = state.reading.page;
    let role = match process.role {
        ProcessRole::Worker => words::role_worker(page),
        ProcessRole::Beat => words::role_beat(page),
        ProcessRole::Flower => words::role_flower(page),
        ProcessRole::OneOff => words::role_once(page),
        ProcessRole::Unknown => words::role_unknown(page),
    };
    let (class, user) = match process.user {
        User::Root => ("", words::user_root(page)),
        User::Somebody => ("", words::user_somebody(page)),
        User::Unknown => ("unknown", words::user_unknown(page)),
    };
    html! {
        <li>
            <b>{&process.name}</b><span>{role}</span><span {class}>{user}</span>{jump(state, act, answer, process.place)}
        </li>
    }
}

/// Processes that see the same settings are shown once, with all their names.
fn alike(scopes: &[Scope]) -> Vec<(Vec<&str>, &Scope)> {
    let mut shown: Vec<(Vec<&str>, &Scope)> = Vec::new();
    for scope in scopes {
        let same = |known: &Scope| {
            (known.closed, &known.open_at, &known.settings) == (scope.closed, &scope.open_at, &scope.settings)
        };
        match shown.iter_mut().find(|(_, known)| same(known)) {
            Some((names, _)) if names.contains(&&*scope.name) => {}
            Some((names, _)) => names.push(&scope.name),
            None => shown.push((vec![&scope.name], scope)),
        }
    }
    shown
}

fn scope(state: &Shown, act: &Act, answer: &Answer, names: &[&str], scope: &Scope, below: bool) -> Html {
    let page = state.reading.page;
    html! {
        <div class="scope">
            <@{if below { "h4" } else { "h3" }} class="of">{words::settings_of(page, &names.join(", "))}</@>
            <p class={(!scope.closed).then_some("unknown")}>
                {if scope.closed { words::scope_closed(page) } else { words::scope_open(page) }}
            </p>
            <dl>{for scope.settings.iter().map(|one| setting(state, act, answer, one))}</dl>
            if !scope.open_at.is_empty() {
                <p class="unknown">
                    {words::scope_open_at(page)}{": "}
                    {for scope.open_at.iter().map(|place| html! { <>{jump(state, act, answer, *place)}{" "}</> })}
                </p>
            }
        </div>
    }
}

/// ● said in a file, ○ the default, and a dotted ring for what is not shown; the word stands beside each.
fn setting(state: &Shown, act: &Act, answer: &Answer, setting: &Setting) -> Html {
    let page = state.reading.page;
    let said = match &setting.answer {
        Told::Said(values) => values.iter().map(|one| value(state, act, answer, one)).collect(),
        Told::Default => mark("default", words::value_default(page)),
        Told::NotShown => mark("hidden", words::value_not_shown(page)),
    };
    html! { <><dt><code>{&setting.name}</code></dt><dd>{said}</dd></> }
}

fn mark(class: &'static str, word: &'static str) -> Html {
    html! { <p><span class={classes!("dot", class)} aria-hidden="true"></span>{word}</p> }
}

fn value(state: &Shown, act: &Act, answer: &Answer, value: &Value) -> Html {
    let page: Language = state.reading.page;
    let line = |place: crate::present::view::Place| (place.file, place.start.line);
    html! {
        <p>
            <span class={classes!("dot", if value.text.is_some() { "said" } else { "hidden" })} aria-hidden="true"></span>
            if let Some(text) = &value.text {
                <code>{text}</code>
            } else {
                <span class="unknown">{words::value_unknown(page)}</span>
            }
            if value.conditional {
                <span class="unknown">{words::value_conditional(page)}</span>
            }
            {jump(state, act, answer, value.place)}
            if line(value.set_at) != line(value.place) {
                <span>{words::set_at(page)}{" "}{jump(state, act, answer, value.set_at)}</span>
            }
        </p>
    }
}
