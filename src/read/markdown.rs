//! Markdown notes: the fenced blocks and the commands in inline code, each a part of its own.
//!
//! A tolerant subset of CommonMark: fences of backticks and tildes, also in list items and block quotes.
//! Of prose and indented code only a line that is a whole command of Celery's is one. A fence that is never closed
//! runs to the end.

#[cfg(test)]
mod tests;

use super::command_line::{self, CeleryCommand};
use super::{Trouble, TroubleKind, wrappers};
use crate::intake::detect::shell_line::{behind_prompt, is_command};
use crate::intake::{Because, Detection, Kind, detect_fence, transcript};
use crate::text::{Quoting, Text, TextBuilder};

/// Notes larger than this are read to here.
const LIMIT: usize = 2 * 1024 * 1024;
/// Inline code longer than this is no command.
const LONGEST_INLINE: usize = 1024;

#[derive(Clone, Debug, Default)]
pub struct Markdown {
    /// In the order of the file.
    pub parts: Vec<Part>,
}

/// A stretch of the notes that is read as a kind of its own.
#[derive(Clone, Debug)]
pub struct Part {
    /// What stands between the fences or backticks, without the marks of quotes and lists around it.
    pub text: Text,
    /// The fence's info string.
    pub info: Option<Text>,
    /// The kind and its reason; lines are counted in the notes.
    pub detection: Detection,
    pub inline: bool,
}

pub fn read(text: &Text) -> (Markdown, Vec<Trouble>) {
    let mut troubles = Vec::new();
    let whole = if text.len() > LIMIT {
        let what = TroubleKind::TooLarge { limit: LIMIT as u64 };
        troubles.push(Trouble { at: text.slice(LIMIT..text.len()), what, refused: false });
        text.slice(0..LIMIT)
    } else {
        text.clone()
    };
    let mut reader = Reader { whole: &whole, parts: Vec::new(), open: None, introduction: 0..0 };
    let mut at = 0;
    for (number, line) in whole.as_str().split_inclusive('\n').enumerate() {
        reader.line(at, line, number as u32);
        at += line.len();
    }
    reader.close(at);
    (Markdown { parts: reader.parts }, troubles)
}

struct Reader<'a> {
    whole: &'a Text,
    parts: Vec<Part>,
    open: Option<Fence>,
    /// The line of prose above.
    introduction: std::ops::Range<usize>,
}

/// An open fence.
struct Fence {
    mark: char,
    /// How many marks opened it: at least as many close it.
    marks: usize,
    /// How many `>` stand before each of its lines.
    quotes: usize,
    /// How far its lines are indented behind the quotes.
    indent: usize,
    info: Option<Text>,
    /// The opening line, and its number from 0.
    opening: Text,
    number: u32,
    start: usize,
    content: Content,
    /// Whether the line above says not to do it like this.
    is_warned_of: bool,
}

enum Content {
    /// Letter for letter a stretch of the file up to here.
    Whole,
    Composed(TextBuilder),
}

