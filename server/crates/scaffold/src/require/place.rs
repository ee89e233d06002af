//! Where the dependency goes: a parameter of a path operation, or `dependencies=` of its decorator, a router or an app.

use super::{Asked, find::last};
use crate::{Refusal, draft::python, imports::Need};
use base::Span;
use ruff_python_ast::{Expr, ExprCall, ParameterWithDefault, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};
use style::Format;

/// A path operation, router or app.
pub(super) enum Target {
    /// A function, and the decorator that registers it.
    Function(Box<StmtFunctionDef>, Box<ExprCall>),
    /// What a call makes, the statement around it.
    Maker(String, Box<ExprCall>, TextRange),
}

/// How it is written.
pub(super) struct Style<'a> {
    pub(super) format: &'a Format,
    /// Whether dependencies are written with `Annotated`.
    pub(super) is_annotated: bool,
    /// Whether a parameter that nothing uses is refused.
    pub(super) is_unused_refused: bool,
    /// Whether a list of dependencies is the place for it.
    pub(super) is_listed: bool,
}

const METHODS: [&str; 12] = [
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "options",
    "head",
    "trace",
    "query",
    "api_route",
    "websocket",
    "route",
];

impl Target {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Function(function, _) => function.name.as_str(),
            Self::Maker(name, ..) => name,
        }
    }

    pub(super) fn is_function(&self) -> bool {
        matches!(self, Self::Function(..))
    }

    /// All of it that can name a dependency.
    pub(super) fn header<'t>(&self, text: &'t str) -> &'t str {
        match self {
            Self::Function(function, decorator) => {
                &text[decorator.start().to_usize()..function.parameters.end().to_usize()]
            }
            Self::Maker(_, call, _) => &text[call.range()],
        }
    }
}

/// What has a name in a module, or its first router or app.
pub(super) fn find(block: &[Stmt], name: Option<&str>) -> Option<Target> {
    block.iter().find_map(|stmt| {
        let own = match stmt {
            Stmt::FunctionDef(function) if name == Some(function.name.as_str()) => {
                let decorator =
                    function
                        .decorator_list
                        .iter()
                        .rev()
                        .find_map(|decorator| match &decorator.expression {
                            Expr::Call(call) if METHODS.contains(&last(&call.func)) => Some(call.clone()),
                            _ => None,
                        });
                decorator.map(|decorator| Target::Function(Box::new(function.clone()), Box::new(decorator)))
            }
            Stmt::Assign(assign) => match (assign.targets.as_slice(), &*assign.value) {
                ([Expr::Name(target)], Expr::Call(call)) => maker(target.id.as_str(), call, stmt.range(), name),
                _ => None,
            },
            Stmt::AnnAssign(assign) => match (&*assign.target, assign.value.as_deref()) {
                (Expr::Name(target), Some(Expr::Call(call))) => maker(target.id.as_str(), call, stmt.range(), name),
                _ => None,
            },
            _ => None,
        };
        own.or_else(|| python::blocks(stmt).into_iter().find_map(|block| find(block, name)))
    })
}

fn maker(target: &str, call: &ExprCall, range: TextRange, name: Option<&str>) -> Option<Target> {
    let makes = last(&call.func);
    let is_maker = makes.ends_with("Router") || makes.ends_with("FastAPI");
    let is_it = name.is_none_or(|name| name == target);
    (is_maker && is_it).then(|| Target::Maker(target.to_owned(), Box::new(call.clone()), range))
}

type Edits = (Vec<(Span, String)>, Vec<Need>);

/// The edits of the module, and what they import.
pub(super) fn edits(text: &str, target: &Target, asked: &Asked, style: &Style<'_>) -> Result<Edits, Refusal> {
    match target {
        Target::Function(function, decorator) => {
            let takes_parameter = asked.is_optional || !(style.is_unused_refused || style.is_listed);
            match asked.parameter.as_ref().filter(|_| takes_parameter) {
                Some(_) => Ok(parameter(text, function, asked, style)),
                None => {
                    let new = listed(text, decorator, asked)?;
                    let head = header_range(function);
                    let header = spliced(text, head, decorator.range(), &new);
                    Ok((
                        vec![(span(head), formatted(text, head, &header, style))],
                        asked.needs.clone(),
                    ))
                }
            }
        }
        Target::Maker(name, ..) if asked.is_optional => Err(Refusal::OptionalOnRouter(name.clone())),
        Target::Maker(_, call, range) => {
            let new = listed(text, call, asked)?;
            let statement = spliced(text, *range, call.range(), &new);
            let indent = indent_at(text, range.start().to_usize());
            let statement = laid_out(&statement, indent, style);
            Ok((vec![(span(*range), statement)], asked.needs.clone()))
        }
    }
}

