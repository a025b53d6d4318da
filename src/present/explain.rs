//! What is known of a name: a setting in any spelling, an option, an environment variable. Facts from the tables, as rows.

use crate::catalogue::version::Version;
use crate::catalogue::{self, Card, cards};
use crate::facts::settings::{self, canonical_name};
use crate::knowledge::celery::{self, OptionRow};
use crate::knowledge::{links, reference};
use crate::words::{Bilingual, plain};

/// What is known of one name.
#[derive(Debug)]
pub struct Explanation {
    pub name: String,
    /// Setting, option or variable.
    pub sort: Bilingual<&'static str>,
    /// Label and value, in the order in which people ask.
    pub rows: Vec<(Bilingual<&'static str>, Bilingual<String>)>,
    /// The official sections.
    pub pages: Vec<String>,
}

/// Everything that a name stands for: one setting, several commands' options, a variable.
pub fn name(word: &str) -> Vec<Explanation> {
    let word = word.trim().trim_end_matches('=');
    if word.starts_with('-') {
        return options(word);
    }
    let mut found = Vec::new();
    if let Some(variable) = reference::variable(word) {
        found.push(of_variable(variable));
    } else if let Some((command, row)) = option_of_variable(word) {
        found.push(of_option_variable(word, command, row));
    }
    if let Some(name) = canonical_name(word).or_else(|| canonical_name(&word.to_ascii_lowercase())) {
        found.push(setting(name));
    }
    found
}

fn both(ko: &str, en: &str) -> Bilingual<String> {
    Bilingual { ko: ko.to_owned(), en: en.to_owned() }
}

fn same(text: impl Into<String>) -> Bilingual<String> {
    let text = text.into();
    Bilingual { ko: text.clone(), en: text }
}

fn label(ko: &'static str, en: &'static str) -> Bilingual<&'static str> {
    Bilingual { ko, en }
}

fn setting(name: &'static str) -> Explanation {
    let mut rows = vec![(label("쓰는 곳", "Written as"), spellings(name))];
    let row = celery::setting(name);
    if let Some(kind) = row.map(|row| row.kind).filter(|kind| !kind.is_empty()) {
        rows.push((label("값", "Value"), same(kind)));
    }
    if let Some(default) = reference::default_of(name) {
        rows.push((label("기본값", "Default"), same(default)));
    }
    if let Some(row) = row {
        rows.push((label("버전", "Versions"), versions(|version| row.exists_in(version))));
    }
    let by_options: Vec<String> = ["", "worker", "beat"]
        .into_iter()
        .flat_map(|command| celery::options(command).iter().map(move |option| (command, option)))
        .filter(|(command, option)| {
            option.option == option.means && settings::set_by_option(command, option.means) == Some(name)
        })
        .filter(|(_, option)| celery::releases().last().is_some_and(|&newest| option.exists_in(newest)))
        .map(|(command, option)| format!("{} {}", program(command), option.option))
        .collect();
    if !by_options.is_empty() {
        rows.push((label("명령 옵션", "Command line"), same(by_options.join(", "))));
    }
    let variables: Vec<&str> =
        reference::VARIABLES.iter().filter(|variable| variable.sets == name).map(|variable| variable.name).collect();
    if !variables.is_empty() {
        rows.push((label("환경 변수", "Variables"), same(variables.join(", "))));
    }
    let page = reference::page_of_setting(name);
    rows.extend(rules_row(|card| is_about(card, name, page.as_deref())));
    Explanation { name: name.to_owned(), sort: label("설정", "setting"), rows, pages: page.into_iter().collect() }
}

fn spellings(name: &str) -> Bilingual<String> {
    let upper = name.to_ascii_uppercase();
    let mut ko = format!("{name}\n{}", django(&upper));
    let mut en = ko.clone();
    ko.push_str(" (Django, namespace=\"CELERY\")");
    en.push_str(" (Django, namespace=\"CELERY\")");
    let old = celery::setting(name).map_or("", |row| row.old_name);
    for old in old.split(' ').filter(|old| !old.is_empty()) {
        ko.push_str(&format!("\n{old} (4.0 이전 이름)"));
        en.push_str(&format!("\n{old} (the name before 4.0)"));
    }
    Bilingual { ko, en }
}

