//! The block of statements in which an app is made, and what is added to it.

use crate::draft::python::{self, SyntaxProblem};
use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::{Ranged, TextRange};
use style::Format;

/// How an app is found again in a text that has changed since: the name that holds it, in which functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Anchor {
    /// The variable.
    pub(crate) name: String,
    /// The functions and classes around it, outermost first.
    pub(crate) scopes: Vec<String>,
}

/// The arguments of a call by name, as they are written; what is unpacked has no name.
pub(super) type Keywords = Vec<(String, String)>;

/// Something that is added to an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AppLine {
    /// A function or other statement above the one that makes the app.
    Before(String),
    /// The same above the function in which that stands, where it stands in one.
    Above(String),
    /// A statement above it, set apart by an empty line.
    First(String),
    /// An argument of the call.
    Keyword(String, String),
    /// A statement behind those that prepare the app, above the first router and the first path operation.
    Prepare(String),
}

/// The statement that makes an app, and its neighbours.
struct Making<'a> {
    /// The statement of the module's top level that it is, or that it is in.
    top: &'a Stmt,
    block: &'a [Stmt],
    at: usize,
    call: &'a ExprCall,
}

impl<'a> Making<'a> {
    fn stmt(&self) -> &'a Stmt {
        &self.block[self.at]
    }

    /// The last statement that prepares the app: calls and assignments up to the first router or path operation.
    fn last_preparation(&self) -> &'a Stmt {
        let rest = &self.block[self.at + 1..];
        let preparing = rest.iter().take_while(|stmt| match stmt {
            Stmt::Expr(stmt) => !is_call_of(&stmt.value, &["include_router", "mount", "frontend"]),
            Stmt::Assign(_) | Stmt::AnnAssign(_) => true,
            _ => false,
        });
        preparing.last().unwrap_or_else(|| self.stmt())
    }
}

fn is_call_of(expr: &Expr, methods: &[&str]) -> bool {
    let Expr::Call(call) = expr else { return false };
    matches!(&*call.func, Expr::Attribute(attribute) if methods.contains(&attribute.attr.as_str()))
}

/// The app whose call begins at an offset, and the arguments of the call by name; nothing where no name holds it.
pub(super) fn find_at(text: &str, offset: usize) -> Result<Option<(Anchor, Keywords)>, SyntaxProblem> {
    let suite = python::suite(text)?;
    let mut found = None;
    visit(None, &suite, &mut Vec::new(), &mut |scopes, name, making| {
        if making.call.range().start().to_usize() == offset {
            let keywords = making.call.arguments.keywords.iter().map(|keyword| {
                let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
                (name.to_owned(), text[keyword.value.range()].to_owned())
            });
            let anchor = Anchor {
                name: name.to_owned(),
                scopes: scopes.to_vec(),
            };
            found.get_or_insert((anchor, keywords.collect()));
        }
    });
    Ok(found)
}

/// A name, or an attribute of one: `app`, `self.app`.
fn held(target: &Expr) -> Option<String> {
    match target {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(attribute) => Some(format!("{}.{}", attribute.value.as_name_expr()?.id, attribute.attr)),
        _ => None,
    }
}

/// Calls `visitor` with every statement that binds a name to what a call makes.
fn visit<'a>(
    top: Option<&'a Stmt>,
    block: &'a [Stmt],
    scopes: &mut Vec<String>,
    visitor: &mut impl FnMut(&[String], &str, &Making<'a>),
) {
    for (at, stmt) in block.iter().enumerate() {
        let top = top.unwrap_or(stmt);
        let bound = match stmt {
            Stmt::Assign(assign) => match assign.targets.as_slice() {
                [target] => held(target).map(|name| (name, &*assign.value)),
                _ => None,
            },
            Stmt::AnnAssign(assign) => match (held(&assign.target), &assign.value) {
                (Some(name), Some(value)) => Some((name, &**value)),
                _ => None,
            },
            _ => None,
        };
        if let Some((name, Expr::Call(call))) = bound {
            visitor(scopes, &name, &Making { top, block, at, call });
        }
        let name = match stmt {
            Stmt::FunctionDef(function) => Some(function.name.to_string()),
            Stmt::ClassDef(class) => Some(class.name.to_string()),
            _ => None,
        };
        let is_scope = name.is_some();
        scopes.extend(name);
        for inner in python::blocks(stmt) {
            visit(Some(top), inner, scopes, visitor);
        }
        if is_scope {
            scopes.pop();
        }
    }
}