fn span(range: TextRange) -> Span {
    Span::new(range.start().to_u32(), range.end().to_u32())
}

fn spliced(text: &str, whole: TextRange, part: TextRange, new: &str) -> String {
    let (start, end) = (whole.start().to_usize(), whole.end().to_usize());
    format!(
        "{}{new}{}",
        &text[start..part.start().to_usize()],
        &text[part.end().to_usize()..end]
    )
}

/// A call with the dependency in its `dependencies=`.
fn listed(text: &str, call: &ExprCall, asked: &Asked) -> Result<String, Refusal> {
    let written = &text[call.range()];
    let known = call
        .arguments
        .keywords
        .iter()
        .find(|keyword| keyword.arg.as_ref().is_some_and(|name| name.as_str() == "dependencies"));
    let at = |offset: usize| offset - call.start().to_usize();
    if let Some(known) = known {
        let Expr::List(list) = &known.value else {
            return Err(Refusal::NotListed(text[known.value.range()].to_owned()));
        };
        return Ok(match list.elts.last() {
            Some(last) => {
                let end = at(last.end().to_usize());
                format!("{}, {}{}", &written[..end], asked.call, &written[end..])
            }
            None => {
                let (start, end) = (at(list.start().to_usize()), at(list.end().to_usize()));
                format!("{}[{}]{}", &written[..start], asked.call, &written[end..])
            }
        });
    }
    let argument = format!("dependencies=[{}]", asked.call);
    let last = [
        call.arguments.args.last().map(|arg| arg.end().to_usize()),
        call.arguments.keywords.last().map(|keyword| keyword.end().to_usize()),
    ];
    Ok(match last.into_iter().flatten().max() {
        Some(end) => format!("{}, {argument}{}", &written[..at(end)], &written[at(end)..]),
        None => {
            let open = at(call.arguments.start().to_usize()) + 1;
            format!("{}{argument}{}", &written[..open], &written[open..])
        }
    })
}

/// From the first decorator to the colon behind the signature.
fn header_range(function: &StmtFunctionDef) -> TextRange {
    let start = function.decorator_list.first().map_or(function.start(), Ranged::start);
    let end = function.body.first().map_or(function.end(), Ranged::start);
    TextRange::new(start, end)
}

/// The function with one more parameter.
fn parameter(text: &str, function: &StmtFunctionDef, asked: &Asked, style: &Style<'_>) -> Edits {
    let Some(guard) = &asked.parameter else {
        return (Vec::new(), Vec::new());
    };
    let names: Vec<&str> = function
        .parameters
        .iter()
        .map(|parameter| parameter.name().as_str())
        .collect();
    let name = ["current_user", "user", "caller", "authenticated_user"]
        .into_iter()
        .find(|name| !names.contains(name))
        .unwrap_or("requesting_user");
    let fastapi = |name: &str| Need::member("fastapi", name);
    let member = |symbol: &crate::ground::Symbol| Need::member(&symbol.module, &symbol.name);
    let given = guard.gives.as_ref().map_or("Any", |(gives, _)| gives.as_str());
    let mut needs = asked.type_needs.clone();
    let (new, has_default) = match (&guard.alias, style.is_annotated) {
        (Some(alias), _) => {
            needs = vec![member(alias)];
            (format!("{name}: {}", alias.name), false)
        }
        (None, true) => {
            needs.extend([
                Need::member("typing", "Annotated"),
                fastapi("Depends"),
                member(&guard.provider),
            ]);
            (format!("{name}: Annotated[{given}, {}]", asked.call), false)
        }
        (None, false) => {
            needs.extend([fastapi("Depends"), member(&guard.provider)]);
            (format!("{name}: {given} = {}", asked.call), true)
        }
    };
    let head = header_range(function);
    let written = &text[head];
    let (offset, new) = place_of(function, &new, has_default);
    let at = offset - head.start().to_usize();
    let header = format!("{}{new}{}", &written[..at], &written[at..]);
    (vec![(span(head), formatted(text, head, &header, style))], needs)
}

