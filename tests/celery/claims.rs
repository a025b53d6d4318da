//! The cards at error level: what their examples have to do to a real Celery.

use super::*;
use crate::running::{Trial, Verdict};
use celery_checkup::catalogue::cards;
use celery_checkup::catalogue::long::{self, Example};
use celery_checkup::checkup::{self, Input, Options};
use celery_checkup::present;
use celery_checkup::present::view::Severity;

/// How a card's claim shows.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Claim {
    /// The stage of probe.py that has to fail; `worker` and `command` run the `celery` program.
    pub(super) at: String,
    /// What the failure says: any of these, separated by ` | `. Without it every failure counts.
    pub(super) says: String,
    /// For `at: evaluate` and `at: do`, which also runs a worker: Python with the example's names.
    #[serde(rename = "do")]
    pub(super) words: String,
    /// The setting that keeps its default, because Celery does not see what is written.
    pub(super) ignored: String,
    /// Instead of a failure: what the program prints, or the stage gives, with the bad example alone.
    pub(super) output: String,
    /// The name that a single Python file needs.
    #[serde(rename = "as")]
    pub(super) named: String,
    /// Files that stand beside the example.
    pub(super) with: BTreeMap<String, String>,
    /// Variables of the environment.
    pub(super) env: BTreeMap<String, String>,
    /// Examples that cannot be tried, by number, with the reason.
    pub(super) except: BTreeMap<usize, String>,
    /// Examples that show it in another way, by number.
    pub(super) but: BTreeMap<usize, Claim>,
}

pub(super) struct Claims {
    claims: BTreeMap<String, Claim>,
    not_run: BTreeMap<String, String>,
}

pub(super) fn read() -> Claims {
    let text = |name: &str| fs::read_to_string(Path::new("tests/celery").join(name)).expect("the file is there");
    Claims {
        claims: once_each(&text("claims.yaml")).expect("claims.yaml is well formed"),
        not_run: once_each(&text("not_run.yaml")).expect("not_run.yaml is well formed"),
    }
}

/// A `Mapping` refuses a card that stands twice, where a `BTreeMap` would take the last.
fn once_each<T: serde::de::DeserializeOwned>(text: &str) -> serde_yaml::Result<BTreeMap<String, T>> {
    serde_yaml::from_value(serde_yaml::Value::Mapping(serde_yaml::from_str(text)?))
}

/// What came of one example with one version.
pub(super) struct Outcome {
    card: String,
    version: &'static str,
    example: usize,
    /// Why it is not as claimed.
    wrong: Option<String>,
}

impl Outcome {
    pub(super) fn complaint(&self) -> Option<String> {
        let wrong = self.wrong.as_ref()?;
        Some(format!("{} (example {}) with {}: {wrong}", self.card, self.example, self.version))
    }
}

fn error_cards() -> impl Iterator<Item = &'static str> {
    let is_error =
        |card: &&&celery_checkup::catalogue::Card| card.says.iter().any(|says| says.severity == Severity::Error);
    cards::ALL.iter().filter(move |card| is_error(card)).map(|card| card.id)
}

impl Claims {
    /// Cards at error level for which nobody has said how they are tried; and names that are no such card.
    pub(super) fn undecided(&self) -> Vec<String> {
        let cards: BTreeSet<&str> = error_cards().collect();
        let known = |id: &str| self.claims.contains_key(id) || self.not_run.contains_key(id);
        let mut found: Vec<String> = cards.iter().filter(|id| !known(id)).map(|id| (*id).to_owned()).collect();
        let names = self.claims.keys().chain(self.not_run.keys());
        found.extend(names.filter(|id| !cards.contains(id.as_str())).map(|id| format!("{id}, which is no such card")));
        found
    }

