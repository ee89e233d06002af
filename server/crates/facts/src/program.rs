//! The position-free program of a file: statements and expressions in arenas, compared by value.

use crate::packed::UnitCell;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::sync::Arc;

/// A unit of a file: 0 is the module, the others are function bodies in the order of their `def`s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UnitId(pub u32);

impl UnitId {
    /// The module's own code.
    pub const MODULE: UnitId = UnitId(0);
}

/// An expression of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExprId(pub u32);

/// A statement of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StmtId(pub u32);

/// What a file says, without positions: equal facts mean an equal model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// By [`UnitId`]; never empty for an extracted file.
    pub units: Vec<UnitCell>,
    /// Whether statements of the text could not be read, so that what was last true of them is said, or nothing.
    pub damaged: bool,
}

impl FileFacts {
    /// Packs the functions' bodies, which few will read.
    pub fn pack(&mut self) {
        for body in self.units.iter_mut().skip(1) {
            body.pack();
        }
    }

    /// Whether the functions' bodies are packed.
    #[must_use]
    pub fn is_packed(&self) -> bool {
        self.units.iter().any(UnitCell::is_packed)
    }
}

/// Code that runs together: a module or one function's body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Unit {
    /// The statements at the top of the unit, in order.
    pub body: Vec<StmtId>,
    /// Arena of statements.
    pub stmts: Vec<Stmt>,
    /// Arena of expressions.
    pub exprs: Vec<Expr>,
}

impl Unit {
    /// Drops all nodes and keeps the room for as many.
    pub(crate) fn clear(&mut self) {
        self.body.clear();
        self.stmts.clear();
        self.exprs.clear();
    }

    /// Gives back the room that is not used.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.body.shrink_to_fit();
        self.stmts.shrink_to_fit();
        self.exprs.shrink_to_fit();
    }
}

impl std::ops::Index<ExprId> for Unit {
    type Output = Expr;
    fn index(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }
}

impl std::ops::Index<StmtId> for Unit {
    type Output = Stmt;
    fn index(&self, id: StmtId) -> &Stmt {
        &self.stmts[id.0 as usize]
    }
}

/// An expression. Parentheses leave no trace; implicit concatenation of strings is done.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Expr {
    /// A name that is read, or that is bound (a target, a parameter's, function's, class's or keyword's name).
    Name(SmolStr),
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// `...`.
    Ellipsis,
    /// An integer that fits.
    Int(i64),
    /// Any other number, as it is written.
    Number(SmolStr),
    /// A string without holes, unescaped.
    Str(Arc<str>),
    /// A string in an annotation (a forward reference) and the expression it holds, whose spans lie in the string.
    Quoted(Arc<str>, ExprId),
    /// A bytes literal; its content is of no interest.
    Bytes,
    /// An f-string.
    FString(Vec<FPart>),
    /// `value.name`; `name_at` is the `Name` node of the attribute, for its span.
    Attr {
        /// Left of the dot.
        value: ExprId,
        /// The attribute.
        name: SmolStr,
        /// A `Name` node that spans the attribute alone.
        name_at: ExprId,
    },
    /// `value[index]`; `a[x, y]` has a tuple as its index.
    Subscript {
        /// Left of the bracket.
        value: ExprId,
        /// In the brackets.
        index: ExprId,
    },
    /// `lower:upper:step` in a subscript.
    Slice(Option<ExprId>, Option<ExprId>, Option<ExprId>),
    /// A call.
    Call {
        /// What is called.
        func: ExprId,
        /// The arguments in order.
        args: Vec<Arg>,
    },
    /// `[a, *b]`.
    List(Vec<ExprId>),
    /// `(a, b)` or `a, b`.
    Tuple(Vec<ExprId>),
    /// `{a, b}`.
    Set(Vec<ExprId>),
    /// `{k: v, **other}`; a spread has no key.
    Dict(Vec<(Option<ExprId>, ExprId)>),
    /// `*value` in a call of a list, a tuple or a target.
    Starred(ExprId),
    /// `left op right`.
    Binary(ExprId, BinaryOp, ExprId),
    /// `not x`, `-x`, `+x`, `~x`.
    Unary(UnaryOp, ExprId),
    /// `a and b and c`.
    And(Vec<ExprId>),
    /// `a or b or c`.
    Or(Vec<ExprId>),
    /// `first op a op b …`.
    Compare(ExprId, Vec<(CompareOp, ExprId)>),
    /// `body if test else orelse`.
    IfElse {
        /// The condition.
        test: ExprId,
        /// Where it holds.
        body: ExprId,
        /// Where it does not.
        orelse: ExprId,
    },
    /// `lambda params: body`.
    Lambda(Box<Params>, ExprId),
    /// A comprehension or generator expression.
    Comprehension {
        /// What it makes.
        kind: ComprehensionKind,
        /// The element; of a dict its key.
        element: ExprId,
        /// Of a dict, the value.
        value: Option<ExprId>,
        /// The `for` clauses, outermost first.
        clauses: Vec<ForClause>,
    },
    /// `await value`.
    Await(ExprId),
    /// `yield value`.
    Yield(Option<ExprId>),
    /// `yield from value`.
    YieldFrom(ExprId),
    /// `name := value`.
    Walrus(ExprId, ExprId),
    /// What could not be read: damaged text, or nested too deeply.
    Error,
}

