//! What the names of a function hold, as far as it matters: results of tasks, canvases, objects of the ORM.

use std::collections::{HashMap, HashSet};

use super::Signature;
use super::names::Names;
use crate::read::python::{Argument, BinaryOperator, Expression, Node, PythonDocument, Statement, StatementKind};
use crate::text::Text;

/// What a name holds, with the expression that gave it.
#[derive(Clone, Debug)]
pub(super) enum Local {
    Result(Text),
    /// A list of results.
    Results(Text),
    Canvas,
    OrmObject(Text),
    /// An open file, a path.
    Object(Text),
    Set,
    /// What a task gave that was called like a function: the task's name.
    Ran(Text),
    Other,
}

/// The names of every function of a file, known as far as its statements were read.
#[derive(Default)]
pub(super) struct Locals {
    pub(super) known: HashMap<(Option<usize>, String), Local>,
    /// Names that were given one thing so far, under no condition.
    pub(super) given_once: HashSet<(Option<usize>, String)>,
    /// The tasks of the file.
    pub(super) tasks: HashSet<String>,
    /// The signatures of a group or list that a name holds.
    pub(super) headers: HashMap<(Option<usize>, String), Vec<Signature>>,
    /// Names that are imported from a pasted file in which they are tasks.
    pub(super) imported: HashSet<String>,
    /// Classes of the file without bases, whose objects JSON cannot hold.
    pub(super) plain_classes: HashSet<String>,
}

/// The methods that make a signature of a task.
pub(super) const SIGNATURE_METHODS: [&str; 4] = ["s", "si", "signature", "subtask"];
/// What gives an object that JSON cannot hold.
const OBJECTS: [&str; 20] = [
    "datetime.timedelta",
    "collections.deque",
    "types.SimpleNamespace",
    "pathlib.Path",
    "logging.getLogger",
    "celery.utils.log.get_task_logger",
    "threading.Lock",
    "requests.get",
    "requests.post",
    "requests.Session",
    "io.BytesIO",
    "io.StringIO",
    "tempfile.NamedTemporaryFile",
    "re.compile",
    "sqlite3.connect",
    "psycopg2.connect",
    "sqlalchemy.create_engine",
    "numpy.array",
    "pandas.DataFrame",
    "pandas.read_csv",
];
pub(super) const CANVAS: [&str; 3] = ["group", "chain", "chord"];

/// The classes at the top of a file that have no bases, and do not say how JSON is made of them (kombu/utils/json.py,
/// `__json__`).
pub(super) fn plain_classes(document: &PythonDocument) -> HashSet<String> {
    // kombu can be told how to write down any class.
    let registers =
        |it: &Statement| matches!(&it.kind, StatementKind::FromImport { module, .. } if module == "kombu.utils.json");
    if document.statements.iter().any(registers) {
        return HashSet::new();
    }
    let is_plain = |it: &&Statement| it.inside.is_empty() && !it.at.as_str().contains("__json__");
    let classes = document.statements.iter().filter(is_plain).filter_map(|it| match &it.kind {
        StatementKind::Class { name, bases, keywords } if bases.is_empty() && keywords.is_empty() => {
            Some(name.as_str().to_owned())
        }
        _ => None,
    });
    classes.collect()
}

impl Locals {
    pub(super) fn get(&self, function: Option<usize>, name: &str) -> Option<&Local> {
        self.known.get(&(function, name.to_owned()))
    }

    pub(super) fn assign(&mut self, function: Option<usize>, name: &str, value: &Node, names: &Names) {
        let local = if let Some(from) = self.result(function, value, names) {
            Local::Result(from)
        } else if let Some(from) = self.results(function, value, names) {
            Local::Results(from)
        } else if self.is_canvas(function, value, names) {
            Local::Canvas
        } else if is_orm_object(value, names) && !name.ends_with("id") && !name.ends_with("pk") {
            Local::OrmObject(value.at.clone())
        } else if is_set(value) {
            Local::Set
        } else if self.is_object(value, names) {
            Local::Object(value.at.clone())
        } else if let Expression::Call { function, .. } = &value.is
            && matches!(&function.is, Expression::Name(name) if self.is_known_task(name))
        {
            Local::Ran(function.at.clone())
        } else {
            Local::Other
        };
        self.known.insert((function, name.to_owned()), local);
    }

    /// A name that goes through the items of a list.
    pub(super) fn item_of(&mut self, function: Option<usize>, name: &str, list: &str) {
        if let Some(Local::Results(from)) = self.get(function, list) {
            let from = from.clone();
            self.known.insert((function, name.to_owned()), Local::Result(from));
        }
    }

    /// `[add.delay(2, 3), …]`, `[add.delay(n) for n in numbers]`
    fn results(&self, function: Option<usize>, node: &Node, names: &Names) -> Option<Text> {
        let item = match &node.is {
            Expression::List(items) => items.first()?,
            Expression::Comprehension { element, .. } if node.at.as_str().starts_with('[') => element,
            _ => return None,
        };
        self.result(function, item, names)
    }