fn django(upper: &str) -> String {
    format!("CELERY_{upper}")
}

/// `celery worker`; the program alone for an empty name.
fn program(command: &str) -> String {
    if command.is_empty() { "celery".to_owned() } else { format!("celery {command}") }
}

/// The releases in which something exists, as people say it.
fn versions(exists: impl Fn(Version) -> bool) -> Bilingual<String> {
    let releases = celery::releases();
    let first = releases.iter().position(|&version| exists(version));
    let last = releases.iter().rposition(|&version| exists(version));
    let (Some(first), Some(last)) = (first, last) else {
        return both("어느 버전에도 없습니다", "in no release");
    };
    let since = (first > 0).then(|| releases[first].to_string());
    let until = releases.get(last + 1).map(ToString::to_string);
    match (since, until) {
        (None, None) => both("모든 버전", "every release since 3.1"),
        (Some(since), None) => both(&format!("{since}부터"), &format!("since {since}")),
        (None, Some(until)) => both(&format!("{until}에서 없어졌습니다"), &format!("removed in {until}")),
        (Some(since), Some(until)) => {
            both(&format!("{since}부터, {until}에서 없어졌습니다"), &format!("since {since}, removed in {until}"))
        }
    }
}

/// The options of every command that are written so; the long name stands for its short forms.
fn options(word: &str) -> Vec<Explanation> {
    let mut commands: Vec<&'static str> = vec![""];
    commands.extend(celery::subcommands());
    commands
        .into_iter()
        .filter_map(|command| Some((command, celery::option(command, word)?)))
        .map(|(command, row)| option(command, row))
        .collect()
}

fn option(command: &str, row: &OptionRow) -> Explanation {
    let forms: Vec<&str> =
        celery::options(command).iter().filter(|it| it.means == row.means).map(|it| it.option).collect();
    let mut rows = vec![(label("쓰는 곳", "Written as"), same(forms.join(", ")))];
    rows.push((
        label("값", "Value"),
        if row.takes_value {
            both("값이 하나 필요합니다", "takes a value")
        } else {
            both("값이 없습니다", "takes no value")
        },
    ));
    rows.push((label("버전", "Versions"), versions(|version| row.exists_in(version))));
    if let Some(name) = settings::set_by_option(command, row.means) {
        rows.push((label("설정", "Setting"), same(name)));
    }
    if let Some(variable) = variable_of_option(command, row) {
        rows.push((
            label("환경 변수", "Variable"),
            both(&format!("{variable} (5.0부터)"), &format!("{variable} (since 5.0)")),
        ));
    }
    let is_current = celery::releases().last().is_some_and(|&newest| row.exists_in(newest));
    Explanation {
        name: format!("{} {}", program(command), row.means),
        sort: label("옵션", "option"),
        rows,
        pages: is_current.then(|| reference::page_of_command(command)).into_iter().collect(),
    }
}

/// `CELERY_WORKER_CONCURRENCY` for `celery worker --concurrency` (celery/bin/celery.py, auto_envvar_prefix, 5.0).
fn variable_of_option(command: &str, row: &OptionRow) -> Option<String> {
    let since_five = celery::releases().iter().any(|&version| version.major >= 5 && row.exists_in(version));
    let long = row.means.strip_prefix("--").filter(|_| since_five && !command.is_empty())?;
    let upper = |text: &str| text.to_ascii_uppercase().replace('-', "_");
    Some(format!("CELERY_{}_{}", upper(command), upper(long)))
}

fn option_of_variable(variable: &str) -> Option<(&'static str, &'static OptionRow)> {
    celery::subcommands().find_map(|command| {
        let row = celery::options(command)
            .iter()
            .find(|row| row.option == row.means && variable_of_option(command, row).as_deref() == Some(variable))?;
        Some((command, row))
    })
}

