//! Requests that tests make and no route answers, and the router that a path belongs to.

use super::host::{self, Host};
use super::{EndpointKind, EndpointRequest, Offer};
use crate::{Context, Refusal};
use base::{FileId, Span};
use model::{OperationId, Route, RouterId};
use std::path::Path;
use style::{Source, words};

/// The offer for a request of a test that no route answers.
pub(super) fn offer(ctx: &Context<'_>, source: &Source, selection: Span) -> Option<Offer> {
    if !is_test(&ctx.files.path(source.file)) {
        return None;
    }
    let line = Span::new(source.line_start(selection.start), source.line_end(selection.start));
    let (method, url) = request_in(line.text(&source.text))?;
    let segments: Vec<&str> = url.split('/').collect();
    let answers = |route: &Route| {
        let template = route.path.as_known().unwrap_or_default();
        let is_of_method = route.methods.iter().any(|known| **known == *method);
        is_of_method && (reaches(template, &segments) || ends_in(template, &segments))
    };
    if ctx.model.routes.iter().any(answers) {
        return None;
    }
    let (_, host, prefix) = router_for(ctx, &url).ok()?;
    let path = format!("{prefix}{}", generalized(ctx, &host, &prefix, &url));
    Some(Offer {
        title: format!("Insert the path operation {method} {path} on `{}`", host.name),
        request: EndpointRequest {
            spec: Some(format!("{method} {path}")),
            anywhere: true,
            ..EndpointRequest::new(EndpointKind::Spec)
        },
        completes: true,
    })
}

/// Whether a module is one of tests.
fn is_test(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    name.starts_with("test_") || name.ends_with("_test.py")
}

/// Method and path of a request such as `client.post("/users/1/avatar", …)`; what an f-string leaves open keeps its braces.
fn request_in(line: &str) -> Option<(&'static str, String)> {
    const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    METHODS.into_iter().find_map(|method| {
        let call = format!(".{}(", method.to_lowercase());
        let behind = &line[line.find(&call)? + call.len()..];
        let text = behind.trim_start().trim_start_matches('f');
        let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let path = text[1..].split(quote).next()?;
        let path = path.split(['?', '#']).next()?;
        path.starts_with('/').then(|| (method, path.to_owned()))
    })
}

/// Whether a route's path matches a URL, segment by segment.
fn reaches(template: &str, url: &[&str]) -> bool {
    let mut segments = template.split('/');
    let mut rest = url.iter();
    loop {
        match (segments.next(), rest.next()) {
            (None, None) => return true,
            (Some(segment), Some(_)) if segment.ends_with(":path}") => return true,
            (Some(segment), Some(part)) if segment.contains('{') && !part.is_empty() => {}
            (Some(segment), Some(part)) if segment == *part => {}
            _ => return false,
        }
    }
}

/// Whether a URL is the end of a route's path, as it is where the client's base URL has the words of its beginning.
fn ends_in(template: &str, url: &[&str]) -> bool {
    let words = &template[..template.find("/{").unwrap_or(template.len())];
    let starts = words.match_indices('/').map(|(at, _)| &template[at..]);
    starts.skip(1).any(|end| reaches(end, url))
}

/// The router whose operations are served below the longest beginning of a path: the module with them, and that beginning.
///
/// # Errors
/// Where there is none.
pub(super) fn router_for(ctx: &Context<'_>, path: &str) -> Result<(Source, Host, String), Refusal> {
    let mut found: Vec<(usize, usize, FileId, RouterId, String)> = Vec::new();
    for route in &ctx.model.routes {
        let Some((operation, own)) = route.operation.and_then(|id| own_path(ctx, id)) else {
            continue;
        };
        let Some(prefix) = route.path.as_known().and_then(|whole| whole.strip_suffix(own)) else {
            continue;
        };
        let rest = path.strip_prefix(prefix);
        if rest.is_none_or(|rest| !rest.is_empty() && !rest.starts_with('/')) || !ctx.is_own(operation.at.file) {
            continue;
        }
        // Of an app those operations are near that begin with the same word.
        let common = own.split('/').zip(rest.unwrap_or("").split('/')).skip(1);
        let common = common.take_while(|(a, b)| a == b).count();
        found.push((
            prefix.len(),
            common,
            operation.at.file,
            operation.router,
            prefix.to_owned(),
        ));
    }
    found.sort_by_key(|(length, common, ..)| std::cmp::Reverse((*length, *common)));
    for (_, _, file, router, prefix) in found {
        if let Some(source) = Source::read(ctx.files, file)
            && let Some(host) = host::host_of(ctx, &source, router)
        {
            return Ok((source, host, prefix));
        }
    }
    Err(Refusal::NoRouter)
}

