//! The sibling's statements with the new resource's fields: those that take a place are renamed, the others added, and what
//! is about fields that are gone goes with them.

mod added;
mod assignments;
mod conflicts;
mod declarations;
mod elements;
mod gone;
mod nulls;
mod parameters;

pub(super) use conflicts::Conflict;
pub(super) use nulls::NullCheck;

use super::{
    copy::Copy,
    edits::Edits,
    find::File,
    lines::{ClassKind, Dialect},
    outcome::binds,
    visit::{Expressions, Inner, Names, Uses, bound_in, bound_once, made_in, names_in, raises, refuses},
};
use crate::draft::python;
use base::FileId;
use ruff_python_ast::{self as ast, Expr, Stmt, visitor::source_order::SourceOrderVisitor};
use ruff_text_size::{Ranged, TextRange, TextSize};
use std::collections::{BTreeMap, BTreeSet};

/// One statement of a module's top level in the making.
pub(super) struct Rewriter<'a> {
    copy: &'a mut Copy,
    file: FileId,
    text: &'a str,
    suite: &'a [Stmt],
    dialect: &'a Dialect,
    edits: Edits,
    /// Local names that nothing binds any more.
    unbound: BTreeSet<String>,
    /// Parameters and variables of the function.
    locals: BTreeSet<String>,
    /// Those of them that what was added reads.
    added_reads: BTreeSet<String>,
    /// Whether the function takes the fields over that take no place.
    assigns_added: bool,
    /// Where dicts begin of which nothing is left.
    emptied: BTreeSet<TextSize>,
    /// What variables hold that a function without arguments made.
    made: BTreeMap<String, String>,
    /// Variables whose types are checked: those that an annotated function binds once.
    checked: BTreeSet<String>,
    /// Whether parameters are fixtures, by their names.
    is_test: bool,
    /// Whether the function gave values to fields that are gone.
    lost_values: bool,
    /// Whether the function raises something.
    raises: bool,
    /// Whether what the function makes would need a row of another table, which nothing here makes.
    lacks_row: bool,
}

/// Links of a chain that a query means the same without: what is loaded along, and the order. A condition is no such link.
const LINKS: [&str; 2] = ["options", "order_by"];

/// Names of variables that hold one of the things, whatever they are called.
const HOLDERS: [&str; 12] = [
    "data", "payload", "obj", "obj_in", "entity", "instance", "body", "row", "record", "values", "new", "item_in",
];

impl<'a> Rewriter<'a> {
    pub(super) fn new(copy: &'a mut Copy, file: &'a File, dialect: &'a Dialect, is_test: bool) -> Self {
        Self {
            copy,
            file: file.id,
            text: &file.text,
            suite: &file.suite,
            dialect,
            edits: Edits::default(),
            unbound: BTreeSet::new(),
            locals: BTreeSet::new(),
            added_reads: BTreeSet::new(),
            assigns_added: false,
            emptied: BTreeSet::new(),
            made: BTreeMap::new(),
            checked: BTreeSet::new(),
            is_test,
            lost_values: false,
            raises: false,
            lacks_row: false,
        }
    }

    /// The statement as the new resource has it, with what stands above it from `start`; nothing where it is left out.
    pub(super) fn statement(mut self, stmt: &Stmt, start: usize) -> Option<String> {
        let is_left_out = |name: &String| self.copy.is_left_out(name, self.is_test);
        let is_kept = match stmt {
            Stmt::ClassDef(class) => self.class(class),
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::Assign(_) | Stmt::AnnAssign(_) if binds(stmt).iter().any(is_left_out) => false,
            _ => self.block(std::slice::from_ref(stmt)) > 0,
        };
        if !is_kept {
            if let Some(name) = name_of(stmt) {
                self.copy.leave_out(name, self.is_test);
            }
            return None;
        }
        let range = TextRange::new((start as u32).into(), stmt.end());
        self.fill(stmt, range.end().to_usize());
        Some(self.edits.applied(self.text, range))
    }

