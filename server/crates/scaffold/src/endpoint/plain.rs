//! A plain path operation of a chosen method, for what is no operation of a resource.

use super::draft::Draft;
use super::host::Host;
use super::resource;
use super::siblings::Param;
use super::{EndpointKind, EndpointRequest, Offer, body, place};
use crate::{Context, Insertion, Refusal};
use style::{Action, ResponseStyle, Source, Style, words};

/// Plain operations are always possible.
pub(super) fn offers(_ctx: &Context<'_>, host: &Host) -> Vec<Offer> {
    EndpointKind::PLAIN
        .into_iter()
        .filter_map(|kind| {
            let label = match kind.plain_method()? {
                "WEBSOCKET" => "WebSocket",
                method => method,
            };
            Some(Offer {
                title: format!("Insert endpoint: plain {label} on `{}`", host.name),
                request: EndpointRequest {
                    router: Some(host.name.clone()),
                    ..EndpointRequest::new(kind)
                },
                completes: false,
            })
        })
        .collect()
}

pub(super) fn build(
    ctx: &Context<'_>,
    source: &Source,
    style: &Style,
    host: &Host,
    request: &EndpointRequest,
) -> Result<Insertion, Refusal> {
    let method = request.kind.plain_method().unwrap_or("GET");
    if let Some(path) = &request.path {
        check_path(host, path)?;
        if let Some((action, collection)) = Action::of(method, path)
            && resource::knows(ctx, source, host, &collection)
        {
            let request = EndpointRequest {
                path: Some(collection),
                ..request.clone()
            };
            return resource::build(ctx, source, style, host, action, &request);
        }
        if let Some(existing) = resource::serving(ctx, host, method, path) {
            return Err(Refusal::Exists(format!("{method} {}{path}", host.prefix), existing));
        }
    }
    let (path, name) = path_and_name(ctx, source, host, method, request)?;
    let siblings = host.siblings(ctx, source);
    let spot = place::spot(ctx, source, host, &siblings, &[], method, &path).ok_or(Refusal::NoRouter)?;
    let mut draft = draft(ctx, source, style, host, method, &path, name);
    draft.path_is_open = request.path.is_none();
    let summary = format!("{method} {}{path} as {}", host.prefix, draft.name);
    Ok(draft.insert(ctx, source, style, spot, &host.indent, summary))
}

/// The operation of a method on a path, with a body that says honestly that it is not implemented.
pub(super) fn draft(
    ctx: &Context<'_>,
    source: &Source,
    style: &Style,
    host: &Host,
    method: &str,
    path: &str,
    name: String,
) -> Draft {
    let mut draft = Draft {
        decorator: format!("{}.{}", host.name, method.to_lowercase()),
        arguments: vec![style.format.string(path)],
        is_async: style.habits.is_async.value,
        name,
        params: path_params(ctx, source, host, path),
        docstring: None,
        ..Draft::default()
    };
    let is_annotated = matches!(
        style.habits.response.value,
        ResponseStyle::Annotation | ResponseStyle::Both
    );
    draft.returns = is_annotated.then(|| "dict[str, str]".to_owned());
    body::not_implemented(style, &mut draft);
    if style.habits.docstrings.value {
        draft.docstring = Some(body::sentence(&draft.name));
    }
    draft
}

/// Parameters for the path's own, typed as siblings type them.
pub(super) fn path_params(ctx: &Context<'_>, source: &Source, host: &Host, path: &str) -> Vec<Param> {
    let siblings = host.siblings(ctx, source);
    path.split('/')
        .filter_map(|segment| Some((style::parameter(segment)?, segment)))
        .map(|(name, segment)| {
            resource::sibling_param(source, &siblings, name).unwrap_or_else(|| guessed_param(name, segment))
        })
        .collect()
}

