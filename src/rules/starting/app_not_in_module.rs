use crate::catalogue::{Message, cards};
use crate::facts::Facts;
use crate::facts::modules::is_module_name;
use crate::facts::tasks::CodeFile;
use crate::facts::tasks::top_level::Bound;
use crate::finding::Findings;
use crate::rules::{COMMAND_KINDS, Rule};
use crate::text::Text;
use crate::words::Role;

pub(super) const RULE: Rule = Rule { card: &cards::APP_NOT_IN_MODULE, sees: COMMAND_KINDS, check };

fn check(facts: &Facts, findings: &mut Findings) {
    for (_, process) in facts.processes() {
        let Some(app) = process.option("--app").and_then(|given| given.text()) else { continue };
        let written = app.as_str();
        if !written.split(':').all(is_module_name) || process.option("--workdir").is_some() {
            continue;
        }
        let Some((message, related)) = said(facts, app) else { continue };
        let finding = findings.add(message).at(app).scope(&process.name);
        if let Some(related) = related {
            finding.related(related, Role::Conflict);
        }
    }
}

/// What is wrong with the value of `-A`, as find_app looks it up (celery/app/utils.py).
fn said<'a>(facts: &'a Facts, app: &'a Text) -> Option<(Message, Option<&'a Text>)> {
    let written = app.as_str();
    let (module, attribute) = match written.split_once(':') {
        Some((module, attribute)) => (module, Some(attribute)),
        None => match facts.module(written) {
            Some(_) => (written, None),
            None => written.rsplit_once('.').map(|(module, last)| (module, Some(last)))?,
        },
    };
    let file = facts.python_code.get(facts.module(module)?)?;
    let is_package = file.file_name() == "__init__.py";
    if let Some(name) = attribute {
        return match file.top.get(name) {
            None if !file.top.is_open && (!is_package || written.contains(':')) => {
                Some((cards::AppNotInModule::NoName { file: file.file_name(), name }.into(), None))
            }
            // `-A app.worker`, where the package has no such module.
            None if !file.top.is_open && file.is_whole && is_package && !facts.shows_module(written) => {
                let maker = only_maker(facts)?;
                // Beside it, another card says which module is meant; a folder further out may have other packages.
                let inside = maker.path.strip_prefix(file.path.strip_suffix("__init__.py")?)?;
                inside.contains('/').then(|| elsewhere(written, maker))
            }
            Some(_) => web_app(facts, file, name, 0)
                .filter(|made_by| made_by.as_str() != "create_app")
                .map(|made_by| (cards::AppNotInModule::WebApp { file: file.file_name(), name }.into(), Some(made_by))),
            None => None,
        };
    }
    let name = ["app", "celery"].into_iter().find(|name| match file.top.get(name) {
        None | Some(Bound::NoApp | Bound::Function(_) | Bound::On(_)) => false,
        Some(_) => true,
    });
    if let Some(name) = name {
        let made_by = web_app(facts, file, name, 0)?;
        // A function of the project's own may make Celery's app, unless another name is clearly that.
        let has_another = || file.top.iter().any(|(other, _)| other != name && other.to_lowercase().contains("celery"));
        let is_certain = made_by.as_str() != "create_app" || has_another();
        return is_certain
            .then(|| (cards::AppNotInModule::WebApp { file: file.file_name(), name }.into(), Some(made_by)));
    }
    // Celery takes any app of the module, and then looks into `celery.py` of a package.
    let may_be_app = |(_, bound): (&str, &Bound)| match bound {
        Bound::App | Bound::Unknown => true,
        Bound::WebApp(_) | Bound::NoApp | Bound::Function(_) | Bound::On(_) => false,
        Bound::Imported { module, name } => !is_no_app(facts, file, module, name),
    };
    if file.top.is_open || file.top.iter().any(may_be_app) || facts.module(&format!("{module}.celery")).is_some() {
        return None;
    }
    // The package may have a `celery.py` that was not pasted; but not if the app is made elsewhere.
    Some(elsewhere(written, only_maker(facts)?))
}

fn elsewhere<'a>(written: &str, maker: &'a CodeFile) -> (Message, Option<&'a Text>) {
    let message = cards::AppNotInModule::Elsewhere { name: written, file: maker.path.as_str() };
    (message.into(), maker.wiring.apps.first())
}

/// The only file that makes an app, beside those of tests.
fn only_maker(facts: &Facts) -> Option<&CodeFile> {
    let is_maker = |file: &&CodeFile| !file.wiring.apps.is_empty() && file.part.is_none() && !file.is_for_tests();
    let mut makers = facts.python_code.iter().filter(is_maker);
    makers.next().filter(|_| makers.next().is_none())
}

/// Imports are followed through so many modules.
const DEEPEST: u32 = 4;

/// What makes the app of a web framework that a name certainly is, here or where it is imported from.
fn web_app<'a>(facts: &'a Facts, file: &'a CodeFile, name: &str, depth: u32) -> Option<&'a Text> {
    let mut all = file.top.all(name).map(|bound| match bound {
        Bound::WebApp(made_by) => Some(made_by),
        Bound::Imported { module, name } if depth < DEEPEST => {
            let from = &facts.python_code[facts.imported_by(file, module)?];
            web_app(facts, from, name, depth + 1)
        }
        _ => None,
    });
    let first = all.next()??;
    all.all(|other| other.is_some()).then_some(first)
}

/// Whether an imported name is certainly no app: a class, or a function of a pasted module.
fn is_no_app(facts: &Facts, file: &CodeFile, module: &str, name: &str) -> bool {
    const LIBRARIES: [&str; 8] = ["celery", "kombu", "django", "flask", "fastapi", "os", "typing", "datetime"];
    name.starts_with(char::is_uppercase)
        || LIBRARIES.contains(&module.split('.').next().unwrap_or_default())
        || facts
            .imported_by(file, module)
            .and_then(|number| facts.python_code[number].top.get(name))
            .is_some_and(|bound| matches!(bound, Bound::NoApp | Bound::Function(_)))
}
