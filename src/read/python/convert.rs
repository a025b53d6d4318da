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
    let mut converter = Converter {
        text,
        document,
        conditions: Rc::new([]),
        inside: Rc::new([]),
        around: Rc::new([]),
        handlers: 0,
        jumps: 0,
    };
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
    /// How many `break` and `continue` were met.
    jumps: usize,
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

    fn under(&mut self, condition: Condition, body: &[ast::Stmt]) {
        let outer = Rc::clone(&self.conditions);
        self.conditions = outer.iter().cloned().chain([condition]).collect();
        self.body(body);
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
                    let target = self.expression(target);
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
                let expression = self.expression(&expression.value);
                self.add(range, StatementKind::Expression(expression));
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
                let (start, jumps) = (self.document.statements.len(), self.jumps);
                self.under(condition, &each.body);
                let is_block = |it: &Statement| {
                    use StatementKind::{Class, Function, Return};
                    matches!(it.kind, Function(_) | Class { .. } | Return(_))
                };
                let length = self.document.statements.len() - start;
                if jumps == self.jumps && !each.is_async && !self.document.statements[start..].iter().any(is_block) {
                    let (target, of) = (self.expression(&each.target), self.expression(&each.iter));
                    self.add(range, StatementKind::Loop { target, of, length });
                    self.document.statements[start..].rotate_right(1);
                    self.document.statements[start].at = keyword;
                }
                self.after_loop(range, &each.orelse);
            }
            ast::Stmt::While(each) => {
                self.head(&each.test);
                let condition = Condition { test: self.keyword(range, "while"), is: ConditionKind::Loop, holds: true };
                self.under(condition, &each.body);
                self.after_loop(range, &each.orelse);
            }
            ast::Stmt::Global(global) => {
                for name in &global.names {
                    self.add(range, StatementKind::Global(name.to_string()));
                }
            }
            ast::Stmt::Match(choice) => {
                self.head(&choice.subject);
                for case in &choice.cases {
                    let test = self.slice(case.pattern.range());
                    self.under(Condition { test, is: ConditionKind::Match, holds: true }, &case.body);
                }
            }
            ast::Stmt::Break(_) | ast::Stmt::Continue(_) => self.jumps += 1,
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
    fn after_loop(&mut self, range: TextRange, body: &[ast::Stmt]) {
        if !body.is_empty() && self.slice(range).as_str().contains("break") {
            let test = self.slice(range).slice(0..3);
            self.under(Condition { test, is: ConditionKind::Set, holds: true }, body);
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
        let outer = Rc::clone(&self.conditions);
        let mut failed: Vec<Condition> = Vec::new();
        let first = (Some(branch.test.as_ref()), &branch.body);
        let others = branch.elif_else_clauses.iter().map(|clause| (clause.test.as_ref(), &clause.body));
        for (test, body) in std::iter::once(first).chain(others) {
            // A long chain of `elif` would make conditions quadratic; its far branches keep the nearest tests.
            let kept = failed.len().saturating_sub(8);
            self.conditions = outer.iter().chain(&failed[kept..]).cloned().collect();
            match test {
                Some(test) => {
                    let node = self.expression(test);
                    self.add(test.range(), StatementKind::Test(node));
                    let test = self.slice(test.range());
                    let condition = Condition { test: test.clone(), is: ConditionKind::If, holds: true };
                    self.under(condition, body);
                    failed.push(Condition { test, is: ConditionKind::If, holds: false });
                }
                None => self.body(body),
            }
        }
        self.conditions = outer;
    }

    fn attempt(&mut self, range: TextRange, attempt: &ast::StmtTry) {
        let keyword = self.keyword(range, "try");
        let condition = |holds| Condition { test: keyword.clone(), is: ConditionKind::Try, holds };
        let handlers: Rc<[Handler]> = attempt.handlers.iter().map(|handler| self.handler(handler)).collect();
        self.surrounded(Around::Try(Rc::clone(&handlers)), |this| this.under(condition(true), &attempt.body));
        for (handler, known) in attempt.handlers.iter().zip(handlers.iter()) {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            self.surrounded(Around::Handler(known.number), |this| this.under(condition(false), &handler.body));
        }
        self.under(condition(true), &attempt.orelse);
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
        let block = Block::Function(name.as_str().to_owned());
        let number = self.document.statements.len();
        self.add(
            range,
            StatementKind::Function(Function { name, is_async: function.is_async, decorators, parameters }),
        );
        self.surrounded(Around::Function(number), |this| this.within(block, &function.body));
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
