use crate::catalogue::{Message, cards};
use crate::facts::tasks::CodeFile;
use crate::facts::{Facts, Said, Scope};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::RESULT_BACKEND_MISSING, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let scopes = || facts.scopes().map(|(_, scope)| scope);
    // `None` is what it is without any word on it, and an empty text is no more (tried with 4.4.7 to 5.7.0).
    let is_empty = |said: &Said<'_>| {
        said.is_none()
            || said.known.whole_text().is_some_and(|text| text.is_empty() || text.as_str().starts_with("disabled"))
    };
    let is_given = |scope: &Scope| scope.said("result_backend").any(|said| !is_empty(&said) || said.is_conditional());
    // Nothing is kept, or needs to be, where tasks run at once.
    let is_eager = |scope: &Scope| {
        !scope.is_for_tests && scope.said("task_always_eager").any(|said| said.boolean() != Some(false))
    };
    if scopes().next().is_none() || scopes().any(|scope| is_given(scope) || is_eager(scope)) {
        return;
    }
    if facts.tasks().any(|(_, task)| task.option("backend").is_some()) {
        return;
    }
    let is_certain = scopes().all(|scope| scope.closed);
    // The app is told its broker here: its backend would stand beside it.
    let names_broker =
        scopes().any(|scope| scope.open_at.is_empty() && scope.said("broker_url").any(|said| said.text().is_some()));
    let makes_app = facts.python_code.iter().any(|file| !file.wiring.apps.is_empty());
    // `broker=settings.REDIS_URL` is told as well.
    let is_given_broker =
        || scopes().any(|scope| scope.open_at.is_empty() && scope.said("broker_url").next().is_some());
    let is_told = is_given_broker() && scopes().all(|scope| scope.makes_app && scope.code_is_closed);
    for file in facts.python_code.iter().filter(|file| !file.is_for_tests()) {
        for (used, at) in uses(file) {
            if is_certain {
                let message: Message = cards::ResultBackendMissing::Missing { used: &used }.into();
                findings.add(message).at(&at);
            } else if is_told {
                findings.add(cards::ResultBackendMissing::NotInCode { used: &used }).at(&at);
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
