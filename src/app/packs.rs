//! The long texts of one language, fetched after the first findings.

use gloo::net::http::Request;
use js_sys::{JSON, Reflect};
use wasm_bindgen::JsValue;

use super::language::Language;

/// What the build wrote for one language. It stays the browser's own object: a second JSON parser for a second
/// set of types would cost every visitor more than the few look-ups here are worth.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pack(JsValue);

/// The texts of one rule, as HTML that the build made from our own cards.
pub(super) struct Texts(JsValue);

impl Pack {
    pub(super) fn texts(&self, rule: &str) -> Option<Texts> {
        Some(Texts(member(&member(&self.0, "rules")?, rule)?))
    }
}

impl Texts {
    pub(super) fn why(&self) -> Option<String> {
        member(&self.0, "why")?.as_string()
    }

    pub(super) fn silent_on(&self) -> Option<String> {
        member(&self.0, "silent_on")?.as_string()
    }

    /// The remedy for this kind of input; the empty key is the general one.
    pub(super) fn fix_in(&self, kind: &str) -> Option<String> {
        let fix = member(&self.0, "fix")?;
        member(&fix, kind).or_else(|| member(&fix, ""))?.as_string()
    }
}

fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined())
}

/// How far a language's pack has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum PackState {
    #[default]
    NotAsked,
    Loading,
    Here(Pack),
    /// Missing, unreadable, or of another build than the worker.
    Refused,
}

/// Fetches a pack; `None` also if it was written by another build than the one that checks.
pub(super) async fn fetch(language: Language, build: &str) -> Option<Pack> {
    let url = format!("packs/{}.{build}.json", language.tag());
    let text = Request::get(&url).send().await.ok().filter(|answer| answer.ok())?.text().await.ok()?;
    let pack = JSON::parse(&text).ok()?;
    let same_build = member(&pack, "build")?.as_string()? == build;
    same_build.then_some(Pack(pack))
}
