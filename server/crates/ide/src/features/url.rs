//! Does a concrete URL path reach a route's path? (Starlette `routing.py`, `compile_path`, and `convertors.py`)

/// Whether `url`, a path without query, is matched by the path template.
pub(crate) fn reaches(template: &str, url: &str) -> bool {
    let url = url.split(['?', '#']).next().unwrap_or("");
    matches(template, url)
}

fn matches(template: &str, url: &str) -> bool {
    let Some(open) = template.find('{') else {
        return template == url;
    };
    let Some(rest) = url.strip_prefix(&template[..open]) else {
        return false;
    };
    let Some(close) = template[open..].find('}') else {
        return template == url;
    };
    let parameter = &template[open + 1..open + close];
    let tail = &template[open + close + 1..];
    let converter = parameter.split_once(':').map_or("str", |(_, converter)| converter);
    (1..=rest.len())
        .chain(std::iter::once(0))
        .filter(|&end| rest.is_char_boundary(end))
        .any(|end| accepts(converter, &rest[..end]) && matches(tail, &rest[end..]))
}

/// The regular expressions of Starlette's converters.
fn accepts(converter: &str, value: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match converter {
        "path" => true,
        "int" => is_number(value),
        "float" => {
            is_number(value)
                || value
                    .split_once('.')
                    .is_some_and(|(whole, part)| is_number(whole) && is_number(part))
        }
        "uuid" => {
            value.len() >= 32
                && value.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
                && value.matches('-').count() <= 4
        }
        _ => !value.is_empty() && !value.contains('/'),
    }
}

#[cfg(test)]
mod tests {
    use super::reaches;

    #[test]
    fn concrete_urls_reach_their_templates() {
        assert!(reaches("/items/{item_id}", "/items/3"));
        assert!(reaches("/items/{item_id}/x", "/items/a-b/x?q=1"));
        assert!(!reaches("/items/{item_id}", "/items/3/4"));
        assert!(!reaches("/items/{item_id}", "/items/"));
        assert!(!reaches("/items/{item_id:int}", "/items/x"));
        assert!(reaches("/files/{p:path}", "/files/a/b"));
        assert!(reaches("/u/{i:uuid}", "/u/123e4567-e89b-12d3-a456-426614174000"));
        assert!(reaches("/", "/"));
        assert!(reaches("/p/{price:float}", "/p/1.5"));
    }
}
