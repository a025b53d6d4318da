//! CodeMirror, as www/page/editor.js gives it, and what is drawn into it.

use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::action::Change;
use super::components::severity_name;
use super::language::{Language, Reading};
use super::object::{list, object};
use super::rows::Row;
use super::state::State;
use super::words;
use crate::present::view::{Answer, Bilingual, Role, Segment, Sentence};
use crate::words::plain;

#[wasm_bindgen(module = "/www/built/page.js")]
extern "C" {
    pub(super) type Editor;

    #[wasm_bindgen(constructor)]
    pub(super) fn new(
        parent: &Element,
        edited: &Closure<dyn FnMut(u32, u32, String)>,
        composing: &Closure<dyn FnMut(bool)>,
        apply_fix: &Closure<dyn FnMut(u32, u32)>,
        leave: &Closure<dyn FnMut()>,
    ) -> Editor;
    #[wasm_bindgen(method)]
    pub(super) fn open(this: &Editor, id: u32, text: &str, kind: &str);
    #[wasm_bindgen(method)]
    pub(super) fn retain(this: &Editor, ids: Vec<u32>);
    #[wasm_bindgen(method)]
    pub(super) fn colour(this: &Editor, id: u32, kind: &str);
    #[wasm_bindgen(method)]
    pub(super) fn mark(this: &Editor, id: u32, version: u32, marks: JsValue);
    #[wasm_bindgen(method)]
    pub(super) fn apply(this: &Editor, id: u32, version: u32, changes: JsValue) -> bool;
    #[wasm_bindgen(method)]
    pub(super) fn reveal(this: &Editor, from: u32, to: u32);
    #[wasm_bindgen(method)]
    pub(super) fn show(this: &Editor, from: u32);
    #[wasm_bindgen(method)]
    pub(super) fn focus(this: &Editor);
    #[wasm_bindgen(method)]
    pub(super) fn describe(this: &Editor, labels: JsValue);
    #[wasm_bindgen(method)]
    pub(super) fn destroy(this: &Editor);
}

/// The names that the editor speaks with; CodeMirror's English words, and ours for them.
pub(super) fn labels(language: Language) -> JsValue {
    object(&[
        ("editor", words::your_text(language).into()),
        ("phrases", object(&[("Control character", words::control_letter(language).into())])),
    ])
}

/// The changes of a fix.
pub(super) fn changes(changes: &[Change]) -> JsValue {
    list(&mut changes.iter().map(|Change { from, to, insert }| {
        object(&[("from", (*from).into()), ("to", (*to).into()), ("insert", insert.into())])
    }))
}

/// What a check draws into the active file. Positions are UTF-16 code units.
pub(super) fn marks(state: &State, answer: Option<&Answer>, open: Option<&Row>) -> JsValue {
    let checked = |answer: &Answer| answer.files.iter().position(|file| file.id == state.active);
    let nothing = || list(&mut std::iter::empty());
    let Some((answer, index)) = answer.and_then(|answer| Some((answer, checked(answer)?))) else {
        return object(&[("diagnostics", nothing()), ("tags", nothing()), ("prose", nothing()), ("hits", nothing())]);
    };
    let (file, page) = (&answer.files[index], state.reading.page);
    let here = |place: u32| place as usize == index;
    let fix = words::fix(page);

    let mut diagnostics =
        answer.findings.iter().enumerate().filter(|(_, finding)| here(finding.place.file)).map(|(number, finding)| {
            let mut fixes = finding
                .fixes
                .iter()
                .map(|one| format!("{fix}: {}", in_plain(page, &one.title).replace('`', "")).into());
            object(&[
                ("finding", (number as u32).into()),
                ("from", finding.place.start.utf16.into()),
                ("to", finding.place.end.utf16.into()),
                ("severity", severity_name(finding.severity).into()),
                ("plain", in_plain(page, &finding.title).into()),
                ("title", spoken(state.reading, &finding.title)),
                ("message", spoken(state.reading, &finding.message)),
                ("fixes", list(&mut fixes)),
            ])
        });
    let mut tags = file.parts.iter().map(|part| {
        object(&[("from", part.place.start.utf16.into()), ("label", words::kind_name(page, &part.kind).into())])
    });
    let parts: Vec<(u32, u32)> = file.parts.iter().map(|part| (part.place.start.line, part.place.end.line)).collect();
    let prose = if parts.is_empty() { Vec::new() } else { prose(&state.active_file().text, &parts) };

    let hurts = open.into_iter().flat_map(|row| &row.findings).map(|index| &answer.findings[*index]);
    let hurts: Vec<_> = hurts.filter(|finding| here(finding.place.file)).collect();
    // From where the value of the open finding comes to where it hurts.
    let string = hurts.iter().find_map(|finding| {
        let origin = finding.related.iter().find(|related| related.role == Role::Origin && here(related.place.file))?;
        Some(list(&mut [origin.place, finding.place].map(|place| place.start.utf16.into()).into_iter()))
    });
    let mut hits = hurts.iter().map(|finding| {
        object(&[
            ("from", finding.place.start.utf16.into()),
            ("to", finding.place.end.utf16.into()),
            ("severity", severity_name(finding.severity).into()),
        ])
    });
    object(&[
        ("diagnostics", list(&mut diagnostics)),
        ("tags", list(&mut tags)),
        ("prose", list(&mut prose.iter().map(|(from, to)| list(&mut [*from, *to].map(JsValue::from).into_iter())))),
        ("hits", list(&mut hits)),
        ("string", string.unwrap_or_default()),
    ])
}

/// Stretches of whole lines of a note that belong to no part, as the starts of their first and last lines.
fn prose(text: &str, parts: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut stretches: Vec<(u32, u32)> = Vec::new();
    let mut goes_on = false;
    let mut start = 0;
    for (index, line) in text.split('\n').enumerate() {
        let number = index as u32 + 1;
        let is_prose = !parts.iter().any(|(first, last)| (*first..=*last).contains(&number));
        match stretches.last_mut() {
            Some((_, end)) if is_prose && goes_on => *end = start,
            _ if is_prose => stretches.push((start, start)),
            _ => {}
        }
        goes_on = is_prose;
        start += line.chars().map(char::len_utf16).sum::<usize>() as u32 + 1;
    }
    stretches
}

fn in_plain(language: Language, text: &Bilingual<Sentence>) -> String {
    let sentence: &Sentence = language.of(text);
    plain(sentence)
}

/// A sentence in each language that is shown, as segments.
fn spoken(reading: Reading, text: &Bilingual<Sentence>) -> JsValue {
    list(&mut reading.languages().iter().map(|language| {
        let mut segments = language.of(text).iter().map(|segment| match segment {
            Segment::Text(text) => object(&[("text", text.into())]),
            Segment::Code(code) => object(&[("code", code.into())]),
        });
        object(&[("lang", language.tag().into()), ("sentence", list(&mut segments))])
    }))
}
