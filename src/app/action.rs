//! What can happen on the page, and what is asked of the editor in turn.

use super::language::{Language, Reading, Theme};
use super::packs::Pack;
use super::rows::RowKey;
use super::state::Pane;
use crate::present::view::{Answer, Category, Place};

/// What can happen.
#[derive(Debug)]
pub(super) enum Action {
    Edited {
        id: u32,
        version: u32,
        text: String,
    },
    Composing(bool),
    /// Whole files, with a name or without one.
    Opened(Vec<(Option<String>, String)>),
    /// From the clipboard, outside the editor; only while nothing else is here.
    Pasted(String),
    Added(Option<String>),
    Selected(u32),
    Closed(u32),
    KindChosen(u32, Option<String>),
    /// Of a part of a note, by its number from 1.
    PartKindChosen(u32, u32, Option<String>),
    CelerySaid(Option<String>),
    RabbitmqSaid(Option<String>),
    RowToggled(RowKey),
    Filtered(Option<Category>),
    RemedyChosen(usize),
    Read(Reading),
    ThemeToggled,
    /// The system changed its mind, and the reader has said nothing.
    ThemeFollowed(Theme),
    PictureToggled,
    PaneChosen(Pane),
    /// To a place of the current answer.
    Jumped(Place),
    FixAsked(Vec<FileEdits>),
    /// The fix of a finding, from the hover in the editor.
    QuickFixed {
        finding: u32,
        fix: u32,
    },
    FixRefused,
    FocusAsked,
    Noticed(Notice),
    NoticeDismissed,
    EngineLoading,
    EngineReady(String),
    EngineFailed,
    Answered {
        answer: Box<Answer>,
        milliseconds: u32,
    },
    Unreadable(Vec<(u32, u32)>),
    TriedAgain(u32),
    PackAsked(Language),
    PackCame(Language, Option<Pack>),
}

/// Something that is said once, until it is dismissed or the next thing happens.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Notice {
    FileNotText(String),
    FileNotRead(String),
    FixOutdated,
}

/// Edits of one file: the version they were made for, and the changes in UTF-16 places.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FileEdits {
    pub(super) id: u32,
    pub(super) version: u32,
    pub(super) changes: Vec<Change>,
}

/// What CodeMirror calls a change.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) insert: String,
}

/// What the editor is asked to do once. A reducer has no effects, so it leaves a wish.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wish {
    /// Goes there, with the focus.
    Reveal {
        from: u32,
        to: u32,
    },
    /// Brings it into sight; the focus stays where it is.
    Show {
        from: u32,
    },
    Focus,
    Apply(Vec<FileEdits>),
}
