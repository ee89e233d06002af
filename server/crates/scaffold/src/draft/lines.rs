//! What is added between the lines of a module: fields of a class, and what has to happen before the project is imported.

use super::python;
use crate::app::{Anchor, AppLine};
use ruff_python_ast::{Expr, Stmt, StmtClassDef, StmtImportFrom};
use ruff_text_size::{Ranged, TextSize};
use style::Format;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    /// An annotated field of a class of the module's top level, behind its last one.
    Fields {
        /// The class.
        class: String,
        /// `name: type = value`.
        text: String,
    },
    /// An import that only types need, below `if TYPE_CHECKING:`.
    ForTypes {
        /// The module.
        module: String,
        /// What is imported.
        name: String,
    },
    /// A statement above the first import from the project itself; at the end of the module where there is none.
    BeforeOwnImports {
        /// The statement.
        text: String,
    },
    /// Something that is added to an app where it is made.
    App(Anchor, AppLine),
}

impl Lines {
    /// Whether a module says so already; a field is there if one of its name is, in any case.
    pub(super) fn are_in(&self, module: &str) -> bool {
        match self {
            Self::Fields { class, text } => class_in(module, class).is_some_and(|class| {
                let name = text.split([':', '=']).next().unwrap_or(text).trim();
                let mut fields = class.body.iter().filter_map(field_name);
                fields.any(|field| field.eq_ignore_ascii_case(name))
            }),
            Self::ForTypes { module: from, name } => imports_of(module).iter().any(|import| {
                let is_it = import.names.iter().any(|alias| alias.name.as_str() == name);
                is_it && import.module.as_ref().is_some_and(|module| module.as_str() == from)
            }),
            Self::BeforeOwnImports { text } => {
                let key = text.split(',').next().unwrap_or(text);
                let squeezed = |text: &str| text.split_whitespace().collect::<String>().replace('\'', "\"");
                squeezed(module).contains(&squeezed(key))
            }
            Self::App(anchor, line) => anchor.says(module, line),
        }
    }

    /// The module with the lines in it.
    pub(super) fn added(&self, module: String, format: &Format, is_own: impl Fn(&str) -> bool) -> String {
        match self {
            Self::Fields { class, text } => match class_in(&module, class) {
                Some(class) => with_field(&module, &class, text, format),
                None => module,
            },
            Self::ForTypes { module: from, name } => with_type(&module, from, name, format),
            Self::BeforeOwnImports { text } => {
                let text = python::format(text, format).unwrap_or_else(|_| format!("{text}\n"));
                let gap = "\n".repeat(format.imports.lines_after + 1);
                match first_own_import(&module, is_own) {
                    Some(0) => format!("{text}\n{module}"),
                    Some(at) => format!("{}{gap}{text}\n{}", module[..at].trim_end(), &module[at..]),
                    None => format!("{}\n\n{text}", module.trim_end()),
                }
            }
            Self::App(anchor, line) => anchor.added(module, line, format),
        }
    }
}

fn class_in(module: &str, name: &str) -> Option<StmtClassDef> {
    let parsed = ruff_python_parser::parse_module(module).ok()?;
    let mut classes = parsed.into_suite().into_iter().filter_map(|stmt| match stmt {
        Stmt::ClassDef(class) => Some(class),
        _ => None,
    });
    classes.find(|class| class.name.as_str() == name)
}

/// Relationships stand behind the columns.
fn is_relationship(stmt: &Stmt) -> bool {
    let value = match stmt {
        Stmt::AnnAssign(assign) => assign.value.as_deref(),
        Stmt::Assign(assign) => Some(&*assign.value),
        _ => None,
    };
    let function = value.and_then(|value| value.as_call_expr()).map(|call| &*call.func);
    let name = function.and_then(|function| function.as_name_expr());
    name.is_some_and(|name| ["relationship", "Relationship"].contains(&name.id.as_str()))
}