impl Reader<'_> {
    fn line(&mut self, at: usize, line: &str, number: u32) {
        if let Some(fence) = &mut self.open {
            let Some(after_quotes) = skip_quotes(line, fence.quotes) else {
                // The quote ends, and the fence with it.
                self.close(at);
                self.line(at, line, number);
                return;
            };
            if fence.is_closed_by(&line[after_quotes..]) {
                self.close(at);
            } else {
                fence.take(self.whole, at, line, after_quotes);
            }
            return;
        }
        match self.opening(at, line, number) {
            Some(fence) => self.open = Some(fence),
            None if line.contains("celery") && self.plain_command(at, line) => {}
            None => self.inline_code(at, line),
        }
        if !line.trim().is_empty() {
            self.introduction = at..at + line.len();
        }
    }

    fn opening(&self, at: usize, line: &str, number: u32) -> Option<Fence> {
        let (quotes, before) = skip_containers(line);
        let rest = line[before.end..].trim_end();
        let mark = rest.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let marks = rest.chars().take_while(|&c| c == mark).count();
        let info = rest[marks..].trim();
        if marks < 3 || (mark == '`' && info.contains('`')) {
            return None;
        }
        let info_at = at + before.end + marks + (rest[marks..].len() - rest[marks..].trim_start().len());
        let info = (!info.is_empty()).then(|| self.whole.slice(info_at..info_at + info.len()));
        Some(Fence {
            mark,
            marks,
            quotes,
            indent: before.end - before.start,
            info,
            opening: self.whole.slice(at + before.end..at + before.end + rest.len()),
            number,
            start: at + line.len(),
            content: Content::Whole,
            is_warned_of: self.introduction_warns(),
        })
    }

    /// Whether the line of prose above leads to what comes, and warns of it. A question looks for the reason.
    fn introduction_warns(&self) -> bool {
        let introduction = self.whole.as_str()[self.introduction.clone()].trim_end().trim_end_matches('*');
        let asks = ["?", "되나", "될까", "되는"].iter().any(|word| introduction.contains(word));
        let is_heading =
            introduction.starts_with('#') || self.whole.as_str()[self.introduction.clone()].trim().ends_with("**");
        !asks
            && (introduction.ends_with(':') && warns(introduction, "")
                || (introduction.ends_with(':') || is_heading) && labels_wrong(introduction))
    }

    fn close(&mut self, at: usize) {
        let Some(fence) = self.open.take() else {
            return;
        };
        let text = match fence.content {
            Content::Whole => self.whole.slice(fence.start..at),
            Content::Composed(builder) => builder.finish(),
        };
        let Detection { kind, because } = detect_fence(fence.info.as_ref().map(Text::as_str), text.as_str());
        if fence.is_warned_of {
            let detection = Detection { kind: Kind::Unknown, because: Because::Warned };
            self.parts.push(Part { text, info: fence.info, detection, inline: false });
            return;
        }
        let above = fence.number + 1;
        if matches!(kind, Kind::Command | Kind::Python) {
            let stretches = without_wrong(&text);
            if stretches.iter().map(Text::len).sum::<usize>() < text.len() {
                self.parts.extend(stretches.into_iter().map(|text| {
                    let detection = Detection { kind, because: because.clone().moved_down(above) };
                    Part { text, info: fence.info.clone(), detection, inline: false }
                }));
                return;
            }
        }
        // What was copied from a terminal is commands and their output, each of its own kind.
        if matches!(kind, Kind::Command | Kind::Log)
            && let Some(stretches) = transcript::split(&text)
        {
            for stretch in stretches {
                let because = Because::Line(above + stretch.lines_before + 1);
                let detection = Detection { kind: stretch.kind, because };
                self.parts.push(Part { text: stretch.text, info: fence.info.clone(), detection, inline: false });
            }
            return;
        }
        let detection = Detection { kind, because: because.moved_down(above) };
        // A stretch of JSON may be no file of its own, but names a command. Lines of `command=` often show what was
        // written before, and what is to be written now.
        if kind == Kind::Unknown {
            self.parts.extend(text.lines().filter_map(|line| command(&line.slice(key_in(line.as_str())?))));
        }
        self.parts.push(Part { text, info: fence.info, detection, inline: false });
    }

    /// A line that is a command of Celery's, whole, with those that continue it.
    fn plain_command(&mut self, at: usize, line: &str) -> bool {
        let start = at + skip_containers(line).1.end;
        let mut end = at + line.len();
        while self.whole.as_str()[start..end].trim_end().ends_with('\\')
            && end < self.whole.len()
            && end - start <= LONGEST_INLINE
        {
            let rest = &self.whole.as_str()[end..];
            end += rest.find('\n').map_or(rest.len(), |found| found + 1);
        }
        let text = self.whole.slice(start..end).trim();
        let written = text.as_str();
        let has_option = written.split_whitespace().any(|word| word.starts_with('-') && word.len() > 1);
        let is_line =
            written.is_ascii() && !written.contains('`') && !written.ends_with(['.', ',', ':', ';', '?', '!']);
        if written.len() > LONGEST_INLINE || !is_line || !has_option || !is_celery_command(written) {
            return false;
        }
        // Words that belong to nothing are a sentence's.
        let commands = command_line::celery_commands(&text);
        let is_whole = |it: &CeleryCommand| {
            let Some(subcommand) = it.subcommand.as_ref().map(Text::as_str) else { return false };
            match &it.stray[..] {
                [] => true,
                [_] => matches!(subcommand, "inspect" | "control" | "call"),
                _ => it.nodes.is_some(),
            }
        };
        let is_one = commands.iter().all(is_whole) && !commands.is_empty();
        let is_told = is_one && !self.introduction_warns();
        self.parts.extend(if is_told { command(&text) } else { None });
        is_told
    }

    /// Code between backticks on one line.
    fn inline_code(&mut self, at: usize, line: &str) {
        let mut from = 0;
        // What stands between one piece of code and the next.
        let mut prose = 0..0;
        while let Some(found) = line[from..].find('`') {
            let start = from + found;
            let marks = line[start..].bytes().take_while(|&byte| byte == b'`').count();
            let inside = start + marks;
            let Some(len) = closing(&line[inside..], marks) else {
                from = inside;
                continue;
            };
            prose.end = start;
            let code = inside..inside + len;
            let of_key = key_in(&line[code.clone()]).map(|of_key| inside + of_key.start..inside + of_key.end);
            let code = of_key.unwrap_or(code);
            from = inside + len + marks;
            let part = command(&self.whole.slice(at + code.start..at + code.end));
            if part.is_some() && !warns_of(line, prose.clone(), from) {
                self.parts.extend(part);
            }
            prose.start = from;
        }
    }
}

