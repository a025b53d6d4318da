//! From ruff's tree to ours: flat statements, each with its conditions and with what stands around it.

mod expressions;

use expressions::operator;
use std::rc::Rc;

use ruff_python_ast as ast;
use ruff_text_size::{Ranged, TextRange};

use super::syntax::*;
use crate::text::Text;

/// Adds every statement of a body to the document, in the order in which they run.
pub(super) fn statements(text: &Text, body: &[ast::Stmt], document: &mut PythonDocument) {
    let mut converter =
        Converter { text, document, conditions: Rc::new([]), inside: Rc::new([]), around: Rc::new([]), handlers: 0 };
    converter.body(body);
}

struct Converter<'a> {
    text: &'a Text,
    document: &'a mut PythonDocument,
    conditions: Rc<[Condition]>,
    inside: Rc<[Block]>,
    around: Rc<[Around]>,
    /// How many handlers were met: the number of the next one.
    handlers: usize,
}

impl Converter<'_> {
    fn slice(&self, range: TextRange) -> Text {
        self.text.slice(range.start().to_usize()..range.end().to_usize())
    }

    fn add(&mut self, range: TextRange, kind: StatementKind) {
        let statement = Statement {
            at: self.slice(range),
            conditions: Rc::clone(&self.conditions),
            inside: Rc::clone(&self.inside),
            around: Rc::clone(&self.around),
            kind,
        };
        self.document.statements.push(statement);
    }

    fn body(&mut self, body: &[ast::Stmt]) {
        for statement in body {
            self.statement(statement);
        }
    }

    fn under(&mut self, condition: Condition, read: impl FnOnce(&mut Self)) {
        let outer = Rc::clone(&self.conditions);
        self.conditions = outer.iter().cloned().chain([condition]).collect();
        read(self);
        self.conditions = outer;
    }

    fn within(&mut self, block: Block, body: &[ast::Stmt]) {
        let outer = Rc::clone(&self.inside);
        self.inside = outer.iter().cloned().chain([block]).collect();
        self.body(body);
        self.inside = outer;
    }

    /// Reads a body that has one more head around it.
    fn surrounded(&mut self, by: Around, read: impl FnOnce(&mut Self)) {
        let outer = Rc::clone(&self.around);
        self.around = outer.iter().cloned().chain([by]).collect();
        read(self);
        self.around = outer;
    }

    /// An expression in the head of a block.
    fn head(&mut self, expression: &ast::Expr) {
        let node = self.expression(expression);
        // A name or a literal does nothing.
        if matches!(node.is, Expression::Name(_) | Expression::Boolean(_) | Expression::Attribute { .. }) {
            return;
        }
        self.add(expression.range(), StatementKind::Head(node));
    }

    /// The keyword that begins a statement, as the place of a condition without a test.
    fn keyword(&self, range: TextRange, word: &str) -> Text {
        let start = range.start().to_usize();
        self.text.slice(start..start + word.len())
    }

    fn statement(&mut self, statement: &ast::Stmt) {
        let range = statement.range();
        match statement {
            ast::Stmt::Assign(assign) => {
                let mut first: Option<Node> = None;
                for target in &assign.targets {
                    let mut target = self.expression(target);
                    if self.inside.is_empty()
                        && let Some(name) = global_name(&target)
                    {
                        target = name;
                    }
                    let value = self.expression(&assign.value);
                    // `a = b = []` is one list with two names.
                    let is_shared =
                        matches!(value.is, Expression::List(_) | Expression::Dict(_) | Expression::Call { .. });
                    match first.clone().filter(|_| is_shared) {
                        Some(first) => self.add(range, StatementKind::Assign { target, value: first }),
                        None => {
                            first = Some(target.clone()).filter(|it| matches!(it.is, Expression::Name(_)));
                            self.assign(range, target, value);
                        }
                    }
                }
            }
            ast::Stmt::AnnAssign(assign) => {
                let target = self.expression(&assign.target);
                if assign.value.is_none() || matches!(self.inside.last(), Some(Block::Class(_))) {
                    let annotation = self.expression(&assign.annotation);
                    self.add(range, StatementKind::Declare { target: target.clone(), annotation });
                }
                if let Some(value) = &assign.value {
                    let value = self.expression(value);
                    self.assign(range, target, value);
                }
            }
            ast::Stmt::AugAssign(assign) => {
                let (target, value) = (self.expression(&assign.target), self.expression(&assign.value));
                self.add(range, StatementKind::AugmentedAssign { target, operator: operator(assign.op), value });
            }
            ast::Stmt::Expr(expression) => {
                let node = self.expression(&expression.value);
                let kind = match attribute_set(&node) {
                    Some((target, value)) => StatementKind::Assign { target, value },
                    None => StatementKind::Expression(node),
                };
                self.add(range, kind);
            }
            ast::Stmt::Return(returned) => {
                let value = returned.value.as_deref().map(|value| self.expression(value));
                self.add(range, StatementKind::Return(value));
            }
            ast::Stmt::Delete(delete) => {
                for target in &delete.targets {
                    let target = self.expression(target);
                    self.add(range, StatementKind::Delete(target));
                }
            }
            ast::Stmt::Import(import) => {
                for alias in &import.names {
                    let module = self.slice(alias.name.range());
                    let renamed = alias.asname.as_ref().map(|name| self.slice(name.range()));
                    self.add(range, StatementKind::Import { module, renamed });
                }
            }
            ast::Stmt::ImportFrom(import) => self.import_names(range, import),
            ast::Stmt::If(branch) => self.branch(branch),
            ast::Stmt::Try(attempt) => self.attempt(range, attempt),
            ast::Stmt::With(with) => {
                let entered: Rc<[Node]> = with.items.iter().map(|item| self.expression(&item.context_expr)).collect();
                for item in &with.items {
                    self.head(&item.context_expr);
                }
                for name in with.items.iter().filter_map(|item| item.optional_vars.as_deref()) {
                    self.bind(name);
                }
                self.surrounded(Around::With(entered), |this| this.body(&with.body));
            }
            ast::Stmt::Raise(raise) => {
                let raised = raise.exc.as_deref().map(|raised| self.expression(raised));
                self.add(range, StatementKind::Raise(raised));
            }
            ast::Stmt::Assert(assert) => self.head(&assert.test),
            ast::Stmt::For(each) => {
                self.head(&each.iter);
                let keyword = self.keyword(range, "for");
                let condition = Condition { test: keyword.clone(), is: ConditionKind::Loop, holds: true };
                self.bind(&each.target);
                let start = self.document.statements.len();
                self.under(condition, |this| this.body(&each.body));
                let is_block = |it: &Statement| {
                    use StatementKind::{Class, Function, Return};
                    matches!(it.kind, Function(_) | Class { .. } | Return(_))
                };
                let length = self.document.statements.len() - start;
                if !each.is_async && !self.document.statements[start..].iter().any(is_block) {
                    let (target, of) = (self.expression(&each.target), self.expression(&each.iter));
                    self.add(range, StatementKind::Loop { target, of, length });
                    self.document.statements[start..].rotate_right(1);
                    self.document.statements[start].at = keyword;
                }
                let head = self.slice(TextRange::new(range.start(), each.iter.range().end()));
                self.after_loop(range, head, &each.orelse);
            }
            ast::Stmt::While(each) => {
                let condition = Condition { test: self.keyword(range, "while"), is: ConditionKind::Loop, holds: true };
                // The test runs in every round.
                self.under(condition.clone(), |this| this.head(&each.test));
                self.under(condition, |this| this.body(&each.body));
                self.after_loop(range, self.keyword(range, "while"), &each.orelse);
            }
            ast::Stmt::Global(global) => {
                for name in &global.names {
                    self.add(range, StatementKind::Global(name.to_string()));
                }
            }
            ast::Stmt::Match(choice) => self.choice(choice),
            ast::Stmt::Break(_) => self.add(range, StatementKind::Jump { ends: true }),
            ast::Stmt::Continue(_) => self.add(range, StatementKind::Jump { ends: false }),
            ast::Stmt::FunctionDef(function) => self.function(range, function),
            ast::Stmt::ClassDef(class) => {
                let name = self.slice(class.name.range());
                let given = class.arguments.as_deref();
                let mut bases = self.all(given.map_or(&[], |given| &given.args));
                let mut keywords = Vec::new();
                for keyword in given.iter().flat_map(|given| &given.keywords) {
                    match &keyword.arg {
                        Some(name) if name.as_str() == "metaclass" => {}
                        Some(name) => keywords.push((self.slice(name.range()), self.expression(&keyword.value))),
                        None => bases.push(Node { at: self.slice(keyword.range()), is: Expression::Other }),
                    }
                }
                let block = Block::Class(name.as_str().to_owned());
                let number = self.document.statements.len();
                self.add(range, StatementKind::Class { name, bases, keywords });
                self.surrounded(Around::Class(number), |this| this.within(block, &class.body));
            }
            _ => {}
        }
    }

    /// The `else:` of a loop, which a `break` skips.
    fn after_loop(&mut self, range: TextRange, test: Text, body: &[ast::Stmt]) {
        if !body.is_empty() && self.slice(range).as_str().contains("break") {
            self.under(Condition { test, is: ConditionKind::Match, holds: true }, |this| this.body(body));
        } else {
            self.body(body);
        }
    }

    /// A name gets a value that cannot be known: a loop's variable, `with … as name`.
    fn bind(&mut self, target: &ast::Expr) {
        match target {
            ast::Expr::Tuple(tuple) => tuple.elts.iter().for_each(|target| self.bind(target)),
            ast::Expr::List(list) => list.elts.iter().for_each(|target| self.bind(target)),
            ast::Expr::Starred(starred) => self.bind(&starred.value),
            _ => {
                let range = target.range();
                let target = self.expression(target);
                let value = Node { at: target.at.clone(), is: Expression::Other };
                self.add(range, StatementKind::Assign { target, value });
            }
        }
    }

    /// `a, b = 1, 2` is two assignments where both sides are written out.
    fn assign(&mut self, range: TextRange, target: Node, value: Node) {
        match (&target.is, &value.is) {
            (
                Expression::Tuple(targets) | Expression::List(targets),
                Expression::Tuple(values) | Expression::List(values),
            ) if targets.len() == values.len() && !is_exchange(targets, values) && !has_rest(targets, values) => {
                for (target, value) in targets.iter().zip(values) {
                    self.assign(range, target.clone(), value.clone());
                }
            }
            _ => self.add(range, StatementKind::Assign { target, value }),
        }
    }

    fn import_names(&mut self, range: TextRange, import: &ast::StmtImportFrom) {
        let module = import.module.as_ref().map(|module| module.as_str().to_owned()).unwrap_or_default();
        for alias in &import.names {
            if alias.name.as_str() == "*" {
                self.add(range, StatementKind::StarImport { module: module.clone(), level: import.level });
            } else {
                let name = self.slice(alias.name.range());
                let renamed = alias.asname.as_ref().map(|name| self.slice(name.range()));
                self.add(
                    range,
                    StatementKind::FromImport { module: module.clone(), level: import.level, name, renamed },
                );
            }
        }
    }

    fn branch(&mut self, branch: &ast::StmtIf) {
        let first = (Some(branch.test.as_ref()), &branch.body);
        let others = branch.elif_else_clauses.iter().map(|clause| (clause.test.as_ref(), &clause.body));
        let outer = Rc::clone(&self.conditions);
        let mut failed: Vec<Condition> = Vec::new();
        for (test, body) in std::iter::once(first).chain(others) {
            let test = test.map(|test| (test.range(), self.expression(test)));
            self.one_of(&outer, &mut failed, test, |this| this.body(body));
        }
        self.conditions = outer;
    }

    /// A branch behind those that `failed`; without a test it is what is left.
    fn one_of(
        &mut self,
        outer: &[Condition],
        failed: &mut Vec<Condition>,
        test: Option<(TextRange, Node)>,
        read: impl FnOnce(&mut Self),
    ) {
        // A long chain of `elif` would make conditions quadratic; its far branches keep the nearest tests.
        let kept = failed.len().saturating_sub(8);
        self.conditions = outer.iter().chain(&failed[kept..]).cloned().collect();
        let Some((range, node)) = test else { return read(self) };
        let condition = |holds| Condition { test: node.at.clone(), is: ConditionKind::If, holds };
        let (holds, fails) = (condition(true), condition(false));
        self.add(range, StatementKind::Test(node));
        self.under(holds, read);
        failed.push(fails);
    }

    /// `match`: literals are compared as in a row of `if`, and what a pattern calls by a name is not known.
    fn choice(&mut self, choice: &ast::StmtMatch) {
        self.head(&choice.subject);
        let subject = self.expression(&choice.subject);
        let outer = Rc::clone(&self.conditions);
        let mut failed: Vec<Condition> = Vec::new();
        for case in &choice.cases {
            let mut names = Vec::new();
            captures(&case.pattern, &mut names);
            let names: Vec<Text> = names.into_iter().map(|name| self.slice(name.range())).collect();
            let read = |this: &mut Self| {
                for at in names {
                    let target = Node { is: Expression::Name(at.as_str().to_owned()), at: at.clone() };
                    this.add(
                        case.pattern.range(),
                        StatementKind::Assign { target, value: Node { at, is: Expression::Other } },
                    );
                }
                this.body(&case.body);
            };
            let pattern = self.slice(case.pattern.range());
            let is_any = matches!(&case.pattern, ast::Pattern::MatchAs(any) if any.pattern.is_none());
            let literal = match &case.pattern {
                ast::Pattern::MatchValue(only) => Some(("==", self.expression(&only.value))),
                ast::Pattern::MatchOr(or) => {
                    let value = |it: &ast::Pattern| Some(self.expression(&it.as_match_value()?.value));
                    let values: Option<Vec<Node>> = or.patterns.iter().map(value).collect();
                    values.map(|values| ("in", Node { at: pattern.clone(), is: Expression::Tuple(values) }))
                }
                _ => None,
            };
            match literal.filter(|_| case.guard.is_none()) {
                Some((operator, right)) => {
                    let written = format!("{} {operator} {}", subject.at.as_str(), pattern.as_str());
                    let at = Text::pointing_at(&pattern, &written);
                    let (left, right) = (Box::new(subject.clone()), Box::new(right));
                    let test = Node { at, is: Expression::Compare { left, operator, right } };
                    self.one_of(&outer, &mut failed, Some((case.pattern.range(), test)), read);
                }
                None if is_any && case.guard.is_none() => self.one_of(&outer, &mut failed, None, read),
                None => {
                    let matches = Condition { test: pattern, is: ConditionKind::Match, holds: true };
                    let fails = Condition { holds: false, ..matches.clone() };
                    self.one_of(&outer, &mut failed, None, |this| this.under(matches, read));
                    failed.push(fails);
                }
            }
        }
        self.conditions = outer;
    }

    fn attempt(&mut self, range: TextRange, attempt: &ast::StmtTry) {
        let keyword = self.keyword(range, "try");
        let condition = |holds| Condition { test: keyword.clone(), is: ConditionKind::Try, holds };
        let handlers: Rc<[Handler]> = attempt.handlers.iter().map(|handler| self.handler(handler)).collect();
        self.surrounded(Around::Try(Rc::clone(&handlers)), |this| {
            this.under(condition(true), |it| it.body(&attempt.body))
        });
        for (handler, known) in attempt.handlers.iter().zip(handlers.iter()) {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            self.surrounded(Around::Handler(known.number), |this| {
                this.under(condition(false), |it| it.body(&handler.body));
            });
        }
        self.under(condition(true), |this| this.body(&attempt.orelse));
        self.body(&attempt.finalbody);
    }

    fn handler(&mut self, handler: &ast::ExceptHandler) -> Handler {
        let ast::ExceptHandler::ExceptHandler(handler) = handler;
        let catches = match handler.type_.as_deref() {
            None => Vec::new(),
            Some(ast::Expr::Tuple(several)) => self.all(&several.elts),
            Some(only) => vec![self.expression(only)],
        };
        let start = handler.range().start();
        let at = match handler.type_.as_deref() {
            Some(caught) => self.slice(TextRange::new(start, caught.range().end())),
            None => self.keyword(handler.range(), "except"),
        };
        self.handlers += 1;
        Handler { number: self.handlers - 1, at, catches }
    }

    fn function(&mut self, range: TextRange, function: &ast::StmtFunctionDef) {
        let name = self.slice(function.name.range());
        let decorators =
            function.decorator_list.iter().map(|decorator| self.expression(&decorator.expression)).collect();
        let mut parameters = Vec::new();
        let given = &function.parameters;
        let many = |parameter: &Option<Box<ast::Parameter>>, kind, parameters: &mut Vec<Parameter>| {
            if let Some(parameter) = parameter {
                parameters.push(Parameter { name: self.slice(parameter.name.range()), kind, default: None });
            }
        };
        let mut named = Vec::new();
        many(&given.vararg, ParameterKind::ManyPositional, &mut named);
        let mut last = Vec::new();
        many(&given.kwarg, ParameterKind::ManyKeyword, &mut last);
        for (list, kind) in [
            (&given.posonlyargs, ParameterKind::Positional),
            (&given.args, ParameterKind::Positional),
            (&given.kwonlyargs, ParameterKind::KeywordOnly),
        ] {
            for parameter in list {
                let default = parameter.default.as_deref().map(|value| self.expression(value));
                parameters.push(Parameter { name: self.slice(parameter.parameter.name.range()), kind, default });
            }
        }
        parameters.extend(named);
        parameters.extend(last);
        let returns = only_return(&function.body).map(|value| self.expression(value));
        let block = Block::Function(name.as_str().to_owned());
        let number = self.document.statements.len();
        self.add(
            range,
            StatementKind::Function(Function { name, is_async: function.is_async, decorators, parameters, returns }),
        );
        self.surrounded(Around::Function(number), |this| this.within(block, &function.body));
    }
}

