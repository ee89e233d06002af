//! The parameters of a function with the marks between them: `/` and a bare `*` go with the last parameter that they are about.

use crate::draft::python;
use ruff_python_ast::Parameters;
use ruff_text_size::{Ranged, TextRange};

/// What stands between the commas of a parameter list, in the order of the text, and whether it goes.
pub(super) fn elements(
    text: &str,
    parameters: &Parameters,
    is_gone: impl Fn(&str, TextRange) -> bool,
) -> Vec<(TextRange, bool)> {
    let mut elements: Vec<(TextRange, bool)> = parameters
        .iter()
        .map(|parameter| (parameter.range(), is_gone(parameter.name(), parameter.range())))
        .collect();
    let are_gone = |of: &[ruff_python_ast::ParameterWithDefault]| {
        let mut all = of.iter();
        all.all(|parameter| is_gone(parameter.parameter.name.as_str(), parameter.range()))
    };
    let mark = |from: usize, mark: char| {
        let start = from + python::ahead(&text[from..], mark)?;
        Some(TextRange::new((start as u32).into(), (start as u32 + 1).into()))
    };
    // Behind the comma of what stands before it.
    let behind = |last: Option<TextRange>| match last {
        Some(last) => {
            let end = last.end().to_usize();
            python::ahead(&text[end..], ',').map(|comma| end + comma + 1)
        }
        None => Some(parameters.start().to_usize() + 1),
    };
    let positional = parameters.posonlyargs.last().map(Ranged::range);
    let slash = positional.and_then(|last| mark(behind(Some(last))?, '/'));
    if let Some(slash) = slash {
        elements.push((slash, are_gone(&parameters.posonlyargs)));
    }
    if parameters.vararg.is_none() && !parameters.kwonlyargs.is_empty() {
        let before = parameters.args.last().map(Ranged::range).or(slash);
        if let Some(star) = behind(before).and_then(|from| mark(from, '*')) {
            elements.push((star, are_gone(&parameters.kwonlyargs)));
        }
    }
    elements
}

#[cfg(test)]
mod tests {
    use super::super::super::edits::Edits;
    use super::*;

    fn without(text: &str, gone: &[&str]) -> String {
        let suite = python::suite(text).unwrap();
        let function = suite[0].as_function_def_stmt().unwrap();
        let mut elements = elements(text, &function.parameters, |name, _| gone.contains(&name));
        elements.sort_by_key(|(range, _)| range.start());
        let (ranges, is_gone): (Vec<_>, Vec<_>) = elements.into_iter().unzip();
        let mut edits = Edits::default();
        edits.thin(text, &ranges, &is_gone, &[]);
        edits.applied(text, function.range())
    }

    #[test]
    fn marks_go_with_the_last_parameter_that_they_are_about() {
        assert_eq!(without("def f(*, a): ...", &["a"]), "def f(): ...");
        assert_eq!(without("def f(*, a, b): ...", &["a"]), "def f(*, b): ...");
        assert_eq!(without("def f(a, *, b, c=1): ...", &["b", "c"]), "def f(a): ...");
        assert_eq!(without("def f(a, *, b): ...", &["a"]), "def f(*, b): ...");
        assert_eq!(without("def f(a, *, b, c): ...", &["b"]), "def f(a, *, c): ...");
        assert_eq!(without("def f(a, /, b, *, c): ...", &["a", "c"]), "def f(b): ...");
        assert_eq!(without("def f(a, /, *, c): ...", &["c"]), "def f(a, /): ...");
        assert_eq!(
            without("def f(*args, a, **rest): ...", &["a"]),
            "def f(*args, **rest): ..."
        );
        assert_eq!(
            without(
                "def f(\n    a: int,  # first, * of all\n    *,\n    b: int,\n): ...",
                &["b"]
            ),
            "def f(\n    a: int,\n): ..."
        );
        assert_eq!(
            without("def f(\n    *,\n    a: int,\n): ...", &["a"]),
            "def f(\n    \n): ..."
        );
    }
}