    /// A block of which nothing is left does nothing: an `except`, an `else`.
    fn fill(&mut self, stmt: &Stmt, end: usize) {
        let clauses = stmt.as_if_stmt().map_or(&[][..], |branch| &branch.elif_else_clauses);
        for block in python::blocks(stmt) {
            let is_left = |stmt: &Stmt| !self.edits.deletes(stmt.range());
            let (Some(first), Some(last)) = (block.first(), block.last()) else {
                continue;
            };
            let mut clauses = clauses.iter().map(Ranged::range);
            if clauses.any(|clause| clause.contains_range(first.range()) && self.edits.deletes(clause)) {
                continue;
            }
            if block.iter().any(is_left) {
                let left: Vec<&Stmt> = block.iter().filter(|inner| is_left(inner)).collect();
                for inner in left {
                    self.fill(inner, end);
                }
                continue;
            }
            let behind = last.end().to_usize();
            // A class has said so itself.
            if stmt.is_class_def_stmt() {
                continue;
            }
            let line_end = self.text[behind..]
                .find('\n')
                .map_or(self.text.len(), |at| behind + at + 1);
            let text = format!("{}pass", self.indent(first));
            match line_end <= end {
                true => self.edits.insert(line_end, format!("{text}\n")),
                false => self.edits.insert(end, text),
            }
        }
    }

    fn class(&mut self, class: &ast::StmtClassDef) -> bool {
        if self.copy.is_left_out(&class.name, self.is_test) {
            return false;
        }
        match self.kind_of(&class.name) {
            Some(kind) => self.declarations(class, kind),
            None if self.copy.renaming.is_about(&class.name) => self.values_by_field(class),
            None => {}
        }
        let mut kept = 0;
        for stmt in &class.body {
            kept += usize::from(match stmt {
                Stmt::FunctionDef(method) => {
                    let is_kept = self.function(method);
                    if !is_kept {
                        self.copy.leave_out(method.name.to_string(), self.is_test);
                        self.delete_statement(stmt);
                    }
                    is_kept
                }
                _ if self.edits.covers(stmt.range()) => !self.edits.deletes(stmt.range()),
                Stmt::Expr(e) if e.value.is_string_literal_expr() => {
                    self.docstring(e, &class.name, true);
                    true
                }
                _ => self.block(std::slice::from_ref(stmt)) > 0,
            });
        }
        if kept == 0 {
            let end = class.range().end();
            self.edits.replace(TextRange::empty(end), "\n    pass");
        }
        true
    }

    fn function(&mut self, function: &ast::StmtFunctionDef) -> bool {
        let name = function.name.as_str();
        if self.copy.map.is_gone(name) || self.copy.is_left_out(name, self.is_test) || self.tests_gone(name) {
            return false;
        }
        let is_gone = |decorator: &ast::Decorator| self.mentions(&decorator.expression);
        if function.decorator_list.iter().any(is_gone) {
            return false;
        }
        let parameters = &function.parameters;
        let asks = self.is_test && (name.starts_with("test") || !function.decorator_list.is_empty());
        let is_fixture_gone = |name: &str| asks && self.copy.is_left_out(name, true);
        // A test's fixture is no longer asked for where nothing uses it; others have callers.
        let is_lost = |name: &str| (!self.is_test && self.copy.map.drops(name)) || is_fixture_gone(name);
        if parameters.iter_non_variadic_params().any(|p| is_lost(p.name())) {
            return false;
        }
        self.unbound.clear();
        self.locals = bound_in(function);
        self.added_reads.clear();
        self.assigns_added = false;
        self.made = made_in(&function.body);
        self.checked = match function.returns {
            Some(_) => bound_once(&function.body),
            None => BTreeSet::new(),
        };
        self.lost_values = false;
        self.lacks_row = false;
        let was_raising = std::mem::replace(&mut self.raises, raises(function));
        let is_kept = self.function_body(function);
        self.raises = was_raising;
        is_kept
    }

    fn function_body(&mut self, function: &ast::StmtFunctionDef) -> bool {
        let before = names_in(&function.body);
        // What nothing uses any more after the first round goes in the second.
        for _ in 0..2 {
            let docstring = function.body.first().filter(|stmt| is_docstring(stmt));
            if let Some(Stmt::Expr(e)) = docstring {
                self.docstring(e, &function.name, false);
            }
            let body = &function.body[usize::from(docstring.is_some())..];
            if self.block(body) == 0 || self.loses_answer(body) {
                return false;
            }
            self.unused_assignments(body);
            if body.iter().all(|stmt| self.edits.deletes(stmt.range())) {
                return false;
            }
        }
        if self.is_test && self.lost_values && refuses(function) {
            return false;
        }
        if self.lacks_row {
            self.copy.rowless.insert(function.name.to_string());
            return false;
        }
        if !self.keeps_signature(&function.parameters) {
            return false;
        }
        self.answer_conflicts(function);
        self.rename_function(function);
        self.unused_parameters(function, &before);
        true
    }

