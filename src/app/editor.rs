//! CodeMirror, as www/page/editor.js gives it, and what is drawn into it.

use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::language::{Language, Reading};
use super::rows::Row;
use super::state::State;
use super::words;
use crate::present::view::{Answer, Bilingual, Role, Segment, Sentence, Severity};
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
    pub(super) fn mark(this: &Editor, id: u32, version: u32, json: &str);
    #[wasm_bindgen(method)]
    pub(super) fn apply(this: &Editor, id: u32, version: u32, json: &str) -> bool;
    #[wasm_bindgen(method)]
    pub(super) fn reveal(this: &Editor, from: u32, to: u32);
    #[wasm_bindgen(method)]
    pub(super) fn show(this: &Editor, from: u32);
    #[wasm_bindgen(method)]
    pub(super) fn focus(this: &Editor);
    #[wasm_bindgen(method)]
    pub(super) fn describe(this: &Editor, json: &str);
    #[wasm_bindgen(method)]
    pub(super) fn destroy(this: &Editor);
}

/// What a check draws into one file. Positions are UTF-16 code units.
#[derive(Default, Serialize)]
pub(super) struct Marks {
    diagnostics: Vec<Diagnostic>,
    tags: Vec<Tag>,
    prose: Vec<(u32, u32)>,
    hits: Vec<Hit>,
    /// From where the value of the open finding comes to where it hurts.
    string: Option<(u32, u32)>,
}

#[derive(Serialize)]
struct Diagnostic {
    /// Index into [`Answer::findings`].
    finding: usize,
    from: u32,
    to: u32,
    severity: Severity,
    plain: String,
    title: Vec<Spoken>,
    message: Vec<Spoken>,
    fixes: Vec<String>,
}

#[derive(Serialize)]
struct Spoken {
    lang: &'static str,
    sentence: Vec<Segment>,
}

/// The kind of a part of a note.
#[derive(Serialize)]
struct Tag {
    from: u32,
    label: String,
}

#[derive(Serialize)]
struct Hit {
    from: u32,
    to: u32,
    severity: Severity,
}

/// The names that the editor speaks with.
#[derive(Serialize)]
pub(super) struct Labels {
    editor: &'static str,
    phrases: Phrases,
}

/// CodeMirror's English words, and ours for them.
#[derive(Serialize)]
struct Phrases {
    #[serde(rename = "Control character")]
    control_letter: &'static str,
}

pub(super) fn labels(language: Language) -> Labels {
    Labels { editor: words::your_text(language), phrases: Phrases { control_letter: words::control_letter(language) } }
}

/// The marks of the active file.
pub(super) fn marks(state: &State, answer: &Answer, open: Option<&Row>) -> Marks {
    let Some(index) = answer.files.iter().position(|file| file.id == state.active) else {
        return Marks::default();
    };
    let file = &answer.files[index];
    let here = |place: u32| place as usize == index;
    let fix = words::fix(state.reading.page);

    let diagnostics =
        answer.findings.iter().enumerate().filter(|(_, finding)| here(finding.place.file)).map(|(number, finding)| {
            Diagnostic {
                finding: number,
                from: finding.place.start.utf16,
                to: finding.place.end.utf16,
                severity: finding.severity,
                plain: in_plain(state.reading.page, &finding.title),
                title: spoken(state.reading, &finding.title),
                message: spoken(state.reading, &finding.message),
                fixes: finding
                    .fixes
                    .iter()
                    .map(|one| format!("{fix}: {}", in_plain(state.reading.page, &one.title).replace('`', "")))
                    .collect(),
            }
        });
    let tags = file.parts.iter().map(|part| Tag {
        from: part.place.start.utf16,
        label: words::kind_name(state.reading.page, &part.kind).to_owned(),
    });

    let mut marks = Marks { diagnostics: diagnostics.collect(), tags: tags.collect(), ..Marks::default() };
    if !file.parts.is_empty() {
        marks.prose = prose(
            &state.active_file().text,
            file.parts.iter().map(|part| (part.place.start.line, part.place.end.line)),
        );
    }
    for index in open.into_iter().flat_map(|row| &row.findings) {
        let finding = &answer.findings[*index];
        if !here(finding.place.file) {
            continue;
        }
        marks.hits.push(Hit {
            from: finding.place.start.utf16,
            to: finding.place.end.utf16,
            severity: finding.severity,
        });
        let origin = finding.related.iter().find(|related| related.role == Role::Origin && here(related.place.file));
        if let (None, Some(origin)) = (marks.string, origin) {
            marks.string = Some((origin.place.start.utf16, finding.place.start.utf16));
        }
    }
    marks
}

/// Stretches of whole lines of a note that belong to no part, as the starts of their first and last lines.
fn prose(text: &str, parts: impl Iterator<Item = (u32, u32)>) -> Vec<(u32, u32)> {
    let parts: Vec<(u32, u32)> = parts.collect();
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

fn spoken(reading: Reading, text: &Bilingual<Sentence>) -> Vec<Spoken> {
    reading
        .languages()
        .iter()
        .map(|language| Spoken { lang: language.tag(), sentence: language.of(text).clone() })
        .collect()
}
