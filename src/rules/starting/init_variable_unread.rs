use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::nearest::nearest;

pub(super) const RULE: Rule = Rule { card: &cards::INIT_VARIABLE_UNREAD, sees: &[Kind::Celeryd, Kind::Systemd], check };

/// What the init script for workers reads (extra/generic-init.d/celeryd, 5.7.0), and what older ones did.
const READ: [&str; 24] = [
    "CELERYCTL",
    "CELERYD",
    "CELERYD_CHDIR",
    "CELERYD_GROUP",
    "CELERYD_LOG_DIR",
    "CELERYD_LOG_FILE",
    "CELERYD_LOG_LEVEL",
    "CELERYD_MULTI",
    "CELERYD_NODES",
    "CELERYD_OPTS",
    "CELERYD_PID_DIR",
    "CELERYD_PID_FILE",
    "CELERYD_SU",
    "CELERYD_SU_ARGS",
    "CELERYD_ULIMIT",
    "CELERYD_USER",
    "CELERY_APP",
    "CELERY_APP_ARG",
    "CELERY_BIN",
    "CELERY_CREATE_DIRS",
    "CELERY_CREATE_LOGDIR",
    "CELERY_CREATE_RUNDIR",
    "CELERY_DEFAULTS",
    "CELERYEV",
];

fn check(facts: &Facts, findings: &mut Findings) {
    of_units(facts, findings);
    for daemon in facts.variants.iter().flat_map(|it| &it.daemons).filter(|it| it.kind == Kind::Celeryd) {
        for found in &daemon.dropped {
            findings.add(cards::InitVariableUnread::Blank { found, meant: "=" }).at(found);
        }
        for found in daemon.sets.iter().filter(|it| it.as_str().starts_with("CELERY") && !READ.contains(&it.as_str())) {
            let is_beats = found.as_str().starts_with("CELERYBEAT");
            let Some(meant) = nearest(found.as_str(), READ).filter(|_| !is_beats) else { continue };
            let finding = findings.add(cards::InitVariableUnread::Misspelt { found, meant });
            finding.at(found).replace(found, meant);
        }
    }
}

/// A variable of a unit's command that nothing sets, beside one of nearly the same name that the command does not use.
fn of_units(facts: &Facts, findings: &mut Findings) {
    for (variant, process) in facts.processes() {
        let Some(daemon) = variant.daemon_of(process).filter(|it| it.kind == Kind::Systemd) else { continue };
        if !daemon.shows_variables {
            continue;
        }
        let command = daemon.at.as_str();
        for rest in command.split('$').skip(1) {
            let rest = rest.strip_prefix('{').unwrap_or(rest);
            let name = rest.split(|it: char| !it.is_ascii_alphanumeric() && it != '_').next().unwrap_or_default();
            // `${NAME:-8}` has a value of its own.
            let has_default = rest[name.len()..].starts_with([':', '-']);
            let is_set = process.environment.get(name).is_some() || command.contains(&format!("{name}="));
            if name.len() < 6 || has_default || is_set {
                continue;
            }
            let unused = process.environment.iter().filter(|(other, _)| !command.contains(other));
            let Some(near) = nearest(name, unused.map(|(other, _)| other)) else { continue };
            let Some(variable) = process.environment.get(near) else { continue };
            findings
                .add(cards::InitVariableUnread::OfUnit { found: &variable.name, meant: name })
                .at(&variable.name)
                .related(&daemon.at, crate::words::Role::Conflict)
                .scope(&daemon.name)
                .replace(&variable.name, name);
        }
    }
}
