use crate::catalogue::{Message, cards};
use crate::facts::tasks::CodeFile;
use crate::facts::{Answer, Facts};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::RESULT_BACKEND_MISSING, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let answers: Vec<Answer<'_>> = facts.scopes().map(|(_, scope)| scope.answer("result_backend")).collect();
    if answers.is_empty() || answers.iter().any(|answer| matches!(answer, Answer::Said(_))) {
        return;
    }
    let is_certain = answers.iter().all(|answer| matches!(answer, Answer::Default));
    // The app is told its broker here: its backend would stand beside it.
    let names_broker = facts
        .scopes()
        .any(|(_, scope)| scope.open_at.is_empty() && scope.said("broker_url").any(|said| said.text().is_some()));
    let makes_app = facts.python_code.iter().any(|file| !file.wiring.apps.is_empty());
    for file in facts.python_code.iter().filter(|file| !file.is_for_tests()) {
        for (used, at) in uses(file) {
            if is_certain {
                let message: Message = cards::ResultBackendMissing::Missing { used: &used }.into();
                findings.add(message).at(&at);
            } else if names_broker && makes_app {
                let message = cards::ResultBackendMissing::NotShown { used: &used };
                findings.ask(message, &at, &["compose", "kubernetes", "env", "dockerfile"]);
                return;
            }
        }
    }
}

/// Where a file needs results: a method that reads one, a chord.
fn uses(file: &CodeFile) -> Vec<(String, Text)> {
    let reads = file.reads.iter().map(|read| (read.method.as_str().to_owned(), read.method.clone()));
    let chords = file.chords.iter().map(|chord| ("chord".to_owned(), chord.at.clone()));
    reads.chain(chords).collect()
}
