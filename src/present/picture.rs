//! What was understood of the deployment: processes, and the settings as each of them sees them.

use super::view::{Picture, Place, Process, ProcessRole, Scope, Setting, Told, User, Value, Variant};
use crate::checkup::Report;
use crate::facts;
use crate::text::Text;

/// What every deployment has, also where nothing sets it.
const ALWAYS: [&str; 3] = ["broker_url", "result_backend", "accept_content"];

/// A list is cut after so many characters.
const LONGEST: usize = 80;

/// The picture of a report, with secrets masked.
pub fn picture(report: &Report) -> Picture {
    let drawing = Drawing { report };
    Picture { variants: report.facts.variants.iter().map(|variant| drawing.variant(variant)).collect() }
}

struct Drawing<'a> {
    report: &'a Report,
}

impl Drawing<'_> {
    fn variant(&self, variant: &facts::Variant) -> Variant {
        Variant {
            name: self.masked(&variant.name),
            processes: variant.processes.iter().map(|process| self.process(variant, process)).collect(),
            scopes: variant.scopes.iter().map(|scope| self.scope(scope)).collect(),
        }
    }

    fn process(&self, variant: &facts::Variant, process: &facts::Process) -> Process {
        Process {
            name: self.masked(&process.name),
            role: match process.role {
                facts::Role::Worker => ProcessRole::Worker,
                facts::Role::Beat => ProcessRole::Beat,
                facts::Role::Flower => ProcessRole::Flower,
                facts::Role::OneOff => ProcessRole::OneOff,
                facts::Role::Unknown => ProcessRole::Unknown,
            },
            user: match process.starts_as(variant) {
                facts::StartsAs::Root(_) => User::Root,
                facts::StartsAs::Somebody(_) => User::Somebody,
                facts::StartsAs::Unknown => User::Unknown,
            },
            place: self.place(&process.command.program),
        }
    }

    fn scope(&self, scope: &facts::Scope) -> Scope {
        let mut names: Vec<&str> = scope.settings.iter().map(|setting| setting.name).chain(ALWAYS).collect();
        crate::text::order::distinct(&mut names);
        Scope {
            name: self.masked(&scope.name),
            closed: scope.closed,
            settings: names
                .into_iter()
                .map(|name| Setting { name: name.to_owned(), answer: self.told(scope.answer(name)) })
                .collect(),
            open_at: scope.open_at.iter().map(|text| self.place(text)).collect(),
        }
    }

    fn told(&self, answer: facts::Answer<'_>) -> Told {
        match answer {
            facts::Answer::Default => Told::Default,
            facts::Answer::NotShown => Told::NotShown,
            facts::Answer::Said(values) => Told::Said(
                values
                    .iter()
                    .map(|said| Value {
                        text: self.shown(said.known),
                        conditional: !said.conditions.is_empty(),
                        place: self.place(&said.known.at),
                        set_at: self.place(&said.setting.written),
                    })
                    .collect(),
            ),
        }
    }

    /// Text as it is, numbers and lists as they are written; nothing where a part is not known.
    fn shown(&self, known: &facts::value::Known) -> Option<String> {
        match (known.whole_text(), &known.value) {
            (Some(text), _) => Some(self.masked(text.as_str())),
            (None, facts::value::Value::Unknown(_) | facts::value::Value::Text(_)) => None,
            // Masked before it is cut.
            (None, _) => Some(self.masked(known.at.as_str()).chars().take(LONGEST).collect()),
        }
    }

    fn masked(&self, text: &str) -> String {
        self.report.secrets.masked(text)
    }

    fn place(&self, text: &Text) -> Place {
        let span = text.span();
        let point = |offset| self.report.places.point(span.source.0, offset);
        Place { file: span.source.0, start: point(span.start), end: point(span.end) }
    }
}
