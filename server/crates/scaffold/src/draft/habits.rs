//! Modules as teams write them that say otherwise than the templates what FastAPI injects and what it answers.

use super::python::{self, SyntaxProblem};
use ruff_python_ast::{
    Expr, ExprCall, ParameterWithDefault, Stmt, StmtFunctionDef,
    visitor::source_order::{SourceOrderVisitor, walk_stmt},
};
use ruff_text_size::{Ranged, TextRange, TextSize};
use std::collections::BTreeMap;

/// What tells FastAPI where an argument comes from.
const MARKERS: [&str; 9] = [
    "Depends", "Security", "Query", "Path", "Header", "Cookie", "Body", "Form", "File",
];

const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "head"];

/// `session: Session = Depends(get_session)` for `session: Annotated[Session, Depends(get_session)]`, also where that has a name
/// in the module; what has a default goes behind what has none. Such names go where nothing else needs them.
///
/// # Errors
/// Where the text does not parse.
pub(crate) fn with_defaults(text: &str) -> Result<String, SyntaxProblem> {
    let suite = python::suite(text)?;
    let aliases: BTreeMap<&str, Alias<'_>> = suite.iter().filter_map(|stmt| alias(text, stmt)).collect();
    let mut functions = Functions::default();
    suite.iter().for_each(|stmt| functions.visit_stmt(stmt));
    let edits = functions
        .found
        .iter()
        .filter_map(|function| parameters(text, function, &aliases));
    let result = apply(text, edits.collect());
    without(&result, &aliases.keys().copied().collect::<Vec<_>>())
}

/// `@router.get("", response_model=Item)` for an annotation of what is returned, or beside it.
///
/// # Errors
/// Where the text does not parse.
pub(crate) fn with_response_models(text: &str, keeps_annotations: bool) -> Result<String, SyntaxProblem> {
    let suite = python::suite(text)?;
    let mut edits = Vec::new();
    for stmt in &suite {
        let Stmt::FunctionDef(function) = stmt else { continue };
        let Some((returns, route)) = function.returns.as_ref().zip(route_of(function)) else {
            continue;
        };
        let said = &text[returns.range()];
        if RESPONSES.contains(&said.rsplit('.').next().unwrap_or(said)) {
            continue;
        }
        let arrow = text[..returns.start().to_usize()].rfind("->");
        let start = text[..arrow.unwrap_or_default()].trim_end().len();
        if !keeps_annotations {
            edits.push((TextRange::new(size(start), returns.end()), String::new()));
        }
        let is_said = route.arguments.find_keyword("response_model").is_some();
        if let Some(path) = route
            .arguments
            .args
            .last()
            .filter(|_| !is_said && !returns.is_none_literal_expr())
        {
            let said = format!(", response_model={said}");
            edits.push((TextRange::empty(path.end()), said));
        }
    }
    Ok(apply(text, edits))
}

/// What is sent as it is: no schema is made of it.
const RESPONSES: [&str; 7] = [
    "Response",
    "FileResponse",
    "HTMLResponse",
    "JSONResponse",
    "PlainTextResponse",
    "RedirectResponse",
    "StreamingResponse",
];

fn size(at: usize) -> TextSize {
    TextSize::try_from(at).unwrap_or_default()
}

/// The call that makes a function a path operation.
fn route_of(function: &StmtFunctionDef) -> Option<&ExprCall> {
    function.decorator_list.iter().find_map(|decorator| {
        let call = decorator.expression.as_call_expr()?;
        let method = &call.func.as_attribute_expr()?.attr;
        METHODS.contains(&method.as_str()).then_some(call)
    })
}

/// What `Annotated` says of a parameter.
#[derive(Clone, Copy)]
struct Alias<'t> {
    ty: &'t str,
    marker: &'t str,
    /// What stands between the parentheses.
    arguments: &'t str,
}

/// A name of the module for what is injected.
fn alias<'t>(text: &'t str, stmt: &'t Stmt) -> Option<(&'t str, Alias<'t>)> {
    let assign = stmt.as_assign_stmt()?;
    let [Expr::Name(name)] = assign.targets.as_slice() else {
        return None;
    };
    Some((name.id.as_str(), annotated(text, &assign.value)?))
}

fn annotated<'t>(text: &'t str, expr: &'t Expr) -> Option<Alias<'t>> {
    let subscript = expr.as_subscript_expr()?;
    if subscript.value.as_name_expr()?.id.as_str() != "Annotated" {
        return None;
    }
    let [ty, Expr::Call(call)] = subscript.slice.as_tuple_expr()?.elts.as_slice() else {
        return None;
    };
    let marker = call.func.as_name_expr()?.id.as_str();
    let arguments = &text[call.arguments.range()];
    MARKERS.contains(&marker).then_some(Alias {
        ty: &text[ty.range()],
        marker,
        arguments: arguments[1..arguments.len() - 1].trim().trim_end_matches(','),
    })
}

