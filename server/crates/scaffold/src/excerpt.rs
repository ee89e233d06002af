//! One statement of a module, parsed alone: nobody waits for a parse of the thousands of lines around it.

use crate::{Site, draft::python};
use base::{FileId, Span};
use facts::{Stmt as Program, UnitId};
use model::Field;
use ruff_python_ast::{Stmt, StmtClassDef, StmtFunctionDef};
use style::Source;

/// Stands above a statement that is indented, so that it parses.
const ABOVE_INDENTED: &str = "if True:\n";

/// See the module. Ranges are in bytes of [`Excerpt::text`].
pub(crate) struct Excerpt {
    pub(crate) text: String,
    suite: Vec<Stmt>,
}

impl Excerpt {
    /// The statement that stands on whole lines of a text, if it is one.
    pub(crate) fn of_lines(text: &str, lines: Span) -> Option<Self> {
        let lines = lines.text(text);
        let is_indented = lines.starts_with([' ', '\t']);
        let text = format!("{}{lines}\n", if is_indented { ABOVE_INDENTED } else { "" });
        let suite = python::suite(&text).ok()?;
        Some(Self { text, suite })
    }

    /// The first function or class of a name in a file, that of the module's own code before others.
    pub(crate) fn definition(site: &Site<'_>, file: FileId, name: &str) -> Option<Self> {
        let source = Source::read(site.ctx.files, file)?;
        let units = (0..source.facts.units.len()).map(|unit| UnitId(unit as u32));
        let span = units.into_iter().find_map(|id| {
            let unit = source.facts.units.get(id.0 as usize)?.read();
            let index = unit.stmts.iter().position(|stmt| match stmt {
                Program::Function(function) => style::last_name(&unit, function.name) == name,
                Program::Class(class) => style::last_name(&unit, class.name) == name,
                _ => false,
            })?;
            Some(source.spans.stmt(id, facts::StmtId(index as u32)))
        })?;
        Self::of_lines(&source.text, source.lines(span))
    }

    /// The lines of a class on which a field is declared.
    pub(crate) fn declaration(source: &Source, field: &Field) -> Option<Self> {
        let unit = source.facts.units.get(field.at.unit.0 as usize)?.read();
        let index = unit.stmts.iter().position(|stmt| match stmt {
            Program::AnnAssign { target, .. } => *target == field.at.expr,
            Program::Assign { targets, .. } => targets.contains(&field.at.expr),
            _ => false,
        })?;
        let span = source.spans.stmt(field.at.unit, facts::StmtId(index as u32));
        Self::of_lines(&source.text, source.lines(span))
    }

    /// The statements, with those in which an indented one is put.
    pub(crate) fn suite(&self) -> &[Stmt] {
        &self.suite
    }

    /// The function that it is.
    pub(crate) fn function(&self) -> Option<&StmtFunctionDef> {
        self.stmt()?.as_function_def_stmt()
    }

    /// The class that it is.
    pub(crate) fn class(&self) -> Option<&StmtClassDef> {
        self.stmt()?.as_class_def_stmt()
    }

    /// The statements that stand on the lines.
    pub(crate) fn block(&self) -> &[Stmt] {
        match self.suite.as_slice() {
            [Stmt::If(around)] if self.text.starts_with(ABOVE_INDENTED) => &around.body,
            suite => suite,
        }
    }

    fn stmt(&self) -> Option<&Stmt> {
        self.block().first()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "class A:\n    @property\n    def b(self):\n        return 1\n";

    #[test]
    fn an_indented_statement_parses_alone() {
        let excerpt = Excerpt::of_lines(TEXT, Span::new(9, TEXT.len() as u32 - 1)).unwrap();
        assert_eq!(excerpt.function().unwrap().name.as_str(), "b");
        assert!(excerpt.class().is_none());
    }

    #[test]
    fn half_a_statement_is_none() {
        assert!(Excerpt::of_lines(TEXT, Span::new(9, 22)).is_none());
    }
}