fn of_variable(variable: &reference::Variable) -> Explanation {
    let mut rows = vec![(label("하는 일", "What it does"), both(variable.ko, variable.en))];
    if !variable.sets.is_empty() {
        rows.push((label("설정", "Setting"), same(variable.sets)));
    }
    if !variable.option.is_empty() {
        rows.push((label("명령 옵션", "Command line"), same(format!("celery {}", variable.option))));
    }
    rows.extend(rules_row(|card| card.id.starts_with(&kebab(variable.name))));
    let page = if variable.option.is_empty() {
        reference::page_of_setting(variable.sets)
    } else {
        Some(reference::page_of_command(""))
    };
    Explanation {
        name: variable.name.to_owned(),
        sort: label("환경 변수", "environment variable"),
        rows,
        pages: page.into_iter().collect(),
    }
}

fn of_option_variable(variable: &str, command: &str, row: &OptionRow) -> Explanation {
    let option = format!("{} {}", program(command), row.means);
    let what = both(
        &format!("5.0부터 `{option}` 옵션의 기본값이 됩니다. 명령에 옵션을 적으면 그 값이 앞섭니다."),
        &format!("Since 5.0 it is the default of `{option}`. The option on the command line overrules it."),
    );
    Explanation {
        name: variable.to_owned(),
        sort: label("환경 변수", "environment variable"),
        rows: vec![(label("하는 일", "What it does"), what)],
        pages: vec![reference::page_of_command(command)],
    }
}

fn kebab(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

/// Whether a card is about a setting: by its id, or because it links to the setting's section.
fn is_about(card: &Card, setting: &str, page: Option<&str>) -> bool {
    let by_id = card.id.strip_prefix(&kebab(setting)).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    by_id || card.docs.iter().filter_map(|key| links::find(key)).any(|link| Some(link.url) == page)
}

fn rules_row(is_about: impl Fn(&Card) -> bool) -> Option<(Bilingual<&'static str>, Bilingual<String>)> {
    let lines: Vec<(String, String)> = cards::ALL
        .iter()
        .filter(|card| !card.is_log_card() && is_about(card))
        .map(|card| {
            let title = catalogue::sentence(card.title, &[]);
            (format!("{}: {}", card.id, plain(&title.ko)), format!("{}: {}", card.id, plain(&title.en)))
        })
        .collect();
    if lines.is_empty() {
        return None;
    }
    let (ko, en): (Vec<String>, Vec<String>) = lines.into_iter().unzip();
    Some((label("규칙", "Rules"), Bilingual { ko: ko.join("\n"), en: en.join("\n") }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row<'a>(explanation: &'a Explanation, english: &str) -> &'a str {
        explanation.rows.iter().find(|(label, _)| label.en == english).map_or("", |(_, value)| value.en.as_str())
    }

    #[test]
    fn every_spelling_of_a_setting_leads_to_it() {
        for word in ["result_expires", "CELERY_RESULT_EXPIRES", "CELERY_TASK_RESULT_EXPIRES", "RESULT_EXPIRES"] {
            let found = name(word);
            let setting = found.iter().find(|it| it.sort.en == "setting");
            let setting = setting.unwrap_or_else(|| panic!("{word} leads to nothing"));
            assert_eq!(setting.name, "result_expires");
            assert_eq!(row(setting, "Default"), "timedelta(days=1)");
            assert!(setting.pages[0].ends_with("configuration.html#result-expires"));
        }
    }

    #[test]
    fn options_and_their_variables_lead_to_each_other() {
        let found = name("-c");
        let worker = found.iter().find(|it| it.name == "celery worker --concurrency").expect("the worker has -c");
        assert_eq!(row(worker, "Variable"), "CELERY_WORKER_CONCURRENCY (since 5.0)");
        let variable = &name("CELERY_WORKER_CONCURRENCY")[0];
        assert_eq!(variable.sort.en, "environment variable");
        assert!(row(variable, "What it does").contains("celery worker --concurrency"));
        assert!(row(&name("C_FORCE_ROOT")[0], "What it does").contains("pickle"));
        assert!(name("NOT_A_THING_OF_CELERY").is_empty());
    }
}
