//! From the parser's events to the tree, without recursion.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use granit_parser::{Event, Placement, ScalarStyle, Span, StrInput};

use super::node::{Alias, Entry, Node, NodeValue, Scalar, Style};
use super::scalar::{Written, locate};
use super::template::{self, Hidden};
use super::{Comment, Document, MOST_NODES};
use crate::read::TroubleKind;
use crate::text::{Text, TextBuilder};

/// What one run over a stretch of the file gave.
pub(super) struct Builder<'a> {
    written: Written<'a>,
    hidden: &'a [Hidden],
    /// Where the parser's input begins in the file.
    base: usize,
    open: Vec<Frame>,
    anchors: HashMap<usize, Rc<Node>>,
    /// How many nodes the document's aliases stand for.
    aliased: u64,
    root: Option<Rc<Node>>,
    start: usize,
    pub(super) documents: Vec<Document>,
    pub(super) comments: Vec<Comment>,
    pub(super) troubles: Vec<(Range<usize>, TroubleKind, bool)>,
}

/// A collection whose end has not come yet.
struct Frame {
    start: usize,
    /// Where the last entry ends.
    end: usize,
    flow: bool,
    anchor: usize,
    tag: Option<Text>,
    content: Content,
    size: u64,
    depth: u32,
}

enum Content {
    /// `key` waits for its value; beside it, where it ends.
    Mapping {
        entries: Vec<Entry>,
        key: Option<(Rc<Node>, usize)>,
        names: HashSet<String>,
    },
    Sequence(Vec<Rc<Node>>),
}

pub(super) type Parser<'a> = granit_parser::Parser<'a, StrInput<'a>>;

impl<'a> Builder<'a> {
    pub(super) fn new(written: Written<'a>, hidden: &'a [Hidden]) -> Self {
        Builder {
            written,
            hidden,
            base: 0,
            open: Vec::new(),
            anchors: HashMap::new(),
            aliased: 0,
            root: None,
            start: 0,
            documents: Vec::new(),
            comments: Vec::new(),
            troubles: Vec::new(),
        }
    }

    pub(super) fn begin(&mut self, base: usize) {
        self.base = base;
        self.start = base;
    }

