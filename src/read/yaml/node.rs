//! The located tree: what stands where in a YAML document.

use std::rc::Rc;

use crate::text::Text;

/// A node, and the stretch of the file that it takes.
#[derive(Debug)]
pub struct Node {
    /// As written: a scalar with its quotes, a collection from its first to its last entry, an alias's name.
    /// A value that is not there stands at its key.
    pub at: Text,
    /// `!name`, as written.
    pub tag: Option<Text>,
    pub value: NodeValue,
    /// An action of a template may add entries here, or is the whole value.
    pub(super) templated: bool,
    /// How many nodes there are with every alias followed, and how deep.
    pub(super) size: u64,
    pub(super) depth: u32,
}

#[derive(Debug)]
pub enum NodeValue {
    Scalar(Scalar),
    /// In the order of the file; a key that is said twice stands here twice.
    Mapping(Vec<Entry>),
    Sequence(Vec<Rc<Node>>),
    Alias(Alias),
}

#[derive(Debug)]
pub struct Entry {
    pub key: Rc<Node>,
    pub value: Rc<Node>,
}

#[derive(Debug)]
pub struct Scalar {
    /// Decoded, every character with its place.
    pub text: Text,
    pub style: Style,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// Nothing is written: `key:`.
    Missing,
}

/// `*name`.
#[derive(Debug)]
pub struct Alias {
    /// `None` where the name was never given, or following it would never end.
    pub target: Option<Rc<Node>>,
    /// The target's text, if it is a scalar: standing here, coming from there.
    pub(super) scalar: Option<Scalar>,
}

impl Entry {
    /// The key's text, if it is a plain word.
    pub fn name(&self) -> Option<&Text> {
        self.key.scalar()
    }
}

impl Node {
    /// A string.
    pub fn of_text(text: Text) -> Node {
        let value = NodeValue::Scalar(Scalar { text: text.clone(), style: Style::DoubleQuoted });
        Node { at: text, tag: None, value, templated: false, size: 1, depth: 1 }
    }

    /// A mapping that stands nowhere itself.
    pub fn of_entries(at: &Text, entries: Vec<Entry>) -> Node {
        Node { at: at.clone(), tag: None, value: NodeValue::Mapping(entries), templated: false, size: 1, depth: 1 }
    }

    /// The scalar's decoded text. `None` for collections, for null and where a template decides.
    pub fn scalar(&self) -> Option<&Text> {
        let known = !self.is_null() && !self.is_templated();
        known.then(|| self.any_scalar()).flatten().map(|scalar| &scalar.text)
    }

    /// The scalar's text as it stands there, also with a template's actions in it.
    pub fn written(&self) -> Option<&Text> {
        self.any_scalar().map(|scalar| &scalar.text)
    }

    pub fn style(&self) -> Option<Style> {
        self.any_scalar().map(|scalar| scalar.style)
    }

    fn any_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            NodeValue::Scalar(scalar) => Some(scalar),
            NodeValue::Alias(alias) => alias.scalar.as_ref(),
            _ => None,
        }
    }

    /// `key:`, `key: ~`, `key: null`.
    pub fn is_null(&self) -> bool {
        self.any_scalar().is_some_and(|scalar| match scalar.style {
            Style::Missing => !self.templated,
            Style::Plain => matches!(scalar.text.as_str(), "~" | "null" | "Null" | "NULL") && self.tag.is_none(),
            _ => false,
        })
    }

    /// Whether a template's action decides the value, or may add entries: what is missing here is not shown.
    pub fn is_templated(&self) -> bool {
        self.templated || self.target().is_some_and(|target| target.templated)
    }

    /// `true` or `false` without quotes. YAML 1.1's `yes` and `on` are left to those who know the loader.
    pub fn as_bool(&self) -> Option<bool> {
        match self.plain()? {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    }

    /// A decimal integer without quotes.
    pub fn as_integer(&self) -> Option<i64> {
        self.plain()?.parse().ok()
    }

    fn plain(&self) -> Option<&str> {
        (self.style() == Some(Style::Plain)).then(|| self.scalar()).flatten().map(Text::as_str)
    }

    /// The value under a key, through aliases and merges; a mapping's own entries come before merged ones.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &*entry.value)
    }

    /// The entry under a key, through aliases and merges.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        let own = self.own_entries();
        let is_it = |entry: &&Entry| entry.key.written().is_some_and(|it| it.as_str() == key) && entry.name().is_some();
        own.iter().find(is_it).or_else(|| {
            own.iter()
                .filter(|entry| entry.is_merge())
                .find_map(|entry| entry.value.merged().into_iter().find_map(|node| node.entry(key)))
        })
    }

    /// The value at the end of a path of keys.
    pub fn path<'a>(&self, keys: impl IntoIterator<Item = &'a str>) -> Option<&Node> {
        keys.into_iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entries that stand in the mapping itself, `<<` among them. Empty for what is no mapping.
    pub fn own_entries(&self) -> &[Entry] {
        match &self.resolved().value {
            NodeValue::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// All entries, merged ones behind the mapping's own; of a name that is given twice, the first.
    pub fn entries(&self) -> Vec<&Entry> {
        let mut entries = Vec::new();
        let mut names = std::collections::HashSet::new();
        self.collect_entries(&mut entries, &mut names);
        entries
    }

    fn collect_entries<'a>(&'a self, entries: &mut Vec<&'a Entry>, names: &mut std::collections::HashSet<&'a str>) {
        let own = self.own_entries();
        for entry in own.iter().filter(|entry| !entry.is_merge()) {
            if entry.name().is_none_or(|name| names.insert(name.as_str())) {
                entries.push(entry);
            }
        }
        for entry in own.iter().filter(|entry| entry.is_merge()) {
            for node in entry.value.merged() {
                node.collect_entries(entries, names);
            }
        }
    }

    /// The items of a sequence. Empty for what is no sequence.
    pub fn items(&self) -> &[Rc<Node>] {
        match &self.resolved().value {
            NodeValue::Sequence(items) => items,
            _ => &[],
        }
    }

    pub fn is_mapping(&self) -> bool {
        matches!(self.resolved().value, NodeValue::Mapping(_))
    }

    pub fn is_sequence(&self) -> bool {
        matches!(self.resolved().value, NodeValue::Sequence(_))
    }

    /// What an alias stands for; any other node itself.
    pub fn resolved(&self) -> &Node {
        self.target().unwrap_or(self)
    }

    fn target(&self) -> Option<&Node> {
        match &self.value {
            NodeValue::Alias(alias) => alias.target.as_deref(),
            _ => None,
        }
    }

    /// The mappings that `<<: *a` and `<<: [*a, *b]` merge.
    fn merged(&self) -> Vec<&Node> {
        if self.is_sequence() { self.items().iter().map(|item| &**item).collect() } else { vec![self] }
    }
}

impl Entry {
    /// `<<:`, without quotes.
    pub fn is_merge(&self) -> bool {
        self.key.plain() == Some("<<")
    }
}
