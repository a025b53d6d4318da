//! What the page shows, and the one place where it changes.

use std::rc::Rc;

use yew::Reducible;

use super::action::{Action, Notice, Wish};
use super::language::{Language, Reading, Theme};
use super::opening::with_line_feeds;
use super::packs::PackState;
use super::remedy::edits_for_editor;
use super::rows::{RowKey, rows};
use super::words;
use crate::present::view::{Answer, Category, Options, Place};

#[cfg(test)]
mod tests;

/// A text of the page. The page owns it; the editor and the worker hold copies of some version.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OpenFile {
    pub(super) id: u32,
    /// Counts the editor's changes; the first text is version 1.
    pub(super) version: u32,
    pub(super) name: Rc<str>,
    pub(super) text: Rc<str>,
    /// The reader's own word on the kind.
    pub(super) kind: Option<Rc<str>>,
    /// And on the kinds of parts of a note, which are counted from 1.
    pub(super) part_kinds: Vec<(u32, Rc<str>)>,
    /// The version that the worker could not read.
    pub(super) unreadable: Option<u32>,
}

impl OpenFile {
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    pub(super) fn is_unreadable(&self) -> bool {
        self.unreadable == Some(self.version)
    }
}

/// Whether the checker can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    Loading,
    Ready,
    /// Its script or its wasm did not come.
    Failed,
}

/// Which half a narrow screen shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pane {
    Findings,
    Text,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct State {
    pub(super) files: Vec<OpenFile>,
    pub(super) active: u32,
    next_id: u32,
    pub(super) options: Options,
    pub(super) engine: Engine,
    /// The worker's build, for the text packs.
    pub(super) build: Option<Rc<str>>,
    pub(super) answer: Option<Rc<Answer>>,
    pub(super) milliseconds: u32,
    /// An input method is composing: the check waits.
    pub(super) composing: bool,
    /// The picture of the deployment is open: answers bring it along.
    pub(super) picture_wanted: bool,
    pub(super) open: Option<RowKey>,
    /// The first finding opens by itself after a paste, so that the page shows what it can do.
    open_first: bool,
    pub(super) remedy: usize,
    pub(super) filter: Option<Category>,
    pub(super) reading: Reading,
    pub(super) theme: Theme,
    pub(super) reading_chosen: bool,
    pub(super) theme_chosen: bool,
    pub(super) korean: PackState,
    pub(super) english: PackState,
    pub(super) pane: Pane,
    pub(super) notice: Option<Notice>,
    /// With a number, so that the same wish can be made twice.
    pub(super) wish: Option<(u32, Wish)>,
    wishes: u32,
}

impl State {
    pub(super) fn new(reading: Reading, theme: (Theme, bool)) -> State {
        let mut state = State {
            files: Vec::new(),
            active: 0,
            next_id: 1,
            options: Options::default(),
            engine: Engine::Loading,
            build: None,
            answer: None,
            milliseconds: 0,
            composing: false,
            picture_wanted: false,
            open: None,
            open_first: false,
            remedy: 0,
            filter: None,
            reading,
            theme: theme.0,
            reading_chosen: false,
            theme_chosen: theme.1,
            korean: PackState::NotAsked,
            english: PackState::NotAsked,
            pane: Pane::Text,
            notice: None,
            wish: None,
            wishes: 0,
        };
        state.add(None, "");
        state
    }

    /// Nothing is here yet: the page greets.
    pub(super) fn is_first_visit(&self) -> bool {
        self.files.len() == 1 && self.files[0].text.is_empty() && self.files[0].kind.is_none()
    }

    pub(super) fn file(&self, id: u32) -> Option<&OpenFile> {
        self.files.iter().find(|file| file.id == id)
    }

    pub(super) fn active_file(&self) -> &OpenFile {
        self.file(self.active).unwrap_or(&self.files[0])
    }

    /// The page's file behind a file of the answer, if it is open and still of the version that was checked.
    pub(super) fn checked_file(&self, answer: &Answer, index: u32) -> Option<&OpenFile> {
        let checked = answer.files.get(index as usize)?;
        self.file(checked.id).filter(|file| file.version == checked.version)
    }

    pub(super) fn pack(&self, language: Language) -> &PackState {
        match language {
            Language::Ko => &self.korean,
            Language::En => &self.english,
        }
    }

