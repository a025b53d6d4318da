//! Runs a module's statements in order: names get their values, with the conditions under which they hold.

use std::rc::Rc;

use super::changes;
use super::classes::{Base, Class};
use super::evaluate::{
    Alternative, Evaluator, MOST_ALTERNATIVES, class_path, computed, is_open, is_possible, local_key,
};
use crate::facts::value::{Known, Value, Why};
use crate::read::python::{
    Block, Condition, ConditionKind, Expression, Function, Node, PythonDocument, Statement, StatementKind,
};
use crate::text::Text;

/// So many star imports are followed in one file.
const MOST_STARS: usize = 16;
/// So many pairs of names for one list or dictionary are remembered.
const MOST_SHARED: usize = 256;

/// Sees a module run.
pub(super) trait Observer {
    /// A statement with the names known just before it.
    fn statement(&mut self, statement: &Statement, evaluator: &Evaluator<'_>);
    /// A name whose value was changed in place, as it is now.
    fn changed(&mut self, name: &str, evaluator: &Evaluator<'_>);
}

/// Stands for every name of the module.
pub(super) const ANYTHING: &str = "*";

/// The expressions of a statement.
fn expressions(statement: &Statement) -> Vec<&Node> {
    match &statement.kind {
        StatementKind::Assign { target, value } | StatementKind::AugmentedAssign { target, value, .. } => {
            vec![target, value]
        }
        StatementKind::Expression(node) | StatementKind::Test(node) | StatementKind::Head(node) => vec![node],
        StatementKind::Return(Some(node)) => vec![node],
        _ => Vec::new(),
    }
}

/// `if (name := …)`: what the names are from here on.
fn named_in_passing(statement: &Statement, evaluator: &Evaluator<'_>) -> Vec<(String, Vec<Alternative>)> {
    let named = std::cell::RefCell::new(Vec::new());
    for node in expressions(statement) {
        // What certainly runs: not behind `and`, and not in a branch.
        let mut first = node;
        while let Expression::Compare { left: inner, .. } | Expression::Not(inner) = &first.is {
            first = inner;
        }
        if let Expression::Junction { of, .. } = &first.is {
            first = of.first().unwrap_or(first);
        }
        node.any(&|node| {
            if let Expression::Named { name, value } = &node.is {
                let values = match std::ptr::eq(node, first) {
                    true => value_of(evaluator, statement, value),
                    false => vec![Alternative { known: Known::unknown(Why::Other, &value.at), conditions: Vec::new() }],
                };
                named.borrow_mut().push((name.clone(), values));
            }
            false
        });
    }
    named.into_inner()
}

/// Whether a statement may change any name of the module: `exec(…)`, `globals().update(…)`,
/// `setattr(sys.modules[__name__], …)`, `locals()[name] = …`.
pub(super) fn changes_anything(statement: &Statement, evaluator: &Evaluator<'_>) -> bool {
    let is_names = |node: &Node| {
        matches!(&node.is, Expression::Call { function, arguments } if arguments.is_empty()
            && matches!(&function.is, Expression::Name(name) if matches!(name.as_str(), "globals" | "locals" | "vars")))
    };
    match &statement.kind {
        StatementKind::Assign { target: Node { is: Expression::Subscript { object, .. }, .. }, .. } => is_names(object),
        StatementKind::Expression(Node { is: Expression::Call { function, arguments }, .. }) => match &function.is {
            Expression::Name(name) => match name.as_str() {
                "exec" | "execfile" => !evaluator.defined.contains(name),
                "setattr" => arguments.first().is_some_and(|object| {
                    object.value.any(&|node| node.dotted().is_some_and(|name| name == "sys.modules"))
                }),
                _ => false,
            },
            Expression::Attribute { object, name } => {
                is_names(object) && matches!(name.as_str(), "update" | "setdefault" | "pop" | "__setitem__")
            }
            _ => false,
        },
        _ => false,
    }
}

/// Runs every statement that can run.
pub(super) fn run(document: &PythonDocument, evaluator: &mut Evaluator<'_>, observer: &mut impl Observer) {
    for statement in &document.statements {
        evaluator.inside = Rc::clone(&statement.inside);
        evaluator.around = Rc::clone(&statement.around);
        let Some(statement) = as_it_runs(statement, evaluator) else { continue };
        observer.statement(&statement, evaluator);
        let named = named_in_passing(&statement, evaluator);
        let changed = step(&statement, evaluator);
        for (name, values) in named {
            assign(evaluator, &name, values, &statement.conditions);
        }
        if changes_anything(&statement, evaluator) {
            unseen(evaluator, &statement);
            observer.changed(ANYTHING, evaluator);
        }
        for lost in std::mem::take(&mut evaluator.lost) {
            observer.changed(&lost, evaluator);
        }
        if let Some(changed) = changed
            && evaluator.inside.is_empty()
        {
            observer.changed(&changed, evaluator);
        }
    }
    evaluator.inside = Rc::new([]);
}

/// The statement under the conditions that are open; `None` if one of them certainly does not hold.
fn as_it_runs<'s>(statement: &'s Statement, evaluator: &Evaluator<'_>) -> Option<std::borrow::Cow<'s, Statement>> {
    let outcome = |condition: &Condition| {
        (condition.is == ConditionKind::If).then(|| evaluator.tests.get(&condition.test.span()).copied()).flatten()
    };
    if statement.conditions.iter().any(|it| outcome(it).is_some_and(|outcome| outcome != it.holds)) {
        return None;
    }
    // `if DEBUG:` below `DEBUG = True` still says that it is meant for debugging.
    let is_settled = |it: &Condition| outcome(it).is_some() && !it.is_for_tests();
    if !statement.conditions.iter().any(is_settled) {
        return Some(std::borrow::Cow::Borrowed(statement));
    }
    let conditions = statement.conditions.iter().filter(|it| !is_settled(it)).cloned().collect();
    Some(std::borrow::Cow::Owned(Statement { conditions, ..statement.clone() }))
}

/// Runs one statement; answers with the name whose value was changed in place.
fn step(statement: &Statement, evaluator: &mut Evaluator<'_>) -> Option<String> {
    match &statement.kind {
        StatementKind::Import { module, renamed } => {
            let local = renamed.as_ref().unwrap_or(module).as_str().split('.').next().unwrap_or_default().to_owned();
            forget(evaluator, &local);
            // Runs it now, and not in the depth of an expression.
            if let Some((modules, from)) = evaluator.modules
                && let Some(file) = modules.resolve(module.as_str(), 0, from)
            {
                modules.get(file);
            }
            if let Some(renamed) = renamed {
                evaluator.imports.insert(renamed.as_str().to_owned(), module.as_str().to_owned());
            } else {
                evaluator.imports.insert(local.clone(), local);
            }
        }
        StatementKind::FromImport { module, level, name, renamed } => {
            let local = renamed.as_ref().unwrap_or(name).as_str().to_owned();
            import_name(evaluator, statement, module, *level, name.as_str(), &local);
        }
        StatementKind::StarImport { module, level } => import_all(evaluator, statement, module, *level),
        StatementKind::Assign { target, value } => {
            let changed = assigned(evaluator, statement, target, value);
            changes::in_passing(evaluator, value);
            return changed;
        }
        StatementKind::AugmentedAssign { target, operator, value } => {
            let sum = Node {
                at: statement.at.clone(),
                is: Expression::Binary {
                    left: Box::new(target.clone()),
                    operator: *operator,
                    right: Box::new(value.clone()),
                },
            };
            return match &target.is {
                Expression::Name(name) => {
                    let values = value_of(evaluator, statement, &sum);
                    changes::forget_shared(evaluator, name);
                    assign(evaluator, name, values, &statement.conditions);
                    Some(name.clone())
                }
                _ => assigned(evaluator, statement, target, &sum),
            };
        }
        StatementKind::Expression(node) => {
            if let Expression::Call { function, arguments } = &node.is
                && let Expression::Attribute { object, name: method } = &function.is
                && let Expression::Name(name) = &object.is
            {
                return changes::by_method(evaluator, statement, name, method.as_str(), arguments);
            }
            changes::in_passing(evaluator, node);
        }
        StatementKind::Function(function) => {
            define(evaluator, function, &statement.inside);
            if statement.inside.is_empty() {
                evaluator.defined.insert(function.name.as_str().to_owned());
            }
        }
        StatementKind::Class { name, bases } => {
            let bases = bases.iter().map(|base| base_of(evaluator, base)).collect();
            forget(evaluator, name.as_str());
            if statement.inside.is_empty() {
                evaluator.defined.insert(name.as_str().to_owned());
            }
            let mut path = class_path(&statement.inside);
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(name.as_str());
            let file = evaluator.modules.map_or(0, |(_, file)| file);
            let class = Class { name: path.clone(), file, bases, ..Class::default() };
            evaluator.classes.insert(path, Rc::new(class));
        }
        StatementKind::Return(value) => returned(evaluator, statement, value.as_ref()),
        StatementKind::Delete(target) => match &target.is {
            Expression::Name(name) => forget(evaluator, name),
            Expression::Subscript { object, .. } | Expression::Slice { object, .. } => {
                return changes::unknown(evaluator, object);
            }
            _ => {}
        },
        StatementKind::Raise(_) | StatementKind::Head(_) => {}
        StatementKind::Global(name) => unsteady(evaluator, name, &statement.at),
        StatementKind::Test(test) => {
            let in_function = statement.inside.iter().any(|block| matches!(block, Block::Function(_)));
            let in_loop = statement.conditions.iter().any(|it| it.is == ConditionKind::Loop);
            let values = evaluator.evaluate(test);
            if let ([only], false) = (&values[..], in_function || in_loop)
                && let Some(truth) = only.known.truth()
            {
                evaluator.tests.insert(test.at.span(), truth);
            }
        }
        StatementKind::Declare { target } => {
            if let (Expression::Name(name), Some(Block::Class(_))) = (&target.is, statement.inside.last())
                && let Some(class) = evaluator.classes.get_mut(&class_path(&statement.inside))
            {
                Rc::make_mut(class).declared.push((name.clone(), statement.at.clone()));
            }
        }
    }
    None
}

/// The values of an expression where it stands. In a loop names may hold what an earlier round gave them.
pub(super) fn value_of(evaluator: &Evaluator<'_>, statement: &Statement, value: &Node) -> Vec<Alternative> {
    let in_loop = statement.conditions.iter().any(|it| it.is == ConditionKind::Loop);
    if in_loop && value.any(&|node| matches!(node.is, Expression::Name(_))) {
        let known = Known::unknown(Why::Other, &value.at);
        return vec![Alternative { known, conditions: Vec::new() }];
    }
    evaluator.evaluate(value)
}

fn assigned(evaluator: &mut Evaluator<'_>, statement: &Statement, target: &Node, value: &Node) -> Option<String> {
    match &target.is {
        Expression::Name(name) => {
            let mut values = value_of(evaluator, statement, value);
            evaluator.shared.retain(|(one, other)| one != name && other != name);
            let holds_names =
                values.iter().any(|it| matches!(it.known.value, Value::List(_) | Value::Dict(_) | Value::Unknown(_)));
            if holds_names && !share(evaluator, name, value) {
                let known = Known::unknown(Why::TooMuch, &value.at);
                values = vec![Alternative { known, conditions: Vec::new() }];
            }
            assign(evaluator, name, values, &statement.conditions);
            None
        }
        Expression::Tuple(targets) | Expression::List(targets) => {
            let values = value_of(evaluator, statement, value);
            let rest = targets.iter().position(|target| matches!(target.is, Expression::Starred(_)));
            for (number, target) in targets.iter().enumerate() {
                if let (Some(rest), [only]) = (rest, &values[..])
                    && let Value::List(items) = &only.known.value
                    && let Some(more) = (items.len() + 1).checked_sub(targets.len())
                    && !is_open(items)
                {
                    let (inner, value) = match &target.is {
                        Expression::Starred(inner) => (&**inner, Value::List(items[rest..rest + more].to_vec())),
                        _ if number < rest => (target, items[number].value.clone()),
                        _ => (target, items[number + more - 1].value.clone()),
                    };
                    if let Expression::Name(name) = &inner.is {
                        let known = Known { value, at: only.known.at.clone() };
                        let value = vec![Alternative { known, conditions: only.conditions.clone() }];
                        assign(evaluator, name, value, &statement.conditions);
                        continue;
                    }
                }
                let Expression::Name(name) = &target.is else {
                    // `*rest`, `object.name`, `(a, b)`.
                    let target = match &target.is {
                        Expression::Starred(inner) => inner,
                        _ => target,
                    };
                    let unknown = Node { at: value.at.clone(), is: Expression::Other };
                    assigned(evaluator, statement, target, &unknown);
                    continue;
                };
                let part = |it: &Alternative| {
                    let known = match &it.known.value {
                        Value::List(items) if items.len() == targets.len() => items[number].clone(),
                        Value::Unknown(why) => Known::unknown(computed(why), &it.known.at),
                        _ => Known::unknown(Why::Other, &it.known.at),
                    };
                    Alternative { known, conditions: it.conditions.clone() }
                };
                let values = values.iter().map(part).collect();
                assign(evaluator, name, values, &statement.conditions);
            }
            None
        }
        // What an instance is given in its methods overrules what its class says.
        Expression::Attribute { object, name } => {
            if let (Expression::Name(object), Some((Block::Function(_), outer))) =
                (&object.is, statement.inside.split_last())
                && object == "self"
                && let Some(class) = evaluator.classes.get_mut(&class_path(outer))
            {
                let unknown = Known::unknown(Why::Other, &value.at);
                let unknown = vec![Alternative { known: unknown, conditions: Vec::new() }];
                Rc::make_mut(class).attributes.insert(name.as_str().to_owned(), unknown);
            } else if let Expression::Name(object) = &object.is {
                if let Some(held) = evaluator.lookup(object)
                    && held.iter().any(|it| matches!(it.known.value, Value::Call { .. }))
                {
                    // `env.prefix = …`, and what was made is no longer what its call says.
                    let unknown =
                        vec![Alternative { known: Known::unknown(Why::Other, &value.at), conditions: Vec::new() }];
                    assign(evaluator, object, unknown, &statement.conditions);
                } else if evaluator.classes.contains_key(object) {
                    let is_certain = statement.inside.is_empty() && statement.conditions.is_empty();
                    let own = is_certain.then(|| evaluator.evaluate(value));
                    // Classes below it may inherit the name.
                    let is_paid = evaluator.spend(evaluator.classes.len());
                    for (known, class) in &mut evaluator.classes {
                        if known == object || (is_paid && !class.bases.is_empty()) {
                            let unknown = Known::unknown(Why::Other, &value.at);
                            let unknown = vec![Alternative { known: unknown, conditions: Vec::new() }];
                            Rc::make_mut(class).attributes.insert(name.as_str().to_owned(), unknown);
                        }
                    }
                    if let (Some(own), Some(class)) = (own, evaluator.classes.get_mut(object)) {
                        Rc::make_mut(class).attributes.insert(name.as_str().to_owned(), own);
                    }
                }
            }
            None
        }
        Expression::Subscript { object, index } => changes::by_key(evaluator, statement, object, index, value),
        Expression::Slice { object, .. } => changes::unknown(evaluator, object),
        _ => None,
    }
}

/// The name holds what other names hold too, or what is in it: a change of one changes the other. False if there are
/// too many of these to remember.
pub(super) fn share(evaluator: &mut Evaluator<'_>, name: &str, value: &Node) -> bool {
    let mut others = Vec::new();
    names_within(value, &mut others);
    for other in others {
        let is_container = |it: &Alternative| matches!(it.known.value, Value::List(_) | Value::Dict(_));
        if other == name || !evaluator.lookup(&other).is_some_and(|held| held.iter().any(is_container)) {
            continue;
        }
        if evaluator.unsteady.contains(&other) {
            evaluator.unsteady.insert(name.to_owned());
        }
        if evaluator.shared.len() >= MOST_SHARED {
            return false;
        }
        evaluator.shared.push((name.to_owned(), other));
    }
    true
}

/// The names whose values an expression hands on as they are, not as copies.
fn names_within(node: &Node, found: &mut Vec<String>) {
    match &node.is {
        Expression::Name(name) => found.push(name.clone()),
        Expression::List(items) | Expression::Tuple(items) | Expression::Junction { of: items, .. } => {
            items.iter().for_each(|item| names_within(item, found));
        }
        Expression::Dict(entries) => entries.iter().for_each(|(_, value)| names_within(value, found)),
        Expression::Conditional { then, otherwise, .. } => {
            names_within(then, found);
            names_within(otherwise, found);
        }
        Expression::Subscript { object, .. } | Expression::Attribute { object, .. } => names_within(object, found),
        Expression::Call { function, arguments } => {
            if let Expression::Attribute { object, .. } = &function.is {
                names_within(object, found);
            }
            arguments.iter().for_each(|argument| names_within(&argument.value, found));
        }
        Expression::Named { value, .. } | Expression::Starred(value) => names_within(value, found),
        _ => {}
    }
}

fn define(evaluator: &mut Evaluator<'_>, function: &Function, inside: &Rc<[Block]>) {
    let name = function.name.as_str();
    forget(evaluator, name);
    evaluator.returns.remove(name);
    if let Some(Block::Class(_)) = inside.last()
        && let Some(class) = evaluator.classes.get_mut(&class_path(inside))
    {
        let unknown = Known::unknown(Why::Call(name.to_owned()), &function.name);
        let unknown = vec![Alternative { known: unknown, conditions: Vec::new() }];
        let class = Rc::make_mut(class);
        class.attributes.insert(name.to_owned(), unknown);
        class.properties.retain(|(known, _)| known != name);
        if function.decorators.iter().any(is_property) {
            class.properties.push((name.to_owned(), None));
        }
    }
    // A parameter hides the module's name.
    let blocks: Vec<Block> = inside.iter().cloned().chain([Block::Function(name.to_owned())]).collect();
    for parameter in &function.parameters {
        let unknown = Known::unknown(Why::Name(parameter.name.as_str().to_owned()), &parameter.name);
        let key = local_key(&blocks, parameter.name.as_str());
        evaluator.names.insert(key, vec![Alternative { known: unknown, conditions: Vec::new() }]);
    }
}

/// A function changes the name: when it is called cannot be told.
pub(super) fn unsteady(evaluator: &mut Evaluator<'_>, name: &str, at: &Text) {
    if !evaluator.unsteady.insert(name.to_owned()) {
        return;
    }
    evaluator.lost.push(name.to_owned());
    let shares = evaluator.shared.iter().filter(|(one, other)| one == name || other == name);
    for (one, other) in shares.cloned().collect::<Vec<_>>() {
        unsteady(evaluator, if one == name { &other } else { &one }, at);
    }
    if let Some(values) = evaluator.names.get_mut(name) {
        values.push(Alternative { known: Known::unknown(Why::Name(name.to_owned()), at), conditions: Vec::new() });
    }
}

/// Whether the decorator makes a method look like an attribute.
fn is_property(decorator: &Node) -> bool {
    let decorator = match &decorator.is {
        Expression::Call { function, .. } => function,
        _ => decorator,
    };
    let name = decorator.dotted().unwrap_or_default();
    matches!(name.rsplit('.').next(), Some("property" | "cached_property" | "computed_field"))
}

/// Whether an expression has no names but `self` and those that mean the same in every file.
fn is_of_self(value: &Node) -> bool {
    const EVERYWHERE: [&str; 9] = ["self", "str", "int", "float", "bool", "len", "os", "quote", "quote_plus"];
    !value.any(&|node| matches!(&node.is, Expression::Name(name) if !EVERYWHERE.contains(&name.as_str())))
}

/// What a class is derived from.
fn base_of(evaluator: &Evaluator<'_>, base: &Node) -> Base {
    let base = match &base.is {
        Expression::Subscript { object, .. } => object,
        _ => base,
    };
    let Some(dotted) = base.dotted() else { return Base::Elsewhere(String::new()) };
    if let Some(class) = evaluator.classes.get(&dotted) {
        return Base::Shown(Rc::clone(class));
    }
    let full = evaluator.full_name(base).unwrap_or_default();
    match evaluator.modules.and_then(|(modules, from)| modules.class_of(&full, from)) {
        Some(class) => Base::Shown(class),
        None => Base::Elsewhere(full),
    }
}

/// A function that only returns something gives that; one that returns twice is not followed.
fn returned(evaluator: &mut Evaluator<'_>, statement: &Statement, value: Option<&Node>) {
    if let Some((Block::Function(function), outer)) = statement.inside.split_last()
        && let Some(class) = evaluator.classes.get_mut(&class_path(outer))
        && let Some(at) = class.properties.iter().position(|(name, _)| name == function)
    {
        let is_plain = statement.conditions.is_empty() && class.properties[at].1.is_none();
        match value.filter(|value| is_plain && is_of_self(value)) {
            Some(value) => Rc::make_mut(class).properties[at].1 = Some(value.clone()),
            None => drop(Rc::make_mut(class).properties.remove(at)),
        }
        return;
    }
    let [Block::Function(function)] = &statement.inside[..] else { return };
    let unknown =
        |at| vec![Alternative { known: Known::unknown(Why::Call(function.clone()), at), conditions: Vec::new() }];
    let values = match value {
        Some(value) if statement.conditions.is_empty() && !evaluator.returns.contains_key(function) => {
            evaluator.evaluate(value)
        }
        _ => unknown(&statement.at),
    };
    evaluator.returns.insert(function.clone(), values);
}

fn import_name(
    evaluator: &mut Evaluator<'_>,
    statement: &Statement,
    module: &str,
    level: u32,
    name: &str,
    local: &str,
) {
    if statement.conditions.is_empty() {
        forget(evaluator, local);
    }
    let dot = if module.is_empty() { "" } else { "." };
    let full = format!("{}{module}{dot}{name}", ".".repeat(level as usize));
    evaluator.imports.insert(local.to_owned(), full);
    let Some((modules, from)) = evaluator.modules else { return };
    let Some(source) = modules.resolve(module, level, from).and_then(|file| modules.get(file)) else { return };
    if let Some(class) = source.classes.get(name) {
        evaluator.classes.insert(local.to_owned(), Rc::clone(class));
    }
    // An instance needs its class; one of a class that another one hides here is not followed.
    let mut taken = |values: &[Alternative]| -> Vec<Alternative> {
        let mut values = values.to_vec();
        for value in &mut values {
            if let Value::Call { function, .. } = &value.known.value
                && let Some(class) = source.classes.get(function)
                && !evaluator.classes.entry(function.clone()).or_insert_with(|| Rc::clone(class)).is_same(class)
            {
                value.known = Known::unknown(Why::Name(name.to_owned()), &value.known.at);
            }
        }
        values
    };
    let returned = source.returns.get(name).map(|values| taken(values));
    let values = source.names.get(name).map(|values| taken(values));
    if let Some(returned) = returned {
        evaluator.returns.insert(local.to_owned(), returned);
    }
    if let Some(values) = values {
        assign(evaluator, local, values, &statement.conditions);
    }
}

fn import_all(evaluator: &mut Evaluator<'_>, statement: &Statement, module: &str, level: u32) {
    let source = evaluator
        .modules
        .and_then(|(modules, from)| modules.resolve(module, level, from).and_then(|file| modules.get(file)));
    let Some(source) = source else {
        return unseen(evaluator, statement);
    };
    let Some(is_public) = public(&source) else { return unseen(evaluator, statement) };
    evaluator.open |= source.open;
    if evaluator.stars.iter().any(|known| Rc::ptr_eq(known, &source)) || evaluator.stars.len() >= MOST_STARS {
        return;
    }
    evaluator.stars.push(Rc::clone(&source));
    for (name, values) in source.names.iter().filter(|(name, _)| is_public(name)) {
        assign(evaluator, name, values.clone(), &statement.conditions);
    }
    for (name, module) in source.imports.iter().filter(|(name, _)| is_public(name)) {
        evaluator.imports.entry(name.clone()).or_insert_with(|| module.clone());
    }
    for (name, class) in &source.classes {
        evaluator.classes.insert(name.clone(), Rc::clone(class));
    }
    for (name, values) in &source.returns {
        evaluator.returns.insert(name.clone(), values.clone());
    }
}

/// Which names of a module `import *` brings; `None` if its `__all__` is not known.
pub(super) fn public(source: &super::modules::Module) -> Option<impl Fn(&str) -> bool + use<>> {
    let listed: Option<Vec<String>> = match source.names.get("__all__").map(Vec::as_slice) {
        None => None,
        Some([Alternative { known: Known { value: Value::List(items), .. }, conditions }]) if conditions.is_empty() => {
            let texts = items.iter().map(|item| item.whole_text().map(|text| text.as_str().to_owned()));
            Some(texts.collect::<Option<Vec<String>>>()?)
        }
        Some(_) => return None,
    };
    Some(move |name: &str| match &listed {
        Some(listed) => listed.iter().any(|it| it == name),
        None => !name.starts_with('_') && !name.contains('/'),
    })
}

/// Something that is not shown may bring any name, also one that is known.
fn unseen(evaluator: &mut Evaluator<'_>, statement: &Statement) {
    evaluator.open = true;
    // Of a file full of these nothing is known, and it must not take for ever.
    evaluator.unseen_stars += 1;
    if evaluator.unseen_stars > MOST_STARS {
        evaluator.names.clear();
        return;
    }
    for (name, values) in &mut evaluator.names {
        let unknown = Known::unknown(Why::Name(name.clone()), &statement.at);
        values.push(Alternative { known: unknown, conditions: statement.conditions.to_vec() });
    }
}

/// The name stands for something that is not followed.
fn forget(evaluator: &mut Evaluator<'_>, name: &str) {
    let key = key_of(evaluator, name);
    evaluator.names.remove(&key);
    if evaluator.inside.is_empty() {
        evaluator.classes.remove(name);
        evaluator.imports.remove(name);
    }
}

/// Where a name that is assigned here is kept.
fn key_of(evaluator: &Evaluator<'_>, name: &str) -> String {
    match evaluator.inside.last() {
        Some(Block::Function(_)) => local_key(&evaluator.inside, name),
        _ => name.to_owned(),
    }
}

/// The name gets these values where the statement stands.
pub(super) fn assign(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    values: Vec<Alternative>,
    conditions: &Rc<[Condition]>,
) {
    let in_class = matches!(evaluator.inside.last(), Some(Block::Class(_)));
    let path = class_path(&evaluator.inside);
    let key = key_of(evaluator, name);
    let before = if conditions.is_empty() {
        None
    } else if in_class {
        evaluator.classes.get(&path).and_then(|class| class.attributes.get(name)).cloned()
    } else {
        evaluator.names.get(&key).cloned()
    };
    let mut all = Vec::new();
    if !conditions.is_empty() {
        // Where the branch is not taken, the name keeps what it had.
        for before in before.unwrap_or_default() {
            let mut kept = before.conditions.clone();
            // The contrary of one test is one test; of several it is an "or", which is not followed.
            if let [only] = &conditions[..] {
                kept.push(Condition { holds: !only.holds, ..only.clone() });
            }
            if is_possible(&kept) {
                all.push(Alternative { known: before.known, conditions: kept });
            }
        }
    }
    for value in values {
        let conditions: Vec<Condition> = conditions.iter().cloned().chain(value.conditions).collect();
        if is_possible(&conditions) {
            all.push(Alternative { known: value.known, conditions });
        }
    }
    if evaluator.inside.is_empty() && evaluator.unsteady.contains(name) && !all.is_empty() {
        let unknown = Known::unknown(Why::Name(name.to_owned()), &all[0].known.at);
        all.push(Alternative { known: unknown, conditions: Vec::new() });
    }
    if all.len() > MOST_ALTERNATIVES {
        let at = all[0].known.at.clone();
        all = super::worlds::fewer(all, &at);
    }
    if all.len() > MOST_ALTERNATIVES {
        let at = all[0].known.at.clone();
        all = vec![Alternative { known: Known::unknown(Why::TooMuch, &at), conditions: Vec::new() }];
    }
    if in_class {
        if let Some(outer) = path.strip_suffix(".Config")
            && let Some(class) = evaluator.classes.get_mut(outer)
        {
            Rc::make_mut(class).attributes.insert(format!("Config.{name}"), all.clone());
        }
        if let Some(class) = evaluator.classes.get_mut(&path) {
            Rc::make_mut(class).attributes.insert(name.to_owned(), all);
        }
        return;
    }
    if evaluator.inside.is_empty() {
        evaluator.classes.remove(name);
        evaluator.imports.remove(name);
    }
    evaluator.names.insert(key, all);
}
