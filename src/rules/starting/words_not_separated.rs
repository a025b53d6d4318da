use crate::catalogue::{Message, cards};
use crate::facts::{Facts, Process, Variant};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::{COMMAND_KINDS, Rule};
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::WORDS_NOT_SEPARATED, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    broken_lists(facts, findings);
    for (variant, process) in facts.processes() {
        if let Some(found) = &process.command.joined {
            if !may_be_for_a_shell(variant, process) {
                let message: Message = cards::WordsNotSeparated::Command { found }.into();
                // Where it is itself the first word of what the container runs, nothing stands before it.
                let own = variant.container_of(process).and_then(|it| it.entrypoint.as_ref()?.first());
                let is_first = process.kind == Kind::Kubernetes && own.is_some_and(|it| it.text.span() == found.span());
                let finding = findings.add(message).at(found).scope(&process.name);
                finding.uncertain_if(!is_first && may_be_split(variant, process));
            }
            continue;
        }
        for found in joined_options(process) {
            let message: Message = cards::WordsNotSeparated::Option { found: &found }.into();
            findings.add(message).at(&found).scope(&process.name).uncertain_if(may_be_split(variant, process));
        }
    }
}

/// A list of a Dockerfile that Docker does not take for one.
fn broken_lists(facts: &Facts, findings: &mut Findings) {
    for variant in &facts.variants {
        for (index, image) in variant.images.iter().enumerate() {
            let Some(found) = &image.broken_list else { continue };
            // What a container says itself stands in place of it.
            let mut users = variant.containers.iter().filter(|container| container.built_from == Some(index));
            if !users.any(|container| container.arguments.is_some() || container.entrypoint.is_some()) {
                findings.add(cards::WordsNotSeparated::NoJson { found }).at(found);
            }
        }
    }
}

/// Whether an entrypoint that is not shown may hand the words to a shell.
fn may_be_split(variant: &Variant, process: &Process) -> bool {
    let container = variant.container_of(process);
    // A template may put it behind `sh -c`.
    if process.kind == Kind::HelmValues {
        return true;
    }
    // Its own entrypoint stands in place of the image's.
    let image = variant.image_of(process);
    if let Some(own) = container.filter(|it| it.entrypoint.is_some()) {
        return own.hidden_entrypoint.is_some();
    }
    container.is_some_and(|it| it.hidden_entrypoint.is_some())
        || image.map_or(container.is_some(), |it| it.hidden_entrypoint.is_some())
}

/// Whether the image may come with an entrypoint like `["bash", "-c"]`, which takes one word: such an image is not shown.
fn may_be_for_a_shell(variant: &Variant, process: &Process) -> bool {
    let is_compose = variant.container_of(process).is_some_and(|it| it.kind == Kind::Compose);
    let image = variant.image_of(process);
    image.is_some_and(|it| !it.base_runs_as_root()) || (is_compose && image.is_none())
}

/// Words such as `-A proj` and `--loglevel INFO` that hold an option and its value.
fn joined_options(process: &Process) -> Vec<Text> {
    let options = process.command.before.iter().chain(&process.command.options);
    options
        .filter_map(|option| {
            if option.written.as_str().starts_with("--") && option.known.is_none() {
                return option.written.as_str().contains(' ').then(|| option.written.clone());
            }
            // What is glued to a short option is its value, with the blank.
            let value = &option.value.as_ref().filter(|value| value.as_str().starts_with(' '))?.text;
            let (start, end) = (option.written.span(), value.span());
            (start.source == end.source && start.end == end.start).then(|| value.clone())
        })
        .collect()
}
