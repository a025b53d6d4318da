//! The two choices that outlive a visit, language and theme. Nothing that was pasted is ever stored.
//!
//! The document's first script reads the same two keys, so that the first paint has the right colours.

use gloo::storage::{LocalStorage, Storage};
use gloo::utils::{document_element, window};

use super::language::{Language, Reading, Theme};

const READING: &str = "celery-checkup.reading";
const THEME: &str = "celery-checkup.theme";

/// The stored choice, or on a first visit the browser's first language of the two.
pub(super) fn reading() -> Reading {
    LocalStorage::get(READING).unwrap_or_else(|_| {
        let korean = window().navigator().language().is_some_and(|language| language.starts_with("ko"));
        Reading { page: if korean { Language::Ko } else { Language::En }, both: false }
    })
}

/// The stored choice, and whether there is one; otherwise what the system prefers.
pub(super) fn theme() -> (Theme, bool) {
    match LocalStorage::get(THEME) {
        Ok(theme) => (theme, true),
        Err(_) => (system_theme(), false),
    }
}

fn system_theme() -> Theme {
    let dark = window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|query| query.matches());
    if dark { Theme::Dark } else { Theme::Light }
}

/// Remembers the languages and tells the document. A browser that stores nothing simply forgets them.
pub(super) fn apply_reading(reading: Reading, remember: bool) {
    let _ = document_element().set_attribute("lang", reading.page.tag());
    let _ = document_element().set_attribute("data-text", if reading.both { "both" } else { reading.page.tag() });
    if remember {
        let _ = LocalStorage::set(READING, reading);
    }
}

/// Remembers the theme and tells the document.
pub(super) fn apply_theme(theme: Theme, remember: bool) {
    let _ = document_element().set_attribute("data-theme", theme.name());
    if remember {
        let _ = LocalStorage::set(THEME, theme);
    }
}
