//! Calls of `delay`, `apply_async` and their kin, with everything that they are given.

use super::locals::{Local, Locals, is_orm_object, is_set};
use super::names::{Names, function_of, given_once, within_function};
use super::{Given, GivenArguments, How, Sending, Shape};
use crate::facts::python::Evaluator;
use crate::facts::value::Value;
use crate::read::python::{
    Argument, Around, BinaryOperator, Expression, Node, PythonDocument, Statement, StatementKind,
};
use crate::text::Text;

/// What is needed to read the calls of a statement.
pub(super) struct Place<'a> {
    pub(super) statement: &'a Statement,
    pub(super) document: &'a PythonDocument,
    pub(super) names: &'a Names,
    pub(super) locals: &'a Locals,
    /// Knows no names: those of a function are not followed.
    pub(super) literals: &'a Evaluator<'a>,
}

impl Place<'_> {
    pub(super) fn function(&self) -> Option<usize> {
        function_of(self.statement)
    }

    /// A value that is handed over in a call.
    pub(super) fn given(&self, node: &Node, call: &Node) -> Given {
        let value = super::decorators::only(self.literals.evaluate(node), node);
        let (shape, shaped) =
            self.shape_within(node).unwrap_or_else(|| (self.shape_of_parameter(node), node.at.clone()));
        let is_name = shaped.as_str().chars().all(|it| it.is_alphanumeric() || it == '_');
        let is_sure = !is_name || self.locals.given_once.contains(&(self.function(), shaped.as_str().to_owned()));
        Given { at: node.at.clone(), value, shape, shaped, is_sure, is_parenthesised: is_parenthesised(node, call) }
    }

    /// The shape of a value, or of the first part of a container that has one.
    fn shape_within(&self, node: &Node) -> Option<(Shape, Text)> {
        let shape = self.shape(node);
        if shape != Shape::Other {
            return Some((shape, node.at.clone()));
        }
        match &node.is {
            Expression::List(items) | Expression::Tuple(items) => items.iter().find_map(|it| self.shape_within(it)),
            Expression::Dict(entries) => entries.iter().find_map(|(_, value)| self.shape_within(value)),
            // The items of a query are objects, but those of `values()` are none.
            Expression::Call { function, arguments } if matches!(&function.is, Expression::Name(it) if it == "list") => {
                let [Argument { name: None, unpacked: false, value }] = &arguments[..] else { return None };
                let shape = self.shape(value);
                let is_of_objects = matches!(&shape, Shape::OrmObject(made) if !made.as_str().contains(".values"));
                is_of_objects.then(|| (shape, node.at.clone()))
            }
            _ => None,
        }
    }

    fn shape(&self, node: &Node) -> Shape {
        match &node.is {
            _ if is_set(node) => Shape::Set,
            Expression::Later(_) => Shape::Function,
            _ if self.locals.is_object(node, self.names) => Shape::Object(None),
            Expression::Call { .. } if self.locals.result(self.function(), node, self.names).is_some() => {
                Shape::Object(None)
            }
            Expression::Name(name) => match self.locals.get(self.function(), name) {
                Some(Local::OrmObject(made)) => Shape::OrmObject(made.clone()),
                Some(Local::Set) => Shape::Set,
                Some(Local::Object(made) | Local::Result(made)) => Shape::Object(Some(made.clone())),
                None if self.is_model(name) => Shape::Object(None),
                None if name == "self" => self.model().map_or(Shape::Other, Shape::OrmObject),
                None if name == "instance" && self.is_receiver() => Shape::OrmObject(node.at.clone()),
                // An action of Django's admin, a filter of its REST framework.
                None if name == "queryset" && self.is_parameter(name) && self.is_parameter("request") => {
                    Shape::OrmObject(node.at.clone())
                }
                _ if self.is_caught(name) => Shape::Object(None),
                None if !self.is_parameter(name) => match self.locals.get(None, name) {
                    Some(Local::Object(made)) => Shape::Object(Some(made.clone())),
                    _ => Shape::Other,
                },
                None if name == "request" && self.is_view() => Shape::Request,
                _ => Shape::Other,
            },
            Expression::Attribute { object, name }
                if name.as_str() == "request" && matches!(&object.is, Expression::Name(name) if name == "self") =>
            {
                // `self.request` of a task is no request of Django's.
                let in_view = self.names.full_name(object).is_some() && self.is_view();
                if in_view { Shape::Request } else { Shape::Other }
            }
            Expression::Attribute { object, name }
                if matches!(name.as_str(), "user" | "session")
                    && matches!(&object.is, Expression::Name(name) if name == "request")
                    && self.is_view() =>
            {
                Shape::Object(None)
            }
            _ if is_orm_object(node, self.names) => Shape::OrmObject(node.at.clone()),
            _ => Shape::Other,
        }
    }

    fn around(&self) -> Option<(&Statement, &crate::read::python::Function)> {
        let statement = self.function().and_then(|number| self.document.statements.get(number))?;
        match &statement.kind {
            StatementKind::Function(function) => Some((statement, function)),
            _ => None,
        }
    }

    fn is_parameter(&self, name: &str) -> bool {
        self.around().is_some_and(|(_, it)| it.parameters.iter().any(|it| it.name.as_str() == name))
    }

    /// Whether the statement stands in a receiver of one of Django's signals, which is given an object as `instance`.
    fn is_receiver(&self) -> bool {
        self.is_parameter("instance")
            && self.around().is_some_and(|(_, function)| {
                function.decorators.iter().any(|it| match &it.is {
                    Expression::Call { function, .. } => {
                        self.names.full_name(function).is_some_and(|it| it == "django.dispatch.receiver")
                    }
                    _ => false,
                })
            })
    }

    /// Whether a name is what an `except` around it caught, by what people call that.
    fn is_caught(&self, name: &str) -> bool {
        matches!(name, "exc" | "err" | "error" | "exception" | "e" | "ex")
            && !self.is_parameter(name)
            && within_function(self.statement).iter().any(|it| matches!(it, Around::Handler(_)))
            && !matches!(self.locals.get(self.function(), name), Some(Local::Other))
    }

    /// Whether a name is a parameter that pydantic or FastAPI makes an object of: `item: Item`.
    fn is_model(&self, name: &str) -> bool {
        let Some(class) = self.annotation(name) else { return false };
        let is_file = class == "UploadFile" && self.names.is_imported(class);
        is_file
            || self.is_of_schemas(class)
            || self.document.statements.iter().any(|it| match &it.kind {
                StatementKind::Class { name, bases, .. } => {
                    name.as_str() == class
                        && bases
                            .iter()
                            .any(|base| self.names.full_name(base).is_some_and(|it| it == "pydantic.BaseModel"))
                }
                _ => false,
            })
    }

    /// Whether it is a class of the project's schemas, and FastAPI fills the parameter: it makes a model of the body.
    fn is_of_schemas(&self, class: &str) -> bool {
        let is_route = |node: &Node| {
            let Expression::Call { function, arguments } = &node.is else { return false };
            let Expression::Attribute { name, .. } = &function.is else { return false };
            let is_path =
                arguments.first().and_then(|it| it.value.string()).is_some_and(|it| it.as_str().starts_with('/'));
            is_path && matches!(name.as_str(), "post" | "put" | "patch")
        };
        let of_schemas = |(name, full): (&str, &str)| {
            let mut modules = full.split('.').rev().skip(1);
            name == class && modules.any(|module| matches!(module, "schemas" | "schema" | "dto" | "dtos"))
        };
        class.starts_with(|it: char| it.is_ascii_uppercase())
            && self.names.imported().any(of_schemas)
            && self.names.imported().any(|(_, full)| full.starts_with("fastapi"))
            && self.around().is_some_and(|(_, function)| function.decorators.iter().any(is_route))
    }

    /// What a name is by what is written behind the parameter of that name, which nothing else is given to.
    fn shape_of_parameter(&self, node: &Node) -> Shape {
        let Expression::Name(name) = &node.is else { return Shape::Other };
        let is_scalar = matches!(self.annotation(name), Some("int" | "str" | "float" | "bool" | "UUID"));
        if is_scalar && self.locals.get(self.function(), name).is_none() { Shape::Scalar } else { Shape::Other }
    }

    /// The one word that is written behind a parameter: `Item` of `item: Item`.
    fn annotation(&self, name: &str) -> Option<&str> {
        let (statement, function) = self.around()?;
        let parameter = function.parameters.iter().find(|it| it.name.as_str() == name)?;
        let from = parameter.name.span().end.saturating_sub(statement.at.span().start) as usize;
        let annotation = statement.at.as_str().get(from..)?.trim_start().strip_prefix(':')?.trim_start();
        let is_part = |it: char| it.is_alphanumeric() || it == '_';
        let class = &annotation[..annotation.find(|it| !is_part(it)).unwrap_or(annotation.len())];
        annotation[class.len()..].trim_start().starts_with([',', ')', '=']).then_some(class)
    }

    /// The class of Django's models whose method the statement stands in.
    fn model(&self) -> Option<Text> {
        let class = self.statement.around.iter().rev().find_map(|around| match around {
            Around::Class(number) => Some(*number),
            _ => None,
        })?;
        let StatementKind::Class { name, bases, .. } = &self.document.statements.get(class)?.kind else { return None };
        let is_model = |base: &Node| self.names.full_name(base).is_some_and(|full| full == "django.db.models.Model");
        bases.iter().any(is_model).then(|| name.clone())
    }

    /// Whether the function takes Django's request first: a view, or a method of one.
    fn is_view(&self) -> bool {
        let Some(StatementKind::Function(function)) =
            self.function().and_then(|number| self.document.statements.get(number)).map(|it| &it.kind)
        else {
            return false;
        };
        function.parameters.iter().take(2).any(|parameter| parameter.name.as_str() == "request")
    }

    /// Whether `ATOMIC_REQUESTS` does not hold for the function.
    fn is_non_atomic(&self) -> bool {
        let function = self.function().and_then(|number| self.document.statements.get(number)).map(|it| &it.kind);
        matches!(function, Some(StatementKind::Function(function))
            if function.decorators.iter().any(|it| it.at.as_str().contains("non_atomic_requests")))
    }

    /// The arguments of a call that hands them on as they are.
    pub(super) fn arguments(&self, arguments: &[Argument], call: &Node) -> GivenArguments {
        let mut given = GivenArguments::default();
        for argument in arguments {
            match &argument.name {
                _ if argument.unpacked => given.is_open = true,
                Some(name) => given.named.push((name.clone(), self.given(&argument.value, call))),
                None => given.positional.push(self.given(&argument.value, call)),
            }
        }
        given
    }

    /// Adds what `args=` holds.
    fn positional_of(&self, node: &Node, call: &Node, into: &mut GivenArguments) {
        match &node.is {
            Expression::List(items) | Expression::Tuple(items) => {
                for item in items {
                    match &item.is {
                        Expression::Starred(_) => into.is_open = true,
                        _ => into.positional.push(self.given(item, call)),
                    }
                }
            }
            Expression::None => {}
            _ => into.is_open = true,
        }
    }

    /// Adds what `kwargs=` holds.
    fn named_of(&self, node: &Node, call: &Node, into: &mut GivenArguments) {
        match &node.is {
            Expression::Dict(entries) => {
                for (key, value) in entries {
                    match key.as_ref().and_then(Node::string) {
                        Some(name) => into.named.push((name.clone(), self.given(value, call))),
                        None => into.is_open = true,
                    }
                }
            }
            Expression::None => {}
            _ => into.is_open = true,
        }
    }

    /// What a call sends, if it sends a task.
    pub(super) fn sending(&self, call: &Node, is_later: bool, in_task: Option<usize>) -> Option<Sending> {
        let Expression::Call { function, arguments } = &call.is else { return None };
        let Expression::Attribute { object, name } = &function.is else { return None };
        let how = match name.as_str() {
            "delay" => How::Delay,
            "apply_async" => How::ApplyAsync,
            "delay_on_commit" => How::DelayOnCommit,
            "apply_async_on_commit" => How::ApplyAsyncOnCommit,
            "send_task" if self.names.is_app(object) => How::SendTask,
            _ => return None,
        };
        let is_on_commit = matches!(how, How::DelayOnCommit | How::ApplyAsyncOnCommit);
        if !is_on_commit
            && how != How::SendTask
            && !self.locals.is_sender(self.function(), object, name.as_str(), arguments, self.names)
        {
            return None;
        }
        let mut sending = Sending {
            at: call.at.clone(),
            method: name.clone(),
            how,
            task: None,
            what: object.at.clone(),
            is_of_module: self.is_of_module(object),
            full_name: self.names.full_name(object).unwrap_or_default(),
            arguments: GivenArguments::default(),
            args: None,
            kwargs: None,
            options: Vec::new(),
            eta_in: None,
            eta_of_machine: None,
            transaction: self.transaction(),
            signal: self.signal(),
            saved_later: self.saved_later(arguments),
            is_in_view: self.is_view() && !self.is_non_atomic() && self.may_write(),
            in_task,
            is_later,
            is_awaited: false,
            conditions: self.statement.conditions.to_vec(),
        };
        if matches!(how, How::Delay | How::DelayOnCommit) {
            sending.arguments = self.arguments(arguments, call);
            return Some(sending);
        }
        let mut positional = 0;
        // The name of the task comes first.
        let name = arguments.first().filter(|_| how == How::SendTask);
        let arguments = if how == How::SendTask { arguments.get(1..).unwrap_or_default() } else { arguments };
        if how == How::SendTask {
            sending.full_name.clear();
            sending.what = name.and_then(|it| it.value.string()).unwrap_or(&object.at).clone();
        }
        for argument in arguments {
            let given = self.given(&argument.value, call);
            let name = match (&argument.name, positional) {
                _ if argument.unpacked => {
                    sending.arguments.is_open = true;
                    continue;
                }
                (Some(name), _) => name.as_str(),
                (None, 0) => "args",
                (None, 1) => "kwargs",
                _ => continue,
            };
            positional += usize::from(argument.name.is_none());
            match (name, &argument.name) {
                ("args", _) => {
                    self.positional_of(&argument.value, call, &mut sending.arguments);
                    sending.args = Some(given);
                }
                ("kwargs", _) => {
                    self.named_of(&argument.value, call, &mut sending.arguments);
                    sending.kwargs = Some(given);
                }
                (_, Some(name)) => {
                    if name.as_str() == "eta" {
                        let value = self.held(&argument.value);
                        sending.eta_in = self.seconds_until(value);
                        sending.eta_of_machine = self.of_machine(value);
                    }
                    sending.options.push((name.clone(), given));
                }
                _ => {}
            }
        }
        Some(sending)
    }

    /// What a name of the function holds, where it is given one thing; else the node itself.
    fn held<'n>(&'n self, node: &'n Node) -> &'n Node {
        match &node.is {
            Expression::Name(name) if !self.is_parameter(name) => {
                given_once(self.document, self.function(), name).unwrap_or(node)
            }
            _ => node,
        }
    }

    /// `datetime.now()`, which nothing around it gives a time zone.
    fn of_machine(&self, node: &Node) -> Option<Text> {
        let is_aware = ["tz", "timezone", "aware", "localize", "utc"].iter().any(|it| node.at.as_str().contains(it));
        let mut found = None;
        super::walk::walk(node, false, &mut |node, _| {
            if let Expression::Call { function, arguments } = &node.is
                && arguments.is_empty()
                && self.names.full_name(function).is_some_and(|it| it == "datetime.datetime.now")
            {
                found = Some(node.at.clone());
            }
        });
        found.filter(|_| !is_aware)
    }

    /// The seconds of `now() + timedelta(…)`.
    fn seconds_until(&self, node: &Node) -> Option<f64> {
        let Expression::Binary { left, operator: BinaryOperator::Add, right } = &node.is else { return None };
        let is_now = |it: &Node| match &it.is {
            Expression::Call { function, .. } => function
                .dotted()
                .is_some_and(|name| matches!(name.rsplit('.').next(), Some("now" | "utcnow" | "localtime" | "today"))),
            _ => false,
        };
        let wait = [(left, right), (right, left)].into_iter().find(|(it, _)| is_now(it))?.1;
        let known = super::decorators::only(self.literals.evaluate(wait), wait);
        matches!(known.value, Value::Call { .. }).then(|| known.seconds())?
    }

    /// Whether a name in a function is one of the module: the function does nothing with it but send.
    fn is_of_module(&self, object: &Node) -> bool {
        let Expression::Name(name) = &object.is else { return false };
        let outermost = self.statement.around.iter().find_map(|around| match around {
            Around::Function(number) => self.document.statements.get(*number),
            _ => None,
        });
        let Some((outer, StatementKind::Function(function))) = outermost.map(|it| (it, &it.kind)) else {
            return false;
        };
        let (written, start) = (outer.at.as_str(), outer.at.span().start as usize);
        let is_part = |character: char| character.is_alphanumeric() || character == '_' || character == '.';
        written.match_indices(name.as_str()).all(|(at, _)| {
            let (before, after) = (&written[..at], &written[at + name.len()..]);
            before.ends_with(is_part)
                || after.starts_with(|it| it != '.' && is_part(it))
                || [".delay(", ".apply_async("].iter().any(|method| after.starts_with(method))
                || start + at == function.name.span().start as usize
        })
    }

    /// The transaction around the statement: a `with`, or the decorator of its function.
    fn transaction(&self) -> Option<Text> {
        let within = within_function(self.statement).iter().rev().find_map(|around| match around {
            Around::With(entered) => entered.iter().find_map(|node| self.atomic(node)),
            _ => None,
        });
        let around = within.or_else(|| {
            let StatementKind::Function(function) = &self.document.statements.get(self.function()?)?.kind else {
                return None;
            };
            function.decorators.iter().find_map(|decorator| self.atomic(decorator))
        });
        // Reads the whole function, so it is asked last.
        around.filter(|_| self.may_write())
    }

    /// The signal of a saved object that the function receives: `@receiver(post_save, …)`.
    fn signal(&self) -> Option<Text> {
        let StatementKind::Function(function) = &self.document.statements.get(self.function()?)?.kind else {
            return None;
        };
        function.decorators.iter().find_map(|decorator| {
            let Expression::Call { function, arguments } = &decorator.is else { return None };
            let signal = &arguments.first()?.value;
            let is_receiver = self.names.full_name(function)? == "django.dispatch.receiver";
            let full = self.names.full_name(signal)?;
            (is_receiver && full == "django.db.models.signals.post_save").then(|| signal.at.clone())
        })
    }

    /// Whether the function calls something that sounds like writing: one that only looks up leaves nothing uncommitted.
    fn may_write(&self) -> bool {
        const WORDS: [&str; 16] = [
            "save", "creat", "updat", "delet", "insert", "write", "upload", "import", "remov", "bulk", "stor",
            "execut", "add", "set", "clear", "handle",
        ];
        let Some(function) = self.function().and_then(|number| self.document.statements.get(number)) else {
            return true;
        };
        let written = function.at.as_str();
        written.match_indices('(').any(|(at, _)| {
            let is_part = |character: char| character.is_alphanumeric() || character == '_';
            let called = &written[written[..at].trim_end_matches(is_part).len()..at].to_ascii_lowercase();
            // A lock writes nothing, and the function's own name is no call.
            let is_own = written[..at - called.len()].trim_end().ends_with("def");
            !is_own
                && called != "select_for_update"
                && WORDS.iter().any(|word| match *word {
                    "add" | "set" | "clear" | "handle" => called == word,
                    _ => called.contains(word),
                })
        })
    }

    fn atomic(&self, node: &Node) -> Option<Text> {
        let (callee, arguments) = match &node.is {
            Expression::Call { function, arguments } => (&**function, arguments.as_slice()),
            _ => (node, &[][..]),
        };
        let full = self.names.full_name(callee)?;
        // Nothing is written to a replica, so there is nothing that a worker could miss.
        let only_reads = arguments.iter().any(|argument| {
            let written = argument.value.at.as_str().to_ascii_lowercase();
            ["replica", "readonly", "read_only"].iter().any(|word| written.contains(word))
        });
        if only_reads {
            return None;
        }
        (full == "transaction.atomic" || full == "django.db.transaction.atomic").then(|| callee.at.clone())
    }
}

/// Whether a node stands in parentheses that are not those of its call.
fn is_parenthesised(node: &Node, call: &Node) -> bool {
    let (inner, outer) = (node.at.span(), call.at.span());
    let Some(start) = inner.start.checked_sub(outer.start).map(|start| start as usize) else { return false };
    let text = call.at.as_str();
    let written = node.at.as_str();
    if text.get(start..start + written.len()) != Some(written) {
        return false;
    }
    let before = text[..start].trim_end();
    let Some(before) = before.strip_suffix('(').map(str::trim_end) else { return false };
    before.ends_with(['=', '(', ',', '[']) && text[start + written.len()..].trim_start().starts_with(')')
}
