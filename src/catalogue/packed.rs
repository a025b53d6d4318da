//! The cards' text taken apart, once, when the first card is asked for. The build writes it (build/generate.rs).

use std::ops::Deref;
use std::sync::OnceLock;

use super::{Card, CardContent, Category, LinePattern, Says, Severity, Template, cards};

impl Deref for Card {
    type Target = CardContent;

    fn deref(&self) -> &CardContent {
        self.content()
    }
}

impl Card {
    pub(super) const fn numbered(number: u16) -> Card {
        Card { number }
    }

    pub(super) fn content(&self) -> &'static CardContent {
        static ALL: OnceLock<Vec<CardContent>> = OnceLock::new();
        let all = ALL.get_or_init(|| cards::PACKED.split('\u{1c}').map(content).collect());
        &all[usize::from(self.number)]
    }
}

/// One card. What is missing is empty; `tests/catalogue.rs` holds every card against its file.
fn content(packed: &'static str) -> CardContent {
    let mut fields = packed.split('\u{1d}');
    let mut next = || fields.next().unwrap_or_default();
    CardContent {
        id: next(),
        area: next(),
        category: match next() {
            "defect" => Category::Defect,
            "risk" => Category::Risk,
            _ => Category::Practice,
        },
        title: template(next()).unwrap_or_default(),
        says: list(next(), says),
        picked_by_evidence: !next().is_empty(),
        action: template(next()),
        safe: !next().is_empty(),
        docs: list(next(), |item| item),
        fix_in: list(next(), |item| item),
        alone_in: list(next(), |item| item),
        values: list(next(), |item| item),
        line: list(next(), |line| match line.split_once('\u{1f}') {
            Some((pattern, only_in)) => LinePattern { pattern, only_in: Some(only_in) },
            None => LinePattern { pattern: line, only_in: None },
        }),
        leads_to: list(next(), |item| item),
        only_beside: list(next(), |item| item),
    }
}

/// Cards live as long as the program.
fn list<T>(packed: &'static str, item: impl Fn(&'static str) -> T) -> &'static [T] {
    if packed.is_empty() { &[] } else { packed.split('\u{1e}').map(item).collect::<Vec<_>>().leak() }
}

fn says(packed: &'static str) -> Says {
    let mut parts = packed.split('\u{19}');
    let mut next = || parts.next().unwrap_or_default();
    Says {
        name: next(),
        celery: Some(next()).filter(|celery| !celery.is_empty()),
        severity: match next() {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            _ => Severity::Info,
        },
        title: template(next()),
        message: template(next()).unwrap_or_default(),
    }
}

fn template(packed: &'static str) -> Option<Template> {
    packed.split_once('\u{1f}').map(|(ko, en)| Template { ko, en })
}
