//! Reads every Python file once for what it does with tasks, and then joins what names of one file mean in another.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::canvas::Canvases;
use super::constants::Constants;
use super::decorators;
use super::join::{is_module, join};
use super::locals::{Local, Locals, is_created, is_orm_object};
use super::names::{Names, OTHER_QUEUES, function_of, within_function};
use super::retries::{Raising, raising};
use super::sending::Place;
use super::top_level::TopLevel;
use super::walk::{expressions, walk};
use super::wrappers;
use super::{CalledEarly, CodeFile, Early, Import, ResultRead, Shape, SlipKind, Wiring};
use crate::facts::Piece;
use crate::facts::environment::Environment;
use crate::facts::python::{Alternative, Evaluator, visit};
use crate::facts::value::{Known, Template, Value};
use crate::read::Document;
use crate::read::python::{
    Argument, Around, BinaryOperator, Expression, Node, Parameter, ParameterKind, PythonDocument, Statement,
    StatementKind,
};
use crate::text::{Span, Text};

/// Everything that the Python files of the paste do with tasks.
pub(in crate::facts) fn gather(pieces: &[Piece]) -> Vec<CodeFile> {
    let decorated: Vec<(&str, Vec<&str>)> = pieces
        .iter()
        .filter_map(|piece| match &piece.document {
            Document::Python(document) if piece.part.is_none() => {
                Some((piece.path.as_str(), tasks_at_a_glance(document)))
            }
            _ => None,
        })
        .collect();
    let constants = Constants::of(pieces);
    let mut files: Vec<CodeFile> = pieces
        .iter()
        .filter_map(|piece| match &piece.document {
            Document::Python(document) => Some(of_file(piece, document, &decorated, &constants)),
            _ => None,
        })
        .collect();
    if is_another_queues(&files) {
        for file in &mut files {
            file.slips.clear();
            file.sendings.clear();
            file.reads.clear();
        }
    }
    join(&mut files);
    files
}

/// Whether nothing of Celery's is imported anywhere, but another queue is: then `delay` is that queue's.
fn is_another_queues(files: &[CodeFile]) -> bool {
    let mut imported = files.iter().flat_map(|file| &file.imports).map(|it| it.module.as_str());
    let is_other = imported.clone().any(|it| OTHER_QUEUES.contains(&it.split('.').next().unwrap_or_default()));
    is_other && !imported.any(|it| it.contains("celery"))
}

/// The functions of a file that are tasks by the word of their decorator.
fn tasks_at_a_glance(document: &PythonDocument) -> Vec<&str> {
    let names = Names::of(document);
    let functions = document.statements.iter().filter_map(|statement| match &statement.kind {
        StatementKind::Function(function) => Some(function),
        _ => None,
    });
    let is_task = |decorator: &Node| decorators::made_by(decorator, &names).is_some();
    functions.filter(|it| it.decorators.iter().any(is_task)).map(|it| it.name.as_str()).collect()
}

/// Whether a whole name is that of a task in another pasted file.
fn is_pasted(full_name: &str, decorated: &[(&str, Vec<&str>)]) -> bool {
    let Some((module, name)) = full_name.rsplit_once('.') else { return false };
    decorated.iter().any(|(path, tasks)| tasks.contains(&name) && is_module(path, module))
}

fn function_name(statement: &Statement) -> Option<Text> {
    match &statement.kind {
        StatementKind::Function(function) => Some(function.name.clone()),
        _ => None,
    }
}

