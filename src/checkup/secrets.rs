//! Secrets of the paste: found once, masked in everything that leaves the check.

use std::collections::BTreeSet;

use aho_corasick::Input;
use aho_corasick::MatchKind;
use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::noncontiguous::NFA;

use crate::facts::Piece;
use crate::text::{Span, order};

/// What stands in the place of a secret.
const MASK: &str = "***";
/// A value this short is no secret and would garble other words.
const SHORTEST: usize = 3;
/// More secrets than these are no paste but a dump; the longest are kept.
const MOST: usize = 2_000;
/// An address whose user and password are longer than this is none.
const LONGEST_ADDRESS: usize = 1_024;

/// The secrets of a paste: their texts and where they stand.
#[derive(Debug, Default)]
pub struct Secrets {
    /// The plain automaton: the builder of the faster ones needs it anyway, and they add to the worker's size.
    texts: Option<NFA>,
    /// Where they stand.
    spans: Vec<Span>,
}

impl Secrets {
    /// The text with every secret masked.
    pub fn masked(&self, text: &str) -> String {
        let masked = mask_addresses(text);
        match &self.texts {
            Some(texts) => {
                let mut replaced = String::new();
                let mut done = 0;
                while let Ok(Some(found)) = texts.try_find(&Input::new(&masked).range(done..)) {
                    replaced.push_str(&masked[done..found.start()]);
                    if is_inside_a_word(&masked, found.start(), found.end()) {
                        done = found.start() + 1;
                        replaced.push_str(&masked[found.start()..done]);
                        continue;
                    }
                    replaced.push_str(MASK);
                    done = found.end();
                }
                replaced.push_str(&masked[done..]);
                replaced
            }
            None => masked,
        }
    }

    /// Whether an edit there would contain or cover a secret.
    pub fn touches(&self, span: Span, text: &str) -> bool {
        self.spans.iter().any(|secret| secret.overlaps(span)) || self.masked(text) != text
    }
}

/// Finds passwords in addresses and the values of names that say they are secret.
pub(super) fn gather(pieces: &[Piece]) -> Secrets {
    let mut spans = Vec::new();
    let mut texts = BTreeSet::new();
    for piece in pieces.iter().filter(|piece| piece.part.is_none()) {
        let source = piece.text.span().source;
        let text = piece.text.as_str();
        // These only look like passwords: they are masked there, and nowhere else.
        let alone = passwords_without_scheme(text);
        spans.extend(alone.iter().map(|(start, end)| Span { source, start: *start as u32, end: *end as u32 }));
        for (start, end) in passwords(text).into_iter().chain(named_values(text)) {
            spans.push(Span { source, start: start as u32, end: end as u32 });
            let value = &text[start..end];
            // What stands in the place of Redis' user may be a plain name: it is masked there, and nowhere else.
            let is_lone_user = text[..start].ends_with("://");
            if value.len() >= SHORTEST && !is_harmless(value) && !is_lone_user {
                texts.insert(value);
            }
        }
    }
    let mut texts: Vec<&str> = texts.into_iter().collect();
    order::sort_by_key(&mut texts, |text| std::cmp::Reverse(text.len()));
    texts.truncate(MOST);
    // A secret that holds another one is masked whole.
    let texts =
        (!texts.is_empty()).then(|| NFA::builder().match_kind(MatchKind::LeftmostLongest).build(&texts).ok()).flatten();
    Secrets { texts, spans }
}

/// The stretches between `:` and `@` of addresses with a user. Where `redis://` has no colon, its password stands
/// in the place of the user.
fn passwords(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut done = 0;
    for (at, _) in text.match_indices("://") {
        let start = at + 3;
        if start < done {
            continue;
        }
        let rest = &text[start..];
        let rest = &rest[..floor_boundary(rest, LONGEST_ADDRESS)];
        let end =
            rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>')).unwrap_or(rest.len());
        // The last `@` before the path of the address: a password may hold `@`, `/` or `#` by mistake.
        let Some(host) = rest[..end].rfind('@') else { continue };
        let behind = match rest[..host].find(':') {
            Some(colon) => colon + 1,
            None if text[..at].ends_with("redis") || text[..at].ends_with("rediss") => 0,
            None => continue,
        };
        if behind < host && !is_placeholder(&rest[behind..host]) && &rest[behind..host] != "default" {
            found.push((start + behind, start + host));
            done = start + host;
        }
    }
    found
}

