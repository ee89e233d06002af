//! The classes that declare fields, and those that give each a value.

use super::{Rewriter, added::python_sample, is_docstring};
use crate::resource::{
    fields::{FieldKind, FieldSpec, Plain},
    sibling::{lines::ClassKind, outcome::mentions_word},
};
use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};
use std::collections::BTreeSet;

impl Rewriter<'_> {
    /// What a class of this file declares fields for, if it does.
    pub(super) fn kind_of(&self, class: &str) -> Option<ClassKind> {
        self.copy.classes.get(&(self.file, class.to_owned())).copied()
    }

    /// Whether a statement declares a field of what is sent to create one.
    fn is_sent(&self, stmt: &Stmt) -> bool {
        self.copy.sent.contains(&(self.file, stmt.start().to_u32()))
    }

    /// A class that gives each field a value of its own, such as a factory of test data.
    pub(super) fn values_by_field(&mut self, class: &ast::StmtClassDef) {
        let fields: Vec<(&str, &Stmt)> = class
            .body
            .iter()
            .filter_map(|stmt| Some((assigned_name(stmt)?, stmt)))
            .filter(|(name, _)| self.copy.map.has(name))
            .collect();
        let given: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        let lacking: Vec<&FieldSpec> = match (makes_rows(class), self.is_whole(&given)) {
            (true, _) => {
                let taken: Vec<&str> = given.iter().filter_map(|name| self.copy.map.new_name(name)).collect();
                let is_given =
                    |spec: &FieldSpec| taken.contains(&spec.name.as_str()) || taken.contains(&&*spec.column());
                self.copy.specs.iter().filter(|spec| !is_given(spec)).collect()
            }
            (false, true) => self.added().collect(),
            (false, false) => Vec::new(),
        };
        let lacking = lacking.into_iter().filter(|spec| !spec.optional);
        let mut added: Vec<String> = lacking.filter_map(|spec| self.value_in_class(spec)).collect();
        let last = fields.last().map(|(_, stmt)| *stmt);
        for (name, stmt) in fields {
            match self.copy.map.new_name(name).map(str::to_owned) {
                Some(new) => {
                    let range = TextRange::at(stmt.start(), (name.len() as u32).into());
                    self.edits.replace(range, new);
                }
                None if added.is_empty() => self.delete_statement(stmt),
                None => {
                    let lines = std::mem::take(&mut added).join(&format!("\n{}", self.indent(stmt)));
                    self.edits.replace(stmt.range(), lines);
                }
            }
        }
        if added.is_empty() {
            return;
        }
        // All of its own fields go on, or it has none.
        if let Some(last) = last {
            let indent = self.indent(last);
            let lines = added.iter().map(|line| format!("\n{indent}{line}"));
            self.edits.insert(last.end().to_usize(), lines.collect());
        } else if let Some(first) = class.body.iter().find(|stmt| !is_docstring(stmt)) {
            let indent = self.indent(first);
            let lines = added.join(&format!("\n{indent}"));
            self.edits
                .insert(first.start().to_usize(), format!("{lines}\n\n{indent}"));
        }
    }

    /// A field with a value, as a class of test data gives it: another one each time where no two rows may have the same, and
    /// another row where it refers to one.
    fn value_in_class(&self, spec: &FieldSpec) -> Option<String> {
        let name = &spec.name;
        if let FieldKind::Reference(class) = &spec.kind {
            let factory = format!("{class}Factory");
            if !self.text.contains(&format!("class {factory}(")) {
                return None;
            }
            let key = self
                .copy
                .targets
                .get(name)
                .map_or("id", |target| target.table_key.as_str());
            let made = format!("{factory}().{key}");
            let function = self
                .of_factory("LazyFunction")
                .map(|lazy| format!("{lazy}(lambda: {made})"));
            let attribute = || {
                self.of_factory("LazyAttribute")
                    .map(|lazy| format!("{lazy}(lambda _: {made})"))
            };
            return Some(format!("{} = {}", spec.column(), function.or_else(attribute)?));
        }
        let sequence = || {
            let value = match spec.kind {
                FieldKind::Plain(Plain::Int) => "n".to_owned(),
                FieldKind::Plain(Plain::Str) => format!("f\"{name}{{n}}\""),
                _ => return None,
            };
            Some(format!("{name} = {}(lambda n: {value})", self.of_factory("Sequence")?))
        };
        let sequence = if spec.unique { sequence() } else { None };
        sequence.or_else(|| Some(format!("{name} = {}", python_sample(spec)?)))
    }

    /// A name of factory_boy as the module has it.
    fn of_factory(&self, name: &str) -> Option<String> {
        let mut lines = self.text.lines();
        if lines.any(|line| line.trim_end() == "import factory") {
            return Some(format!("factory.{name}"));
        }
        self.text.contains(&format!("{name}(")).then(|| name.to_owned())
    }

    /// Puts the new fields where the old ones are declared.
    pub(super) fn declarations(&mut self, class: &ast::StmtClassDef, kind: ClassKind) {
        let old = self.declared(class);
        if old.is_empty() && kind == ClassKind::Table {
            self.columns(class);
            return;
        }
        let Some((_, first)) = old.first() else { return };
        let declared: BTreeSet<&str> = old.iter().map(|(name, _)| *name).collect();
        let is_partial = self.is_partial(&old, kind);
        let is_annotated = kind == ClassKind::Schema && old.iter().any(|(_, stmt)| told(stmt).is_some());
        let kind = if is_annotated { ClassKind::AnnotatedSchema } else { kind };
        let mut lines = Vec::new();
        for (name, stmt) in &old {
            lines.extend(self.declaration(name, stmt, kind, is_partial));
        }
        // A class that declares nothing but references inherits the rest.
        let is_reference = |name: &&str| name.ends_with("_id") || self.copy.map.has(&format!("{name}_id"));
        let takes_all = !declared.iter().all(is_reference);
        // What is only shown has neither defaults nor limits.
        let is_bare = kind != ClassKind::Table && !is_annotated && old.iter().all(|(_, stmt)| !has_value(stmt));
        let added = self.copy.map.added.clone();
        for name in added.iter().filter(|_| takes_all) {
            if let Some(spec) = self.copy.specs.iter().find(|spec| spec.name == *name) {
                let target = self.copy.targets.get(name);
                lines.push(self.dialect.line(kind, spec, target, is_partial));
            }
        }
        if is_bare {
            // Of what is sent an empty field can be left out.
            let is_sent = old.iter().any(|(_, stmt)| self.is_sent(stmt));
            for line in &mut lines {
                let may_lack = line.contains("= None") || line.contains("default=None");
                line.truncate(line.find(" = ").unwrap_or(line.len()));
                if may_lack && is_sent {
                    line.push_str(" = None");
                }
            }
        }
        if kind == ClassKind::Schema && !is_bare && self.inherits_all(class) {
            self.say_again(&mut lines, &old);
        }
        // Fields without a default stand before those that have one.
        if kind != ClassKind::Table {
            lines.sort_by_key(|line| line.contains(" = "));
        } else if self.dialect.is_dataclass {
            lines.sort_by_key(|line| line.contains("default"));
        }
        let indent = self.indent(first);
        let mut block = lines.join(&format!("\n{indent}"));
        if let Some(check) = (is_partial && !lines.is_empty())
            .then(|| self.null_check(class, kind, &lines))
            .flatten()
        {
            let is_last = class
                .body
                .last()
                .is_some_and(|last| old.iter().any(|(_, stmt)| stmt.range() == last.range()));
            match is_last {
                true => block.push_str(&check),
                false => self.edits.insert(class.end().to_usize(), check),
            }
        }
        for (at, (_, stmt)) in old.iter().enumerate() {
            if at == 0 && !block.is_empty() {
                self.edits.replace(stmt.range(), block.clone());
            } else {
                self.delete_statement(stmt);
            }
        }
    }

    /// The sibling's fields that a class declares.
    fn declared<'c>(&self, class: &'c ast::StmtClassDef) -> Vec<(&'c str, &'c Stmt)> {
        let named = class.body.iter().filter_map(|stmt| match stmt {
            Stmt::AnnAssign(assign) => Some((assign.target.as_name_expr()?.id.as_str(), stmt)),
            _ => None,
        });
        named.filter(|(name, _)| self.copy.map.has(name)).collect()
    }

    /// Whether nothing has to be given of what a class declares.
    fn is_partial(&self, declared: &[(&str, &Stmt)], kind: ClassKind) -> bool {
        declared.iter().all(|(_, stmt)| has_default(stmt)) && !self.copy.required.is_empty() && kind != ClassKind::Table
    }

    /// Whether a class has a base, in the same module, in which all new fields are, and none of them has to be given.
    fn inherits_all(&self, class: &ast::StmtClassDef) -> bool {
        let classes: Vec<&ast::StmtClassDef> = self.suite.iter().filter_map(Stmt::as_class_def_stmt).collect();
        let bases = class.bases().iter().filter_map(Expr::as_name_expr);
        let mut bases = bases.filter_map(|base| classes.iter().find(|class| class.name.id == base.id));
        bases.any(|base| {
            let kind = self.kind_of(&base.name).filter(|kind| *kind == ClassKind::Schema);
            let declared = self.declared(base);
            let is_plain = declared.iter().any(|(name, _)| !name.ends_with("_id"));
            is_plain && kind.is_some_and(|kind| self.is_partial(&declared, kind))
        })
    }

    /// Of fields that are inherited, says only what is different: what has to be given. It has a value if the sibling's has one,
    /// as checkers of types ask of what takes the place of a default.
    fn say_again(&self, lines: &mut Vec<String>, old: &[(&str, &Stmt)]) {
        let optional = |spec: &FieldSpec| {
            self.dialect
                .line(ClassKind::Schema, spec, self.copy.targets.get(&spec.name), true)
        };
        let inherited: Vec<String> = self.copy.specs.iter().map(optional).collect();
        lines.retain(|line| !inherited.contains(line));
        let field = old.iter().find_map(|(_, stmt)| {
            let call = stmt.as_ann_assign_stmt()?.value.as_deref()?.as_call_expr()?;
            (!has_default(stmt)).then(|| &self.text[call.func.range()])
        });
        if let Some(field) = field {
            let bare = lines.iter_mut().filter(|line| !line.contains(" = "));
            bare.for_each(|line| line.push_str(&format!(" = {field}()")));
        }
    }

    /// Puts the new columns where the old ones are, in a table whose columns have no types: `name = Column(String)`.
    fn columns(&mut self, class: &ast::StmtClassDef) {
        let old: Vec<(&str, &Stmt)> = class
            .body
            .iter()
            .filter_map(|stmt| Some((assigned_name(stmt)?, stmt)))
            .filter(|(name, _)| self.copy.map.has(name))
            .collect();
        let calls = old.iter().filter_map(|(_, stmt)| match stmt {
            Stmt::Assign(assign) => assign.value.as_call_expr(),
            _ => None,
        });
        let columns = calls.map(|call| &self.text[call.func.range()]);
        let Some(column) = columns.into_iter().find(|name| name.ends_with("olumn")) else {
            return;
        };
        let lines: Vec<String> = self
            .copy
            .specs
            .iter()
            .map(|spec| {
                self.dialect
                    .untyped_column(column, spec, self.copy.targets.get(&spec.name))
            })
            .collect();
        for (at, (_, stmt)) in old.iter().enumerate() {
            if at == 0 {
                let block = lines.join(&format!("\n{}", self.indent(stmt)));
                self.edits.replace(stmt.range(), block);
            } else {
                self.delete_statement(stmt);
            }
        }
    }

    /// The line of a field that takes the place of one that is declared.
    fn declaration(&mut self, name: &str, stmt: &Stmt, kind: ClassKind, is_partial: bool) -> Option<String> {
        let new = self.copy.map.new_name(name)?.to_owned();
        let spec = self
            .copy
            .specs
            .iter()
            .find(|spec| spec.name == new || format!("{}_id", spec.name) == new)?;
        Some(match &spec.kind {
            // A reference is kept up as the sibling's is, on both sides where it leads to the same class.
            FieldKind::Reference(class) => {
                let rest = self.text[stmt.range()].strip_prefix(name)?;
                // The other side is named after the sibling, and so is repeated there.
                let other_side = rest.split_once("back_populates=").map_or("", |(_, side)| side);
                let other_side = other_side.trim_start_matches(['"', '\'']);
                let end = other_side.find(['"', '\'']).unwrap_or_default();
                let is_repeated =
                    mentions_word(rest, class.as_str()) && self.copy.renaming.is_about(&other_side[..end]);
                match is_repeated {
                    true => format!("{new}{rest}"),
                    false => format!("{new}{}", Self::without_other_side(rest)),
                }
            }
            _ => self
                .dialect
                .line(kind, spec, self.copy.targets.get(&spec.name), is_partial),
        })
    }

    fn without_other_side(text: &str) -> String {
        // The other side of a relationship has no such attribute.
        let Some(at) = text.find("back_populates=") else {
            return text.to_owned();
        };
        let end = text[at..].find([',', ')']).map_or(text.len(), |end| at + end);
        let after = text[end..].trim_start_matches(", ");
        format!("{}{after}", &text[..at]).replace(", )", ")")
    }
}

