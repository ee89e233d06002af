//! A readable print of facts, for tests and for people who want to see what was read.

use crate::program::{
    Arg, Block, ComprehensionKind, Expr, ExprId, FPart, FileFacts, Format, Function, FunctionBody, ImportName,
    ParamKind, Params, Pattern, Stmt, StmtId, TypeParam, Unit,
};
use std::fmt::{self, Write};

/// The facts of a file as S-expressions: one statement a line, blocks indented, units headed by their number.
#[must_use]
pub fn dump(facts: &FileFacts) -> String {
    let mut out = String::new();
    for (i, unit) in facts.units.iter().enumerate() {
        let _ = writeln!(out, "unit {i}");
        out.push_str(&dump_unit(unit));
    }
    if facts.damaged {
        out.push_str("damaged\n");
    }
    out
}

/// The statements of a unit as S-expressions.
#[must_use]
pub fn dump_unit(unit: &Unit) -> String {
    let mut printer = Printer {
        unit,
        out: String::new(),
        indent: 1,
    };
    printer.block(&unit.body);
    printer.out
}

/// An expression as an S-expression.
#[must_use]
pub fn dump_expr(unit: &Unit, expr: ExprId) -> String {
    ExprPrint { unit, expr }.to_string()
}

struct Printer<'u> {
    unit: &'u Unit,
    out: String,
    indent: usize,
}

struct ExprPrint<'u> {
    unit: &'u Unit,
    expr: ExprId,
}

impl Printer<'_> {
    fn line(&mut self, text: &str) {
        let indent = self.indent * 2;
        let _ = writeln!(self.out, "{:indent$}{text}", "");
    }

    fn block(&mut self, block: &Block) {
        for stmt in block {
            self.stmt(*stmt);
        }
    }

    fn headed(&mut self, head: &str, block: &Block) {
        self.line(head);
        self.indent += 1;
        self.block(block);
        self.indent -= 1;
    }

    fn unless_empty(&mut self, head: &str, block: &Block) {
        if !block.is_empty() {
            self.headed(head, block);
        }
    }

    fn e(&self, expr: ExprId) -> String {
        dump_expr(self.unit, expr)
    }

    fn es(&self, exprs: &[ExprId]) -> String {
        join(exprs.iter().map(|expr| self.e(*expr)))
    }

    fn opt(&self, expr: Option<ExprId>) -> String {
        expr.map_or_else(|| "-".to_owned(), |expr| self.e(expr))
    }

    fn stmt(&mut self, id: StmtId) {
        let unit = self.unit;
        match &unit[id] {
            Stmt::Expr(expr) => self.line(&self.e(*expr)),
            Stmt::Assign { targets, value } => self.line(&format!("(= {} {})", self.es(targets), self.e(*value))),
            Stmt::AnnAssign {
                target,
                annotation,
                value,
            } => self.line(&format!(
                "(: {} {} {})",
                self.e(*target),
                self.e(*annotation),
                self.opt(*value)
            )),
            Stmt::AugAssign { target, op, value } => {
                self.line(&format!("({op:?}= {} {})", self.e(*target), self.e(*value)));
            }
            Stmt::TypeAlias {
                name,
                type_params,
                value,
            } => self.line(&format!(
                "(type {}{} {})",
                self.e(*name),
                type_params_text(unit, type_params),
                self.e(*value)
            )),
            Stmt::Return(value) => self.line(&format!("(return {})", self.opt(*value))),
            Stmt::Raise(value) => self.line(&format!("(raise {})", self.opt(*value))),
            Stmt::Assert(test) => self.line(&format!("(assert {})", self.e(*test))),
            Stmt::Delete(targets) => self.line(&format!("(del {})", self.es(targets))),
            Stmt::Import(names) => self.line(&format!("(import {})", self.imports(names))),
            Stmt::ImportFrom {
                level, module, names, ..
            } => {
                let dots = ".".repeat(*level as usize);
                self.line(&format!("(from {dots}{module} {})", self.imports(names)));
            }
            Stmt::Global(names) => self.line(&format!("(global {})", names.join(" "))),
            Stmt::Nonlocal(names) => self.line(&format!("(nonlocal {})", names.join(" "))),
            Stmt::Break => self.line("(break)"),
            Stmt::Continue => self.line("(continue)"),
            Stmt::Pass => self.line("(pass)"),
            stmt => self.compound(stmt),
        }
    }

    fn compound(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::If { test, body, orelse } => {
                self.headed(&format!("(if {})", self.e(*test)), body);
                self.unless_empty("(else)", orelse);
            }
            Stmt::For {
                target,
                iter,
                body,
                orelse,
                is_async,
            } => {
                let word = if *is_async { "async for" } else { "for" };
                self.headed(&format!("({word} {} {})", self.e(*target), self.e(*iter)), body);
                self.unless_empty("(else)", orelse);
            }
            Stmt::While { test, body, orelse } => {
                self.headed(&format!("(while {})", self.e(*test)), body);
                self.unless_empty("(else)", orelse);
            }
            Stmt::Try {
                body,
                handlers,
                orelse,
                finally,
            } => {
                self.headed("(try)", body);
                for handler in handlers {
                    let head = format!("(except {} {})", self.opt(handler.types), self.opt(handler.name));
                    self.headed(&head, &handler.body);
                }
                self.unless_empty("(else)", orelse);
                self.unless_empty("(finally)", finally);
            }
            Stmt::With { items, body, is_async } => {
                let word = if *is_async { "async with" } else { "with" };
                let items = join(items.iter().map(|(value, target)| match target {
                    Some(target) => format!("(as {} {})", self.e(*value), self.e(*target)),
                    None => self.e(*value),
                }));
                self.headed(&format!("({word} {items})"), body);
            }
            Stmt::Match { subject, cases } => {
                self.line(&format!("(match {})", self.e(*subject)));
                self.indent += 1;
                for case in cases {
                    let guard = case
                        .guard
                        .map(|guard| format!(" if {}", self.e(guard)))
                        .unwrap_or_default();
                    let head = format!("(case {}{guard})", self.pattern(&case.pattern));
                    self.headed(&head, &case.body);
                }
                self.indent -= 1;
            }
            Stmt::Function(function) => self.function(function),
            Stmt::Class(class) => {
                self.decorators(&class.decorators);
                let args = join(class.args.iter().map(|arg| arg_text(self.unit, arg)));
                let types = type_params_text(self.unit, &class.type_params);
                let head = format!("(class {}{types} ({args}))", self.e(class.name));
                self.headed(&head, &class.body);
            }
            _ => {}
        }
    }

    fn decorators(&mut self, decorators: &[ExprId]) {
        for decorator in decorators {
            self.line(&format!("@{}", self.e(*decorator)));
        }
    }

    fn function(&mut self, function: &Function) {
        self.decorators(&function.decorators);
        let word = if function.is_async { "async def" } else { "def" };
        let yields = if function.is_generator { " yields" } else { "" };
        let returns = function
            .returns
            .map(|returns| format!(" -> {}", self.e(returns)))
            .unwrap_or_default();
        let head = format!(
            "({word} {}{} ({}){returns}{yields}",
            self.e(function.name),
            type_params_text(self.unit, &function.type_params),
            params_text(self.unit, &function.params),
        );
        match &function.body {
            FunctionBody::Unit(unit) => self.line(&format!("{head} unit {})", unit.0)),
            FunctionBody::Block(block) => self.headed(&format!("{head})"), block),
        }
    }

    fn imports(&self, names: &[ImportName]) -> String {
        join(names.iter().map(|name| match name.alias {
            Some(alias) => format!("(as {} {})", name.name, self.e(alias)),
            None => name.name.to_string(),
        }))
    }

    fn pattern(&self, pattern: &Pattern) -> String {
        match pattern {
            Pattern::Value(value) => self.e(*value),
            Pattern::Wildcard => "_".to_owned(),
            Pattern::Capture(name) => format!("(capture {})", self.e(*name)),
            Pattern::Or(patterns) => format!("(or {})", join(patterns.iter().map(|p| self.pattern(p)))),
            Pattern::Class { class, is_bare, names } => {
                let inner = if *is_bare { "" } else { " …" };
                format!("(class {}{inner} {})", self.e(*class), self.es(names))
            }
            Pattern::Other(names) => format!("(other {})", self.es(names)),
        }
    }
}

