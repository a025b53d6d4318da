//! Which language is shown, and which theme.

use crate::present::view::Bilingual;

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Language {
    Ko,
    En,
}

impl Language {
    /// The value of a `lang` attribute.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Language::Ko => "ko",
            Language::En => "en",
        }
    }

    /// Its own name for itself, which is the same in every language.
    pub(super) fn own_name(self) -> &'static str {
        match self {
            Language::Ko => "한국어",
            Language::En => "English",
        }
    }

    /// The half that is in this language.
    pub(super) fn of<T>(self, text: &Bilingual<T>) -> &T {
        match self {
            Language::Ko => &text.ko,
            Language::En => &text.en,
        }
    }
}

/// What the reader chose: the language of the page's own words, and of the texts of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) page: Language,
    /// Korean and English texts side by side.
    pub(super) both: bool,
}

impl Reading {
    /// The languages that texts are shown in, first one first.
    pub(super) fn languages(self) -> &'static [Language] {
        match (self.both, self.page) {
            (true, _) => &[Language::Ko, Language::En],
            (false, Language::Ko) => &[Language::Ko],
            (false, Language::En) => &[Language::En],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Theme {
    Light,
    Dark,
}

impl Theme {
    pub(super) fn name(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    pub(super) fn other(self) -> Theme {
        match self {
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Light,
        }
    }
}
