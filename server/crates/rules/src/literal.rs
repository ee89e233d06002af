//! String literals in source text: where their content stands.

use base::Span;

/// The span of what stands between the quotes of a single string literal (`"x"`, `r'x'`, `f"""x"""`); none where `span`
/// covers anything else, implicit concatenation included.
pub(crate) fn content_span(text: &str, span: Span) -> Option<Span> {
    let source = span.text(text);
    let prefix = source.find(['"', '\''])?;
    if prefix > 2 || !source[..prefix].chars().all(|c| "rRfFuUbB".contains(c)) {
        return None;
    }
    let quotes = &source[prefix..];
    let quote = ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find(|q| quotes.starts_with(q))?;
    let content = quotes.strip_prefix(quote)?.strip_suffix(quote)?;
    let has_end_inside = content
        .match_indices(quote)
        .any(|(at, _)| !content[..at].ends_with('\\'));
    if has_end_inside {
        return None;
    }
    let start = span.start + (prefix + quote.len()) as u32;
    Some(Span::new(start, start + content.len() as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_content_of_a_single_literal() {
        for (source, content) in [
            ("\"/items\"", Some("/items")),
            ("rf'/{x}'", Some("/{x}")),
            ("\"\"\"/a\"\"\"", Some("/a")),
            ("\"\"", Some("")),
            ("\"/a\" \"/b\"", None),
            ("PREFIX", None),
            ("PREFIX + \"/a\"", None),
            ("f(\"x\")", None),
        ] {
            let span = Span::new(0, source.len() as u32);
            let found = content_span(source, span).map(|span| span.text(source));
            assert_eq!(found, content, "{source}");
        }
    }
}
