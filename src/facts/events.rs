//! Log lines that a card knows, with the values in them.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::Input;
use aho_corasick::automaton::{Automaton, OverlappingState};
use aho_corasick::dfa::DFA;
use aho_corasick::nfa::noncontiguous::NFA;
use regex_lite::Regex;

use crate::catalogue::{Card, LinePattern, cards};
use crate::read::log_text::Log;
use crate::text::{Text, order};

/// A log line, or a few lines of one message, that a card knows.
#[derive(Clone, Debug)]
pub struct Event {
    pub card: &'static Card,
    pub at: Text,
    /// What the pattern's named groups held.
    pub values: Vec<(&'static str, Text)>,
    /// The versions of Celery that print this line, if not all do.
    pub only_in: Option<&'static str>,
    /// How often an equal line stands in the same log, and the last of them.
    pub count: u32,
    pub last: Option<Text>,
    /// The times of the first and of the last of them, as written, where their lines have one.
    pub first_seen: Option<Text>,
    pub last_seen: Option<Text>,
    /// A later line of the same log says that it was overcome.
    pub is_overcome: bool,
}

impl Event {
    /// What a group held; empty where it is absent.
    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text.as_str())
    }
}

/// A message wraps over at most this many further lines.
const MOST_FURTHER_LINES: usize = 5;
/// Different lines of one card in one log; further ones only count.
const MOST_EVENTS: usize = 200;
/// So many different messages of one pattern are remembered; most logs repeat a few.
const MOST_REMEMBERED: usize = 500;

/// The bytes of a message that a pattern matches, and those of its named groups.
struct Match {
    whole: Range<usize>,
    groups: Vec<(&'static str, Range<usize>)>,
}

struct Known {
    card: &'static Card,
    line: &'static LinePattern,
    /// Made when its literal is first met: most logs meet a handful of hundreds.
    pattern: OnceLock<Option<Regex>>,
}

impl Known {
    /// The catalogue's test compiles every pattern, so there is one.
    fn pattern(&self) -> Option<&Regex> {
        self.pattern.get_or_init(|| Regex::new(self.line.pattern).ok()).as_ref()
    }

    fn look(&self, message: &str) -> Option<Match> {
        let captures = self.pattern()?.captures(message)?;
        let of_name = |name: &&'static str| captures.name(name).map(|group| (*name, group.range()));
        Some(Match { whole: captures.get(0)?.range(), groups: self.card.values.iter().filter_map(of_name).collect() })
    }

