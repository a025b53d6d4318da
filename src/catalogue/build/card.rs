//! A card as it is written, and the links it may name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A text in both languages; a missing one is an error of serde's with file and line.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub ko: String,
    pub en: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    #[serde(skip)]
    pub id: String,
    #[serde(skip)]
    pub area: String,
    #[serde(skip)]
    pub path: PathBuf,
    pub docs: Vec<String>,
    pub category: String,
    pub severity: Option<String>,
    pub title: Words,
    pub message: Option<Words>,
    /// In the order of the file: the first whose conditions hold is used.
    #[serde(default)]
    pub says: serde_yaml::Mapping,
    pub why: Words,
    pub fix: Words,
    #[serde(default)]
    pub fix_in: BTreeMap<String, Words>,
    pub action: Option<Words>,
    /// Whether the quick fix may be applied without asking. See report-format: "Fixes".
    #[serde(default)]
    pub safe: bool,
    pub silent_on: Words,
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Patterns of a log line; only for cards whose id begins with `log-`.
    #[serde(default)]
    pub line: Vec<Line>,
    /// Which rules find the cause of a log line.
    #[serde(default)]
    pub leads_to: Vec<String>,
    /// Words that must be seen anywhere in the same paste before a general log line is believed.
    #[serde(default)]
    pub only_beside: Vec<String>,
    /// A test file that stands for the examples, where no example can be written down: a file of megabytes.
    pub tested_by: Option<String>,
    #[serde(default)]
    pub examples: Vec<Example>,
}

/// A pattern of a log line, perhaps with the versions of Celery that alone print it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Line {
    Anywhere(String),
    OnlyIn { pattern: String, only_in: String },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Says {
    pub celery: Option<String>,
    pub severity: String,
    /// Where the card's title would claim too much: an outcome that only asks.
    pub title: Option<Words>,
    pub message: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub kind: Option<String>,
    pub celery: Option<String>,
    pub bad: Option<Files>,
    pub good: Option<Files>,
    pub silent: Option<Files>,
    #[serde(default)]
    pub expect: BTreeMap<String, String>,
}

/// One text of the example's kind, or several named files.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Files {
    One(String),
    Named(BTreeMap<String, String>),
}

impl Files {
    /// Name and text of each file; a single text is named after the example's kind.
    pub fn list(&self, kind: Option<&str>) -> Vec<(String, String)> {
        match self {
            Files::One(text) => vec![(file_name(kind), text.clone())],
            Files::Named(files) => files.iter().map(|(name, text)| (name.clone(), text.clone())).collect(),
        }
    }
}

/// The name that a text of a kind usually has; names that say nothing where the kind has none.
fn file_name(kind: Option<&str>) -> String {
    match kind {
        Some("dockerfile") => "Dockerfile",
        Some("compose") => "compose.yaml",
        Some("kubernetes") => "deployment.yaml",
        Some("python") => "settings.py",
        Some("env") => ".env",
        Some("log") => "worker.log",
        Some("markdown") => "notes.md",
        Some("command") => "command",
        Some("shell") => "entrypoint.sh",
        _ => "pasted",
    }
    .to_owned()
}

impl Card {
    /// The outcomes with their names; a card with one outcome has one of the name ``.
    pub fn outcomes(&self) -> Vec<(String, Says)> {
        if let (Some(severity), Some(message)) = (&self.severity, &self.message) {
            return vec![(
                String::new(),
                Says { celery: None, severity: severity.clone(), title: None, message: message.clone() },
            )];
        }
        self.says
            .iter()
            .map(|(name, says)| {
                let name = name.as_str().unwrap_or_default().to_owned();
                let says = serde_yaml::from_value(says.clone())
                    .unwrap_or_else(|error| panic!("{}: says.{name}: {error}", self.path.display()));
                (name, says)
            })
            .collect()
    }

    /// The kinds of the examples that show it in one text; none if an example needs several files.
    pub fn alone_in(&self) -> Vec<&str> {
        let bad = || self.examples.iter().filter(|example| example.bad.is_some());
        if bad().any(|example| example.kind.is_none()) {
            return Vec::new();
        }
        let mut kinds: Vec<&str> = bad().filter_map(|example| example.kind.as_deref()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// Whether the rule picks the outcome itself, by what it saw: the versions alone do not tell them apart.
    pub fn picked_by_evidence(&self) -> bool {
        let outcomes = self.outcomes();
        let ranges: Vec<&Option<String>> = outcomes.iter().map(|(_, says)| &says.celery).collect();
        let overlap = |(index, range): (usize, &&Option<String>)| range.is_none() || ranges[..index].contains(range);
        ranges.len() > 1 && ranges.iter().enumerate().any(overlap)
    }
}

/// Every card below `rules`, in the order of their ids.
pub fn read_all(rules: &Path) -> Vec<Card> {
    let mut cards = Vec::new();
    for area in sorted(rules).into_iter().filter(|path| path.is_dir()) {
        for path in sorted(&area).into_iter().filter(|path| path.extension().is_some_and(|end| end == "yaml")) {
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let mut card: Card =
                serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            card.id = file_stem(&path).replace('_', "-");
            card.area = file_stem(&area);
            card.path = path;
            cards.push(card);
        }
    }
    cards.sort_by(|left, right| left.id.cmp(&right.id));
    for pair in cards.windows(2) {
        assert!(pair[0].id != pair[1].id, "two cards are called {}", pair[0].id);
    }
    cards
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    paths
}

fn file_stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A row of links.csv.
#[derive(Debug, Deserialize)]
pub struct Link {
    pub key: String,
    pub url: String,
    pub title: String,
    pub lang: String,
    /// The key of the same section in Korean, if the official site has it.
    pub korean: String,
}
