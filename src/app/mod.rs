//! Floor 7: the page. It knows views and nothing else of the engine, which answers from a Web Worker.
//!
//! All change of state is in [`state`]; components take what they show and give back [`action::Action`]s.
//! What has effects stands beside them: [`outside`] keeps the rest of the world in step with the state,
//! [`checker`] talks to the worker, [`editor`] to CodeMirror, [`packs`] fetches the long texts, [`opening`] decodes
//! files, [`preferences`] remembers two choices.

mod action;
mod checker;
mod components;
mod editor;
mod examples;
mod language;
mod mask;
mod object;
mod opening;
mod outside;
mod packs;
mod page;
mod preferences;
mod remedy;
mod rows;
mod state;
mod words;

/// Puts the page into the document.
pub fn run() {
    // A panic's message can quote the paste, and a console is no place for that: only where it happened is said.
    // Through Yew, which would otherwise set a hook of its own that prints the message.
    yew::set_custom_panic_hook(Box::new(|panic| {
        if let Some(place) = panic.location() {
            gloo::console::error!(format!("celery-checkup: a defect at {place}"));
        }
    }));
    let Some(root) = gloo::utils::document().get_element_by_id("app") else {
        return;
    };
    // What stood there until now is the frame that the document draws before any script runs.
    root.set_inner_html("");
    yew::Renderer::<page::Page>::with_root(root).render();
}
