//! Where the editor stands, and behind it the pieces that could be pasted.

use yew::prelude::*;

use super::Shown;
use crate::app::examples::PIECES;
use crate::app::words;

/// `parent` is where CodeMirror is put.
pub(in crate::app) fn editor_pane(state: &Shown, parent: &NodeRef) -> Html {
    let page = state.reading.page;
    html! {
        <div key="editor" class="pane" id="text" tabindex="-1">
            <div class="editor" ref={parent}></div>
            if state.files.len() == 1 && state.active_file().text.is_empty() {
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