/// The password of `user:password@host`, an address whose scheme was forgotten.
fn passwords_without_scheme(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        // An image's digest is no host.
        let host = &text[at + 1..];
        if !host.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '[' | '{' | '$'))
            || host.starts_with("sha256:")
        {
            continue;
        }
        let from = floor_boundary(text, at.saturating_sub(LONGEST_ADDRESS));
        // A blank may be more than one byte.
        let word =
            text[from..at].rsplit(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>')).next();
        let mut start = at - word.map_or(0, str::len);
        // `NAME=` and a scheme that lost its slashes come before the user.
        let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        if let Some((name, _)) = text[start..at].split_once('=').filter(|(name, _)| is_name(name)) {
            start += name.len() + 1;
        }
        if let Some((scheme, _)) = text[start..at].split_once(':').filter(|(scheme, _)| SCHEMES.contains(scheme)) {
            start += scheme.len() + 1;
        }
        let Some((user, password)) = text[start..at].split_once(':') else { continue };
        let is_user = user.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
            && !user.starts_with(|c: char| c.is_ascii_digit())
            && user != "mailto";
        if is_user && !password.is_empty() && !password.contains("//") && !is_placeholder(password) {
            found.push((at - password.len(), at));
        }
    }
    found
}

const SCHEMES: [&str; 5] = ["amqp", "amqps", "pyamqp", "redis", "rediss"];

/// Something that stands for a password and is none: `{password}`, `${PASS}`, `%s`, `<password>`.
fn is_placeholder(value: &str) -> bool {
    let wrapped =
        |start: &str, end: &str| value.starts_with(start) && value.ends_with(end) && !value[1..].contains("://");
    wrapped("{", "}")
        || wrapped("${", "}")
        || wrapped("$(", ")")
        || wrapped("<", ">")
        || matches!(value, "%s" | "***")
        || (value.starts_with('$')
            && value[1..].chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !value[1..].is_empty())
        || (value.starts_with("%(") && value.ends_with(")s"))
}

const SECRET_WORDS: [&str; 9] =
    ["password", "passwd", "secret", "token", "apikey", "api_key", "private_key", "access_key", "credential"];

/// The values behind `NAME=`, `NAME:` and `"NAME":` where the name says that it is secret.
fn named_values(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        // A line of megabytes is no assignment.
        let searched = &line[..floor_boundary(line, 4_000)];
        if may_name_a_secret(searched) {
            for (at, _) in searched.match_indices(['=', ':']) {
                if let Some((start, end)) = value_after(searched, at) {
                    found.push((line_start + start, line_start + end));
                }
            }
            if let Some((start, end)) = bearer(searched) {
                found.push((line_start + start, line_start + end));
            }
        }
        line_start += line.len();
    }
    found
}

/// Whether one of the secret words or `_pass` may stand in the line. Every line is asked: one pass over its bytes.
fn may_name_a_secret(line: &str) -> bool {
    let bytes = line.as_bytes();
    bytes.iter().enumerate().any(|(at, byte)| {
        let words: &[&str] = match byte.to_ascii_lowercase() {
            b'p' => &["pass", "private_key"],
            b's' => &["secret"],
            b't' => &["token"],
            b'a' => &["apikey", "api_key", "access_key"],
            b'c' => &["credential"],
            _ => return false,
        };
        words
            .iter()
            .any(|word| bytes[at..].get(..word.len()).is_some_and(|here| here.eq_ignore_ascii_case(word.as_bytes())))
    })
}

