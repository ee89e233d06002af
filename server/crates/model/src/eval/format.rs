//! Format specifications of f-strings and `format` (Python's `string` module, "Format Specification Mini-Language").

use super::value::Value;
use std::iter::repeat_n;

/// What is read of a specification: `[[fill]align][sign][0][width][.precision][type]`.
struct Spec {
    fill: char,
    align: Option<char>,
    sign: Option<char>,
    width: usize,
    precision: Option<usize>,
    kind: Option<char>,
}

/// Wider results are of no use to anyone.
const WIDTH: usize = 1_000;

/// The text of a number or string under a specification; `None` for specifications and values that are not read here.
pub(super) fn formatted(value: &Value, spec: &str) -> Option<String> {
    let spec = Spec::read(spec)?;
    match value {
        Value::Str(text) if matches!(spec.kind, None | Some('s')) && spec.sign.is_none() => {
            let text: String = text.chars().take(spec.precision.unwrap_or(usize::MAX)).collect();
            (spec.align != Some('=')).then(|| spec.pad("", &text, '<'))
        }
        Value::Int(number) => {
            let digits = number.unsigned_abs();
            let digits = match (spec.kind, spec.precision) {
                (None | Some('d'), None) => digits.to_string(),
                (Some('x'), None) => format!("{digits:x}"),
                (Some('X'), None) => format!("{digits:X}"),
                (Some('b'), None) => format!("{digits:b}"),
                (Some('o'), None) => format!("{digits:o}"),
                (Some('f'), precision) => format!("{:.*}", precision.unwrap_or(6), digits as f64),
                _ => return None,
            };
            Some(spec.pad(spec.sign_of(*number < 0), &digits, '>'))
        }
        Value::Float(number) if spec.kind == Some('f') && number.is_finite() => {
            let digits = format!("{:.*}", spec.precision.unwrap_or(6), number.abs());
            Some(spec.pad(spec.sign_of(number.is_sign_negative()), &digits, '>'))
        }
        _ => None,
    }
}

/// `str(number)`; `None` for what Python writes with an exponent.
pub(super) fn float_text(number: f64) -> Option<String> {
    let is_plain = number == 0.0 || (1e-4..1e16).contains(&number.abs());
    is_plain.then(|| format!("{number:?}"))
}

impl Spec {
    fn read(text: &str) -> Option<Self> {
        let chars: Vec<char> = text.chars().collect();
        let is_align = |i: usize| chars.get(i).is_some_and(|c| "<>=^".contains(*c));
        let (mut fill, mut align, mut i) = match (is_align(1), is_align(0)) {
            (true, _) => (chars[0], Some(chars[1]), 2),
            (_, true) => (' ', Some(chars[0]), 1),
            _ => (' ', None, 0),
        };
        let sign = chars.get(i).copied().filter(|c| "+- ".contains(*c));
        i += usize::from(sign.is_some());
        if chars.get(i) == Some(&'0') {
            if align.is_none() {
                (fill, align) = ('0', Some('='));
            }
            i += 1;
        }
        let width = number(&chars, &mut i)?.unwrap_or(0);
        let precision = match chars.get(i) {
            Some('.') => {
                i += 1;
                Some(number(&chars, &mut i)??)
            }
            _ => None,
        };
        let kind = chars.get(i).copied();
        i += usize::from(kind.is_some());
        (i == chars.len()).then_some(Self {
            fill,
            align,
            sign,
            width,
            precision,
            kind,
        })
    }

    fn sign_of(&self, is_negative: bool) -> &'static str {
        match (is_negative, self.sign) {
            (true, _) => "-",
            (_, Some('+')) => "+",
            (_, Some(' ')) => " ",
            _ => "",
        }
    }

    fn pad(&self, sign: &str, body: &str, usual: char) -> String {
        let missing = self.width.saturating_sub(sign.len() + body.chars().count());
        let (before, inside, behind) = match self.align.unwrap_or(usual) {
            '<' => (0, 0, missing),
            '^' => (missing / 2, 0, missing - missing / 2),
            '=' => (0, missing, 0),
            _ => (missing, 0, 0),
        };
        let fill = |count| repeat_n(self.fill, count);
        fill(before)
            .chain(sign.chars())
            .chain(fill(inside))
            .chain(body.chars())
            .chain(fill(behind))
            .collect()
    }
}

/// Digits from an offset on, which moves behind them; nothing where they are too many.
fn number(chars: &[char], i: &mut usize) -> Option<Option<usize>> {
    let digits: String = chars[*i..].iter().take_while(|c| c.is_ascii_digit()).collect();
    *i += digits.len();
    if digits.is_empty() {
        return Some(None);
    }
    digits.parse().ok().filter(|&number| number <= WIDTH).map(Some)
}

#[cfg(test)]
mod tests {
    use super::{super::value::Value, float_text, formatted};

    #[test]
    fn specifications_are_read_as_python_reads_them() {
        let of = |value: Value, spec| formatted(&value, spec).unwrap_or_else(|| "?".to_owned());
        assert_eq!(of(Value::Int(4), "02d"), "04");
        assert_eq!(of(Value::Int(-4), "04"), "-004");
        assert_eq!(of(Value::Int(255), "#x"), "?");
        assert_eq!(of(Value::Int(255), "x"), "ff");
        assert_eq!(of(Value::Int(7), "+d"), "+7");
        assert_eq!(of(Value::Int(7), "*^5"), "**7**");
        assert_eq!(of(Value::str("ab"), ">4"), "  ab");
        assert_eq!(of(Value::str("abc"), ".2s"), "ab");
        assert_eq!(of(Value::str("ab"), "04"), "?");
        assert_eq!(of(Value::Float(2.5), ".2f"), "2.50");
        assert_eq!(of(Value::Int(1000), ","), "?");
        assert_eq!(float_text(1.0).as_deref(), Some("1.0"));
        assert_eq!(float_text(1e20), None);
    }
}