impl ExprPrint<'_> {
    fn many(&self, f: &mut fmt::Formatter<'_>, head: &str, exprs: &[ExprId]) -> fmt::Result {
        write!(f, "({head}")?;
        for expr in exprs {
            write!(f, " {}", self.inner(*expr))?;
        }
        f.write_char(')')
    }

    fn inner(&self, expr: ExprId) -> ExprPrint<'_> {
        ExprPrint { unit: self.unit, expr }
    }

    fn maybe(&self, expr: Option<ExprId>) -> String {
        expr.map_or_else(|| "-".to_owned(), |expr| self.inner(expr).to_string())
    }

    fn fstring(&self, f: &mut fmt::Formatter<'_>, parts: &[FPart]) -> fmt::Result {
        f.write_str("(f")?;
        for part in parts {
            match part {
                FPart::Text(text) => write!(f, " {text:?}")?,
                FPart::Hole { expr, format } => {
                    let mark = match format {
                        None => String::new(),
                        Some(Format::Spec(spec)) => format!(":{spec}"),
                        Some(Format::Other) => "!".to_owned(),
                    };
                    write!(f, " {{{}{mark}}}", self.inner(*expr))?;
                }
            }
        }
        f.write_char(')')
    }
}

impl fmt::Display for ExprPrint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let i = |expr: &ExprId| self.inner(*expr);
        match &self.unit[self.expr] {
            Expr::Name(name) => f.write_str(name),
            Expr::None => f.write_str("None"),
            Expr::Bool(value) => f.write_str(if *value { "True" } else { "False" }),
            Expr::Ellipsis => f.write_str("..."),
            Expr::Int(value) => write!(f, "{value}"),
            Expr::Number(text) => f.write_str(text),
            Expr::Str(text) => write!(f, "{text:?}"),
            Expr::Quoted(text, expr) => write!(f, "(quoted {text:?} {})", i(expr)),
            Expr::Bytes => f.write_str("bytes"),
            Expr::FString(parts) => self.fstring(f, parts),
            Expr::Attr { value, name, .. } => write!(f, "(. {} {name})", i(value)),
            Expr::Subscript { value, index } => write!(f, "([] {} {})", i(value), i(index)),
            Expr::Slice(a, b, c) => write!(f, "(slice {} {} {})", self.maybe(*a), self.maybe(*b), self.maybe(*c)),
            Expr::Call { func, args } => {
                write!(f, "(call {}", i(func))?;
                for arg in args {
                    write!(f, " {}", arg_text(self.unit, arg))?;
                }
                f.write_char(')')
            }
            Expr::List(items) => self.many(f, "list", items),
            Expr::Tuple(items) => self.many(f, "tuple", items),
            Expr::Set(items) => self.many(f, "set", items),
            Expr::Dict(entries) => {
                f.write_str("(dict")?;
                for (key, value) in entries {
                    match key {
                        Some(key) => write!(f, " {}:{}", i(key), i(value))?,
                        None => write!(f, " **{}", i(value))?,
                    }
                }
                f.write_char(')')
            }
            Expr::Starred(value) => write!(f, "*{}", i(value)),
            Expr::Binary(left, op, right) => write!(f, "({op:?} {} {})", i(left), i(right)),
            Expr::Unary(op, value) => write!(f, "({op:?} {})", i(value)),
            Expr::And(items) => self.many(f, "and", items),
            Expr::Or(items) => self.many(f, "or", items),
            Expr::Compare(first, rest) => {
                write!(f, "(compare {}", i(first))?;
                for (op, value) in rest {
                    write!(f, " {op:?} {}", i(value))?;
                }
                f.write_char(')')
            }
            Expr::IfElse { test, body, orelse } => write!(f, "(if {} {} {})", i(test), i(body), i(orelse)),
            Expr::Lambda(params, body) => write!(f, "(lambda ({}) {})", params_text(self.unit, params), i(body)),
            Expr::Comprehension {
                kind,
                element,
                value,
                clauses,
            } => {
                let kind = match kind {
                    ComprehensionKind::List => "listcomp",
                    ComprehensionKind::Set => "setcomp",
                    ComprehensionKind::Dict => "dictcomp",
                    ComprehensionKind::Generator => "generator",
                };
                write!(f, "({kind} {}", i(element))?;
                if let Some(value) = value {
                    write!(f, ":{}", i(value))?;
                }
                for clause in clauses {
                    let word = if clause.is_async { "async for" } else { "for" };
                    write!(f, " ({word} {} {}", i(&clause.target), i(&clause.iter))?;
                    for condition in &clause.conditions {
                        write!(f, " if {}", i(condition))?;
                    }
                    f.write_char(')')?;
                }
                f.write_char(')')
            }
            Expr::Await(value) => write!(f, "(await {})", i(value)),
            Expr::Yield(value) => write!(f, "(yield {})", self.maybe(*value)),
            Expr::YieldFrom(value) => write!(f, "(yield from {})", i(value)),
            Expr::Walrus(name, value) => write!(f, "(:= {} {})", i(name), i(value)),
            Expr::Error => f.write_str("<error>"),
        }
    }
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(" ")
}