impl Fence {
    fn is_closed_by(&self, line: &str) -> bool {
        let rest = line.trim();
        let indent = line.len() - line.trim_start().len();
        rest.len() >= self.marks && rest.chars().all(|c| c == self.mark) && indent <= self.indent + 3
    }

    /// One more line of content.
    fn take(&mut self, whole: &Text, at: usize, line: &str, after_quotes: usize) {
        let blanks = line[after_quotes..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t'));
        // A tab fills up to four columns; half a tab cannot be cut off.
        let mut columns = 0;
        let cut = blanks
            .take_while(|byte| {
                columns += if *byte == b'\t' { 4 } else { 1 };
                columns <= self.indent.next_multiple_of(if *byte == b'\t' { 4 } else { 1 })
            })
            .count();
        let skipped = after_quotes + cut;
        if skipped > 0 && matches!(self.content, Content::Whole) {
            let mut builder = TextBuilder::new(&self.opening).inside(Quoting::Plain);
            builder.push(&whole.slice(self.start..at));
            self.content = Content::Composed(builder);
        }
        if let Content::Composed(builder) = &mut self.content {
            builder.push(&whole.slice(at + skipped..at + line.len()));
        }
    }
}

/// Behind that many `>`; `None` if there are fewer.
fn skip_quotes(line: &str, quotes: usize) -> Option<usize> {
    let mut at = 0;
    for _ in 0..quotes {
        let blanks = line[at..].len() - line[at..].trim_start_matches(' ').len();
        at += blanks + 1;
        if line.as_bytes().get(at - 1) != Some(&b'>') {
            return None;
        }
        if line.as_bytes().get(at) == Some(&b' ') {
            at += 1;
        }
    }
    Some(at)
}

/// The quotes before a line's content, and the stretch from behind them to the content: list marks and blanks.
fn skip_containers(line: &str) -> (usize, std::ops::Range<usize>) {
    let (mut quotes, mut behind_quotes, mut at) = (0, 0, 0);
    // Deeper than this nobody nests; a line of a million `>` is not worth the walk.
    for _ in 0..32 {
        let rest = &line[at..];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let rest = &rest[blanks..];
        if rest.starts_with('>') {
            quotes += 1;
            at += blanks + 1;
            at += usize::from(line[at..].starts_with(' '));
            behind_quotes = at;
        } else if let Some(mark) = list_mark(rest) {
            at += blanks + mark;
        } else {
            at += blanks;
            break;
        }
    }
    (quotes, behind_quotes..at)
}

/// The length of `- `, `* `, `+ `, `1. ` or `1) `.
fn list_mark(rest: &str) -> Option<usize> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let mark = if digits > 0 && digits < 10 {
        rest[digits..].starts_with(['.', ')']).then_some(digits + 1)?
    } else {
        rest.starts_with(['-', '*', '+']).then_some(1)?
    };
    rest[mark..].starts_with([' ', '\t']).then_some(mark + 1)
}