fn field_name(stmt: &Stmt) -> Option<String> {
    let target = match stmt {
        Stmt::AnnAssign(assign) => &*assign.target,
        Stmt::Assign(assign) if assign.value.is_call_expr() => assign.targets.first()?,
        _ => return None,
    };
    Some(target.as_name_expr()?.id.to_string())
}

fn with_field(module: &str, class: &StmtClassDef, text: &str, format: &Format) -> String {
    let is_value = |stmt: &&Stmt| {
        matches!(
            stmt,
            Stmt::AnnAssign(_) | Stmt::Assign(_) | Stmt::Expr(_) | Stmt::Pass(_)
        )
    };
    let leading = class.body.iter().take_while(is_value);
    let fields = class
        .body
        .iter()
        .filter(|stmt| field_name(stmt).is_some() && !is_relationship(stmt));
    let own = python::suite(text).unwrap_or_default();
    let is_link = own.first().is_some_and(is_relationship);
    let links = class.body.iter().filter(|stmt| is_link && is_relationship(stmt));
    let has_links = class.body.iter().any(is_relationship);
    let Some(last) = links.last().or_else(|| fields.last()).or_else(|| leading.last()) else {
        return module.to_owned();
    };
    let end = line_end(module, last.end());
    let start = last.start().to_usize();
    let line_start = module[..start].rfind('\n').map_or(0, |at| at + 1);
    let indent = &module[line_start..start];
    let narrow = Format {
        line_length: format.line_length.saturating_sub(indent.len()),
        ..format.clone()
    };
    let text = python::format(text, &narrow).unwrap_or_else(|_| text.to_owned());
    // The first relationship stands apart.
    let gap = if is_link && !has_links { "\n" } else { "" };
    let lines: String = text
        .trim_end()
        .lines()
        .map(|line| format!("\n{indent}{line}"))
        .collect();
    format!("{}{gap}{lines}{}", &module[..end], &module[end..])
}

/// All that is imported from modules, under conditions too.
fn imports_of(module: &str) -> Vec<StmtImportFrom> {
    let suite = python::suite(module).unwrap_or_default();
    let nested = suite
        .iter()
        .filter_map(Stmt::as_if_stmt)
        .flat_map(|branch| &branch.body);
    let all = suite.iter().chain(nested);
    all.filter_map(Stmt::as_import_from_stmt).cloned().collect()
}

/// Behind the last import, or among those that stand below `if TYPE_CHECKING:` already.
fn with_type(module: &str, from: &str, name: &str, format: &Format) -> String {
    let suite = python::suite(module).unwrap_or_default();
    let import = format!("from {from} import {name}");
    let branch = suite
        .iter()
        .filter_map(Stmt::as_if_stmt)
        .find(|branch| is_for_types(&branch.test));
    if let Some(first) = branch.and_then(|branch| branch.body.first()) {
        let start = first.start().to_usize();
        let indent = &module[module[..start].rfind('\n').map_or(0, |at| at + 1)..start];
        let later = branch.into_iter().flat_map(|branch| &branch.body).find(|stmt| {
            let module = stmt.as_import_from_stmt().and_then(|import| import.module.as_ref());
            module.is_none_or(|module| module.as_str() > from)
        });
        return match (later, branch.and_then(|branch| branch.body.last())) {
            (Some(later), _) => {
                let at = later.start().to_usize();
                format!("{}{import}\n{indent}{}", &module[..at], &module[at..])
            }
            (None, last) => {
                let at = line_end(module, last.map_or(first.end(), Ranged::end));
                format!("{}\n{indent}{import}{}", &module[..at], &module[at..])
            }
        };
    }
    let is_import = |stmt: &&Stmt| matches!(stmt, Stmt::Import(_) | Stmt::ImportFrom(_));
    let at = suite
        .iter()
        .rfind(is_import)
        .map_or(0, |last| line_end(module, last.end()));
    format!(
        "{}\n\nif TYPE_CHECKING:\n{}{import}{}",
        &module[..at],
        format.indent,
        &module[at..]
    )
}

/// Whether what stands below a condition is for type checkers alone.
pub(crate) fn is_for_types(test: &Expr) -> bool {
    match test {
        Expr::Name(name) => name.id == "TYPE_CHECKING",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "TYPE_CHECKING",
        _ => false,
    }
}

