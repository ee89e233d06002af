//! `.env.example`: the variables that an app reads, with values to begin with.

use crate::draft::Draft;

/// Adds the variables that the file does not name yet, in order.
pub(crate) fn example(draft: &mut Draft<'_>, variables: &[(&str, String)]) {
    let path = draft.site.root.join(".env.example");
    draft.text(&path, |text| with(text.unwrap_or_default(), variables));
}

fn with(text: &str, variables: &[(&str, String)]) -> String {
    let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut lines = text.to_owned();
    for (name, value) in variables {
        if is_named(text, name) {
            continue;
        }
        if !lines.is_empty() && !lines.ends_with('\n') {
            lines.push_str(eol);
        }
        lines.push_str(&format!("{name}={}{eol}", quoted(value)));
    }
    lines
}

/// Whether there is a line for a variable, be it commented out: whoever did that knows of it.
fn is_named(text: &str, name: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start_matches(['#', ' ', '\t']);
        let line = line.strip_prefix("export ").unwrap_or(line);
        line.split_once('=')
            .is_some_and(|(known, _)| known.trim().eq_ignore_ascii_case(name))
    })
}

/// A value as shells and dotenv read it back.
fn quoted(value: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@+,".contains(c);
    match value.chars().all(is_plain) {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_added_once() {
        let variables = [("NAME", "my shop".to_owned()), ("URL", "sqlite:///./a.db".to_owned())];
        let text = with("", &variables);
        assert_eq!(text, "NAME='my shop'\nURL=sqlite:///./a.db\n");
        assert_eq!(with(&text, &variables), text);
        assert_eq!(
            with("# export url = x", &variables),
            "# export url = x\nNAME='my shop'\n"
        );
        assert_eq!(with("URL=x\r\n", &variables), "URL=x\r\nNAME='my shop'\r\n");
    }
}