    /// What parameters are annotated with and what they are by default: `sort: Literal["title", "-title"] = "title"`.
    fn keeps_signature(&mut self, parameters: &ast::Parameters) -> bool {
        let said = parameters.iter_non_variadic_params();
        let said: Vec<&Expr> = said
            .flat_map(|parameter| parameter.annotation().into_iter().chain(parameter.default()))
            .collect();
        let is_kept = !said.iter().any(|expr| self.mentions(expr));
        if is_kept {
            said.into_iter().for_each(|expr| self.expression(expr));
        }
        is_kept
    }

    /// Whether a test is named after a field that is gone: `test_create_without_owner`.
    fn tests_gone(&self, name: &str) -> bool {
        let is_gone = |word: &str| self.copy.map.drops(word) || self.copy.map.drops(&format!("{word}_id"));
        name.strip_prefix("test_")
            .is_some_and(|name| name.split('_').any(is_gone))
    }

    fn rename_function(&mut self, function: &ast::StmtFunctionDef) {
        if let Some(new) = self
            .copy
            .map
            .function(&function.name)
            .filter(|new| *new != *function.name)
        {
            self.edits.replace(function.name.range(), new);
        }
        for parameter in function.parameters.iter_non_variadic_params() {
            if let Some(new) = self.copy.map.new_name(parameter.name()).map(str::to_owned) {
                self.edits.replace(parameter.parameter.name.range(), new.clone());
                self.rename_uses(&function.body, parameter.name(), &new);
                self.rename_in_paths(function, parameter.name(), &new);
            }
        }
    }

    /// A parameter of the path, in the paths of the decorators.
    fn rename_in_paths(&mut self, function: &ast::StmtFunctionDef, old: &str, new: &str) {
        let mut inner = Inner::default();
        for decorator in &function.decorator_list {
            inner.visit_expr(&decorator.expression);
        }
        for string in inner.found.iter().filter_map(|expr| expr.as_string_literal_expr()) {
            let written = &self.text[string.range()];
            let renamed = [('{', '}'), ('{', ':')]
                .iter()
                .fold(written.to_owned(), |path, (open, close)| {
                    path.replace(&format!("{open}{old}{close}"), &format!("{open}{new}{close}"))
                });
            if renamed != written {
                self.edits.replace(string.range(), renamed);
            }
        }
    }

    fn rename_uses(&mut self, body: &[Stmt], old: &str, new: &str) {
        let mut uses = Uses {
            name: old,
            ranges: Vec::new(),
        };
        uses.visit_body(body);
        for range in uses.ranges {
            self.edits.replace(range, new);
        }
    }

    /// Whether a `return` with a value is among what is left out.
    fn loses_answer(&self, body: &[Stmt]) -> bool {
        body.iter().any(|stmt| match stmt {
            Stmt::Return(answer) => answer.value.is_some() && self.edits.covers(stmt.range()),
            _ => false,
        })
    }

    /// Parameters that the body used before and does not any more.
    fn unused_parameters(&mut self, function: &ast::StmtFunctionDef, before: &BTreeSet<String>) {
        let left = self.names_left(&function.body);
        let is_gone = |name: &str, range: TextRange| {
            before.contains(name) && !left.contains(name) && !self.is_guard(&self.text[range])
        };
        let elements = parameters::elements(self.text, &function.parameters, is_gone);
        self.thin(elements, &[]);
    }

    /// Whether a parameter asks who is asking.
    fn is_guard(&self, parameter: &str) -> bool {
        let mut words = parameter.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.any(|word| self.copy.guards.contains(word))
    }