    fn pack_mut(&mut self, language: Language) -> &mut PackState {
        match language {
            Language::Ko => &mut self.korean,
            Language::En => &mut self.english,
        }
    }

    fn add(&mut self, name: Option<String>, text: &str) {
        let id = self.next_id;
        self.next_id += 1;
        let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| words::untitled(self.reading.page, id));
        self.files.push(OpenFile {
            id,
            version: 1,
            name: name.into(),
            text: with_line_feeds(text).into(),
            kind: None,
            part_kinds: Vec::new(),
            unreadable: None,
        });
        self.active = id;
    }

    fn wish(&mut self, wish: Wish) {
        self.wishes += 1;
        self.wish = Some((self.wishes, wish));
    }

    fn file_mut(&mut self, id: u32) -> Option<&mut OpenFile> {
        self.files.iter_mut().find(|file| file.id == id)
    }

    /// Parts are known by their numbers. When a note has more or fewer parts than before, a number may mean another
    /// part, so what the reader said of them no longer holds.
    fn forget_kinds_of_moved_parts(&mut self, answer: &Answer) {
        let Some(before) = self.answer.clone() else {
            return;
        };
        for now in &answer.files {
            let moved = before.files.iter().any(|was| was.id == now.id && was.parts.len() != now.parts.len());
            if let Some(file) = self.file_mut(now.id).filter(|_| moved) {
                file.part_kinds.clear();
            }
        }
    }

    /// Without a text there is nothing that an answer could be about.
    fn forget_what_is_gone(&mut self) {
        if self.files.iter().all(OpenFile::is_blank) {
            self.answer = None;
            self.open = None;
            self.filter = None;
        }
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut state = Rc::unwrap_or_clone(self);
        state.change(action);
        Rc::new(state)
    }
}

impl State {
    fn change(&mut self, action: Action) {
        match action {
            Action::Edited { id, version, text } => {
                let was_empty = self.answer.is_none();
                if let Some(file) = self.file_mut(id) {
                    file.version = version;
                    file.text = text.into();
                }
                // A paste arrives whole; somebody who types wants no row to spring open.
                self.open_first |= was_empty && self.active_file().text.lines().nth(1).is_some();
                self.forget_what_is_gone();
            }
            Action::Composing(composing) => self.composing = composing,
            Action::Opened(files) => self.open_files(files),
            Action::Pasted(text) => {
                if self.is_first_visit() {
                    self.open_files(vec![(None, text)]);
                }
            }
            Action::Added(name) => {
                self.add(name, "");
                self.pane = Pane::Text;
                self.wish(Wish::Focus);
            }
            Action::Selected(id) => self.active = id,
            Action::Closed(id) => self.close(id),
            Action::KindChosen(id, kind) => {
                if let Some(file) = self.file_mut(id) {
                    file.kind = kind.map(Rc::from);
                    file.unreadable = None;
                }
            }
            Action::PartKindChosen(id, part, kind) => {
                if let Some(file) = self.file_mut(id) {
                    file.part_kinds.retain(|(chosen, _)| *chosen != part);
                    file.part_kinds.extend(kind.map(|kind| (part, Rc::from(kind))));
                    file.unreadable = None;
                }
            }
            Action::PictureToggled => self.picture_wanted = !self.picture_wanted,
            Action::CelerySaid(version) => self.options.celery = version,
            Action::RabbitmqSaid(version) => self.options.rabbitmq = version,
            Action::RowToggled(key) => {
                self.open = if self.open.as_ref() == Some(&key) { None } else { Some(key) };
                self.remedy = 0;
                self.show_open_row();
            }
            Action::Filtered(category) => self.filter = category,
            Action::RemedyChosen(remedy) => self.remedy = remedy,
            Action::Read(reading) => {
                self.reading = reading;
                self.reading_chosen = true;
            }
            Action::ThemeToggled => {
                self.theme = self.theme.other();
                self.theme_chosen = true;
            }
            Action::ThemeFollowed(theme) if !self.theme_chosen => self.theme = theme,
            Action::ThemeFollowed(_) => {}
            Action::PaneChosen(pane) => self.pane = pane,
            Action::Jumped(place) => self.jump(place),
            Action::FixAsked(edits) => self.wish(Wish::Apply(edits)),
            Action::QuickFixed { finding, fix } => self.quick_fix(finding as usize, fix as usize),
            Action::FixRefused => self.notice = Some(Notice::FixOutdated),
            Action::FocusAsked => {
                self.pane = Pane::Text;
                self.wish(Wish::Focus);
            }
            Action::Noticed(notice) => self.notice = Some(notice),
            Action::NoticeDismissed => self.notice = None,
            Action::EngineLoading => self.engine = Engine::Loading,
            Action::EngineReady(build) => {
                self.engine = Engine::Ready;
                self.build = Some(build.into());
            }
            Action::EngineFailed => self.engine = Engine::Failed,
            Action::Answered { answer, milliseconds } => self.take(*answer, milliseconds),
            Action::Unreadable(versions) => {
                for (id, version) in versions {
                    if let Some(file) = self.file_mut(id) {
                        file.unreadable = Some(version);
                    }
                }
                // The last answer was about other texts; a new one comes if any text is left.
                self.answer = None;
            }
            Action::TriedAgain(id) => {
                if let Some(file) = self.file_mut(id) {
                    file.unreadable = None;
                }
            }
            Action::PackAsked(language) => *self.pack_mut(language) = PackState::Loading,
            Action::PackCame(language, pack) => {
                *self.pack_mut(language) = pack.map_or(PackState::Refused, PackState::Here);
            }
        }
    }