impl Anchor {
    fn with<T>(&self, text: &str, answer: impl FnOnce(&[Stmt], &Making<'_>) -> T) -> Option<T> {
        let suite = python::suite(text).ok()?;
        let mut found: Vec<Making<'_>> = Vec::new();
        visit(None, &suite, &mut Vec::new(), &mut |scopes, name, making| {
            if name == self.name && scopes == self.scopes {
                found.push(Making { ..*making });
            }
        });
        // Of several the one that says that it makes an app.
        let is_app = |making: &&Making<'_>| text[making.call.func.range()].ends_with("FastAPI");
        let making = found.iter().find(is_app).or_else(|| found.first())?;
        Some(answer(&suite, making))
    }

    /// Whether the text says so already.
    pub(crate) fn says(&self, text: &str, line: &AppLine) -> bool {
        let squeezed = |text: &str| text.split_whitespace().collect::<String>().replace('\'', "\"");
        let is_there = self.with(text, |suite, making| match line {
            AppLine::Keyword(name, _) => {
                let mut keywords = making.call.arguments.keywords.iter();
                keywords.any(|keyword| keyword.arg.as_ref().is_some_and(|known| known == name))
            }
            AppLine::Above(said) | AppLine::Before(said) | AppLine::First(said) | AppLine::Prepare(said) => {
                let mut block = suite.iter().chain(making.block);
                block.any(|stmt| squeezed(&text[stmt.range()]) == squeezed(said))
            }
        });
        is_there.unwrap_or(false)
    }

    /// The text with a line in it.
    pub(crate) fn added(&self, text: String, line: &AppLine, format: &Format) -> String {
        let added = self.with(&text, |_, making| match line {
            AppLine::Keyword(name, value) => with_keyword(&text, making, name, value, format),
            AppLine::Before(said) => before(&text, making.stmt(), said),
            AppLine::Above(said) => before(&text, making.top, said),
            AppLine::First(said) => {
                let start = with_comments(&text, making.stmt());
                let said = indented(said, &indent_of(&text, making.stmt()));
                format!("{}{said}\n\n{}", &text[..start], &text[start..])
            }
            AppLine::Prepare(said) => behind(&text, making.last_preparation(), said),
        });
        added.unwrap_or(text)
    }
}

fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

fn line_end(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |at| offset + at)
}

fn indent_of(text: &str, stmt: &Stmt) -> String {
    let start = stmt.range().start().to_usize();
    text[line_start(text, start)..start].to_owned()
}

