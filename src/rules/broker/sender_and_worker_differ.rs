use std::collections::HashSet;

use crate::catalogue::cards;
use crate::facts::tasks::CodeFile;
use crate::facts::value::{Known, Template, Value};
use crate::facts::{Facts, url};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::knowledge::serializers::{of_entry, of_name};
use crate::rules::Rule;
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::SENDER_AND_WORKER_DIFFER, sees: &[Kind::Python], check };

fn check(facts: &Facts, findings: &mut Findings) {
    let with_app = facts.python_code.iter().filter(|file| !file.wiring.apps.is_empty()).map(CodeFile::folder);
    let with_app: HashSet<&str> = with_app.collect();
    for sender in facts.python_code.iter().filter(|file| file.part.is_none() && file.tasks.is_empty()) {
        if sender.sent_by_name.is_empty() || !with_app.contains(sender.folder()) || sender.is_for_tests() {
            continue;
        }
        let named = |task: &&Text| sender.sent_by_name.iter().any(|sent| sent.as_str() == task.as_str());
        let worker = facts.python_code.iter().find(|file| {
            let names = file.tasks.iter().filter_map(|task| task.option("name")?.known()?.whole_text());
            file.folder() != sender.folder() && file.part.is_none() && names.into_iter().any(|name| named(&name))
        });
        let Some(worker) = worker else { continue };
        // The app of the worker has to be its own.
        if !with_app.contains(worker.folder()) {
            continue;
        }
        if let Some((here, there)) = refused(facts, sender, worker) {
            let finding = findings
                .add(cards::SenderAndWorkerDiffer::Serializer { setting: here.as_str(), file: worker.path.as_str() })
                .at(here);
            there.map(|there| finding.related(there, Role::Conflict));
        }
        let settings = ["broker_url", "result_backend"].into_iter().filter(|name| {
            // Who reads no results may keep them anywhere.
            *name == "broker_url" || !sender.reads.is_empty()
        });
        for setting in settings {
            let (Some(here), Some(there)) = (address(facts, sender, setting), address(facts, worker, setting)) else {
                continue;
            };
            if here.as_str() != there.as_str() && is_same_server(here, there) {
                findings
                    .add(cards::SenderAndWorkerDiffer::Address { setting, file: worker.path.as_str() })
                    .at(here)
                    .related(there, Role::Conflict);
            }
        }
        let (here, there) = (prefix(facts, sender), prefix(facts, worker));
        if let (Some((at, one)), Some((other_at, other))) = (&here, &there)
            && one != other
        {
            let setting = "global_keyprefix";
            findings
                .add(cards::SenderAndWorkerDiffer::Prefix { setting, file: worker.path.as_str() })
                .at(at)
                .related(other_at, Role::Conflict);
        }
    }
}

/// The serializer that the sender chooses for its tasks, where the worker certainly does not accept it, and the list.
fn refused<'a>(facts: &'a Facts, sender: &CodeFile, worker: &CodeFile) -> Option<(&'a Text, Option<&'a Text>)> {
    let here = only(facts, sender, "task_serializer")?.whole_text()?;
    let content_type = of_name(here.as_str())?;
    let Some(there) = only(facts, worker, "accept_content") else {
        let is_near = |at: &Text| facts.code_file_of(at).is_some_and(|it| it.folder() == worker.folder());
        let mut written = facts.scopes().flat_map(|(_, scope)| &*scope.written);
        // What is said in more ways than one is not known.
        let is_said = written.any(|it| it.means == Some("accept_content") && is_near(&it.name));
        return (!is_said && here.as_str() != "json" && facts.scopes().any(|(_, it)| it.code_is_closed))
            .then_some((here, None));
    };
    let Value::List(items) = &there.value else { return None };
    let is_other =
        |it: &Known| it.whole_text().and_then(|it| of_entry(it.as_str())).is_some_and(|it| it != content_type);
    (!items.is_empty() && items.iter().all(is_other)).then_some((here, Some(&there.at)))
}

/// The only address of a setting in the files of a folder.
fn address<'a>(facts: &'a Facts, file: &CodeFile, setting: &str) -> Option<&'a Text> {
    let near = facts.python_code.iter().filter(|it| it.folder() == file.folder());
    let mut of_apps = near.flat_map(|it| &it.wiring.addresses).filter(|(name, _)| *name == setting);
    match (of_apps.next(), of_apps.next(), only(facts, file, setting)) {
        (Some((_, text)), None, None) => Some(text),
        (None, _, Some(known)) => known.whole_text(),
        _ => None,
    }
}

/// The only value that the files of a folder give a setting by its name.
fn only<'a>(facts: &'a Facts, file: &CodeFile, setting: &str) -> Option<&'a Known> {
    let is_near = |at: &Text| facts.code_file_of(at).is_some_and(|it| it.folder() == file.folder());
    let mut found: Option<&Known> = None;
    for written in facts.scopes().flat_map(|(_, scope)| &*scope.written) {
        if written.means != Some(setting) || !is_near(&written.name) {
            continue;
        }
        let [value] = &written.values[..] else { return None };
        if found.is_some_and(|known| known.at.span() != value.known.at.span()) {
            return None;
        }
        found = Some(&value.known);
    }
    found
}

fn is_same_server(one: &Text, other: &Text) -> bool {
    let host = |text: &Text| url::parse(&Template::plain(text.clone())).known_host();
    host(one).is_some() && host(one).map(|it| it.as_str().to_owned()) == host(other).map(|it| it.as_str().to_owned())
}

/// The prefix of the keys in Redis, and the place that says it or the address without one.
fn prefix(facts: &Facts, file: &CodeFile) -> Option<(Text, String)> {
    let address = address(facts, file, "broker_url")?;
    if !address.as_str().starts_with("redis") {
        return None;
    }
    let Some(options) = only(facts, file, "broker_transport_options") else {
        return Some((address.clone(), String::new()));
    };
    let Value::Dict(entries) = &options.value else { return None };
    let key = entries.iter().find(|(key, _)| key.whole_text().is_some_and(|key| key.as_str() == "global_keyprefix"));
    match key {
        Some((key, value)) => Some((key.whole_text()?.clone(), value.whole_text()?.as_str().to_owned())),
        None => Some((options.at.clone(), String::new())),
    }
}
