//! What refuses `null` for columns that have to be there, where the sibling leaves that to the database: a schema of changes has
//! every field optional, and what is sent as `null` is no value that is there already.

use super::Rewriter;
use crate::{
    Site,
    resource::sibling::{
        copy::Copy,
        find::Sibling,
        lines::ClassKind,
        outcome::{is_named_after, is_own},
    },
    schemas,
};
use ruff_python_ast::{self as ast, Stmt};
use ruff_text_size::Ranged;
use std::path::Path;

/// What the copy does with it.
pub(in crate::resource::sibling) enum NullCheck {
    /// A class refuses it.
    Refused(Validator),
    /// It is not written, as nothing of the new resource can be emptied and others of the project do that.
    LeftOut,
}

/// How a class refuses it.
pub(in crate::resource::sibling) struct Validator {
    /// Whether Pydantic is older than 2.
    is_old: bool,
    has_docstrings: bool,
    /// Whether Python has `typing.Self`.
    has_self: bool,
}

impl NullCheck {
    /// Nothing where what is copied takes no `null` over: it leaves out what is `None`.
    pub(in crate::resource::sibling) fn of(site: &Site<'_>, copy: &Copy, sibling: &Sibling<'_>) -> Option<Self> {
        let can_be_emptied = copy.specs.iter().any(|spec| spec.optional);
        let is_app = |path: &Path| !crate::ground::is_test(site.root, path);
        let own = sibling.files.iter().filter(|file| is_app(&file.path));
        let copied: Vec<&str> = own
            .flat_map(|file| {
                let is_own = is_own(site, copy, &file.path);
                let copied = file
                    .suite
                    .iter()
                    .filter(move |stmt| is_own || is_named_after(copy, stmt));
                copied.map(|stmt| &file.text[stmt.range()])
            })
            .collect();
        if copied.iter().any(|text| leaves_none(text, sibling)) {
            return None;
        }
        let dumps_itself = copied.iter().any(|text| text.contains(PARTIAL));
        let leaves_out = |line: &str| line.contains("exclude_none=True") && line.contains(PARTIAL);
        let others_do = || {
            let mut others = site.disk.python_files().into_iter().filter(|path| is_app(path));
            others.any(|path| site.disk.text(&path).is_some_and(|text| text.lines().any(leaves_out)))
        };
        if !can_be_emptied && dumps_itself && others_do() {
            return Some(Self::LeftOut);
        }
        let pydantic = site.ctx.modules.package_version(sibling.table.def.file, "pydantic");
        Some(Self::Refused(Validator {
            is_old: pydantic.is_some_and(|version| version.starts_with("1.")),
            has_docstrings: site.ground().has_docstrings,
            has_self: site.ctx.python.is_none_or(|minor| minor >= 11),
        }))
    }

    /// Imports that the check may need; those that nothing uses are dropped later.
    pub(in crate::resource::sibling) fn imports(&self) -> &'static str {
        match self {
            Self::LeftOut => "",
            Self::Refused(Validator { is_old: true, .. }) => "from pydantic import validator",
            Self::Refused(_) => "from typing import Self\nfrom pydantic import model_validator",
        }
    }
}

/// Whether code leaves out what is `None`: `exclude_none`, `if value is not None:` of what is set, `if data.title is not None:`.
fn leaves_none(text: &str, sibling: &Sibling<'_>) -> bool {
    let tests_field = |subject: &str| {
        let (_, field) = subject.rsplit_once('.').unwrap_or_default();
        matches!(subject, "value" | "v" | "val") || sibling.table.fields.iter().any(|known| *known.name == *field)
    };
    let tests = |line: &str| {
        let tested = line.match_indices(" is not None").map(|(at, _)| &line[..at]);
        let mut subjects = tested.filter_map(|before| before.split_whitespace().next_back());
        subjects.any(tests_field)
    };
    text.lines().any(|line| line.contains("exclude_none") || tests(line))
}

/// By which a dump is one of changes.
const PARTIAL: &str = "exclude_unset=True";

impl Rewriter<'_> {
    /// The argument by which a dump of changes leaves out what is `null`.
    pub(super) fn left_out(&self, call: &ast::ExprCall) -> Option<String> {
        let method = call.func.as_attribute_expr()?.attr.as_str();
        let is_left_out = matches!(self.copy.null_check, Some(NullCheck::LeftOut)) && !self.is_test;
        let is_dump = matches!(method, "model_dump" | "dict");
        let is_partial = || call.arguments.find_keyword("exclude_unset").is_some();
        (is_left_out && is_dump && is_partial()).then(|| "exclude_none=True".to_owned())
    }

    /// The check of a class in which all fields are optional; nothing where it has one, or where nothing has to be there.
    pub(super) fn null_check(&self, class: &ast::StmtClassDef, kind: ClassKind, lines: &[String]) -> Option<String> {
        let Some(NullCheck::Refused(check)) = self.copy.null_check.as_ref().filter(|_| kind != ClassKind::Table) else {
            return None;
        };
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
