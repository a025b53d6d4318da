//! What files of `[section]` and `key = value` have in common: systemd's units, supervisord's configuration.

use crate::text::Text;

/// The sections of a file, in its order. A section that stands twice is here twice.
#[derive(Clone, Debug, Default)]
pub struct Sections {
    pub list: Vec<Section>,
}

/// `[Service]` and its lines.
#[derive(Clone, Debug)]
pub struct Section {
    /// Without the brackets.
    pub name: Text,
    pub entries: Vec<Entry>,
}

/// One `key = value`.
#[derive(Clone, Debug)]
pub struct Entry {
    pub key: Text,
    /// Continuations joined, comments gone; quotes and specifiers as they are written.
    pub value: Text,
}

impl Sections {
    /// Every section of a name.
    pub fn of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Section> {
        self.list.iter().filter(move |section| section.name.as_str() == name)
    }

    /// Every entry of a key in the sections of a name, in order.
    pub fn all<'a>(&'a self, section: &'a str, key: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.of(section).flat_map(move |section| section.all(key))
    }
}

impl Section {
    /// Every entry of a key. Neither program minds whether a key is known.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(move |entry| entry.key.as_str() == key)
    }

    /// The last value of a key; nothing where it is empty.
    pub fn last(&self, key: &str) -> Option<&Text> {
        let mut same = self.entries.iter().filter(|entry| entry.key.as_str() == key);
        same.next_back().map(|entry| &entry.value).filter(|value| !value.is_empty())
    }
}

/// The name of a section header.
pub(super) fn header(line: &Text) -> Option<Text> {
    let inner = line.as_str().strip_prefix('[')?;
    let end = inner.find(']')?;
    Some(line.slice(1..1 + end).trim())
}