/// A piece of an f-string.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FPart {
    /// Text, unescaped.
    Text(Arc<str>),
    /// `{expr}`.
    Hole {
        /// The expression.
        expr: ExprId,
        /// How its text is made where that is not simply `str(expr)`.
        format: Option<Format>,
    },
}

/// How an f-string shows a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    /// By a specification without holes: `02d`.
    Spec(SmolStr),
    /// By a conversion (`!r`), by a specification with holes, or with its own text (`{x=}`).
    Other,
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Arg {
    /// `value`.
    Positional(ExprId),
    /// `*value`.
    Star(ExprId),
    /// `name=value`.
    Keyword {
        /// The name.
        name: SmolStr,
        /// A `Name` node that spans the name.
        name_at: ExprId,
        /// The value.
        value: ExprId,
    },
    /// `**value`.
    DoubleStar(ExprId),
}

/// `for target in iter if condition …`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ForClause {
    /// What is bound.
    pub target: ExprId,
    /// What is iterated.
    pub iter: ExprId,
    /// The conditions.
    pub conditions: Vec<ExprId>,
    /// Whether it is `async for`.
    pub is_async: bool,
}

/// What a comprehension makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ComprehensionKind {
    /// A list.
    List,
    /// A set.
    Set,
    /// A dict.
    Dict,
    /// A generator.
    Generator,
}

/// Arithmetic and bit operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    MatMul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    LShift,
    RShift,
    BitOr,
    BitXor,
    BitAnd,
}

/// Prefix operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum UnaryOp {
    Not,
    Minus,
    Plus,
    Invert,
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum CompareOp {
    Eq,
    NotEq,
    Lt,
    LtE,
    Gt,
    GtE,
    Is,
    IsNot,
    In,
    NotIn,
}

/// A block: statements in order.
pub type Block = Vec<StmtId>;

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stmt {
    /// An expression alone; docstrings are such.
    Expr(ExprId),
    /// `a = b = value`.
    Assign {
        /// Left to right.
        targets: Vec<ExprId>,
        /// The value.
        value: ExprId,
    },
    /// `target: annotation = value`.
    AnnAssign {
        /// What is annotated.
        target: ExprId,
        /// The annotation.
        annotation: ExprId,
        /// The value, if there is one.
        value: Option<ExprId>,
    },
    /// `target op= value`.
    AugAssign {
        /// What is changed.
        target: ExprId,
        /// How.
        op: BinaryOp,
        /// By what.
        value: ExprId,
    },
    /// `type Name[...] = value` (PEP 695).
    TypeAlias {
        /// The name.
        name: ExprId,
        /// The names between its brackets.
        type_params: Vec<TypeParam>,
        /// The value.
        value: ExprId,
    },
    /// `return value`.
    Return(Option<ExprId>),
    /// `raise value from cause`.
    Raise(Option<ExprId>),
    /// `assert test`.
    Assert(ExprId),
    /// `del targets`.
    Delete(Vec<ExprId>),
    /// `if`/`elif`/`else`; an `elif` is an `if` alone in `orelse`.
    If {
        /// The condition.
        test: ExprId,
        /// Where it holds.
        body: Block,
        /// Where it does not.
        orelse: Block,
    },
    /// `for target in iter`.
    For {
        /// What is bound.
        target: ExprId,
        /// What is iterated.
        iter: ExprId,
        /// The body.
        body: Block,
        /// `else`.
        orelse: Block,
        /// Whether it is `async for`.
        is_async: bool,
    },
    /// `while test`.
    While {
        /// The condition.
        test: ExprId,
        /// The body.
        body: Block,
        /// `else`.
        orelse: Block,
    },
    /// `try`.
    Try {
        /// The guarded body.
        body: Block,
        /// `except` clauses.
        handlers: Vec<Handler>,
        /// `else`.
        orelse: Block,
        /// `finally`.
        finally: Block,
    },
    /// `with items`.
    With {
        /// Context manager and target.
        items: Vec<(ExprId, Option<ExprId>)>,
        /// The body.
        body: Block,
        /// Whether it is `async with`.
        is_async: bool,
    },
    /// `match subject`.
    Match {
        /// What is matched.
        subject: ExprId,
        /// The cases in order.
        cases: Vec<MatchCase>,
    },
    /// `def`.
    Function(Box<Function>),
    /// `class`.
    Class(Box<Class>),
    /// `import a.b as c`.
    Import(Vec<ImportName>),
    /// `from ..a import b as c`.
    ImportFrom {
        /// How many dots.
        level: u32,
        /// What follows the dots; may be empty.
        module: SmolStr,
        /// A `Name` node that spans dots and module.
        module_at: ExprId,
        /// The names; one `*` for a star import.
        names: Vec<ImportName>,
    },
    /// `global names`.
    Global(Vec<SmolStr>),
    /// `nonlocal names`.
    Nonlocal(Vec<SmolStr>),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `pass`.
    Pass,
}

