use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::Early;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_CALLED_BEFORE_DELAY, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (file, early) in facts.python_code.iter().flat_map(|file| file.called_early.iter().map(move |it| (file, it))) {
        let (taker, call) = (&early.taker, &early.call);
        let message: Message = match early.how {
            Early::BeforeMethod => cards::TaskCalledBeforeDelay::Method { taker, call }.into(),
            Early::Run => cards::TaskCalledBeforeDelay::Run { taker, call }.into(),
            Early::SentAtOnce => cards::TaskCalledBeforeDelay::Callable { taker, call }.into(),
            Early::Sent => cards::TaskCalledBeforeDelay::Sent { taker, call }.into(),
        };
        let finding = findings.add(message).at(if early.how == Early::BeforeMethod { taker } else { call });
        let task = match early.how {
            Early::SentAtOnce => {
                finding.replace(call, &format!("lambda: {}", call.as_str()));
                continue;
            }
            // `group(add.delay())` that nobody calls: everything runs, and with signatures nothing would.
            Early::Sent if file.unsent.iter().any(|it| it.span().contains(call.span())) => {
                finding.at_most_info_if(true);
                None
            }
            Early::Sent => call.as_str().strip_suffix(".delay"),
            Early::Run | Early::BeforeMethod => Some(call.as_str()),
        };
        if let Some(task) = task {
            finding.replace(call, &format!("{task}.s"));
        }
    }
}