/// The name that a statement gives a value, `name = …`.
fn assigned_name(stmt: &Stmt) -> Option<&str> {
    let Stmt::Assign(assign) = stmt else { return None };
    match assign.targets.as_slice() {
        [Expr::Name(name)] => Some(name.id.as_str()),
        _ => None,
    }
}

/// Whether a class makes rows of the model that it names: `class Meta: model = Book`.
fn makes_rows(class: &ast::StmtClassDef) -> bool {
    let mut inner = class.body.iter().filter_map(Stmt::as_class_def_stmt);
    inner.any(|inner| &inner.name == "Meta" && inner.body.iter().any(|stmt| assigned_name(stmt) == Some("model")))
}

fn has_value(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::AnnAssign(assign) if assign.value.is_some())
}

/// The call of `Annotated[str, Field(…)]`.
fn told(stmt: &Stmt) -> Option<&ast::ExprCall> {
    let Stmt::AnnAssign(assign) = stmt else { return None };
    let annotation = assign.annotation.as_subscript_expr()?;
    let name = match &*annotation.value {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return None,
    };
    let parts = annotation.slice.as_tuple_expr().filter(|_| name == "Annotated")?;
    parts.elts.iter().skip(1).find_map(Expr::as_call_expr)
}

fn has_default(stmt: &Stmt) -> bool {
    if told(stmt).is_some_and(|call| call.arguments.find_keyword("default").is_some()) {
        return true;
    }
    matches!(stmt, Stmt::AnnAssign(assign) if assign.value.is_some())
        && !matches!(stmt, Stmt::AnnAssign(assign) if matches!(assign.value.as_deref(),
            Some(Expr::Call(call)) if !call.arguments.keywords.iter().any(|k| k.arg.as_ref().is_some_and(|n| n.as_str() == "default"))
                && !matches!(call.arguments.args.first(), Some(Expr::NoneLiteral(_)))))
}
