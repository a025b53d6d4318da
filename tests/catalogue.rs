//! What holds for every card together: rules and cards match, patterns compile, links and words keep their form.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use celery_checkup::catalogue::{Template, cards, long::LONG_TEXTS};
use celery_checkup::facts::events::longest_literal;
use celery_checkup::intake::Kind;
use celery_checkup::knowledge::links;
use celery_checkup::rules;

#[test]
fn every_card_has_its_rule_and_every_rule_its_card() {
    // A rule's file that is in no list would never be compiled.
    let rules_folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    for area in fs::read_dir(rules_folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let list = fs::read_to_string(area.join("mod.rs")).unwrap();
        for file in fs::read_dir(&area).unwrap().map(|entry| entry.unwrap().path()) {
            let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
            // A file that rules of an area share has no rule of its own.
            let has_rule = || fs::read_to_string(&file).unwrap().contains("const RULE: Rule");
            if file.extension().is_some_and(|end| end == "rs") && stem != "mod" && has_rule() {
                assert!(list.contains(&format!("mod {stem};")), "{}: not in the area's mod.rs", file.display());
                assert!(list.contains(&format!("{stem}::RULE")), "{}: not in the area's RULES", file.display());
                assert!(file.with_extension("yaml").exists(), "{}: has no card", file.display());
            }
        }
    }
    let with_rule: BTreeSet<&str> = rules::all().map(|rule| rule.card.id).collect();
    for card in cards::ALL {
        if !card.is_log_card() {
            assert!(with_rule.contains(card.id), "{} has a card, but no rule in the area's list", card.id);
        }
    }
}

#[test]
fn remedies_are_for_kinds_that_exist() {
    for card in cards::ALL {
        for kind in card.fix_in {
            assert!(kind.parse::<Kind>().is_ok(), "{}: fix_in: there is no kind `{kind}`", card.id);
        }
    }
}

#[test]
fn every_log_pattern_compiles_and_has_words_to_search_for() {
    for card in cards::ALL {
        for line in card.line {
            let pattern = regex_lite::Regex::new(line.pattern).unwrap_or_else(|error| panic!("{}: {error}", card.id));
            let literal = longest_literal(line.pattern);
            assert!(literal.len() >= 6, "{}: `{}` has too few certain words", card.id, line.pattern);
            let groups: Vec<&str> = pattern.capture_names().flatten().collect();
            for value in card.values {
                assert!(groups.contains(value), "{}: no group `{value}` in `{}`", card.id, line.pattern);
            }
        }
    }
}

#[test]
fn links_are_https_and_korean_twins_exist() {
    for link in links::all() {
        assert!(link.url.starts_with("https://"), "{}", link.key);
        assert!(["en", "ko"].contains(&link.lang), "{}", link.key);
        assert!(
            link.korean.is_empty() || links::all().iter().any(|it| it.key == link.korean),
            "{}: no row {}",
            link.key,
            link.korean
        );
    }
    let used: BTreeSet<&str> = cards::ALL.iter().flat_map(|card| card.docs).copied().collect();
    for link in links::all().iter().filter(|link| link.lang == "en") {
        assert!(used.contains(link.key), "no card names the link {}", link.key);
    }
}

#[test]
fn korean_is_written_as_we_agreed() {
    let text_of = |template: &Template| template.ko;
    for card in cards::ALL {
        let title = text_of(&card.title);
        assert!(!title.ends_with('.'), "{}: a title has no full stop", card.id);
        for says in card.says {
            let message = text_of(&says.message);
            assert!(message.ends_with('.'), "{}: a message ends with a full stop", card.id);
        }
    }
    for text in LONG_TEXTS {
        for (name, words) in [("why", text.why.ko), ("fix", text.fix.ko), ("silent_on", text.silent_on.ko)] {
            for line in words.lines().filter(|line| !line.trim().is_empty()) {
                let is_polite = line.ends_with("니다.") || line.ends_with("세요.") || line.ends_with("까요?");
                assert!(is_polite, "{} {name}: `{line}` does not end in 합니다체 or ~하세요", text.id);
            }
            for word in ["십시오", "당신", "여러분", "되어지", "보여지", "을(를)", "이(가)", "해요."]
            {
                assert!(!words.contains(word), "{} {name}: `{word}`", text.id);
            }
        }
    }
}