/// The value behind the sign at `at`, if the name before it is a secret's and the value is written out.
fn value_after(line: &str, at: usize) -> Option<(usize, usize)> {
    let before = line[..at].trim_end().trim_end_matches(['"', '\'']);
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let name = before[before.trim_end_matches(is_of_name).len()..].to_ascii_lowercase();
    let is_secret = (SECRET_WORDS.iter().any(|word| name.contains(word)) || name.ends_with("_pass") || name == "pass")
        // A name that only points to a secret holds none.
        && !["_name", "_file", "_path", "_key_ref", "secretname", "secretkeyref", "existingsecret"].iter().any(|end| name.ends_with(end));
    // sudo's word for "asks for no password".
    if !is_secret || name == "nopasswd" {
        return None;
    }
    let rest = &line[at + 1..];
    let start = at + 1 + (rest.len() - rest.trim_start_matches([' ', '\t', '=']).len());
    let value = line[start..].trim_end();
    let (start, value, quoted) = match value.chars().next()? {
        quote @ ('"' | '\'') => {
            let inside = &value[1..];
            (start + 1, &inside[..inside.find(quote).unwrap_or(inside.len())], true)
        }
        _ => (start, value.split([' ', '\t', ',', ';']).next().unwrap_or_default(), false),
    };
    // A name, a call, a reference: what stands there is no secret itself. Django's own keys are full of brackets and
    // dollars, so within quotes only a whole placeholder is none.
    let name_length = value.len() - value.trim_start_matches(is_of_name).len();
    let is_call = name_length > 0 && value[name_length..].starts_with(['(', '[']);
    let is_dotted_name = value.contains('.')
        && value.starts_with(char::is_lowercase)
        && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_'))
        && line[..start].ends_with([' ', '=']);
    let is_reference = !quoted && (is_call || is_dotted_name || value.starts_with(['$', '{', '[', '(']));
    // `"PASSWORD": RABBITMQ_PASSWORD` of Python, and `PASSWORD=PASSWORD` of a sample.
    let is_constant = value.contains('_') && value.chars().all(|c| c.is_ascii_uppercase() || "_0123456789".contains(c));
    let is_name = is_constant && !quoted && (line[..at].ends_with(['"', '\'']) || value.eq_ignore_ascii_case(&name));
    let is_written_out = !value.is_empty() && !is_name && !is_reference && !is_placeholder(value);
    is_written_out.then_some((start, start + value.len()))
}

/// `Authorization: Bearer …` and `token …` of a log.
fn bearer(line: &str) -> Option<(usize, usize)> {
    let at = line.find("Bearer ")? + "Bearer ".len();
    let end = line[at..].find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).unwrap_or(line.len() - at);
    (end > 0).then_some((at, at + end))
}

/// Words that stand in the place of a password in every example.
fn is_harmless(value: &str) -> bool {
    const WORDS: [&str; 22] = [
        "none", "null", "true", "false", "pass", "password", "secret", "token", "guest", "admin", "root", "test",
        "user", "changeme", "example", "str", "string", "postgres", "rabbitmq", "rabbit", "redis", "celery",
    ];
    WORDS.contains(&value.to_ascii_lowercase().as_str()) || value.chars().all(|c| matches!(c, '*' | 'x' | 'X' | '.'))
}

/// Whether a short password of letters alone is here a part of a longer word, as `expected` is of `Unexpected`.
fn is_inside_a_word(text: &str, start: usize, end: usize) -> bool {
    const SHORT: usize = 8;
    let is_of_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let bytes = text.as_bytes();
    end - start <= SHORT
        && bytes[start..end].iter().all(u8::is_ascii_alphabetic)
        && (is_of_word(start.checked_sub(1).and_then(|before| bytes.get(before))) || is_of_word(bytes.get(end)))
}