/// The name of a function that `router(name, args, kwargs, options, task=…)` cannot call (celery/app/routes.py,
/// query_router, 5.7.0).
fn no_router(statement: &Statement) -> Option<Text> {
    let StatementKind::Function(function) = &statement.kind else { return None };
    if !statement.inside.is_empty() || !statement.conditions.is_empty() || !function.decorators.is_empty() {
        return None;
    }
    let of_kind = |kind| function.parameters.iter().filter(move |it| it.kind == kind);
    let many = of_kind(ParameterKind::ManyPositional).next().is_some();
    let positional: Vec<_> = of_kind(ParameterKind::Positional).collect();
    let needed = positional.iter().filter(|it| it.default.is_none() && it.name.as_str() != "task").count();
    let is_task = |it: &&Parameter| it.name.as_str() == "task";
    let takes_task = of_kind(ParameterKind::ManyKeyword).next().is_some()
        || of_kind(ParameterKind::KeywordOnly).any(|it| is_task(&it))
        || positional.iter().skip(4).any(is_task);
    // It would be given twice.
    let is_first = positional.iter().take(4).any(is_task);
    let fits = takes_task && !is_first && needed <= 4 && (many || positional.len() >= 4);
    (!fits).then(|| function.name.clone())
}

fn of_file(
    piece: &Piece,
    document: &PythonDocument,
    decorated: &[(&str, Vec<&str>)],
    constants: &Constants<'_>,
) -> CodeFile {
    let environment = Environment::unknown();
    let names = Names::of(document);
    let mut file = CodeFile {
        path: piece.path.clone(),
        part: piece.part,
        source: piece.text.span().source,
        is_whole: document.broken.is_empty(),
        imports: Vec::new(),
        tasks: Vec::new(),
        functions: document.statements.iter().filter_map(function_name).collect(),
        no_routers: document.statements.iter().filter_map(no_router).collect(),
        sendings: Vec::new(),
        sent_by_name: Vec::new(),
        sent_to: Vec::new(),
        called_early: Vec::new(),
        errbacks: Vec::new(),
        reads: Vec::new(),
        retries: Vec::new(),
        chords: Vec::new(),
        callbacks: Vec::new(),
        signed: Vec::new(),
        returned: Vec::new(),
        plain_models: plain_models(document, &names),
        unsent: Vec::new(),
        receivers: super::signals::receivers(document, &names),
        slips: Vec::new(),
        wiring: Wiring::default(),
        top: TopLevel::of(document, &names, piece.text.as_str()),
    };
    // First the tasks, with the names that are known where they are defined.
    let mut task_of: HashMap<usize, usize> = HashMap::new();
    // A statement that is seen may be a copy: functions and classes are known by their place.
    let number_of: HashMap<Span, usize> = document
        .statements
        .iter()
        .enumerate()
        .filter(|(_, it)| matches!(it.kind, StatementKind::Function(_) | StatementKind::Class { .. }))
        .map(|(number, it)| (it.at.span(), number))
        .collect();
    let mut evaluator = Evaluator::new(&environment);
    // Names are worth following only where something is defined that may be a task.
    let may_be_task = |statement: &Statement| match &statement.kind {
        StatementKind::Function(function) => !function.decorators.is_empty(),
        StatementKind::Class { .. } => true,
        _ => false,
    };
    let mut read = |see: &mut dyn FnMut(&Statement, &Evaluator<'_>)| {
        if document.statements.iter().any(may_be_task) {
            visit(document, &mut evaluator, see);
        }
    };
    read(&mut |statement, evaluator| {
        let number = number_of.get(&statement.at.span()).copied().unwrap_or(usize::MAX);
        if let Some(task) = decorators::task(statement, &names, evaluator) {
            task_of.insert(number, file.tasks.len());
            file.tasks.push(task);
        }
        if let Some(&task) = decorators::class_of(statement).and_then(|class| task_of.get(&class)) {
            decorators::class_member(&mut file.tasks[task], statement, evaluator);
            if matches!(&statement.kind, StatementKind::Function(function) if function.name.as_str() == "run") {
                task_of.insert(number, task);
            }
        }
    });
    for (&number, &task) in &task_of {
        if let Some(Statement { kind: StatementKind::Function(function), .. }) = document.statements.get(number) {
            let task = &mut file.tasks[task];
            (task.covered_by, task.renamed_to) = wrappers::around_task(document, function, &names);
        }
    }
    let counts = definitions(document);
    for task in &mut file.tasks {
        // `name=ENCODE_TASK`
        for option in task.options.iter_mut().filter(|it| it.name.as_str() == "name") {
            let full = names.imported().find(|(name, _)| *name == option.expression.as_str()).map(|(_, full)| full);
            if let Some(text) = full.and_then(|full| constants.find(&piece.path, full)) {
                let known = Known { at: option.expression.clone(), value: Value::Text(Template::plain(text.clone())) };
                option.values = vec![Alternative { known, conditions: Vec::new() }];
            }
        }
        task.is_twice = counts.get(task.name.as_str()).is_some_and(|count| *count > 1);
    }
    let locals = Locals {
        tasks: file.tasks.iter().map(|task| task.name.as_str().to_owned()).collect(),
        imported: names
            .imported()
            .filter(|(_, full)| piece.part.is_none() && is_pasted(full, decorated))
            .map(|(name, _)| name.to_owned())
            .collect(),
        plain_classes: super::locals::plain_classes(document),
        ..Locals::default()
    };
    let mut reader = Reader {
        document,
        names,
        literals: Evaluator::new(&environment),
        locals,
        task_of,
        constants,
        named: OnceCell::new(),
        raising: raising(document),
        file,
    };
    for statement in &document.statements {
        reader.statement(statement);
    }
    reader.file.slips = super::slips::slips(document, &reader.names, &reader.locals, &reader.task_of);
    // What a generator gives first is not seen.
    for task in reader.file.slips.iter().filter(|it| it.is == SlipKind::Yields).filter_map(|it| it.in_task) {
        reader.file.tasks[task].may_give_signature = true;
    }
    reader.file
}

