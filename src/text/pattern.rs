//! Small regular expressions, as log cards write them.
//!
//! What they may hold: letters, `.`, `[…]`, `\d \w \s \b` and their opposites in capitals (but `\B`), `(?:…)`,
//! `(?P<name>…)`, `|`, and `? * + {2,4}` behind one character, or `?` behind a group. The leftmost match counts, and
//! the first alternative. A repeated group is left out on purpose: without it, no text makes the search slow.
//!
//! Ours, because everybody who opens the page waits for the crate that can do more.

use std::iter::Peekable;
use std::ops::Range;
use std::str::Chars;

/// A pattern that is ready to be looked for.
#[derive(Debug)]
pub struct Pattern(Vec<Vec<Node>>);

/// Where a pattern stands, and what its named groups hold.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    pub whole: Range<usize>,
    pub groups: Vec<(String, Range<usize>)>,
}

#[derive(Debug)]
enum Node {
    /// One character, so many times.
    Letters {
        letter: Letter,
        least: usize,
        most: usize,
    },
    /// Where a word begins or ends.
    Edge,
    Group {
        name: Option<String>,
        ways: Vec<Vec<Node>>,
        may_be_absent: bool,
    },
}

#[derive(Debug, Default)]
struct Letter {
    is_not: bool,
    ranges: Vec<(char, char)>,
}

impl Letter {
    fn is(&self, character: char) -> bool {
        self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&character)) != self.is_not
    }

    /// What stands behind a backslash. Only ASCII counts as digits, words and blanks.
    fn escaped(letter: char) -> Option<Letter> {
        let ranges: &[(char, char)] = match letter.to_ascii_lowercase() {
            'd' => &[('0', '9')],
            'w' => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
            's' => &[('\t', '\r'), (' ', ' ')],
            other if other.is_ascii_alphanumeric() => return None,
            _ => &[(letter, letter)],
        };
        Some(Letter { is_not: letter.is_ascii_uppercase(), ranges: ranges.to_vec() })
    }
}

fn is_word(character: Option<char>) -> bool {
    character.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl Pattern {
    /// `None` if it holds what is not understood here.
    pub fn new(written: &str) -> Option<Pattern> {
        let mut rest = written.chars().peekable();
        let ways = ways(&mut rest)?;
        rest.next().is_none().then_some(Pattern(ways))
    }

    /// The leftmost place.
    pub fn find(&self, text: &str) -> Option<Found> {
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let mut groups = Vec::new();
        for start in starts {
            let mut end = None;
            let mut done = |at: usize, _: &mut Vec<_>| {
                end = Some(at);
                true
            };
            if any_of(&self.0, text, start, &mut groups, &mut done)
                && let Some(end) = end
            {
                let groups = groups.into_iter().map(|(name, at): (&str, _)| (name.to_owned(), at)).collect();
                return Some(Found { whole: start..end, groups });
            }
        }
        None
    }
}

impl Found {
    /// What a named group holds; `None` where it is absent.
    pub fn group(&self, name: &str) -> Option<Range<usize>> {
        self.groups.iter().find(|(known, _)| known == name).map(|(_, at)| at.clone())
    }
}

/// Alternatives, to their end or to the end of their group.
fn ways(rest: &mut Peekable<Chars<'_>>) -> Option<Vec<Vec<Node>>> {
    let mut ways = vec![Vec::new()];
    while let Some(character) = rest.next_if(|c| *c != ')') {
        let letter = match character {
            '|' => {
                ways.push(Vec::new());
                continue;
            }
            '(' => {
                let node = group(rest)?;
                ways.last_mut()?.push(node);
                continue;
            }
            '\\' if rest.next_if_eq(&'b').is_some() => {
                ways.last_mut()?.push(Node::Edge);
                continue;
            }
            '\\' => Letter::escaped(rest.next()?)?,
            '[' => class(rest)?,
            '.' => Letter { is_not: true, ranges: vec![('\n', '\n')] },
            '?' | '*' | '+' | '{' | '}' | ']' | '^' | '$' => return None,
            plain => Letter { is_not: false, ranges: vec![(plain, plain)] },
        };
        let (least, most) = times(rest)?;
        ways.last_mut()?.push(Node::Letters { letter, least, most });
    }
    Some(ways)
}

fn group(rest: &mut Peekable<Chars<'_>>) -> Option<Node> {
    rest.next_if_eq(&'?')?;
    let name = match rest.next()? {
        ':' => None,
        'P' => {
            rest.next_if_eq(&'<')?;
            let mut name = String::new();
            while let Some(letter) = rest.next_if(|c| *c != '>') {
                name.push(letter);
            }
            rest.next()?;
            Some(name)
        }
        _ => return None,
    };
    let ways = ways(rest)?;
    rest.next_if_eq(&')')?;
    let may_be_absent = rest.next_if_eq(&'?').is_some();
    (!matches!(rest.peek(), Some('?' | '*' | '+' | '{'))).then_some(Node::Group { name, ways, may_be_absent })
}

fn class(rest: &mut Peekable<Chars<'_>>) -> Option<Letter> {
    let mut class = Letter { is_not: rest.next_if_eq(&'^').is_some(), ranges: Vec::new() };
    loop {
        let from = match rest.next()? {
            ']' if !class.ranges.is_empty() => return Some(class),
            '[' | ']' => return None,
            '\\' => {
                let escaped = Letter::escaped(rest.next()?)?;
                if escaped.is_not {
                    return None;
                }
                class.ranges.extend(escaped.ranges);
                continue;
            }
            plain => plain,
        };
        let mut to = from;
        if from != '-' && rest.next_if_eq(&'-').is_some() {
            if rest.peek() == Some(&']') {
                class.ranges.push(('-', '-'));
            } else {
                to = rest.next().filter(|to| *to >= from && !matches!(to, '[' | '\\'))?;
            }
        }
        class.ranges.push((from, to));
    }
}

/// How often the character before may stand there.
fn times(rest: &mut Peekable<Chars<'_>>) -> Option<(usize, usize)> {
    let times = match rest.peek() {
        Some('?') => (0, 1),
        Some('*') => (0, usize::MAX),
        Some('+') => (1, usize::MAX),
        Some('{') => {
            rest.next();
            let mut written = String::new();
            while let Some(letter) = rest.next_if(|c| *c != '}') {
                written.push(letter);
            }
            rest.next()?;
            let (least, most) = written.split_once(',').unwrap_or((&written, &written));
            let most = if most.is_empty() { usize::MAX } else { most.parse().ok()? };
            return finished(rest, (least.parse().ok()?, most));
        }
        _ => return Some((1, 1)),
    };
    rest.next();
    finished(rest, times)
}

/// `+?` and the like are not understood.
fn finished(rest: &mut Peekable<Chars<'_>>, times: (usize, usize)) -> Option<(usize, usize)> {
    (!matches!(rest.peek(), Some('?' | '*' | '+' | '{'))).then_some(times)
}

type Groups<'a> = Vec<(&'a str, Range<usize>)>;
/// What has to fit behind; a match that it refuses is taken back.
type Then<'t, 'a> = &'t mut dyn FnMut(usize, &mut Groups<'a>) -> bool;