/// How long the code is, up to a run of exactly as many backticks.
fn closing(rest: &str, marks: usize) -> Option<usize> {
    let mut from = 0;
    while from <= LONGEST_INLINE {
        let start = from + rest[from..].find('`')?;
        let run = rest[start..].bytes().take_while(|&byte| byte == b'`').count();
        if run == marks {
            return Some(start);
        }
        from = start + run;
    }
    None
}

/// Whether the sentence around a piece of code speaks of what is wrong, or was right once. `prose` is what stands
/// right before the code, and `after` where it ends.
fn warns_of(line: &str, prose: std::ops::Range<usize>, after: usize) -> bool {
    // No sentence is longer, and a line may hold thousands of pieces.
    const LONGEST: usize = 400;
    let mut low = prose.end.saturating_sub(LONGEST);
    let mut high = line.len().min(after + LONGEST);
    while !line.is_char_boundary(low) {
        low += 1;
    }
    while !line.is_char_boundary(high) {
        high -= 1;
    }
    let is_end =
        |at: &usize| [". ", "! ", "? ", "; ", "다.", "오.", "요."].iter().any(|end| line[*at..].starts_with(end));
    let ends = || line[low..high].char_indices().map(|(at, _)| low + at).filter(is_end);
    let end = ends().find(|at| *at >= after).unwrap_or(high);
    let start = ends().take_while(|at| *at < prose.end).last().unwrap_or(low);
    let near = &line[prose.start.max(start)..prose.end];
    let behind = line[after..end].split('`').next().unwrap_or_default();
    let has = |text: &str, words: &[&str]| words.iter().any(|word| text.to_lowercase().contains(word));
    // "Do not run `this`, run `that`."
    let before = &line[start..prose.end];
    let is_the_other = prose.start > start && has(near, &["run ", "use ", "try "]) && !has(near, &["don't", "not "]);
    has(near, &["instead of", "rather than"])
        || (has(behind, &["대신", "말고"]) && !has(behind, &["를 대신", "을 대신"]))
        || warns(if is_the_other { near } else { before }, &line[after..end])
}

/// Whether a heading or a comment is nothing but a label over what is wrong: `❌`, `**Wrong** (before 5.0):`.
fn labels_wrong(line: &str) -> bool {
    const LABELS: [&str; 6] = ["wrong", "bad", "incorrect", "don't", "do not", "틀린"];
    const BEHIND: [&str; 9] = [":", "(", "!", ",", "-", "—", "example", "way", "예"];
    let words = line.trim_start_matches(|it: char| !it.is_alphanumeric()).to_lowercase();
    let words = words.replace('*', "");
    let rest = LABELS.iter().find_map(|label| words.strip_prefix(label)).map(str::trim_start);
    line.contains(['❌', '✗', '✘', '🚫'])
        || rest.is_some_and(|rest| rest.is_empty() || BEHIND.iter().any(|it| rest.starts_with(it)))
}