/// Classes that are `models.Model` and nothing else, with the manager that Django gives them, and no `__json__`, which
/// kombu would call (kombu/utils/json.py, JSONEncoder).
fn plain_models(document: &PythonDocument, names: &Names) -> Vec<Text> {
    let is_model = |bases: &[Node]| matches!(bases, [only] if names.full_name(only).is_some_and(|full| full == "django.db.models.Model"));
    let classes = document.statements.iter().filter_map(|statement| match &statement.kind {
        StatementKind::Class { name, bases, .. } if is_model(bases) => {
            let own = ["objects =", "__json__"].iter().any(|it| statement.at.as_str().contains(it));
            (!own).then(|| name.clone())
        }
        _ => None,
    });
    classes.collect()
}

/// How many times each name is defined, in whatever class it stands.
fn definitions(document: &PythonDocument) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for statement in &document.statements {
        let name = match &statement.kind {
            StatementKind::Function(function) => function.name.as_str(),
            StatementKind::Class { name, .. } => name.as_str(),
            StatementKind::Assign { target: Node { is: Expression::Name(name), .. }, .. }
                if statement.inside.is_empty() =>
            {
                name.as_str()
            }
            _ => continue,
        };
        *counts.entry(name).or_insert(0) += 1;
    }
    counts
}

/// Whether a value is certainly neither a signature nor a list of them.
fn gives_no_signature(node: &Node) -> bool {
    match &node.is {
        Expression::None
        | Expression::Boolean(_)
        | Expression::Integer(_)
        | Expression::Float(_)
        | Expression::String(_)
        | Expression::Format(_)
        | Expression::Not(_)
        | Expression::Compare { .. } => true,
        // Signatures know `|` alone.
        Expression::Binary { operator, .. } => *operator != BinaryOperator::BitOr,
        Expression::Conditional { then, otherwise, .. } => gives_no_signature(then) && gives_no_signature(otherwise),
        Expression::Call { function, .. } => {
            matches!(&function.is, Expression::Name(it) if matches!(it.as_str(), "len" | "sum" | "str" | "int" | "float" | "round" | "bool"))
        }
        _ => false,
    }
}