fn own_path<'a>(ctx: &Context<'a>, id: OperationId) -> Option<(&'a model::Operation, &'a str)> {
    let model: &'a model::Model = ctx.model;
    let operation = model.operations.get(id.0 as usize)?;
    Some((operation, operation.path.as_known()?))
}

/// A URL below a prefix with parameters for what looks like a value.
fn generalized(ctx: &Context<'_>, host: &Host, prefix: &str, url: &str) -> String {
    let rest = url.strip_prefix(prefix).unwrap_or(url);
    let operations = ctx.model.operations.iter();
    let siblings: Vec<Vec<&str>> = operations
        .filter(|operation| operation.router == host.router)
        .filter_map(|operation| Some(operation.path.as_known()?.split('/').collect()))
        .collect();
    let mut path: Vec<String> = Vec::new();
    for (at, segment) in rest.split('/').enumerate() {
        if at == 0 || !is_value(segment) {
            path.push(segment.to_owned());
            continue;
        }
        let like = siblings.iter().find(|sibling| {
            let begins = sibling.iter().zip(&path).filter(|(a, b)| *a == b).count() == path.len();
            begins
                && sibling
                    .get(at)
                    .is_some_and(|segment| style::parameter(segment).is_some())
        });
        path.push(match like {
            Some(sibling) => sibling[at].to_owned(),
            None => {
                let noun = path.last().filter(|word| !word.is_empty() && !word.contains('{'));
                let noun = noun.map(|word| words::snake(word)).or_else(|| host.word.clone());
                format!("{{{}_id}}", words::singular(noun.as_deref().unwrap_or("item")))
            }
        });
    }
    path.join("/")
}

/// Whether a segment of a URL is a value: a number, a UUID, what an f-string leaves open.
fn is_value(segment: &str) -> bool {
    let is_number = !segment.is_empty() && segment.bytes().all(|b| b.is_ascii_digit());
    let is_uuid = segment.len() >= 32 && segment.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit());
    is_number || is_uuid || segment.contains('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read() {
        let read = |line: &str| request_in(line).map(|(method, path)| format!("{method} {path}"));
        assert_eq!(
            read("    response = await client.post(f\"/users/{user.id}/avatar?x=1\", files=files)").as_deref(),
            Some("POST /users/{user.id}/avatar")
        );
        assert_eq!(read("client.get('/users')").as_deref(), Some("GET /users"));
        assert_eq!(read("settings.get(\"name\")"), None);
        assert_eq!(read("client.get(url)"), None);
    }

    #[test]
    fn urls_reach_their_templates() {
        let reached = |template, url: &str| reaches(template, &url.split('/').collect::<Vec<_>>());
        assert!(reached("/users/{user_id}", "/users/1") && reached("/files/{path:path}", "/files/a/b"));
        assert!(!reached("/users/{user_id}", "/users/") && !reached("/users/{user_id}", "/users/1/avatar"));
        let ends = |template, url: &str| ends_in(template, &url.split('/').collect::<Vec<_>>());
        assert!(ends("/api/v1/users/{user_id}", "/users/1") && ends("/api/users", "/users"));
        assert!(!ends("/users/{user_id}", "/things") && !ends("/users/{user_id}/letters", "/letters"));
    }

    #[test]
    fn values_are_told_from_words() {
        assert!(is_value("12") && is_value("{user.id}") && is_value("123e4567-e89b-12d3-a456-426614174000"));
        assert!(!is_value("avatar") && !is_value("v2") && !is_value(""));
    }
}
