use super::*;
use crate::present::view::{Bilingual, Edit, File, Finding, Fix, Point, Segment, Severity};

fn state() -> Rc<State> {
    Rc::new(State::new(Reading { page: Language::Ko, both: false }, (Theme::Light, false)))
}

fn after(state: Rc<State>, actions: impl IntoIterator<Item = Action>) -> Rc<State> {
    actions.into_iter().fold(state, |state, action| state.reduce(action))
}

fn opened(files: &[(&str, &str)]) -> Action {
    Action::Opened(files.iter().map(|(name, text)| (Some((*name).to_owned()), (*text).to_owned())).collect())
}

/// An answer about the open files, with a finding at the start of each of the lines.
fn answer(state: &State, lines: &[(u32, u32)]) -> Box<Answer> {
    let sentence =
        |text: &str| Bilingual { ko: vec![Segment::Text(text.into())], en: vec![Segment::Text(text.into())] };
    let findings = lines.iter().map(|(file, line)| {
        let text = &state.files[*file as usize].text;
        let offset = text.split('\n').take(*line as usize - 1).map(|line| line.len() as u32 + 1).sum();
        let start = Point { line: *line, column: 1, offset, utf16: offset };
        let place =
            Place { file: *file, start, end: Point { column: 2, offset: offset + 1, utf16: offset + 1, ..start } };
        Finding {
            rule: "a-rule".into(),
            severity: Severity::Error,
            category: Category::Defect,
            title: sentence("title"),
            message: sentence("message"),
            place,
            count: 1,
            seen: None,
            holds_for: None,
            certain: true,
            scopes: Vec::new(),
            related: Vec::new(),
            fixes: vec![Fix { title: sentence("fix"), safe: true, edits: vec![Edit { place, text: "X".into() }] }],
            docs: Vec::new(),
            bands: Vec::new(),
            fix_in: String::new(),
        }
    });
    let files = state.files.iter().map(|file| File {
        id: file.id,
        version: file.version,
        path: file.name.to_string(),
        kind: "python".into(),
        because: Bilingual::default(),
        bytes: 0,
        encoding: String::new(),
        variants: Vec::new(),
        parts: Vec::new(),
    });
    Box::new(Answer { findings: findings.collect(), files: files.collect(), ..Answer::default() })
}

fn answered(state: Rc<State>, lines: &[(u32, u32)]) -> Rc<State> {
    let answer = answer(&state, lines);
    state.reduce(Action::Answered { answer, milliseconds: 1 })
}

#[test]
fn files_replace_the_first_visit_and_the_last_one_closed_brings_it_back() {
    let state = after(state(), [opened(&[("a.py", "x\r\ny\r"), ("b.py", "z")])]);
    assert!(!state.is_first_visit());
    assert_eq!(state.files.iter().map(|file| &*file.name).collect::<Vec<_>>(), ["a.py", "b.py"]);
    assert_eq!(&*state.active_file().text, "x\ny\n", "the editor counts line feeds only");
    let ids: Vec<u32> = state.files.iter().map(|file| file.id).collect();
    let state = answered(state, &[(0, 1)]);
    let state = after(state, ids.into_iter().map(Action::Closed));
    assert!(state.is_first_visit());
    assert_eq!(state.answer, None);
}

#[test]
fn a_paste_opens_the_first_finding_and_shows_its_file_typing_does_not() {
    let pasted = answered(after(state(), [opened(&[("a.py", "x\n"), ("b.py", "y\nz\n")])]), &[(1, 2)]);
    assert!(pasted.open.is_some());
    assert_eq!(&*pasted.active_file().name, "b.py");
    assert_eq!(pasted.wish.as_ref().map(|(_, wish)| wish), Some(&Wish::Show { from: 2 }));

    let id = state().active;
    let typed = after(state(), [Action::Edited { id, version: 2, text: "x = 1".into() }]);
    assert_eq!(answered(typed, &[(0, 1)]).open, None);
}

#[test]
fn equal_findings_are_one_row_and_their_fixes_one_remedy() {
    let state = answered(after(state(), [opened(&[("a.py", "x\ny\nz\n")])]), &[(0, 1), (0, 3)]);
    let answer = state.answer.clone().expect("an answer");
    let rows = rows(&answer);
    assert_eq!(rows.len(), 1);
    let remedies = crate::app::remedy::remedies(&answer, &rows[0]);
    assert_eq!((remedies.len(), remedies[0].places), (1, 2));
    let diff: Vec<(usize, bool, String)> = remedies[0]
        .diff(&state, &answer)
        .into_iter()
        .map(|line| (line.number, line.added, line.stretches.into_iter().map(|(_, text)| text).collect()))
        .collect();
    let line = |number, added, text: &str| (number, added, text.to_owned());
    assert_eq!(diff, [line(1, false, "x"), line(1, true, "X"), line(3, false, "z"), line(3, true, "X")]);
}

#[test]
fn nothing_is_offered_for_a_text_that_has_moved_on() {
    let state = answered(after(state(), [opened(&[("a.py", "x\n")])]), &[(0, 1)]);
    let answer = state.answer.clone().expect("an answer");
    let row = rows(&answer).remove(0);
    let id = state.active;
    let edited = state.reduce(Action::Edited { id, version: 2, text: "new\nx\n".into() });
    assert!(crate::app::remedy::remedies(&answer, &row)[0].diff(&edited, &answer).is_empty());
    // The editor gets the version that was checked, and refuses.
    let fixed = edited.reduce(Action::QuickFixed { finding: 0, fix: 0 });
    let Some((_, Wish::Apply(edits))) = &fixed.wish else { panic!("a wish to apply") };
    assert_eq!((edits[0].id, edits[0].version), (id, 1));
}

#[test]
fn a_text_that_cannot_be_read_is_marked_until_it_changes() {
    let state = answered(after(state(), [opened(&[("a.py", "x\n"), ("b.py", "y\n")])]), &[(0, 1)]);
    let id = state.files[1].id;
    let state = state.reduce(Action::Unreadable(vec![(id, 1)]));
    assert!(state.files[1].is_unreadable() && !state.files[0].is_unreadable());
    assert_eq!(state.answer, None, "what was found was about other texts too");
    assert!(!state.clone().reduce(Action::TriedAgain(id)).files[1].is_unreadable());
    assert!(!state.reduce(Action::Edited { id, version: 2, text: "z\n".into() }).files[1].is_unreadable());
}

#[test]
fn the_clipboard_is_only_for_the_first_visit() {
    let state = state().reduce(Action::Pasted("x = 1\n".into()));
    assert_eq!(&*state.active_file().text, "x = 1\n");
    let again = state.clone().reduce(Action::Pasted("y = 1\n".into()));
    assert_eq!(again.files, state.files);
}
