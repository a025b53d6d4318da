//! The strings of a TOML file, each list of them with its key and table. Numbers and dates are passed over.

use crate::text::Text;

/// `key = "…"`, `key = ["…", "…"]`, or such a pair in `{ … }`.
pub struct Value {
    /// The header it stands under, without brackets.
    pub table: String,
    /// With the key of the inline table before it.
    pub key: String,
    pub strings: Vec<Text>,
    pub is_list: bool,
}

/// Whether some line is a header.
pub(super) fn has_tables(text: &Text) -> bool {
    text.as_str().lines().any(|line| header(line).is_some())
}

/// `[tool.poe.tasks]`, `[[services]]  # comment`.
fn header(line: &str) -> Option<&str> {
    let name = line.strip_prefix('[')?.trim_start_matches('[');
    let (name, rest) = name.split_once(']')?;
    let rest = rest.trim_start_matches(']').trim_start();
    let is_name = !name.is_empty() && !name.contains(['"', ',', '{', '\'']);
    (is_name && (rest.is_empty() || rest.starts_with('#'))).then_some(name)
}

/// Every string of a file.
pub fn read(text: &Text) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let source = text.as_str();
    let (mut table, mut at) = (String::new(), 0);
    while at < source.len() {
        let line = source[at..].split('\n').next().unwrap_or_default();
        let end = at + line.len() + 1;
        if let Some(name) = header(line) {
            name.trim().clone_into(&mut table);
        } else if let Some(equals) = line.find('=').filter(|_| !line.trim_start().starts_with('#')) {
            let key = line[..equals].trim().trim_matches(['"', '\'']);
            let mut reader = Reader { text, source, at: at + equals + 1, table: &table, found: &mut found };
            reader.value(key, 0);
            at = reader.at + source[reader.at..].find('\n').map_or(source.len() - reader.at, |it| it + 1);
            continue;
        }
        at = end;
    }
    found
}

/// Tables in tables beyond this are not read.
const DEEPEST: u32 = 8;

struct Reader<'a> {
    text: &'a Text,
    source: &'a str,
    at: usize,
    table: &'a str,
    found: &'a mut Vec<Value>,
}

impl Reader<'_> {
    fn value(&mut self, key: &str, depth: u32) {
        self.blanks(false);
        let is_list = self.next() == Some('[');
        let strings = match self.next() {
            Some('"' | '\'') => self.string().into_iter().collect(),
            Some('[') => self.list(),
            Some('{') if depth < DEEPEST => return self.inline(key, depth),
            _ => return,
        };
        self.found.push(Value { table: self.table.to_owned(), key: key.to_owned(), strings, is_list });
    }

    fn next(&self) -> Option<char> {
        self.source[self.at..].chars().next()
    }

    /// Steps over blanks; in a list also over line ends, commas and comments.
    fn blanks(&mut self, in_list: bool) {
        while let Some(next) = self.next() {
            match next {
                ' ' | '\t' => self.at += 1,
                '\r' | '\n' | ',' if in_list => self.at += 1,
                '#' if in_list => {
                    self.at += self.source[self.at..].find('\n').unwrap_or(self.source.len() - self.at);
                }
                _ => break,
            }
        }
    }

    /// A string as it is written between its quotes: commands need no escapes but those of quotes.
    fn string(&mut self) -> Option<Text> {
        let rest = &self.source[self.at..];
        let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest.starts_with(quote))?;
        let start = self.at + quote.len();
        let mut end = start;
        loop {
            let rest = &self.source[end..];
            if rest.starts_with(quote) {
                break;
            }
            let is_over = rest.is_empty() || (quote.len() == 1 && rest.starts_with('\n'));
            if is_over {
                self.at = end;
                return None;
            }
            let escapes = quote.starts_with('"') && rest.starts_with('\\');
            let step = rest.chars().take(if escapes { 2 } else { 1 }).map(char::len_utf8).sum::<usize>();
            end += step;
        }
        self.at = end + quote.len();
        let text = self.text.slice(start..end);
        // An escape would have to be decoded; what holds one is left alone.
        (quote.starts_with('\'') || !text.as_str().contains('\\')).then_some(text)
    }

    fn list(&mut self) -> Vec<Text> {
        let mut strings = Vec::new();
        self.at += 1;
        loop {
            self.blanks(true);
            match self.next() {
                Some('"' | '\'') => strings.extend(self.string()),
                Some(']') => {
                    self.at += 1;
                    return strings;
                }
                // Something else than strings: what it is a list of is not known.
                _ => return Vec::new(),
            }
        }
    }

    fn inline(&mut self, key: &str, depth: u32) {
        self.at += 1;
        loop {
            self.blanks(true);
            let rest = &self.source[self.at..];
            let line = rest.split(['\n', '}']).next().unwrap_or_default();
            let Some(equals) = line.find('=') else { return };
            let inner = line[..equals].trim();
            self.at += equals + 1;
            let before = self.at;
            self.value(&format!("{key}.{inner}"), depth + 1);
            let rest = &self.source[self.at..];
            // Numbers and the like are stepped over.
            self.at += rest.find([',', '}', '\n']).unwrap_or(rest.len());
            if self.at == before || !self.source[self.at..].starts_with(',') {
                return;
            }
        }
    }
}
