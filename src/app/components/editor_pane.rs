//! The editor in the page: what changed in the state is told to CodeMirror, what happened there becomes actions.

use gloo::timers::callback::Timeout;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::{Act, Props, Shown};
use crate::app::action::{Action, FileEdits, Wish};
use crate::app::editor::{Editor, labels, marks};
use crate::app::examples::PIECES;
use crate::app::rows::rows;
use crate::app::state::Pane;
use crate::app::words;

/// CodeMirror with the closures that it calls; they live as long as it does.
struct Mounted {
    editor: Editor,
    _edited: Closure<dyn FnMut(u32, u32, String)>,
    _composing: Closure<dyn FnMut(bool)>,
    _apply_fix: Closure<dyn FnMut(u32, u32)>,
    _leave: Closure<dyn FnMut()>,
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
        let found = gloo::utils::document().query_selector(selector).ok().flatten();
        if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
            return;
        }
    }
}

#[component]
pub(in crate::app) fn EditorPane(Props { state, act }: &Props) -> Html {
    let parent = use_node_ref();
    let mounted = use_mut_ref(|| None::<Mounted>);
    let page = state.reading.page;
    let file = state.active_file();
    let kind = shown_kind(state);

    {
        let (mounted, parent, act) = (mounted.clone(), parent.clone(), act.clone());
        use_effect_with((), move |()| {
            *mounted.borrow_mut() = parent.cast::<Element>().map(|parent| Mounted::new(&parent, &act));
            move || {
                if let Some(gone) = mounted.borrow_mut().take() {
                    gone.editor.destroy();
                }
            }
        });
    }
    {
        let (mounted, text) = (mounted.clone(), file.text.clone());
        let kind = kind.clone();
        use_effect_with(file.id, move |id| with(&mounted, |editor| editor.open(*id, &text, &kind)));
    }
    {
        let mounted = mounted.clone();
        use_effect_with(page, move |page| {
            let json = serde_json::to_string(&labels(*page)).unwrap_or_default();
            with(&mounted, |editor| editor.describe(&json));
        });
    }
    {
        let mounted = mounted.clone();
        let ids: Vec<u32> = state.files.iter().map(|file| file.id).collect();
        use_effect_with(ids, move |ids| with(&mounted, |editor| editor.retain(ids.clone())));
    }
    {
        let mounted = mounted.clone();
        use_effect_with((file.id, kind), move |(id, kind)| with(&mounted, |editor| editor.colour(*id, kind)));
    }
    {
        let (mounted, state) = (mounted.clone(), state.clone());
        let drawn = (file.id, state.answer.clone(), state.open.clone(), state.reading);
        use_effect_with(drawn, move |(id, answer, open, _)| {
            let (marks, version) = match answer {
                Some(answer) => {
                    let rows = rows(answer);
                    let row = rows.iter().find(|row| Some(&row.key) == open.as_ref());
                    let checked = answer.files.iter().find(|file| file.id == *id);
                    (marks(&state, answer, row), checked.map(|file| file.version))
                }
                None => Default::default(),
            };
            let version = version.unwrap_or(state.active_file().version);
            let json = serde_json::to_string(&marks).unwrap_or_default();
            with(&mounted, |editor| editor.mark(*id, version, &json));
        });
    }
    {
        let (mounted, act) = (mounted.clone(), act.clone());
        use_effect_with(state.wish.clone(), move |wish| {
            if let Some((_, wish)) = wish {
                with(&mounted, |editor| grant(editor, wish, &act));
            }
        });
    }

    html! {
        <div class="pane" id="text" tabindex="-1">
            <div class="editor" ref={parent}></div>
            if state.files.len() == 1 && file.text.is_empty() {
                <div class="pieces" aria-hidden="true">
                    <p>{words::paste_here(page)}</p>
                    {for PIECES.iter().map(|(kind, text)| html! {
                        <pre><span class="cm-tag">{words::kind_name(page, kind).to_owned()}</span>{*text}</pre>
                    })}
                </div>
            }
        </div>
    }
}

/// The reader's word on the kind, else the checker's.
fn shown_kind(state: &Shown) -> String {
    let file = state.active_file();
    let checked = || {
        let answer = state.answer.as_ref()?;
        answer.files.iter().find(|checked| checked.id == file.id).map(|checked| checked.kind.clone())
    };
    file.kind.as_deref().map(str::to_owned).or_else(checked).unwrap_or_default()
}

fn with(mounted: &std::cell::RefCell<Option<Mounted>>, tell: impl FnOnce(&Editor)) {
    if let Some(mounted) = &*mounted.borrow() {
        tell(&mounted.editor);
    }
}

fn grant(editor: &Editor, wish: &Wish, act: &Act) {
    match wish {
        Wish::Focus => editor.focus(),
        Wish::Reveal { from, to } => editor.reveal(*from, *to),
        Wish::Show { from } => editor.show(*from),
        Wish::Apply(files) => {
            let mut refused = false;
            for FileEdits { id, version, changes } in files {
                let json = serde_json::to_string(changes).unwrap_or_default();
                refused |= !editor.apply(*id, *version, &json);
            }
            if refused {
                act.emit(Action::FixRefused);
            }
        }
    }
}
