//! The names at the top of a module, and which of them may be Celery's app.

use std::collections::HashMap;

use super::names::Names;
use crate::read::python::{Expression, Node, PythonDocument, StatementKind};
use crate::text::Text;

/// The names of one module.
#[derive(Clone, Debug, Default)]
pub struct TopLevel {
    names: Vec<(String, Bound)>,
    /// Where each name stands among them.
    by_name: HashMap<String, Vec<usize>>,
    /// Whether it may have names that are not seen.
    pub is_open: bool,
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub enum Bound {
    /// `Celery(…)`
    App,
    /// The app of a web framework, by what makes it: `Flask`.
    WebApp(Text),
    /// A name of another module.
    Imported {
        module: String,
        name: String,
    },
    /// A function, a class, a module, a constant.
    NoApp,
    /// A function without decorators, under no condition: its name.
    Function(Text),
    /// `name = True`, under no condition: the name's place.
    On(Text),
    Unknown,
}

/// What makes the app of a web framework.
const WEB_APPS: [&str; 6] = ["Flask", "FastAPI", "Quart", "Starlette", "Sanic", "create_app"];

impl TopLevel {
    /// Whether the module certainly has no names of its own.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && !self.is_open
    }

    pub(super) fn of(document: &PythonDocument, names: &Names, text: &str) -> TopLevel {
        const ANYTHING: [&str; 6] = ["globals()", "setattr(", "exec(", "vars(", "locals()", "sys.modules"];
        // `...` and `# ...` stand for what was left out.
        let is_cut = |line: &str| matches!(line.trim_start_matches(['#', ' ']).trim_end(), "..." | "…");
        let is_open = !document.broken.is_empty()
            || ANYTHING.iter().any(|it| text.contains(it))
            || text.lines().any(|line| !line.starts_with(' ') && is_cut(line));
        let mut top = TopLevel { is_open, ..TopLevel::default() };
        for statement in &document.statements {
            match &statement.kind {
                StatementKind::StarImport { .. } => top.is_open = true,
                StatementKind::Global(name) => top.add(name, Bound::Unknown),
                _ if !statement.inside.is_empty() => {}
                StatementKind::Import { module, renamed } => {
                    let first = module.as_str().split('.').next().unwrap_or_default();
                    top.add(renamed.as_ref().map_or(first, Text::as_str), Bound::NoApp);
                }
                StatementKind::FromImport { module, level, name, renamed } => {
                    let module = format!("{}{module}", ".".repeat(*level as usize));
                    let bound = Bound::Imported { module, name: name.as_str().to_owned() };
                    top.add(renamed.as_ref().unwrap_or(name).as_str(), bound);
                }
                StatementKind::Function(function) => {
                    top.is_open |= function.name.as_str() == "__getattr__";
                    let is_plain = function.decorators.is_empty() && statement.around.is_empty();
                    let bound = match is_plain && statement.conditions.is_empty() {
                        true => Bound::Function(function.name.clone()),
                        false => Bound::NoApp,
                    };
                    top.add(function.name.as_str(), bound);
                }
                StatementKind::Class { name, .. } => top.add(name.as_str(), Bound::NoApp),
                StatementKind::Assign { target, value } => match &target.is {
                    Expression::Name(name) if statement.conditions.is_empty() && is_true(value) => {
                        top.add(name, Bound::On(target.at.clone()));
                    }
                    Expression::Name(name) => top.add(name, bound(value, names)),
                    // `app.config["…"] = …` gives the module no name.
                    Expression::Attribute { .. } | Expression::Subscript { .. } => {}
                    _ => top.all_of(target),
                },
                StatementKind::AugmentedAssign { target, .. } | StatementKind::Declare { target, .. } => {
                    top.all_of(target)
                }
                _ => {}
            }
        }
        // `with … as name`, `for name in …`: whatever they are.
        for before in [" as ", "for ", " := "] {
            for (at, _) in text.match_indices(before) {
                let is_part = |character: char| character.is_alphanumeric() || character == '_';
                let (left, right) = (&text[..at], &text[at + before.len()..]);
                let name = match before {
                    " := " => left[left.trim_end_matches(is_part).len()..].trim(),
                    _ => &right[..right.len() - right.trim_start_matches(is_part).len()],
                };
                if top.get(name).is_none() {
                    top.add(name, Bound::Unknown);
                }
            }
        }
        top
    }

    fn add(&mut self, name: &str, bound: Bound) {
        self.by_name.entry(name.to_owned()).or_default().push(self.names.len());
        self.names.push((name.to_owned(), bound));
    }

    fn all_of(&mut self, node: &Node) {
        super::walk::walk(node, false, &mut |node, _| {
            if let Expression::Name(name) = &node.is {
                self.add(name, Bound::Unknown);
            }
        });
    }

    /// What a name stands for; of several things the first.
    pub fn get(&self, name: &str) -> Option<&Bound> {
        self.all(name).next()
    }

    /// Each thing that a name stands for.
    pub fn all(&self, name: &str) -> impl DoubleEndedIterator<Item = &Bound> {
        self.by_name.get(name).into_iter().flatten().map(|&at| &self.names[at].1)
    }

    /// The place of a name among all.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.by_name.get(name)?.first().copied()
    }

    /// The function without decorators that a name means in the end, and whether it ever meant something else.
    pub fn plain_function(&self, name: &str) -> Option<(&Text, bool)> {
        let mut all = self.all(name);
        let Bound::Function(last) = all.next_back()? else { return None };
        (!self.is_open).then(|| (last, all.next().is_some()))
    }

    /// Every name with each thing that it stands for.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Bound)> {
        self.names.iter().map(|(name, bound)| (name.as_str(), bound))
    }
}

/// Whether what is called makes the app of a web framework.
pub(super) fn is_web_app(callee: &Node) -> bool {
    callee.dotted().is_some_and(|it| WEB_APPS.contains(&it.rsplit('.').next().unwrap_or_default()))
}

fn is_true(value: &Node) -> bool {
    matches!(value.is, Expression::Boolean(true))
}

fn bound(value: &Node, names: &Names) -> Bound {
    match &value.is {
        Expression::Call { function, .. } if names.is_celerys(function, "Celery") => Bound::App,
        Expression::Call { function, .. } => {
            if is_web_app(function) {
                Bound::WebApp(function.at.clone())
            } else {
                Bound::Unknown
            }
        }
        Expression::String(_)
        | Expression::Format(_)
        | Expression::Bytes
        | Expression::Integer(_)
        | Expression::Float(_)
        | Expression::Boolean(_)
        | Expression::None
        | Expression::List(_)
        | Expression::Tuple(_)
        | Expression::Set(_)
        | Expression::Dict(_) => Bound::NoApp,
        _ => Bound::Unknown,
    }
}
