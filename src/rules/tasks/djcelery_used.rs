use crate::catalogue::cards;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;

pub(super) const RULE: Rule = Rule { card: &cards::DJCELERY_USED, sees: KINDS, check };

const KINDS: &[Kind] = &[
    Kind::Python,
    Kind::Requirements,
    Kind::Pyproject,
    Kind::Lock,
    Kind::Dockerfile,
    Kind::Compose,
    Kind::Shell,
    Kind::Systemd,
    Kind::Supervisord,
    Kind::Procfile,
    Kind::Command,
];

const GONE: [&str; 2] = ["djcelery", "djkombu"];

fn check(facts: &Facts, findings: &mut Findings) {
    // With Celery 4 or later, and only where it is certain.
    if let Some((_, celery)) = facts.packages.celery_pin()
        && celery.major >= 4
    {
        for package in ["django-celery", "django-kombu"] {
            for asked in facts.packages.named(package) {
                findings.add(cards::DjceleryUsed { package }).at(&asked.at);
            }
        }
    }
    for (_, scope) in facts.scopes() {
        for name in ["result_backend", "beat_scheduler"] {
            for value in scope.said(name).filter_map(|said| said.known.whole_text()) {
                if value.as_str().starts_with("djcelery.") {
                    findings.add(cards::DjceleryUsed { package: GONE[0] }).at(value).scope(&scope.name);
                }
            }
        }
    }
    for (_, process) in facts.processes() {
        if let Some(camera) = process.option("--camera").and_then(|it| it.text())
            && camera.as_str().starts_with("djcelery.")
        {
            findings.add(cards::DjceleryUsed { package: GONE[0] }).at(camera).scope(&process.name);
        }
    }
    for file in &facts.python_code {
        for import in file.imports.iter().filter(|import| !import.may_fail) {
            let package = import.module.split('.').next().unwrap_or_default();
            if GONE.contains(&package) {
                findings
                    .add(cards::DjceleryUsed { package })
                    .at(&import.module_at)
                    .uncertain_if(!import.conditions.is_empty());
            }
        }
        for app in &file.wiring.installed_apps {
            if GONE.contains(&app.as_str()) || app.as_str() == "kombu.transport.django" {
                findings.add(cards::DjceleryUsed { package: app.as_str() }).at(app);
            }
        }
    }
}
