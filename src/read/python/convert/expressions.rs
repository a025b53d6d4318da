//! Expressions: each with its place, strings decoded, and what is not followed as `Expression::Other`.

use ruff_python_ast as ast;
use ruff_text_size::Ranged;

use super::Converter;
use crate::read::python::strings;
use crate::read::python::syntax::*;
use crate::text::{Text, TextBuilder};

impl Converter<'_> {
    fn boxed(&self, expression: &ast::Expr) -> Box<Node> {
        Box::new(self.expression(expression))
    }

    pub(super) fn all(&self, expressions: &[ast::Expr]) -> Vec<Node> {
        expressions.iter().map(|expression| self.expression(expression)).collect()
    }

    pub(super) fn expression(&self, expression: &ast::Expr) -> Node {
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
                Expression::Comprehension { element, of, tests, .. } => {
                    Expression::Comprehension { element, of, names: Vec::new(), tests }
                }
                other => other,
            },
            ast::Expr::DictComp(dict) => {
                let Some(key) = dict.key.as_deref() else { return Node { at, is: Expression::Other } };
                let key = self.expression(key);
                // What begins with a brace would count as a set.
                let (at_key, pair) = (key.at.clone(), Expression::Tuple(vec![key, self.expression(&dict.value)]));
                let pair = Node { at: at_key, is: pair };
                let pairs = self.collected(pair, &dict.generators);
                Expression::Pairs(Box::new(Node { at: at.clone(), is: pairs }))
            }
            ast::Expr::Generator(generator) => self.comprehension(&generator.elt, &generator.generators),
            _ => Expression::Other,
        };
        Node { at, is }
    }

    fn comprehension(&self, element: &ast::Expr, generators: &[ast::Comprehension]) -> Expression {
        self.collected(self.expression(element), generators)
    }

    fn collected(&self, element: Node, generators: &[ast::Comprehension]) -> Expression {
        let of = generators.iter().map(|each| self.expression(&each.iter)).collect();
        let tests = generators.iter().flat_map(|each| &each.ifs).map(|test| self.expression(test)).collect();
        let names = match generators {
            [ast::Comprehension { target, is_async: false, .. }] => names(target).unwrap_or_default(),
            _ => Vec::new(),
        };
        Expression::Comprehension { element: Box::new(element), of, names, tests }
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

pub(super) fn operator(operator: ast::Operator) -> BinaryOperator {
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

/// `name`, or `name, name`.
fn names(target: &ast::Expr) -> Option<Vec<String>> {
    let targets = match target {
        ast::Expr::Tuple(tuple) => &tuple.elts[..],
        only => std::slice::from_ref(only),
    };
    targets.iter().map(|target| target.as_name_expr().map(|name| name.id.to_string())).collect()
}
