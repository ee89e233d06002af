//! The noun of one resource in place of another's.

use style::words;

/// A text in which nouns are replaced wherever they stand as words: `items`, `ItemPublic`, `MAX_ITEMS`, `order line`.
pub(super) fn replace_nouns(text: &str, nouns: &[(String, String)]) -> String {
    let mut forms: Vec<(String, String)> = Vec::new();
    for (from, to) in nouns {
        forms.push((words::camel(from), words::camel(to)));
        forms.push((from.to_uppercase(), to.to_uppercase()));
        forms.push((from.clone(), to.clone()));
        if from.contains('_') || to.contains('_') {
            let (from, to) = (words::spoken(from), words::spoken(to));
            forms.push((capital(&from), capital(&to)));
            forms.push((from, to));
        }
    }
    let mut result = String::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let before = text[..at].chars().next_back();
        let found = forms
            .iter()
            .find(|(from, _)| rest.starts_with(from.as_str()) && is_word(before, from, rest));
        match (found, rest.chars().next()) {
            (Some((from, to)), _) => {
                result.push_str(to);
                at += from.len();
            }
            (None, Some(c)) => {
                result.push(c);
                at += c.len_utf8();
            }
            (None, None) => break,
        }
    }
    result
}

/// Whether a noun ends and begins where it stands: `Item` in `CreateItemIn`, not in `Items`.
fn is_word(before: Option<char>, noun: &str, rest: &str) -> bool {
    let after = rest[noun.len()..].chars().next();
    let is_camel = noun.starts_with(char::is_uppercase) && noun.chars().any(char::is_lowercase);
    if is_camel {
        // Behind an acronym too: `CRUDItem`.
        !after.is_some_and(char::is_lowercase)
    } else {
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::replace_nouns;

    #[test]
    fn nouns_are_replaced_as_words() {
        let nouns = [("order_lines", "heroes"), ("order_line", "hero")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        for (from, to) in [
            ("order_lines", "heroes"),
            ("CreateOrderLineIn", "CreateHeroIn"),
            ("CRUDOrderLine", "CRUDHero"),
            ("OrderLinesPublic", "HeroesPublic"),
            ("MAX_ORDER_LINES", "MAX_HEROES"),
            ("\"Order line not found\"", "\"Hero not found\""),
            ("border_line", "border_line"),
        ] {
            assert_eq!(replace_nouns(from, &nouns), to);
        }
    }
}
