//! Walks over the statements and expressions of a unit.

use facts::{Arg, Block, Expr, ExprId, FPart, Params, Pattern, Stmt, StmtId, Unit};

/// Calls `visit` for every expression under the statements, parents before children, nested blocks included.
pub fn exprs_of_block(unit: &Unit, block: &[StmtId], visit: &mut dyn FnMut(ExprId)) {
    for &stmt in block {
        exprs_of_stmt(unit, stmt, visit);
    }
}

/// Calls `visit` for every expression of a statement, parents before children, nested blocks included.
pub fn exprs_of_stmt(unit: &Unit, stmt: StmtId, visit: &mut dyn FnMut(ExprId)) {
    let Some(stmt) = unit.stmts.get(stmt.0 as usize) else {
        return;
    };
    for expr in own_exprs(stmt) {
        exprs(unit, expr, visit);
    }
    for block in blocks(stmt) {
        exprs_of_block(unit, block, visit);
    }
}

/// Calls `visit` for an expression and all below it, parents first.
pub fn exprs(unit: &Unit, expr: ExprId, visit: &mut dyn FnMut(ExprId)) {
    visit(expr);
    if let Some(node) = unit.exprs.get(expr.0 as usize) {
        for child in children(node) {
            exprs(unit, child, visit);
        }
    }
}

/// Calls `visit` for every statement, nested ones included, parents first.
pub fn stmts(unit: &Unit, block: &[StmtId], visit: &mut dyn FnMut(StmtId)) {
    for &id in block {
        visit(id);
        if let Some(stmt) = unit.stmts.get(id.0 as usize) {
            for inner in blocks(stmt) {
                stmts(unit, inner, visit);
            }
        }
    }
}

/// The blocks that stand in a statement, in order.
#[must_use]
pub fn blocks(stmt: &Stmt) -> Vec<&Block> {
    match stmt {
        Stmt::If { body, orelse, .. } | Stmt::For { body, orelse, .. } | Stmt::While { body, orelse, .. } => {
            vec![body, orelse]
        }
        Stmt::Try {
            body,
            handlers,
            orelse,
            finally,
        } => {
            let mut all = vec![body];
            all.extend(handlers.iter().map(|handler| &handler.body));
            all.extend([orelse, finally]);
            all
        }
        Stmt::With { body, .. } => vec![body],
        Stmt::Match { cases, .. } => cases.iter().map(|case| &case.body).collect(),
        Stmt::Function(function) => match &function.body {
            facts::FunctionBody::Block(block) => vec![block],
            facts::FunctionBody::Unit(_) => Vec::new(),
        },
        Stmt::Class(class) => vec![&class.body],
        _ => Vec::new(),
    }
}

/// The expressions of a statement itself, without those of the blocks in it.
#[must_use]
pub fn own_exprs(stmt: &Stmt) -> Vec<ExprId> {
    match stmt {
        Stmt::Expr(e) | Stmt::Assert(e) => vec![*e],
        Stmt::Assign { targets, value } => targets.iter().copied().chain([*value]).collect(),
        Stmt::AnnAssign {
            target,
            annotation,
            value,
        } => [*target, *annotation].into_iter().chain(*value).collect(),
        Stmt::AugAssign { target, value, .. } => vec![*target, *value],
        Stmt::TypeAlias { name, value, .. } => vec![*name, *value],
        Stmt::Return(e) | Stmt::Raise(e) => e.iter().copied().collect(),
        Stmt::Delete(list) => list.clone(),
        Stmt::If { test, .. } | Stmt::While { test, .. } => vec![*test],
        Stmt::For { target, iter, .. } => vec![*target, *iter],
        Stmt::Try { handlers, .. } => handlers
            .iter()
            .flat_map(|h| h.types.into_iter().chain(h.name))
            .collect(),
        Stmt::With { items, .. } => items.iter().flat_map(|(e, to)| [*e].into_iter().chain(*to)).collect(),
        Stmt::Match { subject, cases } => {
            let mut all = vec![*subject];
            for case in cases {
                of_pattern(&case.pattern, &mut all);
                all.extend(case.guard);
            }
            all
        }
        Stmt::Function(f) => {
            let mut all = f.decorators.clone();
            all.push(f.name);
            of_params(&f.params, &mut all);
            all.extend(f.returns);
            all
        }
        Stmt::Class(c) => {
            let mut all = c.decorators.clone();
            all.push(c.name);
            all.extend(c.args.iter().map(value_of));
            all
        }
        Stmt::Import(_)
        | Stmt::ImportFrom { .. }
        | Stmt::Global(_)
        | Stmt::Nonlocal(_)
        | Stmt::Break
        | Stmt::Continue
        | Stmt::Pass => Vec::new(),
    }
}

