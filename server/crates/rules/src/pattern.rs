//! Path patterns as Starlette compiles them (`starlette.routing.compile_path`), and which of two matches everything
//! that the other matches.

use std::ops::Range;

/// What a path parameter matches (`starlette.convertors`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Convertor {
    /// `{x}` or `{x:str}`: one or more characters, no slash.
    Str,
    /// `{x:int}`: digits.
    Int,
    /// `{x:float}`: digits, perhaps with a fraction.
    Float,
    /// `{x:uuid}`.
    Uuid,
    /// `{x:path}`: anything, slashes and nothing included.
    Path,
    /// One that the project registers.
    Other(String),
}

/// A parameter of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PathParam {
    /// Its name.
    pub(crate) name: String,
    /// What it matches.
    pub(crate) convertor: Convertor,
    /// Where it stands in the path, braces included, in bytes.
    pub(crate) range: Range<usize>,
}

/// The parameters of a path, in order. What only looks like one (`{user-id}`) is literal text to Starlette.
pub(crate) fn params(path: &str) -> Vec<PathParam> {
    parts(path)
        .map(|(name, convertor, range)| PathParam {
            name: name.to_owned(),
            convertor: Convertor::of(convertor),
            range,
        })
        .collect()
}

/// The names of a path's parameters, in order.
pub(crate) fn names(path: &str) -> impl Iterator<Item = &str> {
    parts(path).map(|(name, _, _)| name)
}

/// Name, convertor and place of each parameter.
fn parts(path: &str) -> impl Iterator<Item = (&str, &str, Range<usize>)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let open = from + path[from..].find('{')?;
            from = open + 1;
            let close = from + path[from..].find('}')?;
            let inside = &path[from..close];
            let (name, convertor) = inside.split_once(':').unwrap_or((inside, "str"));
            if is_identifier(name) && is_identifier(convertor) {
                from = close + 1;
                return Some((name, convertor, open..from));
            }
        }
    })
}

impl Convertor {
    fn of(name: &str) -> Self {
        match name {
            "str" => Convertor::Str,
            "int" => Convertor::Int,
            "float" => Convertor::Float,
            "uuid" => Convertor::Uuid,
            "path" => Convertor::Path,
            other => Convertor::Other(other.to_owned()),
        }
    }
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A compiled path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    tokens: Vec<Token>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    Param(Convertor),
}

impl Pattern {
    /// Compiles a path.
    pub(crate) fn new(path: &str) -> Self {
        let mut tokens = Vec::new();
        let mut done = 0;
        for param in params(path) {
            tokens.extend(path[done..param.range.start].chars().map(Token::Char));
            tokens.push(Token::Param(param.convertor));
            done = param.range.end;
        }
        tokens.extend(path[done..].chars().map(Token::Char));
        Self { tokens }
    }

    /// Whether a parameter matches slashes.
    pub(crate) fn crosses_segments(&self) -> bool {
        self.tokens
            .iter()
            .any(|token| matches!(token, Token::Param(Convertor::Path | Convertor::Other(_))))
    }

    /// Whether this matches every path that `other` matches. Never true by mistake; false where it isn't sure.
    pub(crate) fn covers(&self, other: &Pattern) -> bool {
        covers(&self.tokens, &other.tokens)
    }
}

/// Longer paths, in characters and parameters, are not compared.
const MAX_TOKENS: usize = 256;

/// A parameter of the covered pattern stands for texts that aren't known, so it must be matched whole by one parameter.
fn covers(pattern: &[Token], other: &[Token]) -> bool {
    if pattern.len().max(other.len()) > MAX_TOKENS {
        return false;
    }
    // What is literal in both decides most pairs.
    let literal = |pair: &(&Token, &Token)| matches!(pair, (Token::Char(_), Token::Char(_)));
    let mut heads = pattern.iter().zip(other).take_while(literal);
    if heads.any(|(a, b)| a != b) {
        return false;
    }
    // Whether the pattern from a token on covers the other from each of its tokens on; nothing covers nothing.
    let mut rest = vec![false; other.len() + 1];
    rest[other.len()] = true;
    for token in pattern.iter().rev() {
        rest = (0..=other.len())
            .map(|from| covers_from(token, &other[from..], &rest[from..]))
            .collect();
        if !rest.contains(&true) {
            return false;
        }
    }
    rest[0]
}