    /// Assignments of which nothing reads the value any more, though something did.
    fn unused_assignments(&mut self, body: &[Stmt]) {
        for (at, stmt) in body.iter().enumerate() {
            let Some(name) = assigned(stmt) else { continue };
            // Up to where it is bound anew, that statement's own value included.
            let rest = &body[at + 1..];
            let next = rest
                .iter()
                .position(|stmt| assigned(stmt) == Some(name) && !self.edits.deletes(stmt.range()));
            let reach = &rest[..next.map_or(rest.len(), |next| next + 1)];
            let was_read = names_in(reach).contains(name);
            if was_read && !self.edits.covers(stmt.range()) && !self.names_left(reach).contains(name) {
                if next.is_none() {
                    self.unbound.insert(name.to_owned());
                }
                self.delete_statement(stmt);
            }
        }
    }

    /// Names that stand in what is not left out.
    fn names_left(&self, body: &[Stmt]) -> BTreeSet<String> {
        let mut names = Names {
            edits: Some(&self.edits),
            ..Names::default()
        };
        names.visit_body(body);
        names.loaded.extend(self.added_reads.iter().cloned());
        names.loaded
    }

    /// Goes through statements; how many are left.
    fn block(&mut self, body: &[Stmt]) -> usize {
        let mut kept = 0;
        for stmt in body {
            if self.edits.covers(stmt.range()) {
                continue;
            }
            if self.replaces_assignment(stmt) || self.keeps(stmt) {
                kept += 1;
            } else {
                self.forget(stmt);
                self.delete_statement(stmt);
            }
        }
        kept
    }