/// `except types as name: body`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Handler {
    /// The exception types; absent for a bare `except`.
    pub types: Option<ExprId>,
    /// The bound name.
    pub name: Option<ExprId>,
    /// The body.
    pub body: Block,
}

/// `case pattern if guard: body`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MatchCase {
    /// The pattern.
    pub pattern: Pattern,
    /// The guard.
    pub guard: Option<ExprId>,
    /// The body.
    pub body: Block,
}

/// A pattern, as far as wiring needs it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Pattern {
    /// A literal or dotted name: equal to the expression's value.
    Value(ExprId),
    /// `_`.
    Wildcard,
    /// A capture.
    Capture(ExprId),
    /// `a | b`.
    Or(Vec<Pattern>),
    /// `Point(…)`: an instance of a class, and whether nothing more is asked of it; the names it binds.
    Class {
        /// The class.
        class: ExprId,
        /// Whether nothing stands in the parentheses.
        is_bare: bool,
        /// What it binds.
        names: Vec<ExprId>,
    },
    /// Anything else: whether it matches is not decided; the names it binds.
    Other(Vec<ExprId>),
}

/// `name as alias` of an import.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ImportName {
    /// Dotted for `import a.b`, plain for `from … import b`, `*` for a star.
    pub name: SmolStr,
    /// A `Name` node that spans it.
    pub name_at: ExprId,
    /// The alias.
    pub alias: Option<ExprId>,
}

/// A function definition; its body is a unit of its own unless it is nested in a function.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Function {
    /// A `Name` node.
    pub name: ExprId,
    /// The decorators, top first.
    pub decorators: Vec<ExprId>,
    /// The names between its brackets (PEP 695).
    pub type_params: Vec<TypeParam>,
    /// The parameters.
    pub params: Params,
    /// `-> returns`.
    pub returns: Option<ExprId>,
    /// Whether it is `async def`.
    pub is_async: bool,
    /// Whether the body has a `yield` of its own.
    pub is_generator: bool,
    /// The body.
    pub body: FunctionBody,
}

/// A type parameter of a function, class or alias (PEP 695, PEP 696).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TypeParam {
    /// A `Name` node.
    pub name: ExprId,
    /// What follows the colon.
    pub bound: Option<ExprId>,
    /// Whether it is a plain type variable and not `*Ts` or `**P`.
    pub is_plain: bool,
}

/// Where a function's body stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FunctionBody {
    /// In a unit of its own.
    Unit(UnitId),
    /// In the same unit, for a nested function.
    Block(Block),
}

/// Parameters of a function or lambda, in the order they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Params {
    /// The parameters.
    pub list: Vec<Param>,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Param {
    /// A `Name` node.
    pub name: ExprId,
    /// The kind, as `inspect.Parameter.kind` has it.
    pub kind: ParamKind,
    /// The annotation.
    pub annotation: Option<ExprId>,
    /// The default.
    pub default: Option<ExprId>,
}

/// How a parameter takes its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ParamKind {
    /// Before a `/`.
    PositionalOnly,
    /// Ordinary.
    PositionalOrKeyword,
    /// `*args`.
    VarPositional,
    /// Behind `*` or `*args`.
    KeywordOnly,
    /// `**kwargs`.
    VarKeyword,
}

/// A class definition; its body belongs to the unit it stands in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Class {
    /// A `Name` node.
    pub name: ExprId,
    /// The decorators, top first.
    pub decorators: Vec<ExprId>,
    /// The names between its brackets (PEP 695).
    pub type_params: Vec<TypeParam>,
    /// Bases and keywords.
    pub args: Vec<Arg>,
    /// The body.
    pub body: Block,
}