    fn open_files(&mut self, files: Vec<(Option<String>, String)>) {
        if self.is_first_visit() {
            self.files.clear();
        }
        let first = self.next_id;
        for (name, text) in files {
            self.add(name, &text);
        }
        self.active = if self.file(first).is_some() { first } else { self.active };
        if self.files.is_empty() {
            self.add(None, "");
        }
        self.pane = Pane::Findings;
        self.notice = None;
        self.open_first = self.answer.is_none();
    }

    fn close(&mut self, id: u32) {
        let Some(at) = self.files.iter().position(|file| file.id == id) else {
            return;
        };
        self.files.remove(at);
        if self.files.is_empty() {
            self.add(None, "");
        } else if self.active == id {
            self.active = self.files[at.min(self.files.len() - 1)].id;
        }
        self.forget_what_is_gone();
        self.wish(Wish::Focus);
    }

    fn jump(&mut self, place: Place) {
        let Some(file) = self.answer.as_ref().and_then(|answer| answer.files.get(place.file as usize)) else {
            return;
        };
        if self.file(file.id).is_some() {
            self.active = file.id;
            self.pane = Pane::Text;
            self.wish(Wish::Reveal { from: place.start.utf16, to: place.end.utf16 });
        }
    }

    /// The text beside an open finding is the text that it speaks of.
    fn show_open_row(&mut self) {
        let Some(answer) = self.answer.clone() else {
            return;
        };
        let row = rows(&answer).into_iter().find(|row| self.open.as_ref() == Some(&row.key));
        let Some(place) = row.and_then(|row| Some(answer.findings.get(*row.findings.first()?)?.place)) else {
            return;
        };
        if let Some(file) = self.checked_file(&answer, place.file) {
            self.active = file.id;
            self.wish(Wish::Show { from: place.start.utf16 });
        }
    }

    fn quick_fix(&mut self, finding: usize, fix: usize) {
        let Some(answer) = self.answer.clone() else {
            return;
        };
        if let Some(fix) = answer.findings.get(finding).and_then(|finding| finding.fixes.get(fix)) {
            self.wish(Wish::Apply(edits_for_editor(&answer, &fix.edits)));
        }
    }

    fn take(&mut self, answer: Answer, milliseconds: u32) {
        if self.files.iter().all(OpenFile::is_blank) {
            return;
        }
        self.forget_kinds_of_moved_parts(&answer);
        let all = rows(&answer);
        if self.open_first
            && let Some(first) = all.first()
        {
            self.open = Some(first.key.clone());
            self.remedy = 0;
        }
        if let Some(category) = self.filter
            && !answer.findings.iter().any(|finding| finding.category == category)
        {
            self.filter = None;
        }
        self.answer = Some(Rc::new(answer));
        self.milliseconds = milliseconds;
        if std::mem::take(&mut self.open_first) {
            self.show_open_row();
        }
    }
}
