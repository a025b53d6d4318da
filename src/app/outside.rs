//! What stands outside the tree of the page and follows its state: CodeMirror, the worker, the text packs, the
//! document. After each change [`Outside::follow`] holds the new state against the one before.
//!
//! One comparison after another instead of a dozen effects of Yew's, each of which would weigh a kilobyte.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::file::FileList;
use gloo::timers::callback::Timeout;
use gloo::utils::{document, window};
use wasm_bindgen::prelude::*;
use web_sys::{ClipboardEvent, DragEvent, Element, Event, HtmlElement, MediaQueryList};
use yew::Callback;
use yew::platform::spawn_local;

use super::action::{Action, FileEdits, Wish};
use super::checker::{Checker, Told, Wanted};
use super::components::Act;
use super::editor::{Editor, changes, labels, marks};
use super::language::Theme;
use super::opening::open_all;
use super::packs::{self, PackState};
use super::preferences;
use super::rows::rows;
use super::state::{Engine, Pane, State};
use super::words;

pub(super) struct Outside {
    act: Act,
    /// A copy: the handle that components hold always shows the newest state.
    seen: Option<State>,
    checker: Checker,
    editor: Mounted,
    /// Whether there was a change that the worker was not told of.
    unasked: bool,
    _listeners: [EventListener; 4],
}

/// CodeMirror with the closures that it calls; they live as long as it does.
struct Mounted {
    editor: Editor,
    _edited: Closure<dyn FnMut(u32, u32, String)>,
    _composing: Closure<dyn FnMut(bool)>,
    _apply_fix: Closure<dyn FnMut(u32, u32)>,
    _leave: Closure<dyn FnMut()>,
}

impl Outside {
    /// `parent` is where the editor belongs.
    pub(super) fn new(parent: &Element, act: &Act) -> Outside {
        let told = act.clone();
        let checker = Checker::start(Callback::from(move |what: Told| {
            told.emit(match what {
                Told::Ready(build) => Action::EngineReady(build),
                Told::Answered { answer, milliseconds } => Action::Answered { answer, milliseconds },
                Told::Unreadable(versions) => Action::Unreadable(versions),
                Told::Failed => Action::EngineFailed,
            });
        }));
        Outside {
            act: act.clone(),
            seen: None,
            checker,
            editor: Mounted::new(parent, act),
            unasked: false,
            _listeners: listeners(act),
        }
    }

    /// Brings everything in step with the state.
    pub(super) fn follow(&mut self, state: &State) {
        let seen = self.seen.replace(state.clone());
        let seen = seen.as_ref();
        self.follow_preferences(seen, state);
        self.follow_editor(seen, state);
        self.follow_checker(seen, state);
        self.follow_packs(state);
    }

    /// Language and theme go to the document and, once chosen, to the storage.
    fn follow_preferences(&self, seen: Option<&State>, state: &State) {
        let reading = |state: &State| (state.reading, state.reading_chosen);
        if seen.map(reading) != Some(reading(state)) {
            preferences::apply_reading(state.reading, state.reading_chosen);
            document().set_title(words::page_title(state.reading.page));
        }
        let theme = |state: &State| (state.theme, state.theme_chosen);
        if seen.map(theme) != Some(theme(state)) {
            preferences::apply_theme(state.theme, state.theme_chosen);
        }
    }

    fn follow_editor(&self, seen: Option<&State>, state: &State) {
        let Mounted { editor, .. } = &self.editor;
        let file = state.active_file();
        let kind = shown_kind(state);
        let moved = seen.is_none_or(|seen| seen.active_file().id != file.id);
        if moved {
            editor.open(file.id, &file.text, &kind);
        }
        if seen.is_none_or(|seen| seen.reading.page != state.reading.page) {
            editor.describe(labels(state.reading.page));
        }
        if seen.is_none_or(|seen| !seen.files.iter().map(|file| file.id).eq(state.files.iter().map(|file| file.id))) {
            editor.retain(state.files.iter().map(|file| file.id).collect());
        }
        if moved || seen.is_none_or(|seen| shown_kind(seen) != kind) {
            editor.colour(file.id, &kind);
        }
        let same_answer = |seen: &State| match (&seen.answer, &state.answer) {
            (Some(seen), Some(answer)) => std::rc::Rc::ptr_eq(seen, answer),
            (seen, answer) => seen.is_none() && answer.is_none(),
        };
        if moved
            || !seen.is_some_and(|seen| same_answer(seen) && seen.open == state.open && seen.reading == state.reading)
        {
            let answer = state.answer.as_deref();
            let rows = answer.map(rows).unwrap_or_default();
            let row = rows.iter().find(|row| Some(&row.key) == state.open.as_ref());
            let checked = answer.and_then(|answer| answer.files.iter().find(|checked| checked.id == file.id));
            let version = checked.map_or(file.version, |checked| checked.version);
            editor.mark(file.id, version, marks(state, answer, row));
        }
        let wish = |state: &State| state.wish.as_ref().map(|(number, _)| *number);
        if let Some((number, asked)) = &state.wish
            && seen.and_then(wish) != Some(*number)
        {
            grant(editor, asked, &self.act);
        }
    }