/// What the body of a function returns that does nothing else: `return …`, also in a `try` whose handlers raise.
fn only_return(body: &[ast::Stmt]) -> Option<&ast::Expr> {
    let is_text = |it: &ast::Stmt| matches!(it, ast::Stmt::Expr(text) if text.value.is_string_literal_expr());
    match body {
        [text, rest @ ..] if is_text(text) => only_return(rest),
        [ast::Stmt::Return(returned)] => returned.value.as_deref(),
        [ast::Stmt::Try(attempt)] if attempt.orelse.is_empty() && attempt.finalbody.is_empty() => {
            let raises = |it: &ast::ExceptHandler| {
                let ast::ExceptHandler::ExceptHandler(handler) = it;
                matches!(handler.body.last(), Some(ast::Stmt::Raise(_)))
            };
            only_return(&attempt.body).filter(|_| attempt.handlers.iter().all(raises))
        }
        _ => None,
    }
}

/// `setattr(object, "name", value)` as the assignment that it is, where the object has a name.
fn attribute_set(node: &Node) -> Option<(Node, Node)> {
    let Expression::Call { function, arguments } = &node.is else { return None };
    let [object, name, value] = &arguments[..] else { return None };
    object.value.dotted().filter(|_| matches!(&function.is, Expression::Name(name) if name == "setattr"))?;
    let (object, name) = (Box::new(object.value.clone()), name.value.string()?.clone());
    Some((Node { at: node.at.clone(), is: Expression::Attribute { object, name } }, value.value.clone()))
}