fn indented(said: &str, indent: &str) -> String {
    let lines = said.lines().map(|line| match line {
        "" => String::new(),
        line => format!("{indent}{line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn behind(text: &str, stmt: &Stmt, said: &str) -> String {
    let end = line_end(text, stmt.range().end().to_usize());
    let said = indented(said, &indent_of(text, stmt));
    format!("{}\n{said}{}", &text[..end], &text[end..])
}

/// The start of the line of a statement, or of the first comment directly above it.
fn with_comments(text: &str, stmt: &Stmt) -> usize {
    let mut start = line_start(text, stmt.range().start().to_usize());
    while start > 0 {
        let above = line_start(text, start - 1);
        if !text[above..start].trim_start().starts_with('#') {
            break;
        }
        start = above;
    }
    start
}

/// Above a statement and the comments that belong to it, with the empty lines that the formatter puts around functions.
fn before(text: &str, stmt: &Stmt, said: &str) -> String {
    let indent = indent_of(text, stmt);
    let start = with_comments(text, stmt);
    let empty = if indent.is_empty() { "\n\n" } else { "\n" };
    let head = text[..start].trim_end_matches('\n');
    // The first statement of a body follows its head directly.
    let opens_body = head.trim_end().ends_with(':') && !indent.is_empty();
    let above = match (head.is_empty(), opens_body) {
        (true, _) => "",
        (_, true) => "\n",
        _ => &format!("\n{empty}"),
    };
    format!("{head}{above}{}\n{empty}{}", indented(said, &indent), &text[start..])
}

fn with_keyword(text: &str, making: &Making<'_>, name: &str, value: &str, format: &Format) -> String {
    let arguments = &making.call.arguments;
    let ends = arguments.args.iter().map(|arg| arg.range().end());
    let ends = ends.chain(arguments.keywords.iter().map(|keyword| keyword.range().end()));
    let close = arguments.range().end().to_usize() - 1;
    let (at, added) = match ends.max() {
        None => (close, format!("{name}={value}")),
        Some(last) => {
            let last = last.to_usize();
            let last_line = line_start(text, last);
            let is_exploded = text[last..close].contains('\n');
            let indent: String = text[last_line..].chars().take_while(|c| c.is_whitespace()).collect();
            match is_exploded {
                true => (last, format!(",\n{indent}{name}={value}")),
                false => (last, format!(", {name}={value}")),
            }
        }
    };
    let stmt = making.stmt().range();
    let (start, end) = (stmt.start().to_usize(), stmt.end().to_usize());
    let changed = format!("{}{added}{}", &text[start..at], &text[at..end]);
    let changed = reformatted(text, stmt, &changed, format);
    format!("{}{changed}{}", &text[..start], &text[end..])
}

/// What takes a statement's place, laid out by the formatter where its author lets that do so.
pub(crate) fn reformatted(text: &str, stmt: TextRange, new: &str, format: &Format) -> String {
    let start = stmt.start().to_usize();
    let (old, indent) = (&text[stmt], &text[line_start(text, start)..start]);
    let narrow = Format {
        line_length: format.line_length.saturating_sub(indent.chars().count()),
        ..format.clone()
    };
    let laid_out = |text: &str| {
        let text = text.replace(&format!("\n{indent}"), "\n");
        let laid_out = python::format(&text, &narrow).ok()?;
        Some(indented(laid_out.trim_end(), indent).trim_start().to_owned())
    };
    match laid_out(old) {
        Some(as_formatter) if as_formatter == old => laid_out(new).unwrap_or_else(|| new.to_owned()),
        _ => new.to_owned(),
    }
}

/// The range of a whole statement with its line break, and with the decorators of a function.
pub(crate) fn whole_lines(text: &str, range: TextRange) -> (usize, usize) {
    let start = line_start(text, range.start().to_usize());
    let end = line_end(text, range.end().to_usize());
    (start, (end + 1).min(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format() -> Format {
        Format {
            quote: '"',
            indent: "    ".to_owned(),
            eol: "\n",
            line_length: 40,
            blank_lines: 2,
            imports: style::ImportFormat::default(),
        }
    }

    fn anchor(text: &str) -> Anchor {
        let at = text.find("FastAPI(").unwrap();
        find_at(text, at).unwrap().unwrap().0
    }

    fn added(text: &str, line: &AppLine) -> String {
        let anchor = anchor(text);
        assert!(!anchor.says(text, line));
        let added = anchor.added(text.to_owned(), line, &format());
        assert!(anchor.says(&added, line), "{added}");
        added
    }

    #[test]
    fn arguments_are_laid_out_as_the_others_are() {
        let keyword = AppLine::Keyword("lifespan".to_owned(), "lifespan".to_owned());
        assert_eq!(
            added("app = FastAPI()\n", &keyword),
            "app = FastAPI(lifespan=lifespan)\n"
        );
        assert_eq!(
            added("app = FastAPI(title=\"A longer title\")\n", &keyword),
            "app = FastAPI(\n    title=\"A longer title\",\n    lifespan=lifespan,\n)\n"
        );
        assert_eq!(
            added("app = FastAPI( title='x' )\n", &keyword),
            "app = FastAPI( title='x', lifespan=lifespan )\n"
        );
        assert_eq!(
            added("app = FastAPI(\n    title=\"x\",\n)\n", &keyword),
            "app = FastAPI(\n    title=\"x\",\n    lifespan=lifespan,\n)\n"
        );
    }

    #[test]
    fn statements_go_where_they_belong_in_a_factory_too() {
        let text = "def make():\n    # The app.\n    app = FastAPI()\n    prepare(app)\n    app.include_router(a)\n    return app\n";
        let prepare = added(text, &AppLine::Prepare("more(app)".to_owned()));
        assert!(
            prepare.contains("prepare(app)\n    more(app)\n    app.include_router(a)\n"),
            "{prepare}"
        );
        let before = added(text, &AppLine::Before("def f():\n    pass".to_owned()));
        assert!(
            before.starts_with("def make():\n    def f():\n        pass\n\n    # The app.\n    app ="),
            "{before}"
        );
    }

    #[test]
    fn a_function_stands_apart_from_its_neighbours() {
        let before = added(
            "import a\n\napp = FastAPI()\n",
            &AppLine::Before("def f():\n    pass".to_owned()),
        );
        assert_eq!(before, "import a\n\n\ndef f():\n    pass\n\n\napp = FastAPI()\n");
    }
}
