//! The two choices that outlive a visit, language and theme. Nothing that was pasted is ever stored.
//!
//! The document's first script reads the same two keys, so that the first paint has the right colours.

use gloo::utils::{document_element, window};
use web_sys::Storage;

use super::language::{Language, Reading, Theme};

const READING: &str = "celery-checkup.reading";
const THEME: &str = "celery-checkup.theme";

/// The stored choice, or on a first visit the browser's first language of the two.
pub(super) fn reading() -> Reading {
    // `ko`, `en`, and with both languages side by side `ko both`, `en both`.
    let chosen = kept(READING).and_then(|kept| {
        let (page, both) = kept.strip_suffix(" both").map_or((&*kept, false), |page| (page, true));
        let page = [Language::Ko, Language::En].into_iter().find(|language| language.tag() == page)?;
        Some(Reading { page, both })
    });
    chosen.unwrap_or_else(|| {
        let korean = window().navigator().language().is_some_and(|language| language.starts_with("ko"));
        Reading { page: if korean { Language::Ko } else { Language::En }, both: false }
    })
}

/// The stored choice, and whether there is one; otherwise what the system prefers.
pub(super) fn theme() -> (Theme, bool) {
    let kept = kept(THEME);
    let chosen = [Theme::Light, Theme::Dark].into_iter().find(|theme| kept.as_deref() == Some(theme.name()));
    (chosen.unwrap_or_else(system_theme), chosen.is_some())
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
        keep(
            READING,
            &if reading.both { format!("{} both", reading.page.tag()) } else { reading.page.tag().to_owned() },
        );
    }
}

/// Remembers the theme and tells the document.
pub(super) fn apply_theme(theme: Theme, remember: bool) {
    let _ = document_element().set_attribute("data-theme", theme.name());
    if remember {
        keep(THEME, theme.name());
    }
}

fn kept(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn keep(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
