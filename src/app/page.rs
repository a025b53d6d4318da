//! The page: wires the state to the worker, the browser and the components.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::file::FileList;
use gloo::utils::window;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DragEvent, Element, MediaQueryList};
use yew::platform::spawn_local;
use yew::prelude::*;

use super::action::Action;
use super::checker::{Checker, Told, Wanted};
use super::components::{Aside, Dock, EditorPane, FileBar, Findings, Foot, Greeting, Notes, Questions, Shown, Top};
use super::language::Theme;
use super::opening::open_all;
use super::packs::{self, PackState};
use super::preferences;
use super::state::{Engine, Pane, State};
use super::words;
use crate::present::view::Severity;

#[component]
pub(super) fn Page() -> Html {
    let state = use_reducer(|| State::new(preferences::reading(), preferences::theme()));
    let act = {
        let dispatcher = state.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    use_preferences(&state);
    use_checker(&state, &act);
    use_packs(&state, &act);
    use_dropped_files(&act);
    use_pasted_text(&act);

    let page = state.reading.page;
    let first = state.is_first_visit();
    let pane = if state.pane == Pane::Findings && !first { "findings" } else { "text" };
    // The editor's place in the tree never changes: a browser that is composing Hangul must not lose it.
    html! {
        <>
            <Top state={state.clone()} act={act.clone()} />
            <main class={if first { "first" } else { "check" }} data-pane={pane}>
                <section class="left" key="left" aria-label={words::your_text(page)}>
                    <div class="above" key="above">
                        if first {
                            <Greeting state={state.clone()} act={act.clone()} />
                        } else {
                            <FileBar state={state.clone()} act={act.clone()} />
                        }
                    </div>
                    <EditorPane key="editor" state={state.clone()} act={act.clone()} />
                    <div class="below" key="below">
                        if !first {
                            <Questions state={state.clone()} act={act.clone()} />
                        }
                    </div>
                </section>
                if first {
                    <Aside key="aside" state={state.clone()} act={act.clone()} />
                } else {
                    <Findings key="findings" state={state.clone()} act={act.clone()} />
                }
            </main>
            <Foot state={state.clone()} act={act.clone()} />
            if !first {
                <Dock state={state.clone()} act={act.clone()} />
            }
            <Notes state={state.clone()} act={act.clone()} />
            <div class="vh" role="status">{status(&state)}</div>
        </>
    }
}

/// What a screen reader hears after a check: the counts, nothing more.
fn status(state: &Shown) -> String {
    let page = state.reading.page;
    let Some(answer) = &state.answer else {
        return String::new();
    };
    if answer.findings.is_empty() {
        return words::clear(page).to_owned();
    }
    let count = |severity| answer.findings.iter().filter(|finding| finding.severity == severity).count() as u32;
    words::status_counts(page, count(Severity::Error), count(Severity::Info), count(Severity::Warning))
}

/// Language and theme go to the document and, once chosen, to the storage.
#[hook]
fn use_preferences(state: &Shown) {
    use_effect_with((state.reading, state.reading_chosen), |(reading, chosen)| {
        preferences::apply_reading(*reading, *chosen);
        window().document().inspect(|document| document.set_title(words::page_title(reading.page)));
    });
    let chosen = state.theme_chosen;
    use_effect_with((state.theme, chosen), |(theme, chosen)| preferences::apply_theme(*theme, *chosen));
    let dispatcher = state.dispatcher();
    use_effect_with(chosen, move |chosen| {
        let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten().filter(|_| !*chosen);
        let listener = query.map(|query| {
            EventListener::new(&query, "change", move |event| {
                let dark = event.target().is_some_and(|query| query.unchecked_into::<MediaQueryList>().matches());
                dispatcher.dispatch(Action::ThemeFollowed(if dark { Theme::Dark } else { Theme::Light }));
            })
        });
        move || drop(listener)
    });
}

/// Asks the worker whenever what it should know has changed, but never in the middle of a composition.
#[hook]
fn use_checker(state: &Shown, act: &Callback<Action>) {
    let checker = {
        let act = act.clone();
        use_memo((), move |()| {
            Checker::start(Callback::from(move |told: Told| {
                act.emit(match told {
                    Told::Ready(build) => Action::EngineReady(build),
                    Told::Answered { answer, milliseconds } => Action::Answered { answer, milliseconds },
                    Told::Unreadable(versions) => Action::Unreadable(versions),
                    Told::Failed => Action::EngineFailed,
                });
            }))
        })
    };
    let wanted = Wanted { files: state.files.clone(), options: state.options.clone() };
    {
        let checker = checker.clone();
        use_effect_with((wanted, state.composing), move |(wanted, composing)| {
            if !composing {
                checker.want(wanted.clone());
            }
        });
    }
    let failed_before = use_mut_ref(|| false);
    use_effect_with(state.engine, move |engine| {
        // The reader asked for another attempt.
        if *engine == Engine::Loading && failed_before.replace(false) {
            checker.spawn();
        }
        *failed_before.borrow_mut() |= *engine == Engine::Failed;
    });
}

/// The long texts come after the first findings, in the languages that are shown.
#[hook]
fn use_packs(state: &Shown, act: &Callback<Action>) {
    let found = state.answer.as_ref().is_some_and(|answer| !answer.findings.is_empty());
    let wanted = (state.build.clone().filter(|_| found), state.reading);
    let (state, act) = (state.clone(), act.clone());
    use_effect_with(wanted, move |(build, reading)| {
        let Some(build) = build.clone() else { return };
        for language in reading.languages().iter().copied() {
            if *state.pack(language) != PackState::NotAsked {
                continue;
            }
            let (act, build) = (act.clone(), build.clone());
            act.emit(Action::PackAsked(language));
            spawn_local(async move {
                let pack = packs::fetch(language, &build).await;
                act.emit(Action::PackCame(language, pack));
            });
        }
    });
}

/// Files may be dropped anywhere.
#[hook]
fn use_dropped_files(act: &Callback<Action>) {
    let act = act.clone();
    use_effect_with((), move |()| {
        let allow = EventListenerOptions::enable_prevent_default();
        let over = EventListener::new_with_options(&window(), "dragover", allow, |event| {
            if carries_files(event) {
                event.prevent_default();
            }
        });
        let drop_files = EventListener::new_with_options(&window(), "drop", allow, move |event| {
            if carries_files(event) {
                event.prevent_default();
                let files = event.unchecked_ref::<DragEvent>().data_transfer().and_then(|data| data.files());
                open_all(files.map(|files| FileList::from(files).to_vec()).unwrap_or_default(), act.clone());
            }
        });
        move || drop((over, drop_files))
    });
}

/// On the first visit a paste needs no click into the editor before it.
#[hook]
fn use_pasted_text(act: &Callback<Action>) {
    let act = act.clone();
    use_effect_with((), move |()| {
        let listener = EventListener::new(&window(), "paste", move |event| {
            let in_editor = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok())
                .is_some_and(|target| target.closest(".editor").ok().flatten().is_some());
            let data = event.unchecked_ref::<ClipboardEvent>().clipboard_data();
            let text = data.and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
            if !in_editor && !text.trim().is_empty() {
                act.emit(Action::Pasted(text));
            }
        });
        move || drop(listener)
    });
}

fn carries_files(event: &Event) -> bool {
    let data = event.unchecked_ref::<DragEvent>().data_transfer();
    data.is_some_and(|data| data.types().includes(&"Files".into(), 0))
}
