//! Valid Python that the grammar does not know, made readable.

/// Blanks the defaults of type parameters (PEP 696), `class A[T = int]`; lengths do not change. `None` if there are none.
pub(super) fn without_type_defaults(text: &str) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let mut changed = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some(open) = type_parameters(line) {
            changed |= blank_defaults(&mut bytes, start + open);
        }
        start += line.len();
    }
    if changed { String::from_utf8(bytes).ok() } else { None }
}

/// Where the bracket of type parameters opens in a line that starts a definition.
fn type_parameters(line: &str) -> Option<usize> {
    let code = line.trim_start();
    let mut rest = code;
    if let Some(behind) = rest.strip_prefix("async ") {
        rest = behind.trim_start();
    }
    let rest = ["class ", "def ", "type "]
        .iter()
        .find_map(|word| rest.strip_prefix(word))?
        .trim_start();
    let name = rest
        .trim_start_matches(|c: char| c.is_alphanumeric() || c == '_')
        .trim_start();
    name.starts_with('[').then(|| line.len() - name.len())
}

fn blank_defaults(bytes: &mut [u8], open: usize) -> bool {
    let mut depth = 0_u32;
    let mut in_default = false;
    let mut changed = false;
    for byte in bytes.iter_mut().skip(open) {
        match *byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'=' if depth == 1 => {
                in_default = true;
                changed = true;
            }
            b',' if depth == 1 => in_default = false,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if in_default && !matches!(*byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_of_type_parameters_are_blanked() {
        assert_eq!(
            without_type_defaults("class A[T: int = dict[str, int], *U = x](B[T], c=1): pass\n").as_deref(),
            Some("class A[T: int                 , *U    ](B[T], c=1): pass\n")
        );
        assert_eq!(without_type_defaults("x[a] = 1\n"), None);
    }

    #[test]
    fn what_was_blanked_parses_and_keeps_its_place() {
        let text = "x = 1\nclass A[T = int](B): ...\ndef f[T: str = 'é'](): ...\n";
        let (facts, spans) = crate::extract(text, &syntax::parse(text));
        assert!(!facts.damaged);
        assert_eq!(
            crate::dump_unit(&facts.units[0]),
            "  (= x 1)\n  (class A [T] (B))\n    ...\n  (def f [T:str] () unit 1)\n"
        );
        let last = facts.units[0].body[2];
        assert_eq!(
            spans.stmt(crate::UnitId::MODULE, last).text(text),
            "def f[T: str = 'é'](): ..."
        );
    }
}