fn any_of<'a>(ways: &'a [Vec<Node>], text: &str, at: usize, groups: &mut Groups<'a>, then: Then<'_, 'a>) -> bool {
    ways.iter().any(|way| all_of(way, text, at, groups, then))
}

fn all_of<'a>(way: &'a [Node], text: &str, at: usize, groups: &mut Groups<'a>, then: Then<'_, 'a>) -> bool {
    let Some((node, others)) = way.split_first() else { return then(at, groups) };
    match node {
        Node::Edge => {
            is_word(text[..at].chars().next_back()) != is_word(text[at..].chars().next())
                && all_of(others, text, at, groups, then)
        }
        Node::Letters { letter, least, most } => {
            let mut end = at;
            let mut count = 0;
            for character in text[at..].chars().take(*most).take_while(|c| letter.is(*c)) {
                end += character.len_utf8();
                count += 1;
            }
            // As many as there are, then ever fewer.
            while count >= *least {
                if all_of(others, text, end, groups, then) {
                    return true;
                }
                let Some(last) = text[at..end].chars().next_back() else { break };
                end -= last.len_utf8();
                count -= 1;
            }
            false
        }
        Node::Group { name, ways, may_be_absent } => {
            let before = groups.len();
            let is_there = any_of(ways, text, at, groups, &mut |end, groups| {
                groups.extend(name.as_deref().map(|name| (name, at..end)));
                if all_of(others, text, end, groups, then) {
                    return true;
                }
                groups.truncate(groups.len() - usize::from(name.is_some()));
                false
            });
            is_there || {
                groups.truncate(before);
                *may_be_absent && all_of(others, text, at, groups, then)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATTERNS: &[&str] = &[
        "ab?c",
        "a+b|b+",
        "(?P<one>a+)(?P<two>b*)c?",
        "(?:a|ab)(?P<end>c|bcd?)?",
        "[^b]{1,2}b",
        "[a-b]+c",
        r"\ba\w",
        r"(?P<n>\d+)\.\S",
        r"a{2}(?:\s+b)?",
        r"(?:(?P<in>a)|b)c",
        r".b-?\D",
    ];

    #[test]
    fn finds_what_regular_expressions_find() {
        let mut random = fastrand::Rng::with_seed(11);
        for written in PATTERNS {
            let ours = Pattern::new(written).unwrap();
            let theirs = regex_lite::Regex::new(written).unwrap();
            for _ in 0..3_000 {
                let letter = |_| random.choice(['a', 'b', 'c', 'd', '1', '.', ' ', '\n', '-', '가']).unwrap_or('a');
                let text: String = (0..8).map(letter).collect();
                let expected = theirs.captures(&text).map(|captures| {
                    let groups = theirs.capture_names().flatten();
                    let groups = groups.filter_map(|name| Some((name.to_owned(), captures.name(name)?.range())));
                    let mut groups: Vec<_> = groups.collect();
                    groups.sort_by(|left, right| left.0.cmp(&right.0));
                    Found { whole: captures.get(0).unwrap().range(), groups }
                });
                let found = ours.find(&text).map(|mut found| {
                    found.groups.sort_by(|left, right| left.0.cmp(&right.0));
                    found
                });
                assert_eq!(found, expected, "{written} in {text:?}");
            }
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for written in
            ["(a)", "(?:a", "a)", "(?:a)+", "a+?", "^a", "a$", "[a", r"\B", r"\n", "*", "(?i)a", "a{1", "[^]"]
        {
            assert!(Pattern::new(written).is_none(), "{written}");
        }
    }
}