/// The stretches of a block that no comment above them calls wrong.
fn without_wrong(text: &Text) -> Vec<Text> {
    let (mut stretches, mut start, mut at, mut is_wrong) = (Vec::new(), 0, 0, false);
    for line in text.as_str().split_inclusive('\n') {
        let comment = line.trim().strip_prefix('#');
        let turns = match comment {
            Some(comment) => labels_wrong(comment) != is_wrong,
            None => is_wrong && line.trim().is_empty(),
        };
        if turns {
            stretches.extend((!is_wrong && at > start).then(|| text.slice(start..at)));
            (start, is_wrong) = (at, !is_wrong);
        }
        at += line.len();
    }
    stretches.extend((!is_wrong && at > start).then(|| text.slice(start..at)));
    stretches
}

/// Whether the words before or behind a piece of code say that it is wrong, or was right once.
fn warns(before: &str, behind: &str) -> bool {
    // Who writes that a command fails may be looking for the reason.
    const BEFORE: [&str; 4] = ["don't", "do not", "never", "removed "];
    const AROUND: [&str; 20] = [
        "mistake",
        "no longer",
        "was used",
        "we used to",
        "used to be",
        "used to work",
        "formerly",
        "previously",
        "deprecated",
        "마세요",
        "쓰지 않",
        "사용하지 않",
        "쓰면 안",
        "하면 안",
        "말 것",
        "실수",
        "잘못된",
        "예전",
        "던 때",
        "던 시절",
    ];
    // What stands in other code of the sentence tells nothing.
    let prose = |text: &str| text.split('`').step_by(2).collect::<Vec<_>>().join(" ").replace('*', "").to_lowercase();
    let (before, behind) = (prose(before), prose(behind));
    let has = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    let is_old = |text: &str| has(text, &AROUND) || text.contains("4.x") && !text.contains("5.");
    is_old(&before) || is_old(&behind) || (has(&before, &BEFORE) && !before.contains("forget"))
}

/// A command of Celery's as a part of its own.
fn command(code: &Text) -> Option<Part> {
    let detection = Detection { kind: Kind::Command, because: Because::InlineCode };
    is_celery_command(code.as_str()).then(|| Part { text: code.trim(), info: None, detection, inline: true })
}

/// What stands behind the key of a command: `ExecStart=celery …`, `command = celery …`, `"command": "celery …",`.
fn key_in(line: &str) -> Option<std::ops::Range<usize>> {
    let key = line.trim_start().trim_start_matches('"');
    let rest = ["ExecStart", "command"].iter().find_map(|known| key.strip_prefix(known))?;
    let value = rest.trim_start_matches('"').trim_start().strip_prefix(['=', ':'])?.trim_start();
    let start = line.len() - value.len();
    let Some(quote) = value.chars().next().filter(|it| matches!(it, '"' | '\'')) else {
        return Some(start..line.len());
    };
    let length = value[1..].find(quote)?;
    Some(start + 1..start + 1 + length)
}

/// Whether inline code runs Celery: `$ celery -A proj worker`, `docker exec app celery status`.
fn is_celery_command(code: &str) -> bool {
    if code.len() > LONGEST_INLINE {
        return false;
    }
    let command = behind_prompt(code).unwrap_or(code).trim();
    let is_celery = |word: &str| word.rsplit('/').next() == Some("celery");
    let mut words = command.split_whitespace().skip_while(|word| {
        word.split_once('=').is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
    });
    let Some(first) = words.next() else {
        return false;
    };
    if !is_celery(first) {
        let is_started = is_command(code) || wrappers::is_of_a_project(wrappers::program_name(first));
        return is_started && words.any(is_celery);
    }
    // `celery 5.x` and `celery 설정` are words about Celery.
    words.next().is_some_and(|word| {
        word.starts_with('-') || word.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '-' | '_'))
    })
}
