//! "What could you not read?": stretches that a reader did not understand. They say no more than their cards,
//! so they share this file.

use super::Rule;
use super::nearest::nearest;
use crate::catalogue::{self, Message, cards};
use crate::facts::Facts;
use crate::facts::value::{Value, Why};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::read::{Trouble, TroubleKind};
use crate::text::{Span, Text};

const YAML: &[Kind] = &[Kind::Compose, Kind::Kubernetes, Kind::HelmTemplate, Kind::HelmValues];

pub(super) const RULES: &[Rule] = &[
    Rule { card: &cards::PYTHON_SYNTAX, sees: &[Kind::Python], check: python_syntax },
    Rule { card: &cards::YAML_SYNTAX, sees: YAML, check: yaml_syntax },
    Rule { card: &cards::YAML_KEY_TWICE, sees: YAML, check: yaml_key_twice },
    Rule { card: &cards::DOCKERFILE_INSTRUCTION_UNKNOWN, sees: &[Kind::Dockerfile], check: instruction_unknown },
    Rule { card: &cards::ENV_LINE_UNREADABLE, sees: &[Kind::Env], check: env_line },
    Rule { card: &cards::NESTED_TOO_DEEP, sees: &Kind::ALL, check: too_deep },
    Rule { card: &cards::TOO_LARGE, sees: &Kind::ALL, check: too_large },
    Rule { card: &cards::KIND_NOT_READ, sees: &Kind::ALL, check: kind_not_read },
    Rule { card: &cards::IGNORE_UNKNOWN_RULE, sees: &Kind::ALL, check: ignore_unknown },
    Rule { card: &cards::IGNORE_SILENCES_NOTHING, sees: &Kind::ALL, check: said_last },
    Rule { card: &cards::NEVER_CLOSED, sees: &Kind::ALL, check: never_closed },
    Rule { card: &cards::VALUES_NOT_FOLLOWED, sees: &[Kind::Python], check: not_followed },
];

/// Says every trouble that the closure has words for.
fn say(facts: &Facts, findings: &mut Findings, words: impl Fn(&Trouble) -> Option<Message>) {
    for trouble in &facts.troubles {
        if let Some(message) = words(trouble) {
            findings.add(message).at(&trouble.at);
        }
    }
}

fn python_syntax(facts: &Facts, findings: &mut Findings) {
    say(facts, findings, |trouble| match &trouble.what {
        TroubleKind::PythonSyntax { said } if trouble.refused => Some(cards::PythonSyntax::Refused { said }.into()),
        TroubleKind::PythonSyntax { said } => Some(cards::PythonSyntax::NotRead { said }.into()),
        _ => None,
    });
}

fn yaml_syntax(facts: &Facts, findings: &mut Findings) {
    say(facts, findings, |trouble| match &trouble.what {
        TroubleKind::YamlSyntax { said } if trouble.refused => Some(cards::YamlSyntax::Refused { said }.into()),
        TroubleKind::YamlSyntax { said } => Some(cards::YamlSyntax::NotRead { said }.into()),
        _ => None,
    });
}

fn yaml_key_twice(facts: &Facts, findings: &mut Findings) {
    say(facts, findings, |trouble| match &trouble.what {
        TroubleKind::YamlDuplicateKey { key } if trouble.refused => Some(cards::YamlKeyTwice::Refused { key }.into()),
        TroubleKind::YamlDuplicateKey { key } => Some(cards::YamlKeyTwice::Unclear { key }.into()),
        _ => None,
    });
}

fn instruction_unknown(facts: &Facts, findings: &mut Findings) {
    say(facts, findings, |trouble| match &trouble.what {
        TroubleKind::DockerfileUnknownInstruction { word } if trouble.refused => {
            Some(cards::DockerfileInstructionUnknown::Refused { word }.into())
        }
        TroubleKind::DockerfileUnknownInstruction { word } => {
            Some(cards::DockerfileInstructionUnknown::NotRead { word }.into())
        }
        _ => None,
    });
}

fn env_line(facts: &Facts, findings: &mut Findings) {
    say(facts, findings, |trouble| {
        (trouble.what == TroubleKind::EnvLineUnreadable).then(|| cards::EnvLineUnreadable {}.into())
    });
}

fn too_deep(facts: &Facts, findings: &mut Findings) {
    say(facts, findings, |trouble| match trouble.what {
        TroubleKind::TooDeep { limit } => Some(cards::NestedTooDeep { limit: u64::from(limit) }.into()),
        _ => None,
    });
}

fn too_large(facts: &Facts, findings: &mut Findings) {
    say(facts, findings, |trouble| match trouble.what {
        TroubleKind::TooLarge { limit } => Some(cards::TooLarge { limit }.into()),
        _ => None,
    });
}

fn never_closed(facts: &Facts, findings: &mut Findings) {
    say(facts, findings, |trouble| (trouble.what == TroubleKind::Unbalanced).then(|| cards::NeverClosed {}.into()));
}

/// Settings whose values were lost at a limit of the evaluator: the first of each file.
fn not_followed(facts: &Facts, findings: &mut Findings) {
    let mut first: Vec<&Text> = Vec::new();
    for setting in facts.scopes().flat_map(|(_, scope)| &scope.settings) {
        if !setting.alternatives.iter().any(|it| matches!(it.known.value, Value::Unknown(Why::TooMuch))) {
            continue;
        }
        let place = setting.written.span();
        match first.iter_mut().find(|known| known.span().source == place.source) {
            Some(known) if known.span().start <= place.start => {}
            Some(known) => *known = &setting.written,
            None => first.push(&setting.written),
        }
    }
    for name in first {
        findings.add(cards::ValuesNotFollowed { name }).at(name);
    }
}

fn ignore_unknown(facts: &Facts, findings: &mut Findings) {
    for name in facts.ignores.iter().flat_map(|ignore| &ignore.rules) {
        if catalogue::find(name.as_str()).is_some() {
            continue;
        }
        match nearest(name.as_str(), cards::ALL.iter().map(|card| card.id)) {
            Some(meant) => {
                findings.add(cards::IgnoreUnknownRule::Misspelt { found: name, meant }).at(name).replace(name, meant)
            }
            None => findings.add(cards::IgnoreUnknownRule::NoSuchRule { found: name, meant: "" }).at(name),
        };
    }
}

/// Whether a comment silences something is known when everything else is: see [`silences_nothing`].
fn said_last(_: &Facts, _: &mut Findings) {}

/// Names in comments that silenced nothing, though one text of that kind is enough for their rules to speak.
/// `silenced` holds the comment and the rule of everything that was set aside.
pub fn silences_nothing(facts: &Facts, silenced: &[(Span, &str)], findings: &mut Findings) {
    for ignore in &facts.ignores {
        for name in &ignore.rules {
            let can_speak =
                catalogue::find(name.as_str()).is_some_and(|it| it.alone_in.contains(&ignore.kind.as_str()));
            if can_speak && !silenced.contains(&(ignore.by, name.as_str())) {
                findings.add(cards::IgnoreSilencesNothing { rule: name }).at(name);
            }
        }
    }
}

fn kind_not_read(facts: &Facts, findings: &mut Findings) {
    for (kind, at) in &facts.unread {
        let kind = kind.as_str();
        let message: Message = match kind {
            "unknown" => cards::KindNotRead::Unknown { kind }.into(),
            _ => cards::KindNotRead::NotYet { kind }.into(),
        };
        findings.add(message).at(at);
    }
}
