//! From ruff's tree to ours: flat statements with conditions, located expressions, decoded strings.

use std::rc::Rc;

use ruff_python_ast as ast;
use ruff_text_size::{Ranged, TextRange};

use super::strings;
use super::syntax::*;
use crate::text::{Text, TextBuilder};

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
                match &assign.value {
                    Some(value) => {
                        let value = self.expression(value);
                        self.assign(range, target, value);
                    }
                    None => self.add(range, StatementKind::Declare { target }),
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
                let condition = Condition { test: self.keyword(range, "for"), is: ConditionKind::Loop, holds: true };
                self.bind(&each.target);
                self.under(condition, &each.body);
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
            ast::Stmt::FunctionDef(function) => self.function(range, function),
            ast::Stmt::ClassDef(class) => {
                let name = self.slice(class.name.range());
                let given = class.arguments.as_deref();
                let mut bases = self.all(given.map_or(&[], |given| &given.args));
                // What a base makes of other keywords is its own affair: as good as one more base.
                let keywords = given.iter().flat_map(|given| &given.keywords);
                if let Some(keyword) = keywords.clone().find(|it| it.arg.as_deref() != Some("metaclass")) {
                    bases.push(Node { at: self.slice(keyword.range()), is: Expression::Other });
                }
                let block = Block::Class(name.as_str().to_owned());
                let number = self.document.statements.len();
                self.add(range, StatementKind::Class { name, bases });
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

    fn comprehension(&self, element: &ast::Expr, generators: &[ast::Comprehension]) -> Expression {
        let of = generators.iter().map(|each| self.expression(&each.iter)).collect();
        let name = match generators {
            [ast::Comprehension { target: ast::Expr::Name(name), ifs, is_async: false, .. }] if ifs.is_empty() => {
                Some(name.id.to_string())
            }
            _ => None,
        };
        Expression::Comprehension { element: self.boxed(element), of, name }
    }

    fn boxed(&self, expression: &ast::Expr) -> Box<Node> {
        Box::new(self.expression(expression))
    }

    fn all(&self, expressions: &[ast::Expr]) -> Vec<Node> {
        expressions.iter().map(|expression| self.expression(expression)).collect()
    }

    fn expression(&self, expression: &ast::Expr) -> Node {
        let at = self.slice(expression.range());
        let is = match expression {
            ast::Expr::Name(name) => Expression::Name(name.id.to_string()),
            ast::Expr::Attribute(attribute) => {
                Expression::Attribute { object: self.boxed(&attribute.value), name: self.slice(attribute.attr.range()) }
            }
            ast::Expr::Subscript(subscript) => match subscript.slice.as_ref() {
                ast::Expr::Slice(slice) if slice.step.is_none() => Expression::Slice {
                    object: self.boxed(&subscript.value),
                    from: slice.lower.as_deref().map(|from| self.boxed(from)),
                    to: slice.upper.as_deref().map(|to| self.boxed(to)),
                },
                _ => {
                    Expression::Subscript { object: self.boxed(&subscript.value), index: self.boxed(&subscript.slice) }
                }
            },
            // A character by its name: the names are a table that does not travel.
            ast::Expr::StringLiteral(_) if at.as_str().contains("\\N{") => Expression::Other,
            ast::Expr::StringLiteral(literal) => Expression::String(self.string(literal)),
            ast::Expr::FString(_) if at.as_str().contains("\\N{") => Expression::Other,
            ast::Expr::FString(format) => self.format(format),
            ast::Expr::BytesLiteral(_) => Expression::Bytes,
            ast::Expr::NumberLiteral(number) => match &number.value {
                ast::Number::Int(integer) => integer.as_i64().map_or(Expression::Other, Expression::Integer),
                ast::Number::Float(float) => Expression::Float(*float),
                ast::Number::Complex { .. } => Expression::Other,
            },
            ast::Expr::BooleanLiteral(boolean) => Expression::Boolean(boolean.value),
            ast::Expr::NoneLiteral(_) => Expression::None,
            ast::Expr::List(list) => Expression::List(self.all(&list.elts)),
            ast::Expr::Tuple(tuple) => Expression::Tuple(self.all(&tuple.elts)),
            ast::Expr::Set(set) => Expression::Set(self.all(&set.elts)),
            ast::Expr::Dict(dict) => Expression::Dict(
                dict.items
                    .iter()
                    .map(|item| (item.key.as_ref().map(|key| self.expression(key)), self.expression(&item.value)))
                    .collect(),
            ),
            ast::Expr::Call(call) => {
                Expression::Call { function: self.boxed(&call.func), arguments: self.arguments(&call.arguments) }
            }
            ast::Expr::BinOp(binary) => Expression::Binary {
                left: self.boxed(&binary.left),
                operator: operator(binary.op),
                right: self.boxed(&binary.right),
            },
            ast::Expr::BoolOp(junction) => {
                Expression::Junction { and: junction.op == ast::BoolOp::And, of: self.all(&junction.values) }
            }
            ast::Expr::UnaryOp(unary) => match unary.op {
                ast::UnaryOp::Not => Expression::Not(self.boxed(&unary.operand)),
                ast::UnaryOp::USub => Expression::Negative(self.boxed(&unary.operand)),
                ast::UnaryOp::UAdd => return Node { at, is: self.expression(&unary.operand).is },
                _ => Expression::Other,
            },
            ast::Expr::If(conditional) => Expression::Conditional {
                test: self.boxed(&conditional.test),
                then: self.boxed(&conditional.body),
                otherwise: self.boxed(&conditional.orelse),
            },
            ast::Expr::Compare(compare) if compare.ops.len() == 1 => Expression::Compare {
                left: self.boxed(&compare.left),
                operator: compare.ops[0].as_str(),
                right: self.boxed(&compare.comparators[0]),
            },
            ast::Expr::Starred(starred) => Expression::Starred(self.boxed(&starred.value)),
            ast::Expr::Named(named) => match named.target.as_ref() {
                ast::Expr::Name(name) => {
                    Expression::Named { name: name.id.to_string(), value: self.boxed(&named.value) }
                }
                _ => Expression::Other,
            },
            ast::Expr::Await(awaited) => Expression::Await(self.boxed(&awaited.value)),
            ast::Expr::Lambda(lambda) => Expression::Later(self.boxed(&lambda.body)),
            ast::Expr::ListComp(list) => self.comprehension(&list.elt, &list.generators),
            ast::Expr::SetComp(set) => match self.comprehension(&set.elt, &set.generators) {
                // Of items that are the same it keeps one.
                Expression::Comprehension { element, of, .. } => Expression::Comprehension { element, of, name: None },
                other => other,
            },
            ast::Expr::Generator(generator) => self.comprehension(&generator.elt, &generator.generators),
            _ => Expression::Other,
        };
        Node { at, is }
    }

    fn arguments(&self, arguments: &ast::Arguments) -> Vec<Argument> {
        let positional = arguments.args.iter().map(|value| match value {
            ast::Expr::Starred(starred) => {
                Argument { name: None, unpacked: true, value: self.expression(&starred.value) }
            }
            value => Argument { name: None, unpacked: false, value: self.expression(value) },
        });
        let named = arguments.keywords.iter().map(|keyword| Argument {
            name: keyword.arg.as_ref().map(|name| self.slice(name.range())),
            unpacked: keyword.arg.is_none(),
            value: self.expression(&keyword.value),
        });
        positional.chain(named).collect()
    }

    fn string(&self, literal: &ast::ExprStringLiteral) -> Text {
        let mut parts = literal.value.iter();
        match (parts.next(), parts.next()) {
            (Some(only), None) => strings::decode(&self.slice(only.range())),
            _ => {
                let mut builder = TextBuilder::new(&self.slice(literal.range()));
                for part in literal.value.iter() {
                    builder.push(&strings::decode(&self.slice(part.range())));
                }
                builder.finish()
            }
        }
    }

    fn format(&self, format: &ast::ExprFString) -> Expression {
        let mut parts = Vec::new();
        for part in format.value.iter() {
            match part {
                ast::FStringPart::Literal(literal) => {
                    parts.push(FormatPart::Text(strings::decode(&self.slice(literal.range()))));
                }
                ast::FStringPart::FString(string) => {
                    let at = self.slice(string.range());
                    let Some(literal) = strings::literal(at.as_str()) else { continue };
                    for element in string.elements.iter() {
                        match element {
                            ast::InterpolatedStringElement::Literal(text) => {
                                let inside = self.slice(text.range());
                                parts.push(FormatPart::Text(strings::decode_inside(
                                    &inside,
                                    literal.raw,
                                    literal.quote,
                                    true,
                                )));
                            }
                            ast::InterpolatedStringElement::Interpolation(hole) => {
                                let plain = hole.format_spec.is_none()
                                    && hole.debug_text.is_none()
                                    && matches!(hole.conversion, ast::ConversionFlag::None | ast::ConversionFlag::Str);
                                parts.push(FormatPart::Hole { value: self.expression(&hole.expression), plain });
                            }
                        }
                    }
                }
            }
        }
        Expression::Format(parts)
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

fn operator(operator: ast::Operator) -> BinaryOperator {
    match operator {
        ast::Operator::Add => BinaryOperator::Add,
        ast::Operator::Sub => BinaryOperator::Subtract,
        ast::Operator::Mult => BinaryOperator::Multiply,
        ast::Operator::Div => BinaryOperator::Divide,
        ast::Operator::FloorDiv => BinaryOperator::FloorDivide,
        ast::Operator::Mod => BinaryOperator::Modulo,
        ast::Operator::Pow => BinaryOperator::Power,
        ast::Operator::BitOr => BinaryOperator::BitOr,
        _ => BinaryOperator::Other,
    }
}
