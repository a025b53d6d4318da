//! Python as the facts see it: statements in order, each with its conditions; expressions with their places.

use std::rc::Rc;

use crate::text::Text;

/// A Python file or fragment.
#[derive(Clone, Debug, Default)]
pub struct PythonDocument {
    /// In the order in which they run: bodies of `if`, `try`, `with` and loops are unfolded in place.
    /// Bodies of functions and classes follow their statement.
    pub statements: Vec<Statement>,
    /// Stretches that could not be parsed: what is missing there is not shown.
    pub broken: Vec<Text>,
}

#[derive(Clone, Debug)]
pub struct Statement {
    pub at: Text,
    /// All of these hold when the statement runs, outermost first.
    pub conditions: Rc<[Condition]>,
    /// The classes and functions around it, outermost first; empty at the top of the module.
    pub inside: Rc<[Block]>,
    /// Every body around it, also those that are unfolded in place, outermost first.
    pub around: Rc<[Around]>,
    pub kind: StatementKind,
}

/// A body around a statement, by what its head says.
#[derive(Clone, Debug)]
pub enum Around {
    /// The body of the function whose statement has this number in the document.
    Function(usize),
    /// The body of the class whose statement has this number in the document.
    Class(usize),
    /// `with …:` and what it enters.
    With(Rc<[Node]>),
    /// The body of a `try` that has these handlers.
    Try(Rc<[Handler]>),
    /// The body of one handler, by its number in the document.
    Handler(usize),
}

/// An `except` of a `try`.
#[derive(Clone, Debug)]
pub struct Handler {
    /// Its number in the document, which its body names.
    pub number: usize,
    /// `except` and what it catches, as written.
    pub at: Text,
    /// What it catches; empty if it catches everything.
    pub catches: Vec<Node>,
}

/// A class or function around a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    Class(String),
    Function(String),
}

/// A test under which a statement runs.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The test as written; for `try` and loops, the keyword.
    pub test: Text,
    pub is: ConditionKind,
    /// False in an `else` branch.
    pub holds: bool,
}

