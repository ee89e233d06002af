//! Edits of a function's parameter list.

use crate::pattern::{Convertor, PathParam};
use crate::{Context, Fix};
use base::{SourceChange, Span, TextEdit};
use facts::{ExprId, Function, ParamKind, Stmt, Unit};
use model::{Callable, ParamIn, Place, Role, StmtPlace};
use std::collections::BTreeMap;

/// A fix that adds a path parameter to a function. `order` names the path's parameters in their order: the new one
/// stands behind those that come before it. None where the place or the type isn't clear.
pub(crate) fn add_path_parameter(
    context: &Context<'_>,
    endpoint: &Callable,
    param: &PathParam,
    order: &[&str],
) -> Option<Fix> {
    let at = endpoint.stmt?;
    let Stmt::Function(function) = context.stmt(at)? else {
        return None;
    };
    let ty = type_for(context, endpoint, param, at)?;
    let text = context.files.text(at.file);
    let span = |expr| {
        context.span(Place {
            file: at.file,
            unit: at.unit,
            expr,
        })
    };
    let signature = Signature::read(&text, &function, span)?;
    // What FastAPI doesn't see of a method is `self`.
    let bound = function.params.list.len() > endpoint.parameters.len();
    let before = order
        .iter()
        .take_while(|name| **name != param.name)
        .copied()
        .collect::<Vec<_>>();
    let edit = signature.insertion(&before, bound, &format!("{}: {ty}", param.name))?;
    Some(Fix {
        title: format!("Add `{}: {ty}` to `{}`", param.name, function_name(endpoint)),
        safe: false,
        change: SourceChange::in_file(at.file, vec![edit]),
    })
}

fn function_name(endpoint: &Callable) -> &str {
    endpoint.name.rsplit('.').next().unwrap_or(&endpoint.name)
}

/// The type of a new parameter: what the convertor makes, or what other functions give a parameter of this name.
fn type_for(context: &Context<'_>, endpoint: &Callable, param: &PathParam, at: StmtPlace) -> Option<String> {
    let module = context.files.facts(at.file)?.units.first()?.clone();
    match param.convertor {
        Convertor::Int => Some("int".to_owned()),
        Convertor::Float => Some("float".to_owned()),
        Convertor::Path => Some("str".to_owned()),
        Convertor::Uuid => imports_uuid(&module).then(|| "UUID".to_owned()),
        Convertor::Other(_) => None,
        Convertor::Str => Some(usual_type(context, endpoint, &param.name, imports_uuid(&module))),
    }
}

fn imports_uuid(module: &Unit) -> bool {
    module.stmts.iter().any(|stmt| match stmt {
        Stmt::ImportFrom {
            module: from, names, ..
        } => from == "uuid" && names.iter().any(|name| name.name == "UUID" && name.alias.is_none()),
        _ => false,
    })
}

/// The type that most functions give a path parameter of this name, among those that need no import here.
fn usual_type(context: &Context<'_>, endpoint: &Callable, name: &str, has_uuid: bool) -> String {
    let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
    for callable in context
        .model
        .callables
        .iter()
        .filter(|callable| !std::ptr::eq(*callable, endpoint))
    {
        for parameter in callable.parameters.iter().filter(|parameter| &*parameter.name == name) {
            let is_plain = matches!(
                parameter.role,
                Role::Implicit { is_scalar: true }
                    | Role::Marked {
                        place_in: ParamIn::Path,
                        ..
                    }
            );
            let ty = parameter.ty.as_ref().map_or("", |ty| &*ty.display);
            if is_plain && (matches!(ty, "int" | "str") || (ty == "UUID" && has_uuid)) {
                *votes.entry(ty).or_default() += 1;
            }
        }
    }
    let winner = votes.into_iter().max_by_key(|(_, count)| *count);
    winner.map_or("str", |(ty, _)| ty).to_owned()
}

/// A parameter list as it stands in the text.
struct Signature<'t> {
    text: &'t str,
    /// Right behind the opening parenthesis.
    open: u32,
    params: Vec<Written>,
}

struct Written {
    name: String,
    kind: ParamKind,
    /// Whether a required parameter may follow it.
    is_required: bool,
    /// From its stars to the end of its annotation or default.
    span: Span,
}

impl<'t> Signature<'t> {
    /// Reads the list from the spans of a function's parts. None where it isn't written in the usual way.
    fn read(text: &'t str, function: &Function, span: impl Fn(ExprId) -> Span) -> Option<Self> {
        let name_end = span(function.name).end;
        let behind = text.get(name_end as usize..)?;
        let open = name_end + (behind.len() - behind.trim_start().len()) as u32 + 1;
        if !behind.trim_start().starts_with('(') {
            return None;
        }
        let params = function.params.list.iter().map(|param| {
            let last = param.default.or(param.annotation).unwrap_or(param.name);
            // Parentheses around an expression are not part of its span.
            let is_bare = last == param.name || text.get(..span(last).start as usize)?.trim_end().ends_with([':', '=']);
            let written = span(param.name);
            is_bare.then(|| Written {
                name: written.text(text).to_owned(),
                kind: param.kind,
                is_required: param.default.is_none(),
                span: Span::new(before_stars(text, written.start), span(last).end),
            })
        });
        Some(Self {
            text,
            open,
            params: params.collect::<Option<_>>()?,
        })
    }

