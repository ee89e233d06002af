//! Expressions as one would write them, shortened, for messages and cards.

use crate::{ModuleSource, Place};
use facts::{Arg, BinaryOp, Expr, ExprId, FPart, Unit};

/// Longest text of one expression, in characters.
const LIMIT: usize = 60;

/// The expression in Python's words; long ones end in `…`.
pub(crate) fn unparse(code: &Unit, expr: ExprId) -> String {
    let mut text = String::new();
    write(code, expr, &mut text, 0);
    if text.chars().count() > LIMIT {
        text = text.chars().take(LIMIT - 1).collect();
        text.push('…');
    }
    text
}

/// The expression that stands at a place.
pub(crate) fn words(source: &dyn ModuleSource, at: Place) -> Option<String> {
    let facts = source.facts(at.file)?;
    let unit = facts.units.get(at.unit.0 as usize)?;
    (at.expr.0 < unit.exprs.len() as u32).then(|| unparse(unit, at.expr))
}

fn write(code: &Unit, expr: ExprId, out: &mut String, depth: u32) {
    if depth > 12 || out.len() > 4 * LIMIT {
        out.push('…');
        return;
    }
    let list = |items: &[ExprId], open: &str, close: &str, out: &mut String| {
        out.push_str(open);
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            write(code, *item, out, depth + 1);
        }
        out.push_str(close);
    };
    match &code[expr] {
        Expr::Name(name) => out.push_str(name),
        Expr::None => out.push_str("None"),
        Expr::Bool(value) => out.push_str(if *value { "True" } else { "False" }),
        Expr::Ellipsis => out.push_str("..."),
        Expr::Int(value) => out.push_str(&value.to_string()),
        Expr::Number(text) => out.push_str(text),
        Expr::Str(text) => out.push_str(&format!("{text:?}")),
        Expr::Quoted(_, inner) => write(code, *inner, out, depth + 1),
        Expr::Bytes => out.push_str("b\"…\""),
        Expr::FString(parts) => {
            out.push_str("f\"");
            for part in parts {
                match part {
                    FPart::Text(text) => out.push_str(text),
                    FPart::Hole { expr, .. } => {
                        out.push('{');
                        write(code, *expr, out, depth + 1);
                        out.push('}');
                    }
                }
            }
            out.push('"');
        }
        Expr::Attr { value, name, .. } => {
            write(code, *value, out, depth + 1);
            out.push('.');
            out.push_str(name);
        }
        Expr::Subscript { value, index } => {
            write(code, *value, out, depth + 1);
            match &code[*index] {
                Expr::Tuple(items) => list(items, "[", "]", out),
                _ => list(&[*index], "[", "]", out),
            }
        }
        Expr::Call { func, args } => {
            write(code, *func, out, depth + 1);
            out.push('(');
            for (i, arg) in args.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                match arg {
                    Arg::Positional(value) => write(code, *value, out, depth + 1),
                    Arg::Star(value) => {
                        out.push('*');
                        write(code, *value, out, depth + 1);
                    }
                    Arg::Keyword { name, value, .. } => {
                        out.push_str(name);
                        out.push('=');
                        write(code, *value, out, depth + 1);
                    }
                    Arg::DoubleStar(value) => {
                        out.push_str("**");
                        write(code, *value, out, depth + 1);
                    }
                }
            }
            out.push(')');
        }
        Expr::List(items) => list(items, "[", "]", out),
        Expr::Tuple(items) => list(items, "(", ")", out),
        Expr::Set(items) => list(items, "{", "}", out),
        Expr::Starred(inner) => {
            out.push('*');
            write(code, *inner, out, depth + 1);
        }
        Expr::Binary(left, op, right) => {
            write(code, *left, out, depth + 1);
            out.push_str(match op {
                BinaryOp::Add => " + ",
                BinaryOp::BitOr => " | ",
                BinaryOp::Sub => " - ",
                BinaryOp::Mul => " * ",
                BinaryOp::Div => " / ",
                BinaryOp::Mod => " % ",
                _ => " … ",
            });
            write(code, *right, out, depth + 1);
        }
        Expr::Await(inner) => {
            out.push_str("await ");
            write(code, *inner, out, depth + 1);
        }
        _ => out.push('…'),
    }
}
