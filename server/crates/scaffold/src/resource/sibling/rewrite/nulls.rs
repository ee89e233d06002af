//! What refuses `null` for columns that have to be there, where the sibling leaves that to the database: a schema of changes has
//! every field optional, and what is sent as `null` is no value that is there already.

use super::Rewriter;
use crate::{
    Site,
    resource::sibling::{find::Sibling, lines::ClassKind},
    schemas,
};
use ruff_python_ast::{self as ast, Stmt};
use ruff_text_size::Ranged;

/// How a class of the copy refuses it.
pub(in crate::resource::sibling) struct NullCheck {
    /// Whether Pydantic is older than 2.
    is_old: bool,
    has_docstrings: bool,
    /// Whether Python has `typing.Self`.
    has_self: bool,
}

impl NullCheck {
    /// Nothing where the sibling takes no `null` over: it leaves out what is `None`.
    pub(in crate::resource::sibling) fn of(site: &Site<'_>, sibling: &Sibling<'_>) -> Option<Self> {
        // `if value is not None:` of what is set, and `if data.title is not None:`.
        let tests_field = |subject: &str| {
            let (_, field) = subject.rsplit_once('.').unwrap_or_default();
            matches!(subject, "value" | "v" | "val") || sibling.table.fields.iter().any(|known| *known.name == *field)
        };
        let tests = |line: &str| {
            let tested = line.match_indices(" is not None").map(|(at, _)| &line[..at]);
            let mut subjects = tested.filter_map(|before| before.split_whitespace().next_back());
            subjects.any(tests_field)
        };
        let takes_none = |text: &str| text.lines().any(|line| line.contains("exclude_none") || tests(line));
        let is_own = |file: &&super::File| !crate::ground::is_test(site.root, &file.path);
        if sibling.files.iter().filter(is_own).any(|file| takes_none(&file.text)) {
            return None;
        }
        let pydantic = site.ctx.modules.package_version(sibling.table.def.file, "pydantic");
        Some(Self {
            is_old: pydantic.is_some_and(|version| version.starts_with("1.")),
            has_docstrings: site.ground().has_docstrings,
            has_self: site.ctx.python.is_none_or(|minor| minor >= 11),
        })
    }

    /// Imports that the check may need; those that nothing uses are dropped later.
    pub(in crate::resource::sibling) fn imports(&self) -> &'static str {
        match self.is_old {
            true => "from pydantic import validator",
            false => "from typing import Self\nfrom pydantic import model_validator",
        }
    }
}

impl Rewriter<'_> {
    /// The check of a class in which all fields are optional; nothing where it has one, or where nothing has to be there.
    pub(super) fn null_check(&self, class: &ast::StmtClassDef, kind: ClassKind, lines: &[String]) -> Option<String> {
        let check = self.copy.null_check.as_ref().filter(|_| kind != ClassKind::Table)?;
        let checks_none = |stmt: &Stmt| {
            let Stmt::FunctionDef(method) = stmt else { return false };
            let is_validator = |decorator: &ast::Decorator| self.text[decorator.range()].contains("validator");
            method.decorator_list.iter().any(is_validator) && self.text[method.range()].contains("None")
        };
        if class.body.iter().any(checks_none) {
            return None;
        }
        let declared = |name: &str| {
            lines.iter().any(|line| {
                let rest = line.strip_prefix(name);
                rest.is_some_and(|rest| rest.starts_with(':'))
            })
        };
        let kept = self.copy.specs.iter().filter(|spec| !spec.optional);
        let kept: Vec<String> = kept.map(|spec| spec.column()).filter(|name| declared(name)).collect();
        if kept.is_empty() {
            return None;
        }
        let names = kept
            .iter()
            .map(|name| format!("\"{name}\""))
            .collect::<Vec<_>>()
            .join(", ");
        let docstring = match check.has_docstrings {
            true => "    \"\"\"Refuse to empty what has to be there.\"\"\"\n",
            false => "",
        };
        let text = match (check.is_old, check.has_self) {
            (true, _) => format!(
                "@validator({names}, pre=True)\n\
                 def required_fields_stay(cls, value):\n{docstring}    \
                 if value is None:\n        raise ValueError(\"it can't be null\")\n    return value"
            ),
            (false, true) => schemas::required_fields_stay(&names, "Self", docstring),
            (false, false) => schemas::required_fields_stay(&names, &format!("\"{}\"", class.name), docstring),
        };
        let indent = self.indent(class.body.first()?);
        let lines = text.lines().map(|line| match line.is_empty() {
            true => "\n".to_owned(),
            false => format!("\n{indent}{line}"),
        });
        Some(format!("\n{}", lines.collect::<String>()))
    }
}