impl Condition {
    /// Whether it holds only where Python is given the file itself, and an import passes it by:
    /// `if __name__ == "__main__":`.
    pub fn is_of_main(&self) -> bool {
        let test = self.test.as_str();
        let (starts, ends) = (test.starts_with("__name__"), test.ends_with("__name__"));
        self.holds && (starts || ends) && test.contains("__main__") && !test.contains("!=")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionKind {
    If,
    /// An environment variable is set, or the left side of `or` is not empty.
    Set,
    /// In the body of a `try` or in one of its handlers.
    Try,
    Loop,
    Match,
    /// In one of several classes of which a program chooses one; the test is the class's name.
    Class,
}

#[derive(Clone, Debug)]
pub enum StatementKind {
    Assign {
        target: Node,
        value: Node,
    },
    /// `target += value` and its kin.
    AugmentedAssign {
        target: Node,
        operator: BinaryOperator,
        value: Node,
    },
    Expression(Node),
    Import {
        module: Text,
        renamed: Option<Text>,
    },
    FromImport {
        module: String,
        level: u32,
        name: Text,
        renamed: Option<Text>,
    },
    StarImport {
        module: String,
        level: u32,
    },
    Function(Function),
    Class {
        name: Text,
        bases: Vec<Node>,
        /// Other than `metaclass`.
        keywords: Vec<(Text, Node)>,
    },
    Return(Option<Node>),
    Delete(Node),
    Raise(Option<Node>),
    /// An expression that stands in the head of a block, or behind `assert`: it runs, and nobody keeps its value.
    Head(Node),
    /// `name: type`, by itself or in a class before its value.
    Declare {
        target: Node,
        annotation: Node,
    },
    /// `global name` in a function: from here on the name may be anything.
    Global(String),
    /// `for target in of:`, before its body: so many statements follow, and all of them run in every round. Their
    /// condition has this place. What stands behind its `else:` has a condition whose place is the whole head.
    Loop {
        target: Node,
        of: Node,
        length: usize,
    },
    /// `break`, which ends the loop, or `continue`.
    Jump {
        ends: bool,
    },
    /// The test of the `if` whose bodies follow, at the place that their conditions name.
    Test(Node),
}

#[derive(Clone, Debug)]
pub struct Function {
    pub name: Text,
    pub is_async: bool,
    pub decorators: Vec<Node>,
    pub parameters: Vec<Parameter>,
    /// What it returns, where it does nothing else but stop.
    pub returns: Option<Node>,
}

#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: Text,
    pub kind: ParameterKind,
    pub default: Option<Node>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    Positional,
    KeywordOnly,
    /// `*args`
    ManyPositional,
    /// `**kwargs`
    ManyKeyword,
}

/// An expression with its place.
#[derive(Clone, Debug)]
pub struct Node {
    pub at: Text,
    pub is: Expression,
}

#[derive(Clone, Debug)]
pub enum Expression {
    Name(String),
    Attribute {
        object: Box<Node>,
        name: Text,
    },
    Subscript {
        object: Box<Node>,
        index: Box<Node>,
    },
    /// Decoded; implicit concatenation is joined.
    String(Text),
    /// An f-string, or strings and f-strings side by side.
    Format(Vec<FormatPart>),
    Bytes,
    Integer(i64),
    Float(f64),
    Boolean(bool),
    None,
    List(Vec<Node>),
    Tuple(Vec<Node>),
    Set(Vec<Node>),
    /// A missing key is `**mapping`.
    Dict(Vec<(Option<Node>, Node)>),
    Call {
        function: Box<Node>,
        arguments: Vec<Argument>,
    },
    Binary {
        left: Box<Node>,
        operator: BinaryOperator,
        right: Box<Node>,
    },
    /// `and` (true) or `or` (false) over two or more.
    Junction {
        and: bool,
        of: Vec<Node>,
    },
    Not(Box<Node>),
    Negative(Box<Node>),
    Conditional {
        test: Box<Node>,
        then: Box<Node>,
        otherwise: Box<Node>,
    },
    Compare {
        left: Box<Node>,
        operator: &'static str,
        right: Box<Node>,
    },
    /// `object[from:to]`; a step is never followed.
    Slice {
        object: Box<Node>,
        from: Option<Box<Node>>,
        to: Option<Box<Node>>,
    },
    Starred(Box<Node>),
    /// `name := value`
    Named {
        name: String,
        value: Box<Node>,
    },
    Await(Box<Node>),
    /// The body of a `lambda`: it runs later, or never.
    Later(Box<Node>),
    /// A comprehension: what it collects, and what it goes through. `names`: what each item is called, where it goes
    /// through one thing and keeps the order; `tests` say which items it takes.
    Comprehension {
        element: Box<Node>,
        of: Vec<Node>,
        names: Vec<String>,
        tests: Vec<Node>,
    },
    /// `{key: value for …}`: the comprehension of the pairs.
    Pairs(Box<Node>),
    /// What is never known, such as slices and chained comparisons.
    Other,
}

/// A part of an f-string.
#[derive(Clone, Debug)]
pub enum FormatPart {
    Text(Text),
    /// `{expression!r:spec}`; `plain` without conversion and spec.
    Hole {
        value: Node,
        plain: bool,
    },
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The keyword, if it has one.
    pub name: Option<Text>,
    /// `*value` or `**value`.
    pub unpacked: bool,
    pub value: Node,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    BitOr,
    Other,
}

impl Node {
    /// `os.environ.get` as a dotted name, if it is one.
    pub fn dotted(&self) -> Option<String> {
        match &self.is {
            Expression::Name(name) => Some(name.clone()),
            Expression::Attribute { object, name } => Some(format!("{}.{}", object.dotted()?, name.as_str())),
            _ => None,
        }
    }

    /// Whether something in the expression, or itself, is as asked.
    pub fn any(&self, is: &dyn Fn(&Node) -> bool) -> bool {
        let any = |nodes: &[Node]| nodes.iter().any(|node| node.any(is));
        is(self)
            || match &self.is {
                Expression::Attribute { object, .. } => object.any(is),
                Expression::Subscript { object, index } => object.any(is) || index.any(is),
                Expression::Slice { object, from, to } => {
                    object.any(is) || [from, to].into_iter().flatten().any(|node| node.any(is))
                }
                Expression::Format(parts) => {
                    parts.iter().any(|part| matches!(part, FormatPart::Hole { value, .. } if value.any(is)))
                }
                Expression::List(nodes) | Expression::Tuple(nodes) | Expression::Set(nodes) => any(nodes),
                Expression::Junction { of, .. } => any(of),
                Expression::Dict(entries) => {
                    entries.iter().any(|(key, value)| key.as_ref().is_some_and(|key| key.any(is)) || value.any(is))
                }
                Expression::Call { function, arguments } => {
                    function.any(is) || arguments.iter().any(|argument| argument.value.any(is))
                }
                Expression::Binary { left, right, .. } | Expression::Compare { left, right, .. } => {
                    left.any(is) || right.any(is)
                }
                Expression::Not(inner) | Expression::Negative(inner) | Expression::Starred(inner) => inner.any(is),
                Expression::Conditional { test, then, otherwise } => test.any(is) || then.any(is) || otherwise.any(is),
                Expression::Named { value, .. } => value.any(is),
                Expression::Await(inner) | Expression::Later(inner) => inner.any(is),
                Expression::Comprehension { element, of, tests, .. } => element.any(is) || any(of) || any(tests),
                Expression::Pairs(pairs) => pairs.any(is),
                _ => false,
            }
    }

    pub fn string(&self) -> Option<&Text> {
        match &self.is {
            Expression::String(text) => Some(text),
            _ => None,
        }
    }
}