pub(super) struct Reader<'a> {
    document: &'a PythonDocument,
    pub(super) names: Names,
    literals: Evaluator<'a>,
    locals: Locals,
    task_of: HashMap<usize, usize>,
    constants: &'a Constants<'a>,
    /// How often the file says each name; counted when first asked.
    named: OnceCell<HashMap<&'a str, usize>>,
    pub(super) raising: Raising,
    pub(super) file: CodeFile,
}

/// How often a file says each name; of a file that declares a global none is counted.
fn counted(document: &PythonDocument) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    if document.statements.iter().any(|it| matches!(it.kind, StatementKind::Global(_))) {
        return counts;
    }
    for expression in document.statements.iter().flat_map(expressions) {
        walk(expression, false, &mut |node, _| {
            if let Expression::Name(name) = &node.is {
                *counts.entry(name.as_str()).or_default() += 1;
            }
        });
    }
    counts
}

impl<'a> Reader<'a> {
    fn place<'b>(&'b self, statement: &'b Statement) -> Place<'b> {
        Place { statement, document: self.document, names: &self.names, locals: &self.locals, literals: &self.literals }
    }

    fn statement(&mut self, statement: &'a Statement) {
        self.import(statement);
        let function = function_of(statement);
        let in_task = function.and_then(|number| self.task_of.get(&number)).copied();
        self.handlers(statement, in_task);
        let mut nodes: Vec<(&Node, bool)> = Vec::new();
        for expression in expressions(statement) {
            walk(expression, false, &mut |node, later| nodes.push((node, later)));
        }
        self.results_in_lists(function, &nodes);
        // A chain within a chain is read with the outer one.
        let mut read_to = 0;
        let mut canvases = Canvases::default();
        let mut sendings = Vec::new();
        let mut reads = Vec::new();
        let mut signed = Vec::new();
        let place = self.place(statement);
        for (node, later) in &nodes {
            sendings.extend(place.sending(node, *later, in_task));
            reads.extend(self.result_read(statement, node, in_task));
            if let Expression::Call { function, .. } = &node.is
                && let Expression::Attribute { object, name } = &function.is
                && matches!(name.as_str(), "s" | "si")
                && matches!(&object.is, Expression::Name(task) if self.locals.is_known_task(task))
            {
                signed.extend(place.signature(node).map(|it| it.arguments));
            }
            let is_chain = matches!(&node.is, Expression::Binary { .. })
                || matches!(&node.is, Expression::Call { function, .. } if self.names.is_celerys(function, "chain"));
            if !is_chain || node.at.span().start >= read_to {
                place.canvas(node, &mut canvases);
                if is_chain {
                    read_to = node.at.span().end;
                }
            }
        }
        for (node, _) in &nodes {
            let Expression::Await(awaited) = &node.is else { continue };
            for sending in sendings.iter_mut().filter(|sending| sending.at.span() == awaited.at.span()) {
                sending.is_awaited = true;
            }
        }
        self.file.sendings.extend(sendings);
        self.file.reads.extend(reads);
        self.file.signed.extend(signed);
        if let (StatementKind::Return(Some(node)), Some(task)) = (&statement.kind, in_task) {
            self.file.tasks[task].may_give_signature |= !gives_no_signature(node);
            let given = self.place(statement).given(node, node);
            // Results are stored as their ids (celery/backends/base.py:687, prepare_value, 5.7.0).
            let is_response =
                |made: &Option<Text>| made.as_ref().unwrap_or(&given.shaped).as_str().starts_with("requests.");
            let is_refused = match &given.shape {
                Shape::Set | Shape::OrmObject(_) => true,
                Shape::Object(made) => is_response(made),
                _ => false,
            };
            if is_refused {
                self.file.returned.push((task, given));
            }
        }
        self.file.chords.extend(canvases.chords);
        self.file.callbacks.extend(canvases.callbacks);
        self.file.errbacks.extend(canvases.errbacks);
        self.file.called_early.extend(canvases.early);
        for (node, _) in &nodes {
            self.read_of_value(function, node);
            self.retry(statement, node, in_task);
            self.wiring(node);
            self.sent_otherwise(node);
        }
        if let Some(task) = in_task {
            self.uses_of_self(statement, &nodes, task);
            self.asks_first(&nodes, task);
        }
        if self.is_unsent(statement)
            && let StatementKind::Expression(value) | StatementKind::Assign { value, .. } = &statement.kind
        {
            let is_alone = matches!(statement.kind, StatementKind::Expression(_));
            self.file.unsent.push((value.at.clone(), is_alone));
        }
        if let StatementKind::Assign { target, value } = &statement.kind {
            if let Expression::Name(name) = &target.is {
                let side_by_side = self.place(statement).header(value);
                let key = (function, name.clone());
                if self.locals.known.contains_key(&key) || !statement.conditions.is_empty() {
                    self.locals.given_once.remove(&key);
                } else {
                    self.locals.given_once.insert(key.clone());
                }
                self.locals.headers.insert(key, side_by_side);
                self.locals.assign(function, name, value, &self.names);
            }
            if let Expression::Tuple(names) = &target.is
                && let Some(Expression::Name(first)) = names.first().map(|it| &it.is)
                && is_created(value)
            {
                self.locals.known.insert((function, first.clone()), Local::OrmObject(value.at.clone()));
            }
            self.installed_apps(target, value);
        }
        // `for result in results:`
        if let StatementKind::Loop { target: Node { is: Expression::Name(name), .. }, of, .. } = &statement.kind
            && let Expression::Name(list) = &of.is
        {
            self.locals.item_of(function, name, list);
        }
        // `for order in Order.objects.all():`
        if let StatementKind::Loop { target: Node { is: Expression::Name(name), .. }, of, .. } = &statement.kind
            && is_orm_object(of, &self.names)
            && !of.at.as_str().contains(".values")
        {
            self.locals.known.insert((function, name.clone()), Local::OrmObject(of.at.clone()));
        }
        if let StatementKind::AugmentedAssign { target, value, .. } = &statement.kind {
            self.installed_apps(target, value);
        }
    }