    /// Asks the worker whenever what it should know has changed, but never in the middle of a composition.
    fn follow_checker(&mut self, seen: Option<&State>, state: &State) {
        self.unasked |= seen.is_none_or(|seen| {
            seen.files != state.files || seen.options != state.options || seen.picture_wanted != state.picture_wanted
        });
        if self.unasked && !state.composing {
            self.unasked = false;
            self.checker.want(Wanted {
                files: state.files.clone(),
                options: state.options.clone(),
                picture: state.picture_wanted,
            });
        }
        // The reader asked for another attempt.
        if state.engine == Engine::Loading && seen.is_some_and(|seen| seen.engine == Engine::Failed) {
            self.checker.spawn();
        }
    }

    /// The long texts come after the first findings, in the languages that are shown.
    fn follow_packs(&self, state: &State) {
        let Some(build) = state.build.as_ref() else { return };
        if !state.answer.as_ref().is_some_and(|answer| !answer.findings.is_empty()) {
            return;
        }
        for language in state.reading.languages().iter().copied() {
            if *state.pack(language) == PackState::NotAsked {
                let (act, build) = (self.act.clone(), build.clone());
                act.emit(Action::PackAsked(language));
                spawn_local(async move {
                    let pack = packs::fetch(language, &build).await;
                    act.emit(Action::PackCame(language, pack));
                });
            }
        }
    }
}

impl Mounted {
    fn new(parent: &Element, act: &Act) -> Mounted {
        let edited = {
            let act = act.clone();
            Closure::new(move |id, version, text| act.emit(Action::Edited { id, version, text }))
        };
        let composing = {
            let act = act.clone();
            Closure::new(move |composing| act.emit(Action::Composing(composing)))
        };
        let apply_fix = {
            let act = act.clone();
            Closure::new(move |finding, fix| act.emit(Action::QuickFixed { finding, fix }))
        };
        let leave = {
            let act = act.clone();
            Closure::new(move || {
                act.emit(Action::PaneChosen(Pane::Findings));
                // The list may have to be shown before it can take the focus.
                Timeout::new(0, focus_findings).forget();
            })
        };
        let editor = Editor::new(parent, &edited, &composing, &apply_fix, &leave);
        Mounted { editor, _edited: edited, _composing: composing, _apply_fix: apply_fix, _leave: leave }
    }
}

/// The open finding's button, else the first one's, else the list.
fn focus_findings() {
    for selector in ["#findings .f-h[aria-expanded=true]", "#findings .f-h", "#findings"] {
        let found = document().query_selector(selector).ok().flatten();
        if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
            return;
        }
    }
}

/// The reader's word on the kind, else the checker's.
fn shown_kind(state: &State) -> String {
    let file = state.active_file();
    let checked = || {
        let answer = state.answer.as_ref()?;
        answer.files.iter().find(|checked| checked.id == file.id).map(|checked| checked.kind.clone())
    };
    file.kind.as_deref().map(str::to_owned).or_else(checked).unwrap_or_default()
}

fn grant(editor: &Editor, wish: &Wish, act: &Act) {
    match wish {
        Wish::Focus => editor.focus(),
        Wish::Reveal { from, to } => editor.reveal(*from, *to),
        Wish::Show { from } => editor.show(*from),
        Wish::Apply(files) => {
            let mut refused = false;
            for FileEdits { id, version, changes: asked } in files {
                refused |= !editor.apply(*id, *version, changes(asked));
            }
            if refused {
                act.emit(Action::FixRefused);
            }
        }
    }
}

/// Files may be dropped anywhere; on the first visit a paste needs no click into the editor before it; and the
/// theme follows the system as long as the reader has not chosen one.
fn listeners(act: &Act) -> [EventListener; 4] {
    let allow = EventListenerOptions::enable_prevent_default();
    let over = EventListener::new_with_options(&window(), "dragover", allow, |event| {
        if carries_files(event) {
            event.prevent_default();
        }
    });
    let dropped = {
        let act = act.clone();
        EventListener::new_with_options(&window(), "drop", allow, move |event| {
            if carries_files(event) {
                event.prevent_default();
                let files = event.unchecked_ref::<DragEvent>().data_transfer().and_then(|data| data.files());
                open_all(files.map(|files| FileList::from(files).to_vec()).unwrap_or_default(), act.clone());
            }
        })
    };
    let pasted = {
        let act = act.clone();
        EventListener::new(&window(), "paste", move |event| {
            let in_editor = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok())
                .is_some_and(|target| target.closest(".editor").ok().flatten().is_some());
            let data = event.unchecked_ref::<ClipboardEvent>().clipboard_data();
            let text = data.and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
            if !in_editor && !text.trim().is_empty() {
                act.emit(Action::Pasted(text));
            }
        })
    };
    let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    let followed = {
        let act = act.clone();
        let target = query.map_or_else(|| window().into(), JsCast::unchecked_into::<web_sys::EventTarget>);
        EventListener::new(&target, "change", move |event| {
            if let Some(query) = event.target().and_then(|target| target.dyn_into::<MediaQueryList>().ok()) {
                act.emit(Action::ThemeFollowed(if query.matches() { Theme::Dark } else { Theme::Light }));
            }
        })
    };
    [over, dropped, pasted, followed]
}

fn carries_files(event: &Event) -> bool {
    let data = event.unchecked_ref::<DragEvent>().data_transfer();
    data.is_some_and(|data| data.types().includes(&"Files".into(), 0))
}