/// The name in `globals()["name"]`.
fn global_name(node: &Node) -> Option<Node> {
    let Expression::Subscript { object, index } = &node.is else { return None };
    let Expression::Call { function, arguments } = &object.is else { return None };
    let is_it =
        matches!(&function.is, Expression::Name(name) if matches!(name.as_str(), "globals" | "locals" | "vars"));
    let at = index.string().filter(|_| is_it && arguments.is_empty())?.clone();
    Some(Node { is: Expression::Name(at.as_str().to_owned()), at })
}

/// The names that a pattern gives to parts of what it matches.
fn captures<'a>(pattern: &'a ast::Pattern, found: &mut Vec<&'a ast::Identifier>) {
    let mut all = |patterns: &'a [ast::Pattern]| patterns.iter().for_each(|it| captures(it, found));
    match pattern {
        ast::Pattern::MatchSequence(sequence) => all(&sequence.patterns),
        ast::Pattern::MatchOr(or) => all(&or.patterns),
        ast::Pattern::MatchMapping(mapping) => {
            all(&mapping.patterns);
            found.extend(&mapping.rest);
        }
        ast::Pattern::MatchClass(class) => {
            all(&class.arguments.patterns);
            class.arguments.keywords.iter().for_each(|it| captures(&it.pattern, found));
        }
        ast::Pattern::MatchAs(named) => {
            all(named.pattern.as_deref().map_or(&[], std::slice::from_ref));
            found.extend(&named.name);
        }
        ast::Pattern::MatchStar(star) => found.extend(&star.name),
        ast::Pattern::MatchValue(_) | ast::Pattern::MatchSingleton(_) => {}
    }
}

/// Whether `a, *b = 1, 2` or `a, b = *c, 2` takes more than one each.
fn has_rest(targets: &[Node], values: &[Node]) -> bool {
    targets.iter().chain(values).any(|node| matches!(node.is, Expression::Starred(_)))
}

/// Whether `a, b = b, a` needs the old values on the right: then it is no row of single assignments.
fn is_exchange(targets: &[Node], values: &[Node]) -> bool {
    let names = targets.iter().filter_map(Node::dotted);
    let written: Vec<&str> = values.iter().map(|value| value.at.as_str()).collect();
    names.into_iter().any(|name| written.iter().skip(1).any(|value| value.contains(&name)))
}