    pub(super) fn event(&mut self, event: Event<'_>, span: Span) {
        let range = self.range(span);
        let tag = span.tag_span().map(|tag| self.written.text.slice(self.range(tag)));
        match event {
            Event::DocumentStart(..) => {
                self.start = range.start;
                self.anchors.clear();
                self.aliased = 0;
            }
            Event::DocumentEnd => self.end_document(range.start, false),
            Event::Scalar(value, style, anchor, _) => {
                let node = self.scalar(&value, style, range.clone(), tag);
                self.node(node, anchor, range);
            }
            Event::Alias(id) => {
                let node = self.alias(id, range.clone());
                self.aliased += node.size;
                self.node(node, 0, range);
            }
            Event::UnresolvedAlias(name) => {
                let said = format!("unknown anchor {name}");
                self.troubles.push((range.clone(), TroubleKind::YamlSyntax { said }, true));
                let node = self.unresolved(range.clone());
                self.node(node, 0, range);
            }
            Event::SequenceStart(style, anchor, _) => {
                let flow = style == granit_parser::StructureStyle::Flow;
                self.begin_collection(range, flow, anchor, tag, Content::Sequence(Vec::new()));
            }
            Event::MappingStart(style, anchor, _) => {
                let flow = style == granit_parser::StructureStyle::Flow;
                let content = Content::Mapping { entries: Vec::new(), key: None, names: HashSet::new() };
                self.begin_collection(range, flow, anchor, tag, content);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end_collection(range),
            Event::Comment(_, placement) => {
                let alone = placement != Placement::Right;
                self.comments.push(Comment { at: self.written.text.slice(range), alone });
            }
            _ => {}
        }
    }

    /// Closes what a broken document left open, so that what was read of it is not lost.
    pub(super) fn break_off(&mut self, at: usize) {
        while !self.open.is_empty() {
            self.end_collection(at..at);
        }
        if self.root.is_some() || at > self.start {
            self.end_document(at, true);
        }
    }

    fn end_document(&mut self, end: usize, broken: bool) {
        let at = self.written.text.slice(self.start..end);
        self.documents.push(Document { at, root: self.root.take(), broken });
        self.start = end;
    }

    fn range(&self, span: Span) -> Range<usize> {
        let range = span.byte_range().unwrap_or(0..0);
        self.base + range.start..self.base + range.end.max(range.start)
    }

    fn scalar(&self, value: &str, style: ScalarStyle, range: Range<usize>, tag: Option<Text>) -> Node {
        let style = match style {
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
            _ if range.is_empty() => Style::Missing,
            _ => Style::Plain,
        };
        let mut templated = template::touches(self.hidden, &range);
        let mut at = self.written.text.slice(range.clone());
        let mut text = locate(self.written, range, style, value);
        if style == Style::Missing {
            // What is not there stands at its key; a template may put something there.
            if let Some((key, end)) = self.waiting_key() {
                templated = self.template_follows(end);
                at = key.at.clone();
                text = TextBuilder::new(&at).finish();
            }
        }
        Node { at, tag, value: NodeValue::Scalar(Scalar { text, style }), templated, size: 1, depth: 1 }
    }

    fn waiting_key(&self) -> Option<(&Node, usize)> {
        match &self.open.last()?.content {
            Content::Mapping { key, .. } => key.as_ref().map(|(key, end)| (&**key, *end)),
            Content::Sequence(_) => None,
        }
    }

    /// Whether the next thing behind a key is an action on lines of its own.
    fn template_follows(&self, end: usize) -> bool {
        let next = self.hidden.partition_point(|action| action.range.start < end);
        self.hidden.get(next).is_some_and(|action| {
            let between = self.written.masked.get(end..action.range.start);
            action.alone && between.is_some_and(|text| text.chars().all(|c| c == ':' || c.is_whitespace()))
        })
    }

    fn alias(&mut self, id: usize, range: Range<usize>) -> Node {
        // An anchor that is still open would hold itself.
        let Some(target) = self.anchors.get(&id).cloned() else {
            let said = "an alias inside its own anchor".to_owned();
            self.troubles.push((range.clone(), TroubleKind::YamlSyntax { said }, true));
            return self.unresolved(range);
        };
        let depth = self.open.len() as u32 + target.depth;
        if self.aliased + target.size > MOST_NODES || depth > super::DEEPEST {
            let what = if depth > super::DEEPEST {
                TroubleKind::TooDeep { limit: super::DEEPEST }
            } else {
                TroubleKind::YamlSyntax { said: "the aliases stand for too many nodes".to_owned() }
            };
            self.troubles.push((range.clone(), what, false));
            return self.unresolved(range);
        }
        let at = self.written.text.slice(range);
        let scalar = match &target.value {
            NodeValue::Scalar(scalar) => {
                let mut used = TextBuilder::new(&at);
                used.push_substituted(&scalar.text, &at);
                Some(Scalar { text: used.finish(), style: scalar.style })
            }
            _ => None,
        };
        let (size, depth) = (target.size, target.depth);
        let value = NodeValue::Alias(Alias { target: Some(target), scalar });
        Node { at, tag: None, value, templated: false, size, depth }
    }

    fn unresolved(&self, range: Range<usize>) -> Node {
        let value = NodeValue::Alias(Alias { target: None, scalar: None });
        Node { at: self.written.text.slice(range), tag: None, value, templated: false, size: 1, depth: 1 }
    }

    fn begin_collection(
        &mut self,
        range: Range<usize>,
        flow: bool,
        anchor: usize,
        tag: Option<Text>,
        content: Content,
    ) {
        self.open.push(Frame { start: range.start, end: range.end, flow, anchor, tag, content, size: 1, depth: 0 });
    }

    fn end_collection(&mut self, closing: Range<usize>) {
        let Some(frame) = self.open.pop() else { return };
        let Frame { start, mut end, flow, anchor, tag, content, size, depth } = frame;
        // A block has no end mark of its own: it ends with its last entry.
        if flow {
            end = closing.end;
        }
        let value = match content {
            Content::Sequence(items) => NodeValue::Sequence(items),
            Content::Mapping { mut entries, key, .. } => {
                // The document broke off behind a key.
                if let Some((key, _)) = key {
                    let at = key.at.clone();
                    let missing = Scalar { text: TextBuilder::new(&at).finish(), style: Style::Missing };
                    let value = NodeValue::Scalar(missing);
                    let value = Rc::new(Node { at, tag: None, value, templated: true, size: 1, depth: 1 });
                    entries.push(Entry { key, value });
                }
                NodeValue::Mapping(entries)
            }
        };
        // An action behind the last entry may add one more.
        let templated = template::stands_alone_in(self.hidden, &(start..closing.end.max(end)));
        let at = self.written.text.slice(start..end);
        let node = Node { at, tag, value, templated, size, depth: depth + 1 };
        self.node(node, anchor, start..end);
    }

    /// Puts a finished node where it belongs.
    fn node(&mut self, node: Node, anchor: usize, range: Range<usize>) {
        let node = Rc::new(node);
        if anchor > 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        let Some(frame) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        frame.end = frame.end.max(range.end);
        frame.size += node.size;
        frame.depth = frame.depth.max(node.depth);
        match &mut frame.content {
            Content::Sequence(items) => items.push(node),
            Content::Mapping { entries, key, names } => match key.take() {
                Some((key, _)) => entries.push(Entry { key, value: node }),
                None => {
                    if let Some(name) = node.scalar().map(Text::as_str)
                        && name != "<<"
                        && !names.insert(name.to_owned())
                    {
                        let what = TroubleKind::YamlDuplicateKey { key: name.to_owned() };
                        self.troubles.push((range.clone(), what, true));
                    }
                    *key = Some((node, range.end));
                }
            },
        }
    }
}