    /// Results that a list is given, and the names that comprehensions give its items.
    fn results_in_lists(&mut self, function: Option<usize>, nodes: &[(&Node, bool)]) {
        for (node, _) in nodes {
            match &node.is {
                Expression::Comprehension { of, names, .. } => {
                    if let ([Node { is: Expression::Name(list), .. }, ..], [name]) = (&of[..], &names[..]) {
                        self.locals.item_of(function, name, list);
                    }
                }
                Expression::Call { function: callee, arguments } => {
                    if let Expression::Attribute { object, name } = &callee.is
                        && let Expression::Name(list) = &object.is
                        && name.as_str() == "append"
                        && let [only] = &arguments[..]
                        && let Some(from) = self.locals.result(function, &only.value, &self.names)
                    {
                        self.locals.known.insert((function, list.clone()), Local::Results(from));
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether a statement makes a signature that nobody can send.
    fn is_unsent(&self, statement: &Statement) -> bool {
        let value = match &statement.kind {
            StatementKind::Expression(value) => value,
            // A module's name may be imported elsewhere.
            StatementKind::Assign { target: Node { is: Expression::Name(_), .. }, value }
                if function_of(statement).is_some() =>
            {
                value
            }
            _ => return false,
        };
        let Expression::Call { function, .. } = &value.is else { return false };
        let is_made = match &function.is {
            Expression::Attribute { object, name } if matches!(name.as_str(), "s" | "si") => {
                matches!(&object.is, Expression::Name(task) if self.locals.is_known_task(task))
            }
            // `add.s(1, 2).link(done.s())`
            Expression::Attribute { object, name }
                if matches!(name.as_str(), "link" | "link_error" | "on_error" | "set") =>
            {
                matches!(&object.is, Expression::Call { .. })
                    && self.locals.is_canvas(function_of(statement), object, &self.names)
            }
            _ => ["group", "chain", "chord"].iter().any(|canvas| self.names.is_celerys(function, canvas)),
        };
        let StatementKind::Assign { target: Node { is: Expression::Name(name), .. }, .. } = &statement.kind else {
            return is_made;
        };
        if !is_made {
            return false;
        }
        self.named.get_or_init(|| counted(self.document)).get(name.as_str()) == Some(&1)
    }

    fn import(&mut self, statement: &Statement) {
        let may_fail =
            within_function(statement).iter().any(|around| match around {
                Around::Try(_) | Around::Handler(_) => true,
                Around::With(entered) => entered.iter().any(|node| node.at.as_str().contains("suppress")),
                _ => false,
            }) || statement.conditions.iter().any(|condition| condition.test.as_str().contains("TYPE_CHECKING"));
        let (module, name) = match &statement.kind {
            StatementKind::Import { module, .. } => (module.as_str().to_owned(), None),
            StatementKind::FromImport { module, level, name, .. } => {
                (format!("{}{module}", ".".repeat(*level as usize)), Some(name.clone()))
            }
            StatementKind::StarImport { module, level } => (format!("{}{module}", ".".repeat(*level as usize)), None),
            _ => return,
        };
        let written = statement.at.as_str();
        let module_at = match written.find(&module) {
            Some(start) => statement.at.slice(start..start + module.len()),
            None => statement.at.clone(),
        };
        let conditions = statement.conditions.to_vec();
        let is_star = matches!(statement.kind, StatementKind::StarImport { .. });
        self.file.imports.push(Import { module, module_at, name, is_star, may_fail, conditions });
    }

    /// `result.get()`, `result.state`.
    fn result_read(&self, statement: &Statement, node: &Node, in_task: Option<usize>) -> Option<ResultRead> {
        const WAITING: [&str; 6] = ["get", "join", "join_native", "wait", "get_leaf", "wait_for_pending"];
        const LOOKING: [&str; 7] = ["result", "state", "status", "ready", "successful", "failed", "traceback"];
        let (callee, arguments): (&Node, &[Argument]) = match &node.is {
            Expression::Call { function, arguments } => (function, arguments),
            _ => (node, &[]),
        };
        let Expression::Attribute { object, name } = &callee.is else { return None };
        let waits = matches!(node.is, Expression::Call { .. }) && WAITING.contains(&name.as_str());
        let looks = matches!(node.is, Expression::Attribute { .. }) && LOOKING.contains(&name.as_str());
        if !waits && !looks {
            return None;
        }
        let from = self.locals.result(function_of(statement), object, &self.names)?;
        let allows = |argument: &Argument| {
            argument.unpacked
                || (argument.name.as_ref().is_some_and(|name| name.as_str() == "disable_sync_subtasks")
                    && !matches!(argument.value.is, Expression::Boolean(true)))
        };
        let in_allowing_block = within_function(statement).iter().any(|around| match around {
            Around::With(entered) => entered.iter().any(|node| node.at.as_str().contains("allow_join_result")),
            _ => false,
        });
        Some(ResultRead {
            method: name.clone(),
            waits,
            from,
            in_task,
            is_allowed: in_allowing_block || arguments.iter().any(allows),
            conditions: statement.conditions.to_vec(),
        })
    }

    /// `app.send_task("name")`, and `add(2, 3).delay()`, which runs the task here and now.
    fn sent_otherwise(&mut self, node: &Node) {
        let Expression::Call { function, arguments } = &node.is else { return };
        let Expression::Attribute { object, name } = &function.is else { return };
        match (name.as_str(), &object.is) {
            ("send_task", _) if self.names.is_app(object) => {
                let Some(first) = arguments.first().map(|first| &first.value) else { return };
                let full = || self.names.full_name(first).filter(|full| full.contains('.'));
                let imported = || self.constants.find(&self.file.path, &full()?);
                let Some(task) = first.string().or_else(imported) else { return };
                let queue = arguments.iter().find(|it| it.name.as_ref().is_some_and(|name| name.as_str() == "queue"));
                let queue = queue.and_then(|it| it.value.string());
                self.file.sent_to.extend(queue.map(|queue| (task.clone(), queue.clone())));
                self.file.sent_by_name.push(task.clone());
            }
            ("delay" | "apply_async", Expression::Call { function, .. }) => {
                // An object of a class of tasks has these methods.
                let is_class = |name: &str| name.starts_with(|first: char| first.is_ascii_uppercase());
                if matches!(&function.is, Expression::Name(name) if self.locals.is_known_task(name) && !is_class(name))
                {
                    let (call, taker) = (function.at.clone(), name.clone());
                    let full_name = self.names.full_name(function).unwrap_or_default();
                    let early = CalledEarly { call, taker, how: Early::BeforeMethod, task: None, full_name };
                    self.file.called_early.push(early);
                }
            }
            _ => {}
        }
    }

    /// `job.task_id`, where `job` is what a task gave that was called like a function.
    fn read_of_value(&mut self, function: Option<usize>, node: &Node) {
        const OF_RESULTS: [&str; 6] = ["id", "task_id", "status", "state", "ready", "successful"];
        const NAMES: [&str; 7] = ["task", "job", "result", "res", "r", "async_result", "t"];
        let Expression::Attribute { object, name } = &node.is else { return };
        let Expression::Name(held) = &object.is else { return };
        // What a task gives may have an id or a state of its own.
        let is_telling = name.as_str() == "task_id" || NAMES.contains(&held.as_str());
        if OF_RESULTS.contains(&name.as_str())
            && is_telling
            && let Some(Local::Ran(call)) = self.locals.get(function, held)
            && !self.file.called_early.iter().any(|it| it.call.span() == call.span())
        {
            let (call, taker) = (call.clone(), name.clone());
            let full_name = call.as_str().to_owned();
            self.file.called_early.push(CalledEarly { call, taker, how: Early::BeforeRead, task: None, full_name });
        }
    }

    fn asks_first(&mut self, nodes: &[(&Node, bool)], task: usize) {
        // celery/app/task.py, Task (5.7.0)
        const OF_TASKS: [&str; 16] = [
            "request",
            "retry",
            "update_state",
            "name",
            "app",
            "backend",
            "AsyncResult",
            "apply_async",
            "delay",
            "s",
            "si",
            "signature",
            "max_retries",
            "replace",
            "run",
            "subtask",
        ];
        let task = &mut self.file.tasks[task];
        let Some(first) = task.parameters.first() else { return };
        task.first_is_asked_as_task |= nodes.iter().any(|(node, _)| match &node.is {
            Expression::Attribute { object, name } => {
                OF_TASKS.contains(&name.as_str())
                    && matches!(&object.is, Expression::Name(object) if object == first.name.as_str())
            }
            _ => false,
        });
    }

    fn uses_of_self(&mut self, statement: &Statement, nodes: &[(&Node, bool)], task: usize) {
        let outer_has_self = statement.around.iter().filter_map(|around| match around {
            Around::Function(number) => Some(*number),
            _ => None,
        });
        let functions: Vec<usize> = outer_has_self.collect();
        let outer = &functions[..functions.len().saturating_sub(1)];
        let has_self = |number: &usize| match &self.document.statements[*number].kind {
            StatementKind::Function(function) => {
                function.parameters.iter().any(|parameter| parameter.name.as_str() == "self")
            }
            _ => false,
        };
        if outer.iter().any(has_self) || self.locals.get(functions.last().copied(), "self").is_some() {
            return;
        }
        if self.locals.get(None, "self").is_some() || self.names.is_imported("self") {
            return;
        }
        for (node, _) in nodes {
            let Expression::Attribute { object, name } = &node.is else { continue };
            if matches!(&object.is, Expression::Name(name) if name == "self")
                && matches!(name.as_str(), "retry" | "request" | "update_state")
            {
                self.file.tasks[task].uses_of_self.push(node.at.clone());
            }
        }
    }
}
