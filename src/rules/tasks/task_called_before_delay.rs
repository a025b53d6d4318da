use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::tasks::{CalledEarly, Early};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_CALLED_BEFORE_DELAY, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (file, early) in facts.python_code.iter().flat_map(|file| file.called_early.iter().map(move |it| (file, it))) {
        let (taker, call) = (&early.taker, &early.call);
        let message: Message = match early.how {
            Early::BeforeMethod => cards::TaskCalledBeforeDelay::Method { taker, call }.into(),
            Early::BeforeRead if file.is_test_code() => continue,
            Early::BeforeRead => cards::TaskCalledBeforeDelay::Read { taker, call }.into(),
            Early::Run => cards::TaskCalledBeforeDelay::Run { taker, call }.into(),
            Early::SentAtOnce => cards::TaskCalledBeforeDelay::Callable { taker, call }.into(),
            Early::Sent => cards::TaskCalledBeforeDelay::Sent { taker, call }.into(),
        };
        let is_run = matches!(early.how, Early::BeforeMethod | Early::Run);
        let finding = findings
            .add(message)
            .at(if early.how == Early::BeforeMethod { taker } else { call })
            .uncertain_if(is_run && !is_refused(facts, early))
            .at_most_info_if(is_run && file.is_test_code());
        let task = match early.how {
            Early::SentAtOnce => {
                finding.replace(call, &format!("lambda: {}", call.as_str()));
                continue;
            }
            // `group(add.delay())` that nobody calls: everything runs, and with signatures nothing would.
            Early::Sent if file.unsent.iter().any(|(it, _)| it.span().contains(call.span())) => {
                finding.at_most_info_if(true);
                None
            }
            Early::Sent => call.as_str().strip_suffix(".delay"),
            Early::BeforeRead => {
                finding.replace(call, &format!("{}.delay", call.as_str()));
                None
            }
            Early::Run | Early::BeforeMethod => Some(call.as_str()),
        };
        if let Some(task) = task {
            finding.replace(call, &format!("{task}.s"));
        }
    }
}

/// Whether what the task returns is certainly refused there. The header of a chord is sent all the same, and
/// `link` is looked at by the worker (tried with 4.4.7 to 5.7.0).
fn is_refused(facts: &Facts, early: &CalledEarly) -> bool {
    let Some(task) = early.task.and_then(|it| facts.task(it)) else { return false };
    let is_own = task.option("base").is_some() || task.is_open || task.is_wrapped || task.is_twice || !task.is_alone;
    let refuses = ["delay", "apply_async", "group", "chain", "add_periodic_task"];
    let taker = early.taker.as_str().rsplit('.').next().unwrap_or_default();
    refuses.contains(&taker) && !task.may_give_signature && !is_own
}
