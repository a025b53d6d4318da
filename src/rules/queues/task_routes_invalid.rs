use crate::catalogue::cards;
use crate::facts::Facts;
use crate::facts::queues::pair;
use crate::facts::scope::Said;
use crate::facts::value::{Known, Value};
use crate::finding::Findings;
use crate::intake::Kind;
use crate::rules::Rule;
use crate::rules::nearest::nearest;
use crate::text::Text;

pub(super) const RULE: Rule = Rule { card: &cards::TASK_ROUTES_INVALID, sees: &[Kind::Python], check };

/// What people misspell in a route. Other options of `apply_async` are taken too.
const KEYS: [&str; 5] = ["queue", "exchange", "routing_key", "exchange_type", "priority"];

/// The key that was meant: nearly the same, or a known abbreviation.
fn meant(written: &str) -> Option<&'static str> {
    const SHORT: [(&str, &str); 4] =
        [("que", "queue"), ("q", "queue"), ("routing", "routing_key"), ("route", "routing_key")];
    let listed = SHORT.iter().find(|(short, _)| *short == written).map(|(_, meant)| *meant);
    listed.or_else(|| nearest(written, KEYS))
}

enum Wrong<'a> {
    /// A string that is no path of a router.
    Router(&'a Known),
    /// `[("feed.*", {…})]`: one bracket is missing.
    Pairs(&'a Known),
    Value(&'a Known),
    Key(&'a Text),
    /// `{("feed.*", "feeds")}`: a set.
    Set(&'a Known),
    /// A function that does not take what a router is given.
    Function(&'a Known),
    /// A regular expression as a text, which Celery takes for a pattern with `*`.
    Expression(&'a Text),
}

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, scope) in facts.scopes() {
        for said in scope.said("task_routes") {
            for wrong in wrongs(&said).into_iter().chain(functions(facts, &said)) {
                let setting = said.setting.written.as_str();
                let (message, at, key) = match wrong {
                    Wrong::Pairs(known) => {
                        (cards::TaskRoutesInvalid::Pairs { setting, key: "", meant: "" }, &known.at, None)
                    }
                    Wrong::Set(known) => {
                        (cards::TaskRoutesInvalid::Set { setting, key: "", meant: "" }, &known.at, None)
                    }
                    Wrong::Value(known) => {
                        (cards::TaskRoutesInvalid::Value { setting, key: "", meant: "" }, &known.at, None)
                    }
                    Wrong::Router(known) => {
                        (cards::TaskRoutesInvalid::Router { setting, key: "", meant: "" }, &known.at, None)
                    }
                    Wrong::Function(known) => {
                        let key = known.at.as_str();
                        (cards::TaskRoutesInvalid::Function { setting, key, meant: "" }, &known.at, None)
                    }
                    Wrong::Expression(text) => {
                        (cards::TaskRoutesInvalid::Expression { setting, key: text.as_str(), meant: "" }, text, None)
                    }
                    Wrong::Key(text) => {
                        let Some(meant) = meant(text.as_str()) else { continue };
                        let message = cards::TaskRoutesInvalid::Key { setting, key: text.as_str(), meant };
                        (message, text, Some(meant))
                    }
                };
                let finding = findings.add(message).at(at).scope(&scope.name).as_said(&said);
                match key {
                    Some(meant) => finding.replace(at, meant),
                    None => finding,
                };
            }
        }
    }
}

fn wrongs<'a>(said: &Said<'a>) -> Vec<Wrong<'a>> {
    let mut found = Vec::new();
    // It is imported (celery/app/routes.py, expand_router_string, 5.7.0), and a module alone routes nothing.
    let is_no_path =
        |known: &Known| known.whole_text().is_some_and(|text| !text.is_empty() && !text.as_str().contains(['.', ':']));
    match &said.known.value {
        Value::Text(_) if is_no_path(said.known) => found.push(Wrong::Router(said.known)),
        Value::Dict(entries) => {
            expressions(entries.iter().map(|(pattern, _)| pattern), &mut found);
            of_routes(entries.iter().map(|(_, route)| route), &mut found);
        }
        // celery/app/routes.py, prepare: what is no list or tuple is one router, and a set routes nothing.
        Value::List(items) if said.known.at.as_str().starts_with('{') && !items.is_empty() => {
            found.push(Wrong::Set(said.known));
        }
        Value::List(routers) => {
            for router in routers {
                match &router.value {
                    Value::Dict(entries) => {
                        expressions(entries.iter().map(|(pattern, _)| pattern), &mut found);
                        of_routes(entries.iter().map(|(_, route)| route), &mut found);
                    }
                    // celery/app/routes.py, prepare: each item is a router of its own, so a pair is none.
                    Value::List(_) if pair(router).is_some_and(|(pattern, route)| is_route(pattern, route)) => {
                        return vec![Wrong::Pairs(said.known)];
                    }
                    Value::List(pairs) => {
                        expressions(pairs.iter().filter_map(pair).map(|(pattern, _)| pattern), &mut found);
                        of_routes(pairs.iter().filter_map(pair).map(|(_, route)| route), &mut found);
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
    found
}

/// Functions of the same file that are listed as routers and cannot be called as one.
fn functions<'a>(facts: &Facts, said: &Said<'a>) -> Vec<Wrong<'a>> {
    let routers = match &said.known.value {
        Value::List(routers) => &routers[..],
        _ => std::slice::from_ref(said.known),
    };
    let is_unfit = |known: &&Known| {
        let file = facts.code_file_of(&known.at).filter(|_| matches!(known.value, Value::Unknown(_)));
        file.is_some_and(|file| {
            let is_it = |name: &&Text| name.as_str() == known.at.as_str();
            file.no_routers.iter().any(|it| is_it(&it)) && file.functions.iter().filter(is_it).count() == 1
        })
    };
    routers.iter().filter(is_unfit).map(Wrong::Function).collect()
}

/// What no name of a task and no pattern has (celery/utils/text.py: fnmatch, where only `*`, `?` and `[` count).
fn expressions<'a>(patterns: impl Iterator<Item = &'a Known>, found: &mut Vec<Wrong<'a>>) {
    let is_expression = |text: &&Text| {
        let written = text.as_str();
        ["\\.", "\\w", "\\d"].iter().any(|it| written.contains(it))
            || (written.contains('(') && written.contains('|'))
            || written.starts_with('^')
            || written.ends_with('$')
    };
    found.extend(patterns.filter_map(Known::whole_text).filter(is_expression).map(Wrong::Expression));
}

fn is_route(pattern: &Known, route: &Known) -> bool {
    matches!(pattern.value, Value::Text(_)) && matches!(route.value, Value::Dict(_))
}

fn of_routes<'a>(routes: impl Iterator<Item = &'a Known>, found: &mut Vec<Wrong<'a>>) {
    for route in routes {
        match &route.value {
            Value::None | Value::Integer(_) | Value::Boolean(_) => found.push(Wrong::Value(route)),
            Value::Dict(keys) => {
                let names: Vec<&Text> = keys.iter().filter_map(|(key, _)| key.whole_text()).collect();
                let is_misspelt = |name: &&&Text| {
                    let meant = meant(name.as_str());
                    meant.is_some_and(|meant| !names.iter().any(|name| name.as_str() == meant))
                        && !KEYS.contains(&name.as_str())
                };
                found.extend(names.iter().filter(is_misspelt).map(|name| Wrong::Key(name)));
            }
            _ => {}
        }
    }
}