/// The parameters of a function said anew, where one of them is injected.
fn parameters(
    text: &str,
    function: &StmtFunctionDef,
    aliases: &BTreeMap<&str, Alias<'_>>,
) -> Option<(TextRange, String)> {
    let all = &function.parameters.args;
    let injected = |parameter: &ParameterWithDefault| {
        let annotation = parameter.parameter.annotation.as_deref()?;
        let named = || aliases.get(annotation.as_name_expr()?.id.as_str()).copied();
        let alias = annotated(text, annotation).or_else(named)?;
        Some(said(text, parameter, alias))
    };
    let written: Vec<Option<String>> = all.iter().map(injected).collect();
    written.iter().find(|written| written.is_some())?;
    let (mut required, mut others) = (Vec::new(), Vec::new());
    for (parameter, written) in all.iter().zip(written) {
        match written {
            Some(written) => others.push(written),
            None if parameter.default.is_some() => others.push(text[parameter.range()].to_owned()),
            None => required.push(text[parameter.range()].to_owned()),
        }
    }
    required.append(&mut others);
    let range = TextRange::new(all.first()?.start(), all.last()?.end());
    Some((range, required.join(", ")))
}

/// `limit: int = Query(default=20, ge=1)`.
fn said(text: &str, parameter: &ParameterWithDefault, alias: Alias<'_>) -> String {
    let Alias { ty, marker, arguments } = alias;
    let default = parameter.default.as_ref();
    let default = default.map(|default| format!("default={}", &text[default.range()]));
    let all: Vec<&str> = default
        .as_deref()
        .into_iter()
        .chain(Some(arguments).filter(|arguments| !arguments.is_empty()))
        .collect();
    format!("{}: {ty} = {marker}({})", parameter.parameter.name, all.join(", "))
}

/// The module without the names that nothing in it needs.
fn without(text: &str, names: &[&str]) -> Result<String, SyntaxProblem> {
    let suite = python::suite(text)?;
    let uses = |name: &str| {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.filter(|word| *word == name).count()
    };
    let gone = suite.iter().filter(|stmt| {
        let name = alias(text, stmt).map(|(name, _)| name);
        name.is_some_and(|name| names.contains(&name) && uses(name) == 1)
    });
    Ok(apply(text, gone.map(|stmt| (stmt.range(), String::new())).collect()))
}

#[derive(Default)]
struct Functions<'a> {
    found: Vec<&'a StmtFunctionDef>,
}

impl<'a> SourceOrderVisitor<'a> for Functions<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::FunctionDef(function) = stmt {
            self.found.push(function);
        }
        walk_stmt(self, stmt);
    }
}

/// A text with parts of it replaced.
pub(super) fn apply(text: &str, mut edits: Vec<(TextRange, String)>) -> String {
    edits.sort_by_key(|(range, _)| range.start());
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for (range, instead) in edits {
        result.push_str(&text[done..range.start().to_usize()]);
        result.push_str(&instead);
        done = range.end().to_usize();
    }
    result.push_str(&text[done..]);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_injected_stands_in_defaults() {
        let text = r"
Dep = Annotated[Repo, Depends()]
Kept = Annotated[int, Query(ge=1)]
Name = Annotated[str, Field(max_length=3)]
KNOWN = [Kept]


class Repo:
    def __init__(self, session: Annotated[Session, Depends(get_session)]) -> None: ...


@router.patch('/{item_id}')
def update(item_id: Annotated[int, Path(ge=1)], data: Update, items: Dep, name: Name, limit: Kept = 20, sort: str = 'id') -> Item:
    return items.update(item_id, data)
";
        let expected = r"

Kept = Annotated[int, Query(ge=1)]
Name = Annotated[str, Field(max_length=3)]
KNOWN = [Kept]


class Repo:
    def __init__(self, session: Session = Depends(get_session)) -> None: ...


@router.patch('/{item_id}')
def update(data: Update, name: Name, item_id: int = Path(ge=1), items: Repo = Depends(), limit: int = Query(default=20, ge=1), sort: str = 'id') -> Item:
    return items.update(item_id, data)
";
        assert_eq!(with_defaults(text).unwrap(), expected);
    }

    #[test]
    fn what_is_answered_stands_in_the_decorator() {
        let text = r"
@router.get('')
def f() -> list[Item]:
    return helper()


@router.post('', response_model=Item, status_code=201)
def g() -> Row: ...


@router.delete('', status_code=204)
def h() -> None: ...


def helper() -> list[Item]: ...
";
        let expected = r"
@router.get('', response_model=list[Item])
def f():
    return helper()


@router.post('', response_model=Item, status_code=201)
def g(): ...


@router.delete('', status_code=204)
def h(): ...


def helper() -> list[Item]: ...
";
        assert_eq!(with_response_models(text, false).unwrap(), expected);
        let both = expected
            .replace("f():", "f() -> list[Item]:")
            .replace("g():", "g() -> Row:");
        let both = both.replace("h():", "h() -> None:");
        assert_eq!(with_response_models(text, true).unwrap(), both);
        let sent = "@router.get('')\ndef f() -> FileResponse: ...\n";
        assert_eq!(with_response_models(sent, true).unwrap(), sent);
    }
}
