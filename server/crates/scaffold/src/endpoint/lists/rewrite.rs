//! A function that reads a list, said again so that it reads what a text is found in.

use super::rows::{Place, Rows, Selected};
use ruff_python_ast::{Expr, ParameterWithDefault, StmtFunctionDef};
use ruff_text_size::Ranged;
use std::ops::Range;

/// What is put into a text in the place of something.
pub(super) type Edits = Vec<(Range<usize>, String)>;

/// The text of a range with edits, which don't overlap.
pub(super) fn applied(text: &str, range: Range<usize>, mut edits: Edits) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut done = range.start;
    let mut new = String::new();
    for (place, with) in edits {
        new.push_str(&text[done..place.start]);
        new.push_str(&with);
        done = place.end;
    }
    new.push_str(&text[done..range.end]);
    new
}

/// The same without the indentation of its first line.
pub(super) fn dedented(text: &str, indent: usize) -> String {
    let lines = text.lines().map(|line| {
        let own = line.len() - line.trim_start().len();
        &line[own.min(indent)..]
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The parameter of the text, before or behind the others, as its declaration lets it.
pub(super) fn parameter(function: &StmtFunctionDef, declaration: &str, is_default: bool) -> (Range<usize>, String) {
    let parameters = &function.parameters;
    let open = function.parameters.start().to_usize();
    let is_given = |parameter: &&ParameterWithDefault| parameter.default.is_some();
    let positional = parameters.posonlyargs.iter().chain(&parameters.args);
    let all: Vec<&ParameterWithDefault> = positional.chain(&parameters.kwonlyargs).collect();
    let place = match is_default {
        // In front of others with a default; all that stand before them have none.
        true => all.iter().copied().find(is_given),
        false => parameters.kwonlyargs.first().or_else(|| all.first().copied()),
    };
    match (place, all.last()) {
        (Some(parameter), _) => {
            let at = parameter.start().to_usize();
            (at..at, format!("{declaration}, "))
        }
        (None, Some(last)) => {
            let at = last.end().to_usize();
            (at..at, format!(", {declaration}"))
        }
        (None, None) => (open + 1..open + 1, declaration.to_owned()),
    }
}

/// A parameter behind all others.
pub(super) fn last_parameter(function: &StmtFunctionDef, declaration: &str) -> (Range<usize>, String) {
    let parameters = &function.parameters;
    let positional = parameters.posonlyargs.iter().chain(&parameters.args);
    match positional.chain(&parameters.kwonlyargs).next_back() {
        Some(last) => {
            let at = last.end().to_usize();
            (at..at, format!(", {declaration}"))
        }
        None => {
            let at = parameters.start().to_usize() + 1;
            (at..at, declaration.to_owned())
        }
    }
}

/// Parameters that have to be named, behind all others.
pub(super) fn keyword_parameter(function: &StmtFunctionDef, declarations: &str) -> (Range<usize>, String) {
    let parameters = &function.parameters;
    let mut last = parameters
        .posonlyargs
        .iter()
        .chain(&parameters.args)
        .chain(&parameters.kwonlyargs);
    let star = match parameters.kwonlyargs.is_empty() && parameters.vararg.is_none() {
        true => "*, ",
        false => "",
    };
    let end = last.next_back().map(|parameter| parameter.end().to_usize());
    let end = end.max(parameters.vararg.as_ref().map(|vararg| vararg.end().to_usize()));
    match end {
        Some(at) => (at..at, format!(", {star}{declarations}")),
        None => {
            let at = parameters.start().to_usize() + 1;
            (at..at, format!("{star}{declarations}"))
        }
    }
}

/// Where the body begins behind its docstring, and what the docstring becomes.
pub(super) fn docstring(function: &StmtFunctionDef, sentence: &str) -> Option<(Range<usize>, String)> {
    let first = function.body.first()?.as_expr_stmt()?;
    let is_docstring = first.value.is_string_literal_expr();
    let range = first.start().to_usize()..first.end().to_usize();
    is_docstring.then(|| (range, format!("\"\"\"{sentence}\"\"\"")))
}

/// The offset of the first statement behind the docstring.
pub(super) fn body_start(function: &StmtFunctionDef) -> Option<usize> {
    let has_docstring = docstring(function, "").is_some();
    let first = function.body.get(usize::from(has_docstring))?;
    Some(first.start().to_usize())
}

/// What narrows what a function reads; nothing where no text is in it.
pub(super) fn narrowed(
    function: &StmtFunctionDef,
    rows: &Rows<'_>,
    one: &str,
    texts: &[Text],
    indent: &str,
) -> Option<Edits> {
    let at = body_start(function)?;
    let mut edits: Edits = Vec::new();
    match rows {
        Rows::Table(selected) => {
            let columns = selected.texts.iter();
            let conditions: Vec<String> = columns
                .map(|column| format!("{}.icontains(q, autoescape=True)", column_of(selected, column)))
                .collect();
            let condition = match conditions.as_slice() {
                [] => return None,
                [one] => one.clone(),
                several => format!("or_({})", several.join(", ")),
            };
            // What is used once needs no name, which a type checker would want a type for where columns have none.
            if let ([select], [_]) = (selected.selects.as_slice(), conditions.as_slice()) {
                edits.push((select.end..select.end, format!(".{}({condition})", select.method)));
                return Some(edits);
            }
            edits.push((at..at, format!("matches = {condition}\n{indent}")));
            edits.extend(
                selected
                    .selects
                    .iter()
                    .map(|select| (select.end..select.end, format!(".{}(matches)", select.method))),
            );
        }
        Rows::Memory { items, places } => {
            let test = match texts {
                [] => return None,
                [text] if text.is_optional => format!("text in ({}).casefold()", text.of(one)),
                [text] => format!("text in {}.casefold()", text.of(one)),
                several => {
                    let values: Vec<String> = several.iter().map(|text| text.of(one)).collect();
                    format!("any(text in value.casefold() for value in ({}))", values.join(", "))
                }
            };
            let found =
                format!("text = q.casefold()\n{indent}found = [{one} for {one} in {items} if {test}]\n{indent}");
            edits.push((at..at, found));
            edits.extend(places.iter().map(|(range, place)| {
                let with = match place {
                    Place::Items => "found",
                    Place::Count => "len(found)",
                };
                (range.start().to_usize()..range.end().to_usize(), with.to_owned())
            }));
        }
    }
    Some(edits)
}

/// A column of the rows, as an expression.
pub(super) fn column_of(selected: &Selected<'_>, column: &str) -> String {
    match selected.is_sqlmodel() {
        true => format!("col({}.{column})", selected.class),
        false => format!("{}.{column}", selected.class),
    }
}

/// A text of an item in memory.
pub(super) struct Text {
    pub(super) name: String,
    pub(super) is_optional: bool,
    /// Whether the item is a dictionary.
    pub(super) is_key: bool,
}

impl Text {
    fn of(&self, one: &str) -> String {
        let name = &self.name;
        match (self.is_key, self.is_optional) {
            (true, false) => format!("{one}[\"{name}\"]"),
            (true, true) => format!("{one}.get(\"{name}\") or \"\""),
            (false, false) => format!("{one}.{name}"),
            (false, true) => format!("{one}.{name} or \"\""),
        }
    }
}

/// The calls of a name or attribute: what stands before it, with its dot, the name, and where the name and the arguments end.
pub(super) struct Call {
    pub(super) prefix: String,
    pub(super) name: String,
    pub(super) name_range: Range<usize>,
    /// Before the closing bracket, and whether an argument stands there.
    pub(super) end: usize,
    pub(super) is_empty: bool,
}

/// All calls of names, plain and dotted, in a function's body.
pub(super) fn calls(text: &str, function: &StmtFunctionDef) -> Vec<Call> {
    use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, walk_expr};
    struct Finder<'t> {
        text: &'t str,
        found: Vec<Call>,
    }
    impl<'a> SourceOrderVisitor<'a> for Finder<'_> {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::Call(call) = expr {
                let named = match &*call.func {
                    Expr::Name(name) => Some((String::new(), name.range())),
                    Expr::Attribute(attribute) if is_dotted(&attribute.value) => {
                        let prefix = format!("{}.", &self.text[attribute.value.range()]);
                        Some((prefix, attribute.attr.range()))
                    }
                    _ => None,
                };
                if let Some((prefix, range)) = named {
                    let arguments = &call.arguments;
                    let ends = arguments.args.iter().map(Ranged::end);
                    let last = ends.chain(arguments.keywords.iter().map(Ranged::end)).max();
                    self.found.push(Call {
                        prefix,
                        name: self.text[range].to_owned(),
                        name_range: range.start().to_usize()..range.end().to_usize(),
                        end: last.map_or(arguments.end().to_usize() - 1, |end| end.to_usize()),
                        is_empty: last.is_none(),
                    });
                }
            }
            walk_expr(self, expr);
        }
    }
    let mut finder = Finder {
        text,
        found: Vec::new(),
    };
    for stmt in &function.body {
        finder.visit_stmt(stmt);
    }
    finder.found
}