    fn keeps(&mut self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::If(branch) => {
                if self.mentions(&branch.test) || self.block(&branch.body) == 0 {
                    return false;
                }
                self.expression(&branch.test);
                self.repeat_for_added(branch);
                for clause in &branch.elif_else_clauses {
                    if clause.test.as_ref().is_some_and(|test| self.mentions(test)) || self.block(&clause.body) == 0 {
                        self.edits.delete(clause.start().to_usize(), clause.end().to_usize());
                    }
                }
                true
            }
            Stmt::For(each) => self.keeps_around(&[&each.iter], &each.body),
            Stmt::While(round) => self.keeps_around(&[&round.test], &round.body),
            Stmt::With(with) => {
                let managers: Vec<&Expr> = with.items.iter().map(|item| &item.context_expr).collect();
                self.keeps_around(&managers, &with.body)
            }
            Stmt::Try(attempt) => {
                if self.block(&attempt.body) == 0 {
                    return false;
                }
                for ast::ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
                    self.block(&handler.body);
                }
                self.block(&attempt.orelse);
                self.block(&attempt.finalbody);
                true
            }
            Stmt::Assign(assign) if self.says_nothing(assign) || self.empties_settings(assign) => false,
            Stmt::FunctionDef(inner) => {
                let unbound = self.unbound.clone();
                let is_kept = self.function(inner);
                self.unbound.extend(unbound);
                is_kept
            }
            Stmt::ClassDef(inner) => self.class(inner),
            _ => {
                let mut expressions = Expressions::default();
                expressions.visit_stmt(stmt);
                let is_kept = !expressions.found.iter().any(|expr| self.mentions(expr));
                if is_kept {
                    for expr in expressions.found {
                        self.expression(expr);
                    }
                    self.annotate_emptied(stmt);
                }
                is_kept
            }
        }
    }

    /// Says what an empty dict is one of: nothing in it tells.
    fn annotate_emptied(&mut self, stmt: &Stmt) {
        let Stmt::Assign(assign) = stmt else { return };
        if self.emptied.contains(&assign.value.start())
            && assigned(stmt).is_some_and(|name| self.checked.contains(name))
        {
            let behind = assign.targets[0].end().to_usize();
            self.edits.insert(behind, ": dict[str, object]".to_owned());
        }
    }

    /// A block with what stands at its head.
    fn keeps_around(&mut self, head: &[&Expr], body: &[Stmt]) -> bool {
        if head.iter().any(|expr| self.mentions(expr)) || self.block(body) == 0 {
            return false;
        }
        for expr in head {
            self.expression(expr);
        }
        true
    }

    /// A condition on one field by its name as text, which has to hold for every field that must be there, is repeated for
    /// the fields that take no place.
    fn repeat_for_added(&mut self, branch: &ast::StmtIf) {
        let mut inner = Inner::default();
        inner.visit_expr(&branch.test);
        let named = inner.found.iter().find_map(|expr| {
            let name = expr.as_string_literal_expr()?.value.to_str();
            (self.copy.required.contains(name) && self.copy.map.new_name(name).is_some()).then_some(name)
        });
        let Some(name) = named.filter(|_| !self.is_test) else {
            return;
        };
        let indent = &self.text[self.text[..branch.start().to_usize()]
            .rfind('\n')
            .map_or(0, |at| at + 1)..branch.start().to_usize()];
        let written = &self.text[branch.range()];
        let again: String = self
            .added()
            .filter(|spec| !spec.optional)
            .map(|spec| {
                let own = written.replace(&format!("\"{name}\""), &format!("\"{}\"", spec.name));
                format!(
                    "\n{indent}{}",
                    own.replace(&format!("'{name}'"), &format!("'{}'", spec.name))
                )
            })
            .collect();
        if !again.is_empty() {
            self.edits.replace(TextRange::empty(branch.end()), again);
        }
    }

    /// Names that a statement that is left out would have bound.
    fn forget(&mut self, stmt: &Stmt) {
        if let Stmt::AnnAssign(_) = stmt {
            self.unbound.extend(assigned(stmt).map(str::to_owned));
        }
        if let Stmt::Assign(assign) = stmt
            && !self.says_nothing(assign)
        {
            for target in &assign.targets {
                let names = match target {
                    Expr::Name(name) => vec![name.id.to_string()],
                    Expr::Tuple(tuple) => tuple
                        .elts
                        .iter()
                        .filter_map(|e| Some(e.as_name_expr()?.id.to_string()))
                        .collect(),
                    _ => Vec::new(),
                };
                self.unbound.extend(names);
            }
        }
    }

    /// What can be cut out of an expression or renamed in it.
    fn expression(&mut self, expr: &Expr) {
        let mut inner = Inner::default();
        inner.visit_expr(expr);
        for expr in inner.found {
            match expr {
                Expr::Call(call) => self.call(call),
                Expr::Dict(dict) => self.dict(dict),
                Expr::List(ast::ExprList { elts, .. }) | Expr::Set(ast::ExprSet { elts, .. }) => self.elements(elts),
                Expr::Tuple(tuple) => self.tuple(&tuple.elts),
                Expr::Attribute(attribute) => self.attribute(attribute),
                Expr::StringLiteral(string) => {
                    let name = unsigned(string.value.to_str());
                    if let Some(new) = self.copy.map.new_name(name).map(str::to_owned) {
                        let quoted = &self.text[string.range()];
                        self.edits.replace(string.range(), quoted.replace(name, &new));
                    }
                }
                Expr::Name(name) => {
                    if let Some(new) = self.copy.map.function(&name.id).filter(|new| *new != *name.id) {
                        self.edits.replace(name.range(), new);
                    }
                }
                _ => {}
            }
        }
    }

    fn attribute(&mut self, attribute: &ast::ExprAttribute) {
        let name = attribute.attr.as_str();
        let renamed = match self.copy.map.new_name(name) {
            Some(new) if self.holds_one(&attribute.value) => Some(new.to_owned()),
            _ => self.copy.map.function(name).filter(|new| new != name),
        };
        if let Some(new) = renamed {
            self.edits.replace(attribute.attr.range(), new);
        }
    }

    fn call(&mut self, call: &ast::ExprCall) {
        if let Expr::Attribute(link) = &*call.func
            && LINKS.contains(&link.attr.as_str())
        {
            let arguments = &call.arguments;
            let all_gone = !arguments.is_empty()
                && arguments.args.iter().all(|arg| self.says_gone(arg))
                && arguments.keywords.is_empty();
            if all_gone {
                self.edits.delete(link.value.end().to_usize(), call.end().to_usize());
                return;
            }
        }
        let is_constructor = self.holds_one(&call.func);
        // `crud_books.get(db, title=title)`: what is asked for by its name as a column.
        let is_own = is_constructor || self.is_own_call(&call.func);
        let arguments = &call.arguments;
        let mut given = Vec::new();
        let mut elements: Vec<(TextRange, bool)> = arguments
            .args
            .iter()
            .map(|argument| (argument.range(), self.is_emptied(argument)))
            .collect();
        for keyword in &arguments.keywords {
            let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
            let is_gone = self.copy.map.drops(name) && (is_constructor || self.says_gone(&keyword.value));
            let is_gone = is_gone || self.is_emptied(&keyword.value);
            if !is_gone
                && is_own
                && let Some(new) = self.copy.map.new_name(name).map(str::to_owned)
            {
                self.edits
                    .replace(TextRange::at(keyword.start(), (name.len() as u32).into()), new);
            }
            elements.push((keyword.range(), is_gone));
            given.push(name);
        }
        let mut added = match is_constructor && self.is_whole(&given) {
            true => self.added_keywords(call),
            false => Vec::new(),
        };
        added.extend(self.left_out(call));
        self.thin(elements, &added);
    }

    /// Whether a function or method is called that is the sibling's, or a method of what is.
    fn is_own_call(&self, callee: &Expr) -> bool {
        match callee {
            Expr::Name(name) => self.copy.renaming.is_about(&name.id),
            Expr::Attribute(method) => self.copy.renaming.is_about(&method.attr) || self.is_own_call(&method.value),
            _ => false,
        }
    }

    fn thin(&mut self, mut elements: Vec<(TextRange, bool)>, added: &[String]) {
        elements.sort_by_key(|(range, _)| range.start());
        let (ranges, is_gone): (Vec<TextRange>, Vec<bool>) = elements.into_iter().unzip();
        if is_gone.contains(&true) || !added.is_empty() {
            self.edits.thin(self.text, &ranges, &is_gone, added);
        }
    }

    /// A docstring that speaks of a field that is gone says only what the thing is.
    fn docstring(&mut self, stmt: &ast::StmtExpr, name: &str, is_class: bool) {
        let Expr::StringLiteral(string) = &*stmt.value else {
            return;
        };
        let text = string.value.to_str();
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .map(|word| style::words::singular(&word.to_lowercase()))
            .collect();
        let is_of_table = self.kind_of(name) == Some(ClassKind::Table);
        let speaks_of_others = words.iter().any(|word| self.copy.map.drops(word));
        let names_it = words.iter().any(|word| self.copy.renaming.is_about(word));
        if !speaks_of_others && (names_it || !is_of_table) {
            return;
        }
        let one = style::words::spoken(&self.copy.one);
        let verb = style::words::snake(name.strip_prefix("test_").unwrap_or(name));
        let verb = verb.split('_').next().unwrap_or_default();
        let verb = if self.copy.renaming.is_about(verb) {
            "make"
        } else {
            verb
        };
        let sentence = match is_class {
            true => format!("{}.", capitalized(&crate::template::article(&one))),
            false => format!("{} {}.", capitalized(verb), crate::template::article(&one)),
        };
        self.edits.replace(string.range(), format!("\"\"\"{sentence}\"\"\""));
    }

    fn indent(&self, stmt: &Stmt) -> String {
        let start = stmt.start().to_usize();
        let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        self.text[line..start].to_owned()
    }

    /// Removes a statement with its line, and the comments right above it.
    fn delete_statement(&mut self, stmt: &Stmt) {
        let mut start = self.text[..stmt.start().to_usize()].rfind('\n').map_or(0, |at| at + 1);
        while let Some(above) = self.text[..start].strip_suffix('\n') {
            let line = above.rfind('\n').map_or(0, |at| at + 1);
            if !above[line..].trim_start().starts_with('#') {
                break;
            }
            start = line;
        }
        let end = stmt.end().to_usize();
        let end = self.text[end..].find('\n').map_or(self.text.len(), |at| end + at + 1);
        self.edits.delete(start, end);
    }
}

pub(super) fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn name_of(stmt: &Stmt) -> Option<String> {
    match stmt {
        Stmt::FunctionDef(function) => Some(function.name.to_string()),
        Stmt::ClassDef(class) => Some(class.name.to_string()),
        _ => None,
    }
}

/// The name to which a statement assigns, and nothing else.
fn assigned(stmt: &Stmt) -> Option<&str> {
    let target = match stmt {
        Stmt::Assign(assign) => match assign.targets.as_slice() {
            [target] => target,
            _ => return None,
        },
        Stmt::AnnAssign(assign) => assign.value.as_ref().map(|_| &*assign.target)?,
        _ => return None,
    };
    target.as_name_expr().map(|name| name.id.as_str())
}

/// The name of a field in `-name`, which sorts by it from the end.
fn unsigned(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

fn is_docstring(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Expr(e) if e.value.is_string_literal_expr())
}