    fn literal(&self) -> String {
        longest_literal(self.line.pattern)
    }
}

struct Matcher {
    /// Quick to make.
    literals: NFA,
    /// Quick to search with, and so large that only a long log is worth it.
    for_long_logs: OnceLock<Option<DFA>>,
    known: Vec<Known>,
}

/// From so many bytes on a log is long.
const LONG_LOG: usize = 512 * 1024;

/// Every known line of a log, in order; equal lines are folded.
pub fn gather(log: &Log) -> Vec<Event> {
    let Some(matcher) = matcher() else { return Vec::new() };
    if log.text().as_str().len() >= LONG_LOG
        && let Some(literals) =
            matcher.for_long_logs.get_or_init(|| DFA::new(matcher.known.iter().map(Known::literal)).ok())
    {
        return gather_with(literals, matcher, log);
    }
    gather_with(&matcher.literals, matcher, log)
}

fn gather_with(literals: &impl Automaton, matcher: &Matcher, log: &Log) -> Vec<Event> {
    let source = log.text().as_str();
    let mut events: Vec<Event> = Vec::new();
    let mut done: Vec<usize> = vec![0; matcher.known.len()];
    // A look at a message takes long, and a broker that is away is told of ten thousand times.
    let mut remembered: Vec<HashMap<String, Option<Match>>> = Vec::new();
    remembered.resize_with(matcher.known.len(), HashMap::new);
    // celery/worker/consumer/connection.py:23 (5.7.0)
    let connected = source.rfind("Connected to ").unwrap_or(0);
    let input = Input::new(source);
    let mut state = OverlappingState::start();
    while literals.try_find_overlapping(&input, &mut state).is_ok() {
        let Some(hit) = state.get_match() else { break };
        let index = hit.pattern().as_usize();
        if hit.start() < done[index] {
            continue;
        }
        let known = &matcher.known[index];
        let Some(line) = log.line_at(hit.start()) else { continue };
        done[index] = line.range().end;
        // The message as it was before it was wrapped and before others put their prefixes in front.
        let message = log.joined(&line, MOST_FURTHER_LINES);
        let messages = &mut remembered[index];
        if messages.len() >= MOST_REMEMBERED {
            messages.clear();
        }
        let look = || known.look(message.as_str());
        let Some(found) = messages.entry(message.as_str().to_owned()).or_insert_with(look) else { continue };
        if found.whole.start > line.message.len() || !is_beside(known.card, source) {
            continue;
        }
        let values = found.groups.iter().map(|(name, range)| (*name, message.slice(range.clone()))).collect();
        let is_overcome = std::ptr::eq(known.card, &cards::LOG_BROKER_REFUSED) && connected > done[index];
        add(&mut events, known, message.slice(found.whole.clone()), line.time, values, is_overcome);
    }
    order::sort_by_key(&mut events, |event| event.at.span());
    events
}

fn add(
    events: &mut Vec<Event>,
    known: &Known,
    at: Text,
    time: Option<Text>,
    values: Vec<(&'static str, Text)>,
    is_overcome: bool,
) {
    let span = at.span();
    let same = |event: &Event| {
        std::ptr::eq(event.card, known.card)
            && event.values.len() == values.len()
            && event.values.iter().zip(&values).all(|((_, left), (_, right))| left.as_str() == right.as_str())
    };
    // Two patterns of one card that hit one message are one event: the more telling one stays.
    if let Some(event) =
        events.iter_mut().find(|event| std::ptr::eq(event.card, known.card) && event.at.span().overlaps(span))
    {
        if event.only_in.is_none() {
            event.only_in = known.line.only_in;
        }
        return;
    }
    if let Some(event) = events.iter_mut().find(|event| same(event)) {
        event.count += 1;
        event.last = Some(at);
        event.is_overcome = is_overcome;
        event.last_seen = time.or(event.last_seen.take());
        event.only_in = event.only_in.or(known.line.only_in);
        return;
    }
    if events.len() < MOST_EVENTS {
        events.push(Event {
            card: known.card,
            at,
            values,
            only_in: known.line.only_in,
            count: 1,
            last: None,
            first_seen: time.clone(),
            last_seen: time,
            is_overcome,
        });
    }
}

/// Some lines are so general that they are believed only beside a word of Celery's, kombu's or RabbitMQ's.
fn is_beside(card: &Card, source: &str) -> bool {
    card.only_beside.is_empty() || card.only_beside.iter().any(|word| source.contains(word))
}

fn matcher() -> Option<&'static Matcher> {
    static MATCHER: OnceLock<Option<Matcher>> = OnceLock::new();
    let make = || {
        let lines = cards::ALL.iter().flat_map(|card| card.line.iter().map(|line| (*card, line)));
        let known: Vec<Known> = lines.map(|(card, line)| Known { card, line, pattern: OnceLock::new() }).collect();
        let literals = NFA::new(known.iter().map(Known::literal)).ok()?;
        Some(Matcher { literals, for_long_logs: OnceLock::new(), known })
    };
    MATCHER.get_or_init(make).as_ref()
}

/// The longest stretch of a pattern that stands for itself.
pub fn longest_literal(pattern: &str) -> String {
    let mut longest = String::new();
    let mut current = String::new();
    let mut depth = 0_u32;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        let literal = match character {
            '\\' => match characters.next() {
                Some(escaped) if !escaped.is_ascii_alphanumeric() => Some(escaped),
                _ => None,
            },
            '(' => {
                depth += 1;
                None
            }
            ')' => {
                depth = depth.saturating_sub(1);
                None
            }
            '[' => {
                for inner in characters.by_ref() {
                    if inner == ']' {
                        break;
                    }
                }
                None
            }
            '.' | '*' | '+' | '?' | '{' | '}' | '|' | '^' | '$' => None,
            other => Some(other),
        };
        // A character before `?`, `*` or `{` may be absent; what stands in a group may be optional as a whole.
        let is_certain = depth == 0 && !matches!(characters.peek(), Some('?' | '*' | '{'));
        match literal.filter(|_| is_certain) {
            Some(literal) => current.push(literal),
            None => {
                if current.len() > longest.len() {
                    longest = std::mem::take(&mut current);
                }
                current.clear();
            }
        }
    }
    if current.len() > longest.len() { current } else { longest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_what_must_be_there() {
        assert_eq!(longest_literal(r"Unknown result backend: 'amqp'"), "Unknown result backend: 'amqp'");
        assert_eq!(longest_literal(r"PermissionError: \[Errno 1\] Operation"), "PermissionError: [Errno 1] Operation");
        assert_eq!(longest_literal(r"uid=(?P<uid>\d+) euid="), " euid=");
        assert_eq!(longest_literal(r"No such option:? '?x"), "No such option");
    }
}