    /// The expression that gave a result of a task, if the node is one.
    pub(super) fn result(&self, function: Option<usize>, node: &Node, names: &Names) -> Option<Text> {
        let node = unwrapped(node);
        match &node.is {
            Expression::Name(name) => match self.get(function, name)? {
                Local::Result(from) => Some(from.clone()),
                _ => None,
            },
            Expression::Call { function: callee, arguments } => {
                let gives = match &callee.is {
                    Expression::Attribute { object, name } => match name.as_str() {
                        "delay" | "apply_async" => self.is_sender(function, object, name.as_str(), arguments, names),
                        "send_task" => names.is_app(object),
                        "AsyncResult" => {
                            names.is_app(object) || self.is_task(object) || names.is_celerys(callee, "AsyncResult")
                        }
                        _ => false,
                    },
                    Expression::Name(name) => {
                        names.is_celerys(callee, "AsyncResult")
                            || matches!(self.get(function, name), Some(Local::Canvas))
                    }
                    Expression::Call { .. } => self.is_canvas(function, callee, names),
                    _ => false,
                };
                gives.then(|| node.at.clone())
            }
            _ => None,
        }
    }

    /// Whether an expression gives an object that no serializer but pickle can hold: an open file, a path, the keys of
    /// a dictionary.
    pub(super) fn is_object(&self, node: &Node, names: &Names) -> bool {
        match &unwrapped(node).is {
            Expression::Subscript { object, .. } => is_uploads(object),
            Expression::Call { function, arguments } => match &function.is {
                Expression::Attribute { object, name } if name.as_str() == "get" && is_uploads(object) => true,
                // None of them is a list (tried with kombu 4.6.11 to 5.7.0).
                Expression::Name(name)
                    if matches!(
                        name.as_str(),
                        "open" | "range" | "map" | "filter" | "zip" | "reversed" | "enumerate" | "iter" | "bytearray"
                    ) && !arguments.is_empty()
                        && !names.is_imported(name) =>
                {
                    true
                }
                Expression::Attribute { name, .. }
                    if matches!(name.as_str(), "keys" | "values" | "items") && arguments.is_empty() =>
                {
                    true
                }
                Expression::Name(name) if self.plain_classes.contains(name) => true,
                _ => names.full_name(function).is_some_and(|it| OBJECTS.contains(&it.as_str())),
            },
            Expression::Comprehension { .. } => !node.at.as_str().starts_with(['[', '{']),
            Expression::Binary { left, operator: BinaryOperator::Divide, .. } => self.is_object(left, names),
            _ => false,
        }
    }

    /// Whether `delay` or `apply_async` of this object is Celery's.
    pub(super) fn is_sender(
        &self,
        function: Option<usize>,
        object: &Node,
        method: &str,
        arguments: &[Argument],
        names: &Names,
    ) -> bool {
        let Some(dotted) = object.dotted() else { return self.is_canvas(function, object, names) };
        if self.is_task(object) {
            return true;
        }
        match self.get(function, &dotted) {
            Some(Local::Canvas) => return true,
            Some(_) => return false,
            None => {}
        }
        if names.speaks_of_others && !names.speaks_of_celery {
            return false;
        }
        let full = names.full_name(object).unwrap_or_default();
        let comes_from_tasks = self.imported.contains(&dotted)
            || names.is_imported(&dotted)
                && full.split('.').any(|part| part == "tasks" || part == "task" || part.contains("celery"));
        // multiprocessing's pools have `apply_async(function, (arguments,))`.
        let last = dotted.rsplit('.').next().unwrap_or(&dotted).to_ascii_lowercase();
        let is_pool = method == "apply_async"
            && (last.contains("pool") || last.contains("executor") || names_a_function(arguments));
        comes_from_tasks || (names.speaks_of_celery && !is_pool)
    }

    /// Whether a name is that of a task, defined here or imported.
    pub(super) fn is_known_task(&self, name: &str) -> bool {
        self.tasks.contains(name) || self.imported.contains(name)
    }

    fn is_task(&self, object: &Node) -> bool {
        matches!(&object.is, Expression::Name(name) if self.tasks.contains(name))
    }

