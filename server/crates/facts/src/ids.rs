//! The ids that a node holds: read for walks, written for moves between arenas.

use crate::program::{
    Arg, Expr, ExprId, FPart, Function, FunctionBody, ImportName, Params, Pattern, Stmt, StmtId, TypeParam, UnitId,
};

/// One id of a node.
pub(crate) enum Id<E, S, U> {
    Expr(E),
    Stmt(S),
    Unit(U),
}

macro_rules! walks {
    ($name:ident $(, $m:tt)?) => {
        pub(crate) mod $name {
            use super::*;

            type AnyId<'a> = Id<&'a $($m)? ExprId, &'a $($m)? StmtId, &'a $($m)? UnitId>;

            /// Hands out the ids in an expression.
            pub(crate) fn expr<'a>(node: &'a $($m)? Expr, f: &mut dyn FnMut(AnyId<'a>)) {
                match node {
                    Expr::Name(_) | Expr::None | Expr::Bool(_) | Expr::Ellipsis | Expr::Int(_) | Expr::Number(_)
                    | Expr::Str(_) | Expr::Bytes | Expr::Error => {}
                    Expr::Quoted(_, e) | Expr::Starred(e) | Expr::Unary(_, e) | Expr::Await(e) | Expr::YieldFrom(e) => {
                        f(Id::Expr(e));
                    }
                    Expr::FString(parts) => {
                        for part in parts {
                            if let FPart::Hole { expr, .. } = part {
                                f(Id::Expr(expr));
                            }
                        }
                    }
                    Expr::Attr { value, name_at, .. } => {
                        f(Id::Expr(value));
                        f(Id::Expr(name_at));
                    }
                    Expr::Subscript { value, index } => {
                        f(Id::Expr(value));
                        f(Id::Expr(index));
                    }
                    Expr::Slice(a, b, c) => {
                        for e in [a, b, c] {
                            optional(e, f);
                        }
                    }
                    Expr::Call { func, args } => {
                        f(Id::Expr(func));
                        arguments(args, f);
                    }
                    Expr::List(es) | Expr::Tuple(es) | Expr::Set(es) | Expr::And(es) | Expr::Or(es) => exprs(es, f),
                    Expr::Dict(entries) => {
                        for (key, value) in entries {
                            optional(key, f);
                            f(Id::Expr(value));
                        }
                    }
                    Expr::Binary(left, _, right) | Expr::Walrus(left, right) => {
                        f(Id::Expr(left));
                        f(Id::Expr(right));
                    }
                    Expr::Compare(first, rest) => {
                        f(Id::Expr(first));
                        for (_, e) in rest {
                            f(Id::Expr(e));
                        }
                    }
                    Expr::IfElse { test, body, orelse } => {
                        f(Id::Expr(body));
                        f(Id::Expr(test));
                        f(Id::Expr(orelse));
                    }
                    Expr::Lambda(list, body) => {
                        params(list, f);
                        f(Id::Expr(body));
                    }
                    Expr::Comprehension { element, value, clauses, .. } => {
                        f(Id::Expr(element));
                        optional(value, f);
                        for clause in clauses {
                            f(Id::Expr(& $($m)? clause.target));
                            f(Id::Expr(& $($m)? clause.iter));
                            exprs(& $($m)? clause.conditions, f);
                        }
                    }
                    Expr::Yield(e) => optional(e, f),
                }
            }

            /// Hands out the ids in a statement.
            pub(crate) fn stmt<'a>(node: &'a $($m)? Stmt, f: &mut dyn FnMut(AnyId<'a>)) {
                match node {
                    Stmt::Global(_) | Stmt::Nonlocal(_) | Stmt::Break | Stmt::Continue | Stmt::Pass => {}
                    Stmt::Expr(e) | Stmt::Assert(e) => f(Id::Expr(e)),
                    Stmt::Assign { targets, value } => {
                        exprs(targets, f);
                        f(Id::Expr(value));
                    }
                    Stmt::AnnAssign { target, annotation, value } => {
                        f(Id::Expr(target));
                        f(Id::Expr(annotation));
                        optional(value, f);
                    }
                    Stmt::AugAssign { target, value, .. } => {
                        f(Id::Expr(target));
                        f(Id::Expr(value));
                    }
                    Stmt::TypeAlias { name, type_params, value } => {
                        f(Id::Expr(name));
                        types(type_params, f);
                        f(Id::Expr(value));
                    }
                    Stmt::Return(e) | Stmt::Raise(e) => optional(e, f),
                    Stmt::Delete(es) => exprs(es, f),
                    Stmt::If { test, body, orelse } | Stmt::While { test, body, orelse } => {
                        f(Id::Expr(test));
                        block(body, f);
                        block(orelse, f);
                    }
                    Stmt::For { target, iter, body, orelse, .. } => {
                        f(Id::Expr(target));
                        f(Id::Expr(iter));
                        block(body, f);
                        block(orelse, f);
                    }
                    Stmt::Try { body, handlers, orelse, finally } => {
                        block(body, f);
                        for handler in handlers {
                            optional(& $($m)? handler.types, f);
                            optional(& $($m)? handler.name, f);
                            block(& $($m)? handler.body, f);
                        }
                        block(orelse, f);
                        block(finally, f);
                    }
                    Stmt::With { items, body, .. } => {
                        for (value, target) in items {
                            f(Id::Expr(value));
                            optional(target, f);
                        }
                        block(body, f);
                    }
                    Stmt::Match { subject, cases } => {
                        f(Id::Expr(subject));
                        for case in cases {
                            pattern(& $($m)? case.pattern, f);
                            optional(& $($m)? case.guard, f);
                            block(& $($m)? case.body, f);
                        }
                    }
                    Stmt::Function(def) => function(def, f),
                    Stmt::Class(class) => {
                        exprs(& $($m)? class.decorators, f);
                        f(Id::Expr(& $($m)? class.name));
                        types(& $($m)? class.type_params, f);
                        arguments(& $($m)? class.args, f);
                        block(& $($m)? class.body, f);
                    }
                    Stmt::Import(names) => imports(names, f),
                    Stmt::ImportFrom { module_at, names, .. } => {
                        f(Id::Expr(module_at));
                        imports(names, f);
                    }
                }
            }

            fn function<'a>(def: &'a $($m)? Function, f: &mut dyn FnMut(AnyId<'a>)) {
                exprs(& $($m)? def.decorators, f);
                f(Id::Expr(& $($m)? def.name));
                types(& $($m)? def.type_params, f);
                params(& $($m)? def.params, f);
                optional(& $($m)? def.returns, f);
                match & $($m)? def.body {
                    FunctionBody::Unit(unit) => f(Id::Unit(unit)),
                    FunctionBody::Block(stmts) => block(stmts, f),
                }
            }

            fn optional<'a>(e: &'a $($m)? Option<ExprId>, f: &mut dyn FnMut(AnyId<'a>)) {
                if let Some(e) = e {
                    f(Id::Expr(e));
                }
            }

            fn exprs<'a>(es: &'a $($m)? Vec<ExprId>, f: &mut dyn FnMut(AnyId<'a>)) {
                for e in es {
                    f(Id::Expr(e));
                }
            }

            fn block<'a>(stmts: &'a $($m)? Vec<StmtId>, f: &mut dyn FnMut(AnyId<'a>)) {
                for s in stmts {
                    f(Id::Stmt(s));
                }
            }

            fn arguments<'a>(args: &'a $($m)? Vec<Arg>, f: &mut dyn FnMut(AnyId<'a>)) {
                for arg in args {
                    match arg {
                        Arg::Positional(e) | Arg::Star(e) | Arg::DoubleStar(e) => f(Id::Expr(e)),
                        Arg::Keyword { name_at, value, .. } => {
                            f(Id::Expr(name_at));
                            f(Id::Expr(value));
                        }
                    }
                }
            }

            fn params<'a>(params: &'a $($m)? Params, f: &mut dyn FnMut(AnyId<'a>)) {
                for param in & $($m)? params.list {
                    f(Id::Expr(& $($m)? param.name));
                    optional(& $($m)? param.annotation, f);
                    optional(& $($m)? param.default, f);
                }
            }

            fn types<'a>(params: &'a $($m)? Vec<TypeParam>, f: &mut dyn FnMut(AnyId<'a>)) {
                for param in params {
                    f(Id::Expr(& $($m)? param.name));
                    optional(& $($m)? param.bound, f);
                }
            }

            fn imports<'a>(names: &'a $($m)? Vec<ImportName>, f: &mut dyn FnMut(AnyId<'a>)) {
                for name in names {
                    f(Id::Expr(& $($m)? name.name_at));
                    optional(& $($m)? name.alias, f);
                }
            }

            fn pattern<'a>(pattern_: &'a $($m)? Pattern, f: &mut dyn FnMut(AnyId<'a>)) {
                match pattern_ {
                    Pattern::Wildcard => {}
                    Pattern::Value(e) | Pattern::Capture(e) => f(Id::Expr(e)),
                    Pattern::Or(patterns) => {
                        for inner in patterns {
                            pattern(inner, f);
                        }
                    }
                    Pattern::Class { class, names, .. } => {
                        f(Id::Expr(class));
                        exprs(names, f);
                    }
                    Pattern::Other(es) => exprs(es, f),
                }
            }
        }
    };
}

walks!(read);
walks!(write, mut);

impl Expr {
    /// Hands out the expressions that stand directly in this one.
    pub fn for_each_expr(&self, mut f: impl FnMut(ExprId)) {
        read::expr(self, &mut |id| {
            if let Id::Expr(id) = id {
                f(*id);
            }
        });
    }
}

impl Stmt {
    /// Hands out the expressions that stand directly in this statement, not those of its blocks.
    pub fn for_each_expr(&self, mut f: impl FnMut(ExprId)) {
        read::stmt(self, &mut |id| {
            if let Id::Expr(id) = id {
                f(*id);
            }
        });
    }

    /// Hands out the statements of this statement's blocks, in order; not those of another unit.
    pub fn for_each_stmt(&self, mut f: impl FnMut(StmtId)) {
        read::stmt(self, &mut |id| {
            if let Id::Stmt(id) = id {
                f(*id);
            }
        });
    }
}