/// `crud.book`.
fn is_dotted(expr: &Expr) -> bool {
    match expr {
        Expr::Name(_) => true,
        Expr::Attribute(attribute) => is_dotted(&attribute.value),
        _ => false,
    }
}

/// The arguments of a decorator's call for another path; what names one operation alone goes.
pub(super) fn decorator(
    text: &str,
    function: &StmtFunctionDef,
    old: &str,
    path: &str,
) -> Option<(Range<usize>, String)> {
    const OF_ONE: [&str; 6] = [
        "name",
        "operation_id",
        "summary",
        "description",
        "response_description",
        "path",
    ];
    let mut calls = function
        .decorator_list
        .iter()
        .filter_map(|decorator| decorator.expression.as_call_expr());
    let call = calls.find(|call| {
        let named = call.arguments.find_argument_value("path", 0);
        named
            .and_then(Expr::as_string_literal_expr)
            .is_some_and(|path| path.value.to_str() == old)
    })?;
    let others = call
        .arguments
        .args
        .iter()
        .skip(1)
        .map(|argument| text[argument.range()].to_owned());
    let keywords = call.arguments.keywords.iter().filter(|keyword| {
        let name = keyword.arg.as_ref().map_or("", |arg| arg.as_str());
        !OF_ONE.contains(&name)
    });
    let kept = keywords.map(|keyword| text[keyword.range()].to_owned());
    let all: Vec<String> = std::iter::once(path.to_owned()).chain(others).chain(kept).collect();
    let range = call.arguments.range();
    Some((
        range.start().to_usize()..range.end().to_usize(),
        format!("({})", all.join(", ")),
    ))
}
