//! How values stand in a sentence: cut, made visible, counted, and in the words of each language.

use crate::text::{Located, Text};
use crate::words::{Bilingual, Segment, Sentence};

use super::{Template, version::Version};

/// The longest value that is shown whole, in characters.
const LONGEST_VALUE: usize = 120;
/// How many items of a list are named; the rest is counted.
const LONGEST_LIST: usize = 5;

/// A value for a hole, whole. It is masked before it is cut and made visible, so that no cut leaves half a secret.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    Code(String),
    Words(Bilingual<String>),
    CodeList(Vec<String>),
}

/// Something that is shown in code type.
pub trait AsCode {
    fn shown(self) -> Shown;
}

impl AsCode for &str {
    fn shown(self) -> Shown {
        Shown::Code(self.to_owned())
    }
}

impl AsCode for String {
    fn shown(self) -> Shown {
        AsCode::shown(self.as_str())
    }
}

impl AsCode for &String {
    fn shown(self) -> Shown {
        AsCode::shown(self.as_str())
    }
}

impl AsCode for &Text {
    fn shown(self) -> Shown {
        AsCode::shown(self.as_str())
    }
}

impl AsCode for Text {
    fn shown(self) -> Shown {
        AsCode::shown(self.as_str())
    }
}

impl AsCode for &Located<String> {
    fn shown(self) -> Shown {
        AsCode::shown(self.value.as_str())
    }
}

/// Words that differ between the languages.
pub trait AsWords {
    fn shown(self) -> Shown;
}

impl AsWords for Bilingual<String> {
    fn shown(self) -> Shown {
        Shown::Words(self)
    }
}

impl AsWords for &str {
    fn shown(self) -> Shown {
        Shown::Words(Bilingual { ko: self.to_owned(), en: self.to_owned() })
    }
}

/// A whole number; digits are grouped from 10,000 on.
pub trait AsNumber {
    fn shown(self) -> Shown;
}

impl AsNumber for u64 {
    fn shown(self) -> Shown {
        let digits = grouped(self);
        Shown::Words(Bilingual { ko: digits.clone(), en: digits })
    }
}

impl AsNumber for usize {
    fn shown(self) -> Shown {
        AsNumber::shown(self as u64)
    }
}

/// A span of time in seconds; whole minutes and hours are said too.
pub trait AsSeconds {
    fn shown(self) -> Shown;
}

impl AsSeconds for u64 {
    fn shown(self) -> Shown {
        let number = grouped(self);
        let (ko, en) = match self {
            seconds if seconds >= 3600 && seconds % 3600 == 0 => {
                (format!("({}시간)", seconds / 3600), format!(" ({} h)", seconds / 3600))
            }
            seconds if seconds >= 120 && seconds % 60 == 0 => {
                (format!("({}분)", seconds / 60), format!(" ({} min)", seconds / 60))
            }
            _ => (String::new(), String::new()),
        };
        Shown::Words(Bilingual { ko: format!("{number}초{ko}"), en: format!("{number} s{en}") })
    }
}

/// An amount of memory in bytes.
pub trait AsBytes {
    fn shown(self) -> Shown;
}

impl AsBytes for u64 {
    fn shown(self) -> Shown {
        let text = match self {
            bytes if bytes >= 1 << 30 && bytes % (1 << 30) == 0 => format!("{} GiB", bytes >> 30),
            bytes if bytes >= 1 << 20 => format!("{} MiB", bytes >> 20),
            bytes if bytes >= 1 << 10 => format!("{} KiB", bytes >> 10),
            bytes => format!("{bytes} B"),
        };
        Shown::Words(Bilingual { ko: text.clone(), en: text })
    }
}

/// A product's version.
pub trait AsVersion {
    fn shown(self) -> Shown;
}

impl AsVersion for Version {
    fn shown(self) -> Shown {
        Shown::Words(Bilingual { ko: self.to_string(), en: self.to_string() })
    }
}

/// Several names in code type.
pub trait AsCodeList {
    fn shown(self) -> Shown;
}

impl<Item: AsRef<str>> AsCodeList for &[Item] {
    fn shown(self) -> Shown {
        Shown::CodeList(self.iter().map(|item| item.as_ref().to_owned()).collect())
    }
}

impl<Item: AsRef<str>> AsCodeList for &Vec<Item> {
    fn shown(self) -> Shown {
        AsCodeList::shown(self.as_slice())
    }
}

/// A place in words: "settings.py 18행", "settings.py line 18".
pub trait AsPlace {
    fn shown(self) -> Shown;
}

