//! `explain` and `rules`: the catalogue and the tables as text.

use std::fmt::Write as _;

use celery_checkup::catalogue::{self, Card, cards, long};
use celery_checkup::facts::events;
use celery_checkup::knowledge::links;
use celery_checkup::present::explain::{self, Explanation};
use celery_checkup::present::text::Language;
use celery_checkup::read::log_text;
use celery_checkup::text::{SourceId, Text};
use celery_checkup::words::plain;

use super::arguments::Format;
use super::{FINE, WRONG_CALL, print};

/// What is known of a rule's id, a setting, an option, a variable, or a log line.
pub(crate) fn run(words: &str, language: Language) -> u8 {
    let mut pages: Vec<String> = catalogue::find(words).map(|card| page(card, language)).into_iter().collect();
    if pages.is_empty() {
        pages.extend(explain::name(words).iter().map(|explanation| named(explanation, language)));
    }
    if pages.is_empty() {
        let line = Text::of_source(SourceId(0), words.into());
        pages.extend(events::gather(&log_text::read(&line).0).iter().map(|event| page(event.card, language)));
    }
    if pages.is_empty() {
        let message = match language {
            Language::Ko => format!(
                "`{words}` 항목을 찾지 못했습니다. 규칙 이름, 설정, 명령 옵션, 환경 변수, 로그 한 줄 가운데 하나를 적으세요.\n"
            ),
            Language::En => format!(
                "Nothing is known of `{words}`. Give a rule's name, a setting, an option, an environment variable or a log line.\n"
            ),
        };
        eprint!("{message}");
        return WRONG_CALL;
    }
    print(&pages.join("\n"));
    FINE
}

/// The page of a name: rows with their labels, then the official sections.
fn named(explanation: &Explanation, language: Language) -> String {
    let ko = language == Language::Ko;
    let sort = if ko { explanation.sort.ko } else { explanation.sort.en };
    let mut page = format!("{} [{sort}]\n\n", explanation.name);
    for (label, value) in &explanation.rows {
        let (label, value) = if ko { (label.ko, &value.ko) } else { (label.en, &value.en) };
        let _ = writeln!(page, "{label}\n  {}\n", value.replace('\n', "\n  "));
    }
    for url in &explanation.pages {
        let _ = writeln!(page, "= {url}");
    }
    page
}

fn page(card: &Card, language: Language) -> String {
    let ko = language == Language::Ko;
    let title = catalogue::sentence(card.title, &[]);
    let mut page = String::new();
    let _ = writeln!(page, "{} [{}]\n", plain(if ko { &title.ko } else { &title.en }), card.id);
    if let Some(text) = long::of(card.id) {
        for (name, pair) in [
            (if ko { "왜" } else { "Why" }, &text.why),
            (if ko { "지금 할 일" } else { "Do now" }, &text.fix),
            (if ko { "보고하지 않는 것" } else { "Not reported" }, &text.silent_on),
        ] {
            let _ = writeln!(page, "{name}\n  {}\n", (if ko { pair.ko } else { pair.en }).replace('\n', "\n  "));
        }
    }
    for link in card.docs.iter().filter_map(|key| links::find(key)) {
        let _ = writeln!(page, "= {}", link.url);
    }
    page
}

/// Every rule: id, category and title.
pub(crate) fn rules(format: Format, language: Language) -> u8 {
    match format {
        Format::Text => {
            let mut list = String::new();
            for card in cards::ALL {
                let title = catalogue::sentence(card.title, &[]);
                let title = plain(if language == Language::Ko { &title.ko } else { &title.en });
                let _ = writeln!(list, "{:40} {title}", card.id);
            }
            print(&list);
        }
        Format::Json => {
            let list: Vec<serde_json::Value> = cards::ALL
                .iter()
                .map(|card| {
                    let title = catalogue::sentence(card.title, &[]);
                    serde_json::json!({
                        "rule": card.id,
                        "category": card.category,
                        "title": { "ko": plain(&title.ko), "en": plain(&title.en) },
                        "docs": card.docs.iter().filter_map(|key| links::find(key)).map(|link| link.url).collect::<Vec<_>>(),
                    })
                })
                .collect();
            print(&format!("{}\n", serde_json::to_string_pretty(&list).unwrap_or_default()));
        }
        Format::Sarif | Format::Markdown => {
            eprintln!("celery-checkup: this format is not there yet; text and json are.");
            return WRONG_CALL;
        }
    }
    FINE
}