    /// Puts a required parameter behind `self` and those of `before` that lead the list.
    fn insertion(&self, before: &[&str], bound: bool, new: &str) -> Option<TextEdit> {
        if self.params.iter().any(|param| param.kind == ParamKind::PositionalOnly) {
            return None;
        }
        let leads = |(i, param): (usize, &Written)| {
            let is_known = (bound && i == 0) || before.contains(&param.name.as_str());
            is_known && param.is_required && param.kind == ParamKind::PositionalOrKeyword
        };
        let index = self
            .params
            .iter()
            .enumerate()
            .take_while(|(i, param)| leads((*i, param)))
            .count();
        let (at, text) = match (self.params.get(index), self.params.last()) {
            (Some(next), _) => (next.span.start, format!("{new},{}", self.gap_before(next.span.start))),
            (None, Some(last)) => (last.span.end, format!(",{}{new}", self.gap_before(last.span.start))),
            (None, None) => (self.open, new.to_owned()),
        };
        Some(TextEdit {
            span: Span::new(at, at),
            text,
        })
    }

    /// What separates a parameter from the one before: a space, or a new line with its indentation.
    fn gap_before(&self, start: u32) -> String {
        let before = self.text.get(..start as usize).unwrap_or("");
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let indent = &before[line..];
        if line == 0 || !indent.chars().all(char::is_whitespace) {
            return " ".to_owned();
        }
        let newline = if before[..line].ends_with("\r\n") { "\r\n" } else { "\n" };
        format!("{newline}{indent}")
    }
}

/// Where the `*` or `**` of a parameter begins.
fn before_stars(text: &str, start: u32) -> u32 {
    let before = text.get(..start as usize).unwrap_or("").trim_end();
    let bare = before.trim_end_matches('*');
    if bare.len() == before.len() {
        start
    } else {
        bare.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::{FunctionBody, Param, Params};

    /// A function whose parts are found in `text` by their source; each parameter is `name`, annotation, default.
    fn insert(text: &str, params: &[(&str, ParamKind, Option<&str>, Option<&str>)], before: &[&str]) -> String {
        let mut parts: Vec<Span> = Vec::new();
        let mut from = 0;
        let mut part = |source: &str| {
            let start = from + text[from..].find(source).unwrap();
            from = start + source.len();
            parts.push(Span::new(start as u32, from as u32));
            ExprId(parts.len() as u32 - 1)
        };
        let name = part("read");
        let list = params
            .iter()
            .map(|(name, kind, annotation, default)| Param {
                name: part(name),
                kind: *kind,
                annotation: annotation.map(&mut part),
                default: default.map(&mut part),
            })
            .collect();
        let function = Function {
            name,
            decorators: Vec::new(),
            type_params: Vec::new(),
            params: Params { list },
            returns: None,
            is_async: false,
            is_generator: false,
            body: FunctionBody::Block(Vec::new()),
        };
        let Some(signature) = Signature::read(text, &function, |id| parts[id.0 as usize]) else {
            return "unreadable".to_owned();
        };
        let Some(edit) = signature.insertion(before, text.contains("self"), "new: int") else {
            return "no place".to_owned();
        };
        let (head, tail) = text.split_at(edit.span.start as usize);
        format!("{head}{}{tail}", edit.text)
    }

    use ParamKind::{KeywordOnly, PositionalOnly, PositionalOrKeyword as Plain, VarPositional};

    #[test]
    fn adds_to_lists_of_every_shape() {
        let db = ("db", Plain, Some("Db"), None);
        assert_eq!(insert("def read(): ...", &[], &[]), "def read(new: int): ...");
        assert_eq!(
            insert("def read(db: Db): ...", &[db], &[]),
            "def read(new: int, db: Db): ..."
        );
        assert_eq!(
            insert(
                "def read(a: int, db: Db): ...",
                &[("a", Plain, Some("int"), None), db],
                &["a"]
            ),
            "def read(a: int, new: int, db: Db): ..."
        );
        assert_eq!(
            insert("def read(a: int,): ...", &[("a", Plain, Some("int"), None)], &["a"]),
            "def read(a: int, new: int,): ..."
        );
        assert_eq!(
            insert("def read(a=1): ...", &[("a", Plain, None, Some("1"))], &["a"]),
            "def read(new: int, a=1): ..."
        );
        assert_eq!(
            insert(
                "def read(*, db: Db): ...",
                &[("db", KeywordOnly, Some("Db"), None)],
                &[]
            ),
            "def read(*, new: int, db: Db): ..."
        );
        assert_eq!(
            insert("def read(*args): ...", &[("args", VarPositional, None, None)], &[]),
            "def read(new: int, *args): ..."
        );
        assert_eq!(
            insert("def read(self, db: Db): ...", &[("self", Plain, None, None), db], &[]),
            "def read(self, new: int, db: Db): ..."
        );
    }

    #[test]
    fn keeps_one_parameter_on_each_line() {
        let db = ("db", Plain, Some("Db"), None);
        assert_eq!(
            insert("def read(\n    db: Db,\n): ...", &[db], &[]),
            "def read(\n    new: int,\n    db: Db,\n): ..."
        );
        assert_eq!(
            insert("def read(\r\n    db: Db\r\n): ...", &[db], &["db"]),
            "def read(\r\n    db: Db,\r\n    new: int\r\n): ..."
        );
    }

    #[test]
    fn leaves_unusual_lists_alone() {
        let a = ("a", Plain, Some("int"), None);
        assert_eq!(insert("def read(a: (int)): ...", &[a], &["a"]), "unreadable");
        assert_eq!(insert("def read[T](a: int): ...", &[a], &["a"]), "unreadable");
        assert_eq!(
            insert(
                "def read(a: int, /): ...",
                &[("a", PositionalOnly, Some("int"), None)],
                &["a"]
            ),
            "no place"
        );
    }
}
