use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::top_level::Bound;
use crate::facts::tasks::{CodeFile, How};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::DELAY_OF_FUNCTION, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for file in facts.python_code.iter().filter(|file| file.is_whole && !file.is_test_code()) {
        for sending in file.sendings.iter().filter(|it| matches!(it.how, How::Delay | How::ApplyAsync)) {
            let found = &sending.what;
            let Some((defined, hides)) = defined(facts, file, found).filter(|_| sending.is_of_module) else { continue };
            let message: Message = match hides {
                true => cards::DelayOfFunction::Hidden { found, method: &sending.method }.into(),
                false => cards::DelayOfFunction::Plain { found, method: &sending.method }.into(),
            };
            findings.add(message).at(found).related(defined, Role::Cause);
        }
    }
}

/// The function without decorators that a name means, and whether it hides another thing of that name.
fn defined<'a>(facts: &'a Facts, file: &'a CodeFile, name: &Text) -> Option<(&'a Text, bool)> {
    let mut bound = file.top.all(name.as_str());
    match (bound.next()?, bound.next()) {
        (Bound::Imported { module, name }, None) => {
            let other = &facts.python_code[facts.imported_by(file, module)?];
            other.top.plain_function(name).filter(|_| other.is_whole).map(|(at, _)| (at, false))
        }
        _ => file.top.plain_function(name.as_str()),
    }
}