    /// Every example that the checker calls an error in this version.
    pub(super) fn try_all(&self, version: &'static str, home: &Path) -> Vec<Outcome> {
        let only = std::env::var("CELERY_CHECKUP_ONLY").unwrap_or_default();
        let mut outcomes = Vec::new();
        for (id, claim) in self.claims.iter().filter(|(id, _)| id.contains(&only)) {
            let Some(text) = long::of(id) else { continue };
            for (number, example) in text.examples.iter().enumerate() {
                let example_number = number + 1;
                if claim.except.contains_key(&example_number) {
                    continue;
                }
                let claim = claim.but.get(&example_number).unwrap_or(claim);
                let Some(bad) = example.bad.map(unmarked) else { continue };
                if !is_error(id, example, &bad, version) {
                    continue;
                }
                let good = example.good.map(unmarked);
                let wrong = tried(claim, example, &bad, good.as_deref(), home);
                if let Some(wrong) = &wrong {
                    println!("  {id} (example {example_number}) with {version}: {wrong}");
                }
                outcomes.push(Outcome { card: id.clone(), version, example: example_number, wrong });
            }
        }
        outcomes
    }
}

fn tried(
    claim: &Claim,
    example: &Example,
    bad: &[(String, String)],
    good: Option<&[(String, String)]>,
    home: &Path,
) -> Option<String> {
    match (Trial { claim, kind: example.kind, files: bad, home }).run() {
        Verdict::Fails(how) => {
            if std::env::var_os("CELERY_CHECKUP_VERBOSE").is_some() {
                println!("  ok: {how}");
            }
        }
        Verdict::Works(how) => return Some(format!("bad works: {how}")),
        Verdict::FailsElse(how) => return Some(format!("bad fails in another way: {how}")),
    }
    match (Trial { claim, kind: example.kind, files: good?, home }).run() {
        Verdict::Fails(how) => Some(format!("good fails: {how}")),
        // With a good example a failure that the claim does not name comes from what is missing here, such as a broker.
        Verdict::FailsElse(_) if !claim.says.is_empty() => None,
        Verdict::FailsElse(how) => Some(format!("good fails in another way: {how}")),
        Verdict::Works(_) => None,
    }
}

/// The texts without the marks of their evidence.
fn unmarked(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let numbered = |text: &str| text.replace("⟦1 ", "").replace("⟦2 ", "").replace("⟦3 ", "");
    files.iter().map(|(name, text)| ((*name).to_owned(), numbered(text).replace(['⟦', '⟧'], ""))).collect()
}

/// Whether the checker says "error" by this rule, when the reader has this version.
fn is_error(id: &str, example: &Example, files: &[(String, String)], version: &str) -> bool {
    let inputs = files.iter().map(|(name, text)| {
        let mut input = Input::new(name.as_str(), text);
        input.kind = example.kind.map(|kind| kind.parse().expect("the example's kind exists"));
        input
    });
    let options = Options { celery: Version::parse(version), ..Options::default() };
    let answer = present::answer(&checkup::check(inputs.collect(), &options));
    answer.findings.iter().any(|finding| finding.rule == id && finding.severity == Severity::Error)
}

/// Card by version: as claimed, not as claimed, or why it was not run.
pub(super) fn print_summary(outcomes: &[Outcome], claims: &Claims) {
    let word = |id: &str, version: &str| {
        let all: Vec<_> = outcomes.iter().filter(|it| it.card == id && it.version == version).collect();
        match all.iter().all(|it| it.wrong.is_none()) {
            _ if all.is_empty() => "-",
            true => "as claimed",
            false => "NOT AS CLAIMED",
        }
    };
    println!("\n{:38} {}", "card", VERSIONS.map(|version| format!("{version:15}")).concat());
    for id in claims.claims.keys() {
        println!("{id:38} {}", VERSIONS.map(|version| format!("{:15}", word(id, version))).concat());
    }
    for (id, why) in &claims.not_run {
        println!("{id:38} not run: {}", why.trim());
    }
    let wrong = outcomes.iter().filter(|it| it.wrong.is_some()).count();
    println!(
        "\n{} cards tried and {} not run. {} examples: {} as claimed, {wrong} not.\n",
        claims.claims.len(),
        claims.not_run.len(),
        outcomes.len(),
        outcomes.len() - wrong,
    );
}
