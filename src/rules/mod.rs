//! Floor 4: the rules. Each asks the facts, and says what its card says.
//!
//! The areas are cut as people ask: why does it not start, where do my results go, who does it run as.
//! A rule is two files: `<id>.rs` finds, `<id>.yaml` tells. A log line needs only a card.

mod broker;
mod delivery;
mod flower;
mod logs;
mod messages;
mod names;
mod nearest;
mod packages;
mod privileges;
mod queues;
mod reading;
mod results;
mod schedule;
mod setting_lookup;
mod starting;
mod task_name;
mod tasks;

use crate::catalogue::Card;
use crate::facts::{Facts, Said};
use crate::finding::{Finding, Findings};
use crate::intake::Kind;

/// A rule: its words, where it can be seen, and how it is found.
#[derive(Debug)]
pub struct Rule {
    pub card: &'static Card,
    /// The kinds of input in which it can be seen.
    pub sees: &'static [Kind],
    pub check: fn(&Facts, &mut Findings),
}

impl Finding {
    /// It is as certain as the value is to hold: less under a condition, and worth knowing at most in tests.
    fn as_said(&mut self, said: &Said<'_>) -> &mut Finding {
        self.uncertain_if(said.is_conditional()).at_most_info_if(said.is_for_tests())
    }
}

/// Where settings are written: code, command lines and every kind of environment.
const SETTINGS_KINDS: &[Kind] = &[
    Kind::Python,
    Kind::Command,
    Kind::Shell,
    Kind::Procfile,
    Kind::Launcher,
    Kind::HelmValues,
    Kind::Pyproject,
    Kind::Env,
    Kind::Dockerfile,
    Kind::Compose,
    Kind::Kubernetes,
    Kind::Systemd,
    Kind::Supervisord,
    Kind::Celeryd,
];

/// Where Celery's program is started.
const COMMAND_KINDS: &[Kind] = &[
    Kind::Python,
    Kind::Command,
    Kind::Shell,
    Kind::Procfile,
    Kind::Launcher,
    Kind::HelmValues,
    Kind::Pyproject,
    Kind::Dockerfile,
    Kind::Compose,
    Kind::Kubernetes,
    Kind::Systemd,
    Kind::Supervisord,
    Kind::Celeryd,
];

/// Every rule, area by area.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        starting::RULES,
        names::RULES,
        broker::RULES,
        results::RULES,
        messages::RULES,
        delivery::RULES,
        queues::RULES,
        schedule::RULES,
        tasks::RULES,
        packages::RULES,
        flower::RULES,
        privileges::RULES,
        logs::RULES,
        reading::RULES,
    ]
    .into_iter()
    .flatten()
}

pub use reading::silences_nothing;

/// How many log lines the catalogue knows: each is a rule of its own to the reader.
pub fn log_cards() -> u32 {
    crate::catalogue::cards::ALL.iter().filter(|card| card.is_log_card()).count() as u32
}