/// A file's name and a line, counted from 1.
impl AsPlace for (&str, u32) {
    fn shown(self) -> Shown {
        let (name, line) = self;
        Shown::Words(Bilingual { ko: format!("{name} {line}행"), en: format!("{name} line {line}") })
    }
}

/// A template with its values filled in, in both languages.
pub fn sentence(template: Template, values: &[Shown]) -> Bilingual<Sentence> {
    Bilingual { ko: filled(template.ko, values, true), en: filled(template.en, values, false) }
}

fn filled(template: &str, values: &[Shown], korean: bool) -> Sentence {
    let mut sentence: Sentence = Vec::new();
    for (index, stretch) in template.split('`').enumerate() {
        let is_code = index % 2 == 1;
        let mut code = String::new();
        for (index, part) in stretch.split(HOLE).enumerate() {
            // Every part but the first begins with the number of the hole before it.
            let (value, text) = if index == 0 { (None, part) } else { hole(part, values) };
            match value {
                Some(value) if is_code => code.push_str(&in_words(value, korean)),
                Some(Shown::CodeList(items)) => push_list(&mut sentence, items, korean),
                Some(value) => push_text(&mut sentence, &in_words(value, korean)),
                None => {}
            }
            if is_code {
                code.push_str(text);
            } else if !text.is_empty() {
                push_text(&mut sentence, text);
            }
        }
        if is_code {
            sentence.push(Segment::Code(code));
        }
    }
    sentence
}

/// Stands before the number of a hole.
const HOLE: char = '\u{1a}';

/// The value of the hole and the text behind it.
fn hole<'a>(part: &'a str, values: &'a [Shown]) -> (Option<&'a Shown>, &'a str) {
    let number = part.bytes().next().and_then(|letter| letter.checked_sub(b'0'));
    (number.and_then(|number| values.get(usize::from(number))), part.get(1..).unwrap_or_default())
}

fn in_words(value: &Shown, korean: bool) -> String {
    match value {
        Shown::Code(code) => visible(code),
        Shown::Words(words) => visible(if korean { &words.ko } else { &words.en }),
        Shown::CodeList(items) => visible(&items.join(", ")),
    }
}

fn push_text(sentence: &mut Sentence, text: &str) {
    if let Some(Segment::Text(last)) = sentence.last_mut() {
        last.push_str(text);
    } else {
        sentence.push(Segment::Text(text.to_owned()));
    }
}

fn push_list(sentence: &mut Sentence, items: &[String], korean: bool) {
    for (index, item) in items.iter().take(LONGEST_LIST).enumerate() {
        if index > 0 {
            push_text(sentence, ", ");
        }
        sentence.push(Segment::Code(visible(item)));
    }
    if let Some(more) = items.len().checked_sub(LONGEST_LIST).filter(|&more| more > 0) {
        push_text(sentence, &if korean { format!(" 외 {more}개") } else { format!(" and {more} more") });
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    if digits.len() < 5 && number < 1000 {
        return digits;
    }
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// The value cut to a readable length, with control characters and direction marks shown as escapes.
fn visible(value: &str) -> String {
    let mut shown = String::new();
    for (count, character) in value.chars().enumerate() {
        if count == LONGEST_VALUE {
            shown.push('…');
            break;
        }
        let hidden = character.is_control()
            || matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}');
        if hidden {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::plain;

    #[test]
    fn values_are_cut_and_made_visible() {
        let template = Template { ko: "`\u{1a}0`", en: "" };
        let shown = |value: &str| plain(&sentence(template, &[AsCode::shown(value)]).ko);
        assert_eq!(shown(&"x".repeat(200)).chars().count(), 123);
        assert_eq!(shown("a\u{202E}b\n"), "`a\\u{202e}b\\n`");
    }

    #[test]
    fn numbers_are_said_in_both_languages() {
        let template = Template { ko: "\u{1a}0 뒤", en: "after \u{1a}0" };
        let said = sentence(template, &[AsSeconds::shown(1800_u64)]);
        assert_eq!(
            (plain(&said.ko).as_str(), plain(&said.en).as_str()),
            ("1,800초(30분) 뒤", "after 1,800 s (30 min)")
        );
    }

    #[test]
    fn long_lists_are_counted() {
        let template = Template { ko: "\u{1a}0", en: "\u{1a}0" };
        let items: Vec<String> = (0..7).map(|n| n.to_string()).collect();
        let said = sentence(template, &[AsCodeList::shown(&items)]);
        assert_eq!(plain(&said.ko), "`0`, `1`, `2`, `3`, `4` 외 2개");
        assert_eq!(plain(&said.en), "`0`, `1`, `2`, `3`, `4` and 2 more");
    }
}