    /// Whether a node is a signature, or a canvas of them.
    pub(super) fn is_canvas(&self, function: Option<usize>, node: &Node, names: &Names) -> bool {
        let node = unwrapped(node);
        match &node.is {
            Expression::Name(name) => matches!(self.get(function, name), Some(Local::Canvas)),
            Expression::Call { function: callee, .. } => match &callee.is {
                Expression::Attribute { object, name } => match name.as_str() {
                    "s" | "si" => {
                        self.is_task(object)
                            || (object.dotted().is_some() && names.speaks_of_celery)
                            || object.dotted().is_some_and(|dotted| names.is_imported(&dotted))
                    }
                    "signature" | "subtask" => object.dotted().is_some() && names.speaks_of_celery,
                    "set" | "on_error" | "clone" | "link" => self.is_canvas(function, object, names),
                    _ => CANVAS.iter().any(|canvas| names.is_celerys(callee, canvas)),
                },
                // chord(header)(body) is sent at once.
                _ => CANVAS.iter().any(|canvas| names.is_celerys(callee, canvas)),
            },
            Expression::Binary { left, operator: BinaryOperator::BitOr, right } => {
                self.is_canvas(function, left, names) || self.is_canvas(function, right, names)
            }
            _ => false,
        }
    }
}

/// `request.FILES`, `request.files`
fn is_uploads(node: &Node) -> bool {
    matches!(node.dotted().as_deref(), Some("request.FILES" | "request.files" | "self.request.FILES"))
}

/// Whether the first argument may be the function that a pool of processes is to run.
fn names_a_function(arguments: &[Argument]) -> bool {
    arguments.first().is_some_and(|first| {
        first.name.is_none()
            && matches!(first.value.is, Expression::Name(_) | Expression::Attribute { .. } | Expression::Later(_))
    })
}

/// The node itself, without `await` and `name :=`.
pub(super) fn unwrapped(node: &Node) -> &Node {
    match &node.is {
        Expression::Await(inner) | Expression::Named { value: inner, .. } => unwrapped(inner),
        _ => node,
    }
}

/// Whether an expression gives a set, which JSON cannot hold.
pub(super) fn is_set(node: &Node) -> bool {
    match &node.is {
        Expression::Set(_) => true,
        Expression::Call { function, .. } => {
            matches!(&function.is, Expression::Name(name) if name == "set" || name == "frozenset")
        }
        Expression::Comprehension { .. } => node.at.as_str().starts_with('{'),
        _ => false,
    }
}

/// Whether an expression gives an object or a query of an ORM: `Order.objects.get(…)`, `db.query(Order).first()`.
pub(super) fn is_orm_object(node: &Node, names: &Names) -> bool {
    const GIVES: [&str; 22] = [
        "get",
        "create",
        "create_user",
        "create_superuser",
        "first",
        "last",
        "filter",
        "all",
        "exclude",
        "latest",
        "values",
        "values_list",
        "order_by",
        "distinct",
        "annotate",
        "select_related",
        "prefetch_related",
        "filter_by",
        "one",
        "one_or_none",
        "first_or_404",
        "get_or_404",
    ];
    let Expression::Call { function, arguments } = &unwrapped(node).is else { return false };
    match &function.is {
        Expression::Name(name) if name == "get_object_or_404" => true,
        // `Order(name="…")` of the models, in which values stand by their names.
        Expression::Name(name) => {
            let is_model = || names.full_name(function).is_some_and(|it| it.ends_with(&format!("models.{name}")));
            name.starts_with(char::is_uppercase) && arguments.iter().all(|it| it.name.is_some()) && is_model()
        }
        Expression::Attribute { object, name } if matches!(name.as_str(), "get_object" | "get_queryset" | "save") => {
            let is_own = |it: &str| match name.as_str() {
                "save" => it == "form" || it == "serializer",
                _ => it == "self",
            };
            matches!(&object.is, Expression::Name(it) if is_own(it))
                && names.imported().any(|(_, full)| full.starts_with("django.") || full.starts_with("rest_framework."))
        }
        Expression::Attribute { object, name } => GIVES.contains(&name.as_str()) && comes_from_manager(object),
        _ => false,
    }
}

/// Whether an expression gives an object of Django's ORM and whether it is new: `Order.objects.get_or_create(…)`.
pub(super) fn is_created(node: &Node) -> bool {
    let Expression::Call { function, .. } = &unwrapped(node).is else { return false };
    matches!(&function.is, Expression::Attribute { object, name }
        if matches!(name.as_str(), "get_or_create" | "update_or_create") && comes_from_manager(object))
}

/// Whether a chain of calls begins at `Model.objects`.
fn comes_from_manager(node: &Node) -> bool {
    match &node.is {
        Expression::Attribute { object, name } => {
            let is_class = || matches!(&object.is, Expression::Name(it) if it.starts_with(char::is_uppercase));
            name.as_str() == "objects" || (name.as_str() == "query" && is_class()) || comes_from_manager(object)
        }
        // SQLAlchemy's `db.query(Order)`.
        Expression::Call { function, arguments } => {
            let of_class =
                |it: &Argument| matches!(&it.value.is, Expression::Name(it) if it.starts_with(char::is_uppercase));
            matches!(&function.is, Expression::Attribute { name, .. } if name.as_str() == "query")
                && matches!(&arguments[..], [only] if of_class(only))
                || comes_from_manager(function)
        }
        _ => false,
    }
}
