//! The long texts of one language, fetched after the first findings.

use std::collections::BTreeMap;
use std::rc::Rc;

use gloo::net::http::Request;
use serde::Deserialize;

use super::language::Language;

/// What the build wrote for one language; the examples in it are for other pages.
#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct Pack {
    build: String,
    rules: BTreeMap<String, Texts>,
}

/// The texts of one rule, as HTML that the build made from our own cards.
#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct Texts {
    pub(super) why: String,
    /// By kind of input; the empty key is the general remedy.
    fix: BTreeMap<String, String>,
    pub(super) silent_on: String,
}

impl Pack {
    pub(super) fn texts(&self, rule: &str) -> Option<&Texts> {
        self.rules.get(rule)
    }
}

impl Texts {
    /// The remedy for this kind of input.
    pub(super) fn fix_in(&self, kind: &str) -> &str {
        self.fix.get(kind).or_else(|| self.fix.get("")).map_or("", String::as_str)
    }
}

/// How far a language's pack has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum PackState {
    #[default]
    NotAsked,
    Loading,
    Here(Rc<Pack>),
    /// Missing, unreadable, or of another build than the worker.
    Refused,
}

/// Fetches a pack; `None` also if it was written by another build than the one that checks.
pub(super) async fn fetch(language: Language, build: &str) -> Option<Pack> {
    let url = format!("packs/{}.{build}.json", language.tag());
    let text = Request::get(&url).send().await.ok().filter(|answer| answer.ok())?.text().await.ok()?;
    let pack: Pack = serde_json::from_str(&text).ok()?;
    (pack.build == build).then_some(pack)
}