/// Masks the password of every address, also of one that the paste holds only in pieces.
fn mask_addresses(text: &str) -> String {
    let mut masked = String::new();
    let mut done = 0;
    let mut all = passwords(text);
    all.extend(passwords_without_scheme(text));
    order::sort_by_key(&mut all, |place| *place);
    for (start, end) in all {
        if start >= done {
            masked.push_str(&text[done..start]);
            masked.push_str(MASK);
            done = end;
        }
    }
    masked.push_str(&text[done..]);
    masked
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<&str> {
        passwords(text).into_iter().chain(named_values(text)).map(|(start, end)| &text[start..end]).collect()
    }

    #[test]
    fn secrets_are_found_where_people_write_them() {
        assert_eq!(values("amqp://u:hunter2@h//"), ["hunter2"]);
        assert_eq!(values("redis://hunter2@h/0 amqp://user@h// redis://default@h"), ["hunter2"]);
        assert_eq!(values("SECRET_KEY = 'django-insecure-1#2'"), ["django-insecure-1#2"]);
        assert_eq!(values("SECRET_KEY = \"django-insecure-$9(x[#&{)\""), ["django-insecure-$9(x[#&{)"]);
        assert_eq!(values("RABBITMQ_DEFAULT_PASS=s3cr3t # x"), ["s3cr3t"]);
        assert_eq!(values("  password: \"p w\"\n"), ["p w"]);
        assert_eq!(values("{\"api_token\": \"abc123\"}"), ["abc123"]);
        assert_eq!(values("Authorization token: Bearer eyJhbGci.x\n").last(), Some(&"eyJhbGci.x"));
    }

    #[test]
    fn a_wide_blank_before_an_address_is_one_character() {
        let text = "브로커\u{3000}shop:hunter2@rabbit";
        let found: Vec<&str> =
            passwords_without_scheme(text).into_iter().map(|(start, end)| &text[start..end]).collect();
        assert_eq!(found, ["hunter2"]);
        // Found by the fuzzer.
        assert_eq!(passwords_without_scheme("-}=rrr\0JJ\u{a0}\u{0}1@r\0J'@J"), []);
    }

    #[test]
    fn references_are_no_secrets() {
        for text in [
            "password=os.getenv('RABBITMQ_PASSWORD'),",
            "SECRET_KEY = env('SECRET_KEY')",
            "    \"PASSWORD\": RABBITMQ_PASSWORD,",
            "RABBITMQ_PASSWORD=RABBITMQ_PASSWORD",
            "password: ${RABBITMQ_PASSWORD}",
            "password: \"{{ .Values.password }}\"",
            "TOKEN = settings.TOKEN",
            "secretName: rabbitmq",
            "amqp://{user}:{password}@{host}",
            "PASSWORD_FILE=/run/secrets/x",
        ] {
            let found = values(text);
            assert!(found.is_empty(), "{text}: {found:?}");
        }
    }

    #[test]
    fn an_address_without_a_scheme_hides_its_password_too() {
        let masked = |text: &str| Secrets::default().masked(text);
        assert_eq!(masked("BROKER=shop:hunter2@rabbit:5672"), "BROKER=shop:***@rabbit:5672");
        assert_eq!(masked("'amqp:shop:hunter2@rabbit', amqp//a:b:c@h"), "'amqp:shop:***@rabbit', amqp//a:***@h");
        for harmless in [
            "celery@host:5672",
            "amqp:user@host",
            "mailto:me@example.org",
            "rabbitmq:3.12@sha256:0123",
            "12:30:45 celery@worker1",
            "shop:${PASSWORD}@rabbit",
        ] {
            assert_eq!(masked(harmless), harmless);
        }
    }

    #[test]
    fn a_short_password_cuts_no_longer_word() {
        let texts = NFA::builder().build(["ALL", "expected", "s3cr3t"]).ok();
        let secrets = Secrets { texts, spans: Vec::new() };
        assert_eq!(secrets.masked("INSTALLED ALL Unexpected xs3cr3tx expected"), "INSTALLED *** Unexpected x***x ***");
    }

    #[test]
    fn an_address_is_masked_even_if_the_paste_never_held_it_whole() {
        assert_eq!(Secrets::default().masked("see amqp://u:p@h//, ok"), "see amqp://u:***@h//, ok");
    }
}
