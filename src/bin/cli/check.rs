//! `check` and `facts`.

use celery_checkup::catalogue;
use celery_checkup::catalogue::version::Version;
use celery_checkup::checkup::{self, Options, Report};
use celery_checkup::intake::Kind;
use celery_checkup::present::view::{Answer, Place, Setting, Severity, Told};
use celery_checkup::present::{self, json, text};

use super::arguments::{self, CheckOptions, FailOn, Format};
use super::files::{self, Brought};
use super::{FINE, FOUND, WRONG_CALL, print};

/// Checks and reports; gives the exit status.
pub(crate) fn run(options: &CheckOptions) -> u8 {
    if matches!(options.format, Format::Sarif | Format::Markdown) {
        eprintln!("celery-checkup: this format is not there yet; text and json are.");
        return WRONG_CALL;
    }
    let (report, brought) = match checked(options) {
        Ok(checked) => checked,
        Err(problem) => {
            eprintln!("celery-checkup: {problem}");
            return WRONG_CALL;
        }
    };
    let mut answer = present::answer(&report);
    answer.skipped = brought.skipped;
    filter(&mut answer, options);
    if !options.said {
        answer.said.clear();
    }
    match options.format {
        Format::Json => print(&json::report(&answer, brought.walked)),
        _ => {
            let line_of = |file: u32, line: u32, before: Option<u32>| -> String {
                let source = report.places.text(file);
                let (start, end) = report.places.line_span(file, line).unwrap_or_default();
                let whole = &source[start as usize..end as usize];
                let shown: String = match before {
                    Some(column) => whole.chars().take((column - 1) as usize).collect(),
                    None => whole.to_owned(),
                };
                report.secrets.masked(&shown).replace('\t', " ")
            };
            print(&text::report(&answer, arguments::language(options.lang), line_of));
        }
    }
    if brought.unreadable {
        return WRONG_CALL;
    }
    if report.files.iter().all(|file| file.kind == Kind::Unknown) {
        eprintln!("celery-checkup: nothing was recognised in what was given.");
        return WRONG_CALL;
    }
    let worst = match options.fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Info => Severity::Info,
        FailOn::Never => return FINE,
    };
    if answer.findings.iter().any(|finding| finding.severity <= worst) { FOUND } else { FINE }
}

fn checked(options: &CheckOptions) -> Result<(Report, Brought), String> {
    let version = |name: &str, text: &Option<String>| match text {
        Some(text) => Version::parse(text).map(Some).ok_or_else(|| format!("--{name} {text}: this is no version")),
        None => Ok(None),
    };
    let chosen = Options {
        celery: version("celery", &options.celery)?,
        rabbitmq: version("rabbitmq", &options.rabbitmq)?,
        filtered: !options.rule.is_empty() || !options.ignore.is_empty(),
    };
    for id in options.rule.iter().chain(&options.ignore) {
        let id = id.split('=').next().unwrap_or(id);
        if catalogue::find(id).is_none() {
            return Err(format!("there is no rule `{id}`"));
        }
    }
    let overrides = arguments::kind_overrides(&options.kind)?;
    let mut brought = files::bring(&options.paths, options.stdin_name.as_deref());
    for it in &overrides {
        let path = it.path.to_string_lossy().replace('\\', "/");
        let Some(input) = brought.inputs.iter_mut().find(|input| input.path == path) else {
            return Err(format!("--kind: no file `{path}` was given"));
        };
        match it.part {
            Some(part) => input.part_kinds.push((part, it.kind)),
            None => input.kind = Some(it.kind),
        }
    }
    let report = checkup::check(std::mem::take(&mut brought.inputs), &chosen);
    Ok((report, brought))
}

fn filter(answer: &mut Answer, options: &CheckOptions) {
    let files = answer.files.clone();
    answer.findings.retain(|finding| {
        let wanted = options.rule.is_empty() || options.rule.contains(&finding.rule);
        let path = files.get(finding.place.file as usize).map_or("", |file| file.path.as_str());
        let ignored = options.ignore.iter().any(|ignore| match ignore.split_once('=') {
            Some((id, only)) => id == finding.rule && only == path,
            None => *ignore == finding.rule,
        });
        wanted && !ignored
    });
}

/// What the files say, as text.
pub(crate) fn facts(options: &CheckOptions) -> u8 {
    let (report, brought) = match checked(options) {
        Ok(checked) => checked,
        Err(problem) => {
            eprintln!("celery-checkup: {problem}");
            return WRONG_CALL;
        }
    };
    let mut lines = format!("celery: {}\n", report.facts.celery.minors().join(" "));
    let place = |at: &Place| {
        let path = report.inputs.get(at.file as usize).map_or("", |input| input.path.as_str());
        format!("{path}:{}:{}", at.start.line, at.start.column)
    };
    for variant in &present::picture(&report).variants {
        lines.push_str(&format!("variant {}\n", variant.name));
        for process in &variant.processes {
            lines.push_str(&format!("  process {} ({:?}) at {}\n", process.name, process.role, place(&process.place)));
        }
        for scope in &variant.scopes {
            lines.push_str(&format!("  scope {}{}\n", scope.name, if scope.closed { " (closed)" } else { "" }));
            for Setting { name, answer } in &scope.settings {
                match answer {
                    Told::Said(values) => {
                        for value in values {
                            let text = value.text.as_deref().unwrap_or("?");
                            lines.push_str(&format!("    {name} = {text} at {}\n", place(&value.place)));
                        }
                    }
                    Told::Default => lines.push_str(&format!("    {name}: default\n")),
                    Told::NotShown => lines.push_str(&format!("    {name}: not shown\n")),
                }
            }
            for open in &scope.open_at {
                lines.push_str(&format!("    open because of {}\n", place(open)));
            }
        }
    }
    // Also what stands in paths.
    print(&report.secrets.masked(&lines));
    if brought.unreadable { WRONG_CALL } else { FINE }
}