/// Whether a token covers some of the next tokens such that what comes behind it covers the others.
fn covers_from(token: &Token, other: &[Token], rest: &[bool]) -> bool {
    match token {
        Token::Char(_) => other.first() == Some(token) && rest[1],
        Token::Param(convertor) => {
            let longest = other.iter().take_while(|token| may_hold(convertor, token)).count();
            let shortest = usize::from(*convertor != Convertor::Path);
            (shortest..=longest).any(|len| rest[len] && matches_all(convertor, &other[..len]))
        }
    }
}

fn may_hold(convertor: &Convertor, token: &Token) -> bool {
    match (convertor, token) {
        (Convertor::Path, _) => true,
        (Convertor::Str, Token::Char(c)) => *c != '/',
        (Convertor::Str, Token::Param(inner)) => !matches!(inner, Convertor::Path | Convertor::Other(_)),
        (Convertor::Int | Convertor::Float, Token::Char(c)) => c.is_ascii_digit(),
        (Convertor::Float, Token::Param(inner)) => matches!(inner, Convertor::Int | Convertor::Float),
        (_, Token::Param(inner)) => convertor == inner,
        (_, Token::Char(_)) => false,
    }
}

/// Beyond one by one: a number with a fraction, a UUID or a convertor of the project's own fills its parameter alone.
fn matches_all(convertor: &Convertor, tokens: &[Token]) -> bool {
    match convertor {
        Convertor::Path | Convertor::Str | Convertor::Int => true,
        Convertor::Float => tokens.len() == 1 || !tokens.contains(&Token::Param(Convertor::Float)),
        Convertor::Uuid | Convertor::Other(_) => tokens.len() == 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_parameters_as_starlette_does() {
        let read = |path| names(path).collect::<Vec<_>>();
        assert_eq!(read("/a/{b}/{c:path}"), ["b", "c"]);
        assert_eq!(read("/{user-id}/{ id }/{1a}"), [""; 0]);
        assert_eq!(read("/{{x}}"), ["x"]);
        assert_eq!(read("/{x"), [""; 0]);
        assert_eq!(params("/é/{b:int}")[0].range, 4..11);
    }

    #[test]
    fn covers_what_a_probe_has_shown() {
        // Each pair was run: the first pattern registered before the second.
        for (earlier, later, covered) in [
            ("/users/{uid}", "/users/me", true),
            ("/users/{uid:int}", "/users/me", false),
            ("/users/{uid:int}", "/users/42", true),
            ("/users/{uid}/x", "/users/me", false),
            ("/files/{p:path}", "/files/list/all", true),
            ("/files/{p:path}", "/files/", true),
            ("/files/{p:path}", "/files", false),
            ("/u/{id}", "/u/{uid}", true),
            ("/u/{id}", "/u/{uid:int}", true),
            ("/u/{id:int}", "/u/{uid}", false),
            ("/{a}/{b}", "/users/{id}", true),
            ("/users/{id}", "/{a}/{b}", false),
            ("/u/{id}", "/u/{p:path}", false),
            ("/{p:path}", "/u/{q:path}", true),
            ("/files/{name}.json", "/files/x.json", true),
            ("/files/{name}.json", "/files/x.xml", false),
            ("/files/{name}", "/files/{stem}.json", true),
            ("/{x:float}", "/{y:int}", true),
            ("/{x:int}", "/{y:float}", false),
            ("/{x:float}", "/12", true),
            ("/{x:uuid}", "/{y}", false),
            ("/{x:uuid}", "/{y:uuid}", true),
            ("/{x:date}", "/{y:date}", true),
            ("/{x}", "/{y:date}", false),
            ("/a", "/a", true),
            ("/a", "/a/", false),
            ("/{x}", "/", false),
            ("/{p:path}/raw", "/a/b/raw", true),
            ("/{p:path}/raw", "/a/b/blame", false),
        ] {
            assert_eq!(
                Pattern::new(earlier).covers(&Pattern::new(later)),
                covered,
                "{earlier} {later}"
            );
        }
    }

    #[test]
    fn long_paths_come_to_an_end() {
        let many = "{x}".repeat(80);
        assert!(Pattern::new(&many).covers(&Pattern::new(&"a".repeat(80))));
        assert!(!Pattern::new(&many).covers(&Pattern::new(&format!("{}/", "a".repeat(200)))));
        let endless = "/a".repeat(100_000);
        assert!(!Pattern::new(&endless).covers(&Pattern::new(&endless)));
    }
}