fn arg_text(unit: &Unit, arg: &Arg) -> String {
    match arg {
        Arg::Positional(value) => dump_expr(unit, *value),
        Arg::Star(value) => format!("*{}", dump_expr(unit, *value)),
        Arg::Keyword { name, value, .. } => format!("{name}={}", dump_expr(unit, *value)),
        Arg::DoubleStar(value) => format!("**{}", dump_expr(unit, *value)),
    }
}

fn params_text(unit: &Unit, params: &Params) -> String {
    join(params.list.iter().map(|param| {
        let mark = match param.kind {
            ParamKind::PositionalOnly => "/",
            ParamKind::PositionalOrKeyword => "",
            ParamKind::VarPositional => "*",
            ParamKind::KeywordOnly => "kw:",
            ParamKind::VarKeyword => "**",
        };
        let mut text = format!("{mark}{}", dump_expr(unit, param.name));
        if let Some(annotation) = param.annotation {
            let _ = write!(text, ":{}", dump_expr(unit, annotation));
        }
        if let Some(default) = param.default {
            let _ = write!(text, "={}", dump_expr(unit, default));
        }
        text
    }))
}

fn type_params_text(unit: &Unit, params: &[TypeParam]) -> String {
    if params.is_empty() {
        return String::new();
    }
    let params = join(params.iter().map(|param| {
        let star = if param.is_plain { "" } else { "*" };
        let bound = param
            .bound
            .map(|bound| format!(":{}", dump_expr(unit, bound)))
            .unwrap_or_default();
        format!("{star}{}{bound}", dump_expr(unit, param.name))
    }));
    format!(" [{params}]")
}
