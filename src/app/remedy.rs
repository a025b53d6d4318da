//! The fixes of a row, joined by what they do, and the lines that they change.

use std::ops::Range;

use super::action::{Change, FileEdits};
use super::mask;
use super::rows::Row;
use super::state::State;
use crate::present::view::{Answer, Bilingual, Edit, Sentence};
use crate::words::plain;

/// One way to mend a row, at every place where it is offered.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Remedy {
    pub(super) title: Bilingual<Sentence>,
    pub(super) places: u32,
    edits: Vec<Edit>,
}

/// A line of a small diff.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DiffLine {
    pub(super) number: usize,
    pub(super) added: bool,
    /// Stretches, and whether each is part of the change.
    pub(super) stretches: Vec<(bool, String)>,
}

/// Untouched text beside a change is cut after so many characters.
const AROUND: usize = 60;

/// The remedies of a row, in the order in which its findings offer them.
pub(super) fn remedies(answer: &Answer, row: &Row) -> Vec<Remedy> {
    let mut remedies: Vec<Remedy> = Vec::new();
    for fix in row.findings.iter().flat_map(|index| &answer.findings[*index].fixes) {
        match remedies.iter_mut().find(|remedy| plain(&remedy.title.en) == plain(&fix.title.en)) {
            // Two findings may want the same edit; once is enough.
            Some(remedy) if fix.edits.iter().all(|edit| remedy.edits.contains(edit)) => {}
            Some(remedy) => {
                remedy.places += 1;
                remedy.edits.extend(fix.edits.iter().cloned());
            }
            None => remedies.push(Remedy { title: fix.title.clone(), places: 1, edits: fix.edits.clone() }),
        }
    }
    remedies
}

impl Remedy {
    /// The edits as the editor wants them: by file, with the version that was checked.
    pub(super) fn for_editor(&self, answer: &Answer) -> Vec<FileEdits> {
        edits_for_editor(answer, &self.edits)
    }

    /// What changes, line by line, with secrets hidden; nothing where the text has moved on.
    pub(super) fn diff(&self, state: &State, answer: &Answer) -> Vec<DiffLine> {
        let mut edits: Vec<&Edit> = self.edits.iter().collect();
        edits.sort_by_key(|edit| (edit.place.file, edit.place.start.offset));
        let mut lines = Vec::new();
        let mut rest = &edits[..];
        while let Some(first) = rest.first() {
            // Edits whose lines touch are shown together.
            let mut last_line = first.place.end.line;
            let mut together = 1;
            while let Some(next) = rest.get(together)
                && next.place.file == first.place.file
                && next.place.start.line <= last_line
            {
                last_line = last_line.max(next.place.end.line);
                together += 1;
            }
            if let Some(file) = state.checked_file(answer, first.place.file) {
                lines.extend(hunk(&file.text, &rest[..together]).unwrap_or_default());
            }
            rest = &rest[together..];
        }
        lines
    }
}

/// Edits of a single fix, for the quick fix in the editor.
pub(super) fn edits_for_editor(answer: &Answer, edits: &[Edit]) -> Vec<FileEdits> {
    let mut files: Vec<FileEdits> = Vec::new();
    for edit in edits {
        let Some(file) = answer.files.get(edit.place.file as usize) else {
            continue;
        };
        let (from, to) = (edit.place.start.utf16, edit.place.end.utf16);
        let change = Change { from, to, insert: edit.text.clone() };
        match files.iter_mut().find(|edits| edits.id == file.id) {
            Some(edits) => edits.changes.push(change),
            None => files.push(FileEdits { id: file.id, version: file.version, changes: vec![change] }),
        }
    }
    files
}

/// The lines from the first edit's to the last edit's, before and after.
fn hunk(text: &str, edits: &[&Edit]) -> Option<Vec<DiffLine>> {
    let offset = |offset: u32| offset as usize;
    let (first, last) = (edits.first()?, edits.last()?);
    let start = text.get(..offset(first.place.start.offset))?.rfind('\n').map_or(0, |at| at + 1);
    let end = text
        .get(offset(last.place.end.offset)..)?
        .find('\n')
        .map_or(text.len(), |at| offset(last.place.end.offset) + at);
    let before = text[..start].trim_end_matches('\n').rsplit('\n').next().filter(|_| start > 0);
    let secrets = secrets_between(text, start..end, before);

    let (mut old, mut new) = (Vec::new(), Vec::new());
    let mut from = start;
    for edit in edits {
        let (edit_start, edit_end) = (offset(edit.place.start.offset), offset(edit.place.end.offset));
        let kept = mask::masked(text, from..edit_start, &secrets);
        old.push((false, kept.clone()));
        new.push((false, kept));
        old.push((true, mask::masked(text, edit_start..edit_end, &secrets)));
        new.push((true, edit.text.clone()));
        from = edit_end;
    }
    let kept = mask::masked(text, from..end, &secrets);
    old.push((false, kept.clone()));
    new.push((false, kept));

    let number = first.place.start.line as usize;
    let (mut old, mut new) = (lines(&old, number, false), lines(&new, number, true));
    // An inserted line leaves its neighbours as they were: only what differs is shown.
    while !old.is_empty() && !new.is_empty() && same(&old[0], &new[0]) {
        old.remove(0);
        new.remove(0);
    }
    while let (Some(one), Some(other)) = (old.last(), new.last())
        && same(one, other)
    {
        old.pop();
        new.pop();
    }
    old.extend(new);
    Some(old)
}

fn secrets_between<'a>(text: &'a str, stretch: Range<usize>, mut before: Option<&'a str>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = stretch.start;
    for line in text[stretch].split('\n') {
        found.extend(mask::secrets(line, before).into_iter().map(|range| start + range.start..start + range.end));
        start += line.len() + 1;
        before = Some(line);
    }
    found
}

fn same(one: &DiffLine, other: &DiffLine) -> bool {
    let text = |line: &DiffLine| line.stretches.iter().map(|(_, text)| text.as_str()).collect::<String>();
    text(one) == text(other)
}

fn lines(stretches: &[(bool, String)], first: usize, added: bool) -> Vec<DiffLine> {
    let mut lines = vec![DiffLine { number: first, added, stretches: Vec::new() }];
    for (changed, text) in stretches {
        for (index, part) in text.split('\n').enumerate() {
            if index > 0 {
                lines.push(DiffLine { number: first + lines.len(), added, stretches: Vec::new() });
            }
            if let Some(line) = lines.last_mut()
                && !part.is_empty()
            {
                let is_first = line.stretches.is_empty();
                line.stretches.push((*changed, if *changed { part.to_owned() } else { shortened(part, is_first) }));
            }
        }
    }
    lines
}

/// Keeps the end of what stands before a change, and the beginning of what stands behind it.
fn shortened(text: &str, keep_end: bool) -> String {
    let length = text.chars().count();
    if length <= AROUND * 2 {
        return text.to_owned();
    }
    if keep_end {
        format!("…{}", text.chars().skip(length - AROUND).collect::<String>())
    } else {
        format!("{}…", text.chars().take(AROUND).collect::<String>())
    }
}