/// A path parameter whose type nothing but its name and converter tells.
pub(super) fn guessed_param(name: &str, segment: &str) -> Param {
    let ty = if segment.ends_with(":int}") {
        "int"
    } else if segment.ends_with(":float}") {
        "float"
    } else if name.ends_with("id") && !segment.contains(':') {
        "int"
    } else {
        "str"
    };
    Param::new(name, ty, None)
}

fn path_and_name(
    ctx: &Context<'_>,
    source: &Source,
    host: &Host,
    method: &str,
    request: &EndpointRequest,
) -> Result<(String, String), Refusal> {
    let (path, name) = match (&request.path, &request.name) {
        (Some(path), Some(name)) => return free(ctx, source, name).map(|name| (path.clone(), name)),
        (None, Some(name)) => {
            return free(ctx, source, name).map(|name| (format!("/{}", name.replace('_', "-")), name));
        }
        (Some(path), None) => (path.clone(), name_for(method, path, host)),
        (None, None) => ("/example".to_owned(), name_for(method, "/example", host)),
    };
    let mut n = 1;
    loop {
        let suffix = if n == 1 { String::new() } else { format!("_{n}") };
        let candidate = format!("{name}{suffix}");
        let path = match (&request.path, n) {
            (None, 2..) => format!("{path}-{n}"),
            _ => path.clone(),
        };
        let is_served = request.path.is_none() && resource::serving(ctx, host, method, &path).is_some();
        if !resource::is_taken(ctx, source, &candidate) && !is_served {
            return Ok((path, candidate));
        }
        n += 1;
    }
}

pub(super) fn free(ctx: &Context<'_>, source: &Source, name: &str) -> Result<String, Refusal> {
    if resource::is_taken(ctx, source, name) {
        return Err(Refusal::NameTaken(name.to_owned()));
    }
    Ok(name.to_owned())
}

/// `read_item_tags` for `GET /items/{item_id}/tags`.
pub(super) fn name_for(method: &str, path: &str, host: &Host) -> String {
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    let mut words_of_path: Vec<String> = Vec::new();
    for (i, segment) in segments.iter().enumerate() {
        if segment.contains('{') {
            continue;
        }
        let word = words::snake(segment);
        let is_of_one = segments.get(i + 1).is_some_and(|next| next.contains('{'));
        words_of_path.push(if is_of_one { words::singular(&word) } else { word });
    }
    words_of_path.retain(|word| !word.is_empty());
    let noun = if words_of_path.is_empty() {
        host.word.clone().unwrap_or_else(|| "root".to_owned())
    } else {
        words_of_path.join("_")
    };
    let verb = match method {
        "GET" => "read",
        "POST" => "create",
        "PUT" => "replace",
        "PATCH" => "update",
        "DELETE" => "delete",
        "WEBSOCKET" => return format!("{noun}_websocket"),
        _ => "handle",
    };
    format!("{verb}_{noun}")
}

/// Refuses what FastAPI would refuse or never match.
pub(super) fn check_path(host: &Host, path: &str) -> Result<(), Refusal> {
    let problem = if path.is_empty() && host.prefix.is_empty() {
        "the router has no prefix, so the path can't be empty"
    } else if !path.is_empty() && !path.starts_with('/') {
        "it must start with a slash"
    } else if path
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || c == '?' || c == '#')
    {
        "it holds a character that no path has"
    } else if path.matches('{').count() != path.matches('}').count() {
        "its braces don't match"
    } else if has_repeated_parameter(path) {
        "it names a parameter twice"
    } else if path
        .split('/')
        .any(|s| s.contains('{') && style::parameter(s).is_none())
    {
        "a parameter is not a Python name, or not a whole segment"
    } else {
        return Ok(());
    };
    Err(Refusal::BadPath(path.to_owned(), problem))
}

fn has_repeated_parameter(path: &str) -> bool {
    let names: Vec<&str> = path.split('/').filter_map(style::parameter).collect();
    (1..names.len()).any(|i| names[..i].contains(&names[i]))
}