fn of_pattern(pattern: &Pattern, all: &mut Vec<ExprId>) {
    match pattern {
        Pattern::Value(e) | Pattern::Capture(e) => all.push(*e),
        Pattern::Or(list) => list.iter().for_each(|p| of_pattern(p, all)),
        Pattern::Other(list) => all.extend(list),
        Pattern::Class { class, names, .. } => {
            all.push(*class);
            all.extend(names);
        }
        Pattern::Wildcard => {}
    }
}

fn of_params(params: &Params, all: &mut Vec<ExprId>) {
    for param in &params.list {
        all.push(param.name);
        all.extend(param.annotation);
        all.extend(param.default);
    }
}

/// The value of an argument.
#[must_use]
pub fn value_of(arg: &Arg) -> ExprId {
    match arg {
        Arg::Positional(e) | Arg::Star(e) | Arg::DoubleStar(e) | Arg::Keyword { value: e, .. } => *e,
    }
}

/// The expressions right below an expression; the name of an attribute or keyword is not one.
#[must_use]
pub fn children(expr: &Expr) -> Vec<ExprId> {
    match expr {
        Expr::Quoted(_, e)
        | Expr::Starred(e)
        | Expr::Unary(_, e)
        | Expr::Await(e)
        | Expr::YieldFrom(e)
        | Expr::Attr { value: e, .. } => vec![*e],
        Expr::Yield(e) => e.iter().copied().collect(),
        Expr::FString(parts) => parts
            .iter()
            .filter_map(|part| match part {
                FPart::Hole { expr, .. } => Some(*expr),
                FPart::Text(_) => None,
            })
            .collect(),
        Expr::Subscript { value, index } => vec![*value, *index],
        Expr::Slice(a, b, c) => [a, b, c].into_iter().filter_map(|e| *e).collect(),
        Expr::Call { func, args } => [*func].into_iter().chain(args.iter().map(value_of)).collect(),
        Expr::List(list) | Expr::Tuple(list) | Expr::Set(list) | Expr::And(list) | Expr::Or(list) => list.clone(),
        Expr::Dict(items) => items.iter().flat_map(|(k, v)| k.iter().copied().chain([*v])).collect(),
        Expr::Binary(a, _, b) | Expr::Walrus(a, b) => vec![*a, *b],
        Expr::Compare(first, rest) => [*first].into_iter().chain(rest.iter().map(|(_, e)| *e)).collect(),
        Expr::IfElse { test, body, orelse } => vec![*test, *body, *orelse],
        Expr::Lambda(params, body) => {
            let mut all = Vec::new();
            of_params(params, &mut all);
            all.push(*body);
            all
        }
        Expr::Comprehension {
            element,
            value,
            clauses,
            ..
        } => {
            let mut all = vec![*element];
            all.extend(*value);
            for clause in clauses {
                all.extend([clause.target, clause.iter]);
                all.extend(&clause.conditions);
            }
            all
        }
        Expr::Name(_)
        | Expr::None
        | Expr::Bool(_)
        | Expr::Ellipsis
        | Expr::Int(_)
        | Expr::Number(_)
        | Expr::Str(_)
        | Expr::Bytes
        | Expr::Error => Vec::new(),
    }
}
