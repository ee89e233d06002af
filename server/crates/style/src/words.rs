//! English and Python words: singular and plural, snake case and camel case.

/// Words whose plural follows no rule: singular, plural.
const IRREGULAR: &[(&str, &str)] = &[
    ("person", "people"),
    ("child", "children"),
    ("man", "men"),
    ("woman", "women"),
    ("foot", "feet"),
    ("tooth", "teeth"),
    ("goose", "geese"),
    ("mouse", "mice"),
    ("ox", "oxen"),
    ("datum", "data"),
    ("medium", "media"),
    ("criterion", "criteria"),
    ("phenomenon", "phenomena"),
    ("analysis", "analyses"),
    ("basis", "bases"),
    ("crisis", "crises"),
    ("diagnosis", "diagnoses"),
    ("thesis", "theses"),
    ("index", "indices"),
    ("matrix", "matrices"),
    ("vertex", "vertices"),
    ("appendix", "appendices"),
    ("quiz", "quizzes"),
    ("leaf", "leaves"),
    ("shelf", "shelves"),
    ("knife", "knives"),
    ("life", "lives"),
    ("wife", "wives"),
    ("half", "halves"),
    ("wolf", "wolves"),
    ("thief", "thieves"),
    ("loaf", "loaves"),
    ("calf", "calves"),
    ("hero", "heroes"),
    ("potato", "potatoes"),
    ("tomato", "tomatoes"),
    ("echo", "echoes"),
    ("movie", "movies"),
    ("cookie", "cookies"),
    ("tie", "ties"),
    ("bus", "buses"),
    ("status", "statuses"),
    ("alias", "aliases"),
    ("virus", "viruses"),
    ("campus", "campuses"),
    ("bonus", "bonuses"),
    ("cache", "caches"),
    ("axe", "axes"),
    ("lens", "lenses"),
    ("gas", "gases"),
    ("house", "houses"),
    ("warehouse", "warehouses"),
    ("course", "courses"),
    ("purchase", "purchases"),
    ("case", "cases"),
    ("release", "releases"),
    ("lease", "leases"),
    ("license", "licenses"),
    ("expense", "expenses"),
    ("response", "responses"),
    ("invoice", "invoices"),
    ("database", "databases"),
    ("exercise", "exercises"),
    ("phase", "phases"),
    ("phrase", "phrases"),
    ("base", "bases"),
    ("use", "uses"),
    ("cause", "causes"),
    ("clause", "clauses"),
    ("size", "sizes"),
    ("prize", "prizes"),
];

/// Words that are the same for one and many.
const UNCOUNTABLE: &[&str] = &[
    "audio",
    "cash",
    "content",
    "equipment",
    "feedback",
    "fish",
    "hardware",
    "health",
    "information",
    "inventory",
    "knowledge",
    "metadata",
    "money",
    "music",
    "news",
    "series",
    "sheep",
    "software",
    "species",
    "staff",
    "stock",
    "traffic",
    "weather",
];

/// The last word of a snake-case name and what stands before it.
fn split_last(name: &str) -> (&str, &str) {
    name.rfind('_').map_or(("", name), |at| name.split_at(at + 1))
}

/// The singular of a snake-case name; only its last word changes.
#[must_use]
pub fn singular(name: &str) -> String {
    let (head, word) = split_last(name);
    format!("{head}{}", singular_word(word))
}

/// The plural of a snake-case name; only its last word changes.
#[must_use]
pub fn plural(name: &str) -> String {
    let (head, word) = split_last(name);
    format!("{head}{}", plural_word(word))
}

fn singular_word(word: &str) -> String {
    if UNCOUNTABLE.contains(&word) {
        return word.to_owned();
    }
    if let Some((one, _)) = IRREGULAR.iter().find(|(one, many)| *many == word || *one == word) {
        return (*one).to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    for ending in ["sses", "shes", "ches", "xes", "zes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") || word.len() < 3 {
        return word.to_owned();
    }
    word.strip_suffix('s').unwrap_or(word).to_owned()
}

fn plural_word(word: &str) -> String {
    if UNCOUNTABLE.contains(&word) {
        return word.to_owned();
    }
    if let Some((_, many)) = IRREGULAR.iter().find(|(one, many)| *one == word || *many == word) {
        return (*many).to_owned();
    }
    if let Some(stem) = word.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
    {
        return format!("{stem}ies");
    }
    if ["s", "sh", "ch", "x", "z"].iter().any(|ending| word.ends_with(ending)) {
        return format!("{word}es");
    }
    format!("{word}s")
}

/// `order-lines`, `OrderLine` or `orderLines` as a snake-case identifier; empty where no letter or digit is left.
#[must_use]
pub fn snake(name: &str) -> String {
    let mut result = String::with_capacity(name.len() + 4);
    let mut previous_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && previous_lower {
            result.push('_');
        }
        previous_lower = c.is_lowercase() || c.is_ascii_digit();
        if c.is_alphanumeric() {
            result.extend(c.to_lowercase());
        } else if !result.is_empty() && !result.ends_with('_') {
            result.push('_');
        }
    }
    result.trim_end_matches('_').to_owned()
}

/// `order_line` as `OrderLine`.
#[must_use]
pub fn camel(snake: &str) -> String {
    snake
        .split('_')
        .map(|word| {
            let mut chars = word.chars();
            chars
                .next()
                .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
        })
        .collect()
}

/// `order_line` as `order line`.
#[must_use]
pub fn spoken(snake: &str) -> String {
    snake.replace('_', " ")
}

const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Whether `name` can name a Python function or variable.
#[must_use]
pub fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && chars.all(|c| c == '_' || c.is_alphanumeric())
        && !KEYWORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn singular_and_plural_undo_each_other() {
        for (one, many) in [
            ("item", "items"),
            ("category", "categories"),
            ("person", "people"),
            ("box", "boxes"),
            ("address", "addresses"),
            ("order_line", "order_lines"),
            ("status", "statuses"),
            ("news", "news"),
            ("branch", "branches"),
            ("day", "days"),
            ("hero", "heroes"),
            ("course", "courses"),
            ("analysis", "analyses"),
            ("stock", "stock"),
        ] {
            assert_eq!(singular(many), one);
            assert_eq!(plural(one), many);
            assert_eq!(singular(one), one);
        }
    }

    #[test]
    fn names_change_their_case() {
        assert_eq!(snake("order-lines"), "order_lines");
        assert_eq!(snake("OrderLine"), "order_line");
        assert_eq!(snake("--"), "");
        assert_eq!(camel("order_line"), "OrderLine");
        assert!(is_identifier("read_item") && !is_identifier("class") && !is_identifier("2x"));
    }
}
