//! The report as text for a terminal: the finding, the line it stands on, and what to do.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::view::{Answer, Bilingual, Finding, Place, Sentence, Severity, plain};
use crate::catalogue::long;

/// The language of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Ko,
    En,
}

impl Language {
    fn pick<T>(self, words: &Bilingual<T>) -> &T {
        match self {
            Language::Ko => &words.ko,
            Language::En => &words.en,
        }
    }

    fn choose(self, ko: &'static str, en: &'static str) -> &'static str {
        match self {
            Language::Ko => ko,
            Language::En => en,
        }
    }
}

/// The whole report. `line_of` gives a line of a file by its number from 1, with secrets masked; with a column, only
/// what stands before it.
pub fn report(answer: &Answer, language: Language, line_of: impl Fn(u32, u32, Option<u32>) -> String) -> String {
    let mut text = String::new();
    for finding in &answer.findings {
        write_finding(&mut text, answer, finding, language, &line_of);
    }
    for question in &answer.questions {
        let style = Style::new().bold();
        let _ = writeln!(
            text,
            "{style}{}{style:#} {}\n  {} {}\n",
            language.choose("질문", "question"),
            said(language, &question.title),
            place(answer, &question.place),
            said(language, &question.message),
        );
    }
    for skipped in &answer.skipped {
        let _ = writeln!(text, "{}: {}", skipped.path, language.pick(&skipped.because));
    }
    let count = |severity| answer.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings, notes) = (count(Severity::Error), count(Severity::Warning), count(Severity::Info));
    let _ = match language {
        Language::Ko => writeln!(
            text,
            "오류 {errors}건, 경고 {warnings}건, 참고 {notes}건. 규칙 {}개 가운데 {}개를 적용했습니다.",
            answer.rules, answer.applied
        ),
        Language::En => writeln!(
            text,
            "{}, {}, {}. {} of {} rules applied.",
            counted(errors, "error"),
            counted(warnings, "warning"),
            counted(notes, "note"),
            answer.applied,
            answer.rules
        ),
    };
    text
}

fn write_finding(
    text: &mut String,
    answer: &Answer,
    finding: &Finding,
    language: Language,
    line_of: &impl Fn(u32, u32, Option<u32>) -> String,
) {
    let (word, colour) = match finding.severity {
        Severity::Error => (language.choose("오류", "error"), AnsiColor::Red),
        Severity::Warning => (language.choose("경고", "warning"), AnsiColor::Yellow),
        Severity::Info => (language.choose("참고", "note"), AnsiColor::Blue),
    };
    let style = Style::new().bold().fg_color(Some(colour.into()));
    let bold = Style::new().bold();
    let title: &Sentence = language.pick(&finding.title);
    let _ = writeln!(text, "{style}{word}{style:#}{bold}: {}{bold:#} [{}]", plain(title), finding.rule);
    let _ = writeln!(text, "  --> {}", place(answer, &finding.place));
    let line = line_of(finding.place.file, finding.place.start.line, None);
    let number = finding.place.start.line.to_string();
    let shown: String = line.chars().take(160).collect();
    let _ = writeln!(text, "  {number} | {shown}");
    // Masking changes widths, so the stretches before and under the mark are measured as they are shown.
    let width_before = |column: u32| -> usize {
        let before = line_of(finding.place.file, finding.place.start.line, Some(column));
        before.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
    };
    let start = width_before(finding.place.start.column);
    let on_one_line = finding.place.end.line == finding.place.start.line;
    let end = if on_one_line { width_before(finding.place.end.column) } else { width_before(u32::MAX) };
    if start < 160 {
        let marks = "^".repeat(end.min(160).saturating_sub(start).max(1));
        let _ = writeln!(text, "  {} | {}{style}{marks}{style:#}", " ".repeat(number.len()), " ".repeat(start));
    }
    let _ = writeln!(text, "  {}", said(language, &finding.message));
    if let Some(range) = &finding.holds_for {
        let _ = match language {
            Language::Ko => writeln!(text, "  Celery {range} 버전에서 그렇습니다."),
            Language::En => writeln!(text, "  This holds for Celery {range}."),
        };
    }
    for related in &finding.related {
        let _ = writeln!(text, "  {}: {}", place(answer, &related.place), language.pick(&related.message));
    }
    if let Some(long) = long::of(&finding.rule) {
        let own = long.fix_in.iter().find(|(kind, _)| *kind == finding.fix_in).map_or(&long.fix, |(_, fix)| fix);
        let fix = if language == Language::Ko { own.ko } else { own.en };
        let _ = writeln!(text, "  {}", language.choose("지금 할 일", "do now"));
        for line in fix.lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    for doc in &finding.docs {
        let _ = writeln!(text, "  = {}", doc.url);
    }
    text.push('\n');
}

fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

fn said(language: Language, sentence: &Bilingual<Sentence>) -> String {
    plain(language.pick::<Sentence>(sentence))
}

fn place(answer: &Answer, place: &Place) -> String {
    let path = answer.files.get(place.file as usize).map_or("", |file| file.path.as_str());
    format!("{path}:{}:{}", place.start.line, place.start.column)
}

fn is_wide(character: char) -> bool {
    matches!(character, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF60}' | '\u{1F300}'..='\u{1F64F}')
}