fn line_end(module: &str, offset: TextSize) -> usize {
    let offset = offset.to_usize();
    module[offset..]
        .find(['\r', '\n'])
        .map_or(module.len(), |at| offset + at)
}

fn first_own_import(module: &str, is_own: impl Fn(&str) -> bool) -> Option<usize> {
    let parsed = ruff_python_parser::parse_module(module).ok()?;
    let mut imports = parsed.suite().iter().filter(|stmt| match stmt {
        Stmt::Import(import) => import.names.iter().any(|alias| is_own(&alias.name)),
        Stmt::ImportFrom(import) => import.level > 0 || import.module.as_ref().is_some_and(|module| is_own(module)),
        _ => false,
    });
    imports.next().map(|stmt| stmt.start().to_usize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format() -> Format {
        Format::new(88, &style::Preferences::default())
    }

    #[test]
    fn a_field_goes_behind_the_last_one() {
        let lines = Lines::Fields {
            class: "Settings".to_owned(),
            text: "secret_key: SecretStr".to_owned(),
        };
        let module = "class Settings(BaseSettings):\n    a: int = 1  # one\n\n    def f(self): ...\n";
        assert!(!lines.are_in(module));
        let added = lines.added(module.to_owned(), &format(), |_| false);
        assert_eq!(
            added,
            "class Settings(BaseSettings):\n    a: int = 1  # one\n    secret_key: SecretStr\n\n    def f(self): ...\n"
        );
        assert!(lines.are_in(&added));
        assert!(lines.are_in("class Settings:\n    SECRET_KEY: str\n"));
    }

    #[test]
    fn what_types_need_is_imported_for_them() {
        let lines = Lines::ForTypes {
            module: "app.books".to_owned(),
            name: "Book".to_owned(),
        };
        let added = |module: &str| lines.added(module.to_owned(), &format(), |_| false);
        let alone = "from app.db import Base\n\n\nclass A(Base): ...\n";
        let wanted =
            "from app.db import Base\n\nif TYPE_CHECKING:\n    from app.books import Book\n\n\nclass A(Base): ...\n";
        assert_eq!(added(alone), wanted);
        assert!(lines.are_in(wanted) && !lines.are_in(alone));
        for other in ["app.aisles", "app.crates"] {
            let standing = format!("if TYPE_CHECKING:\n    from {other} import X\n\na = 1\n");
            let mut imports = [
                format!("    from {other} import X\n"),
                "    from app.books import Book\n".to_owned(),
            ];
            imports.sort();
            assert_eq!(
                added(&standing),
                format!("if TYPE_CHECKING:\n{}\na = 1\n", imports.concat())
            );
        }
    }

    #[test]
    fn a_relationship_goes_behind_the_last_one_or_apart() {
        let lines = Lines::Fields {
            class: "A".to_owned(),
            text: "bs: Mapped[list[\"B\"]] = relationship()".to_owned(),
        };
        let added = |module: &str| lines.added(module.to_owned(), &format(), |_| false);
        let own = "    bs: Mapped[list[\"B\"]] = relationship()\n";
        let columns = "class A(Base):\n    id: Mapped[int]\n";
        assert_eq!(added(columns), format!("{columns}\n{own}"));
        let linked = format!("{columns}\n    c: Mapped[\"C\"] = relationship()\n");
        assert_eq!(added(&linked), format!("{linked}{own}"));
    }

    #[test]
    fn what_comes_first_stands_above_the_first_import_of_the_project() {
        let lines = Lines::BeforeOwnImports {
            text: "os.environ.setdefault(\"A\", \"b\")".to_owned(),
        };
        let module = "import os\n\nfrom app.main import app\n".to_owned();
        let added = lines.added(module, &format(), |module| module.starts_with("app"));
        assert_eq!(
            added,
            "import os\n\nos.environ.setdefault(\"A\", \"b\")\n\nfrom app.main import app\n"
        );
        assert!(lines.are_in(&added));
    }
}