/// The names that a type begins its parts with: `models` of `Optional[models.User]`.
pub(super) fn names(gives: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let is_part = |c: char| c == '_' || c == '.' || c.is_alphanumeric();
    for word in gives.split(|c: char| !is_part(c)) {
        let root = word.split('.').next().unwrap_or(word);
        let is_name = root.starts_with(|c: char| c == '_' || c.is_alphabetic());
        if is_name && root != "None" && !found.iter().any(|known| known == root) {
            found.push(root.to_owned());
        }
    }
    found
}

/// Code with the last of dotted names alone: `Depends(get_user)` of `Depends(deps.get_user)`.
pub(super) fn undotted(code: &str) -> String {
    let is_part = |c: char| c == '_' || c == '.' || c.is_alphanumeric();
    let mut text = String::new();
    for piece in code.split_inclusive(|c: char| !is_part(c)) {
        let end = piece.find(|c: char| !is_part(c)).unwrap_or(piece.len());
        let (word, rest) = piece.split_at(end);
        text.push_str(word.rsplit('.').next().unwrap_or(word));
        text.push_str(rest);
    }
    text
}

/// Where the parameter goes, and its text with the comma: behind those without a default, or last.
fn place_of(function: &StmtFunctionDef, new: &str, has_default: bool) -> (usize, String) {
    let parameters = &function.parameters;
    let ordinary: Vec<&ParameterWithDefault> = parameters.posonlyargs.iter().chain(&parameters.args).collect();
    let open = parameters.start().to_usize() + 1;
    if let Some(last) = parameters.kwonlyargs.last() {
        return (last.end().to_usize(), format!(", {new}"));
    }
    let behind = match has_default {
        true => ordinary.last(),
        false => ordinary.iter().rev().find(|parameter| parameter.default.is_none()),
    };
    match behind {
        Some(parameter) => (parameter.end().to_usize(), format!(", {new}")),
        None if parameters.iter().next().is_none() => (open, new.to_owned()),
        None => (open, format!("{new}, ")),
    }
}

/// A header as the formatter lays it out.
fn formatted(text: &str, head: TextRange, header: &str, style: &Style<'_>) -> String {
    let indent = indent_at(text, head.start().to_usize());
    let trimmed = header.trim_end();
    let gap = &header[trimmed.len()..];
    // What stands behind the colon on its own lines stays there.
    let Some(colon) = trimmed.rfind(':').filter(|at| trimmed[at + 1..].trim().is_empty()) else {
        return header.to_owned();
    };
    let whole = format!("{}\n{indent}    ...", &trimmed[..=colon]);
    let laid = laid_out(&whole, indent, style);
    match laid.rfind("...") {
        Some(at) => format!("{}{gap}", laid[..at].trim_end()),
        None => header.to_owned(),
    }
}

fn indent_at(text: &str, offset: usize) -> &str {
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let line = &text[start..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Statements that stand at an indentation, as the formatter lays them out; the first line without it.
fn laid_out(statement: &str, indent: &str, style: &Style<'_>) -> String {
    let narrow = Format {
        line_length: style.format.line_length.saturating_sub(indent.len()),
        ..style.format.clone()
    };
    let dedented: Vec<&str> = statement
        .lines()
        .map(|line| line.strip_prefix(indent).unwrap_or(line))
        .collect();
    let Ok(laid) = python::format(&dedented.join("\n"), &narrow) else {
        return statement.to_owned();
    };
    let lines: Vec<String> = laid
        .trim_end()
        .lines()
        .enumerate()
        .map(|(at, line)| match at == 0 || line.is_empty() {
            true => line.to_owned(),
            false => format!("{indent}{line}"),
        })
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_type_is_imported_by_what_its_parts_begin_with() {
        assert_eq!(names("models.User"), ["models"]);
        assert_eq!(names("Optional[models.User]"), ["Optional", "models"]);
        assert_eq!(names("User | None"), ["User"]);
        assert_eq!(names("dict[str, Any]"), ["dict", "str", "Any"]);
    }
}
