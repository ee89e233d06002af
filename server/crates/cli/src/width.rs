//! Text in columns of a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns a text takes.
pub(crate) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// `text` filled up with blanks to `columns`.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// `text` in at most `columns`: what is too much is taken out of the middle, where paths and names say least.
pub(crate) fn elide(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let kept = columns.saturating_sub(1);
    let head = take(text.chars(), kept / 3);
    let tail = take(text.chars().rev(), kept - width(&head));
    let tail: String = tail.chars().rev().collect();
    format!("{head}…{tail}")
}

/// A path in at most `columns`: folders are taken out from the left, and only where its last part alone is too long,
/// characters.
pub(crate) fn elide_start(path: &str, columns: usize) -> String {
    if width(path) <= columns {
        return path.to_owned();
    }
    let folders = path.match_indices('/').map(|(at, _)| format!("…{}", &path[at..]));
    let mut short = folders.filter(|short| width(short) <= columns);
    short.next().unwrap_or_else(|| {
        let tail: String = take(path.chars().rev(), columns.saturating_sub(1));
        format!("…{}", tail.chars().rev().collect::<String>())
    })
}

fn take(chars: impl Iterator<Item = char>, columns: usize) -> String {
    let mut used = 0;
    chars
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= columns
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{elide, elide_start, pad, width};

    #[test]
    fn the_middle_is_elided_by_columns() {
        assert_eq!(elide("/api/v1/items", 13), "/api/v1/items");
        assert_eq!(elide("/api/v1/items/{item_id}", 14), "/api…{item_id}");
        assert!(width(&elide("/本/本/本/本/本/本", 9)) <= 9);
        assert_eq!(elide("abc", 1), "…");
        assert_eq!(pad("本", 4), "本  ");
    }

    #[test]
    fn folders_go_first() {
        let place = "app/api/routes/items.py:42";
        assert_eq!(elide_start(place, 26), place);
        assert_eq!(elide_start(place, 25), "…/api/routes/items.py:42");
        assert_eq!(elide_start(place, 13), "…/items.py:42");
        assert_eq!(elide_start(place, 10), "…ems.py:42");
    }
}
