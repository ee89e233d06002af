//! What Python itself raises where that is certain: an assertion that doesn't hold, a key, item or attribute that is not there,
//! arguments that a function doesn't take, text that is no number.

use super::{
    Context, Eval, Interp, ModuleStatus,
    certainty::RestsOn,
    flow::Raise,
    heap::Thing,
    value::{Args, ClassId, FnId, FunctionDef, ObjId, Value},
};
use crate::{ModuleRef, Place};
use base::FileId;
use facts::{Expr, ExprId, ParamKind, Stmt, Unit};
use smol_str::SmolStr;

/// Decorators that leave a function's parameters as they are.
const TRANSPARENT: [&str; 8] = [
    "asynccontextmanager",
    "cache",
    "classmethod",
    "contextmanager",
    "lru_cache",
    "overload",
    "staticmethod",
    "wraps",
];
/// Builtins whose answer is known where their arguments are.
const PURE: [&str; 8] = ["all", "any", "bool", "int", "len", "max", "min", "sorted"];
/// Methods by which a class decides itself what attributes there are, or what making an instance gives.
const OWN_WAYS: [&str; 6] = [
    "__getattr__",
    "__getattribute__",
    "__setattr__",
    "__slots__",
    "__new__",
    "__call__",
];

impl Interp<'_> {
    /// `assert test`.
    pub(super) fn exec_assert(&mut self, cx: &Context, test: ExprId) -> Eval<()> {
        let at = cx.place(test);
        if !self.is_certain(at) {
            return Ok(());
        }
        let assumed = self.assumptions;
        let condition = match self.eval(cx, test) {
            Err(raise) if raise.certain.is_some() => return Err(raise),
            Err(_) => return Ok(()),
            Ok(condition) => condition,
        };
        let holds = self.truth(&condition);
        self.decisions += 1;
        if holds == Some(false)
            && self.assumptions == assumed
            && self.is_sound_test(cx, test)
            && self.is_certain_of_values(at)
        {
            let why = "Python raises an AssertionError here: the condition does not hold".to_owned();
            return self.surely(&Raise::new("AssertionError"), why, at, RestsOn::Nothing);
        }
        Ok(())
    }

    /// Whether all that a condition is decided on is surely as it is known.
    fn is_sound_test(&mut self, cx: &Context, expr: ExprId) -> bool {
        let all = |interp: &mut Self, exprs: &[ExprId]| exprs.iter().all(|expr| interp.is_sound_test(cx, *expr));
        match &cx.code[expr] {
            Expr::None | Expr::Bool(_) | Expr::Int(_) | Expr::Number(_) | Expr::Str(_) | Expr::FString(_) => true,
            Expr::Name(_) | Expr::Attr { .. } => self.eval(cx, expr).is_ok_and(|value| self.is_sound_value(&value)),
            Expr::List(items) | Expr::Tuple(items) | Expr::Set(items) | Expr::And(items) | Expr::Or(items) => {
                all(self, items)
            }
            Expr::Unary(_, operand) => self.is_sound_test(cx, *operand),
            Expr::Compare(first, rest) => {
                self.is_sound_test(cx, *first) && rest.iter().all(|(_, operand)| self.is_sound_test(cx, *operand))
            }
            Expr::Call { func, args } => {
                let is_pure = matches!(&cx.code[*func], Expr::Name(name) if PURE.contains(&name.as_str()));
                is_pure
                    && args.iter().all(|arg| match arg {
                        facts::Arg::Positional(value) => self.is_sound_test(cx, *value),
                        _ => false,
                    })
            }
            _ => false,
        }
    }

    /// Whether a value is surely what it is known to be. What libraries have may go by several names.
    fn is_sound_value(&self, value: &Value) -> bool {
        match value {
            Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => true,
            Value::Function(_) | Value::Class(_) | Value::Module(_) | Value::Object(_) => true,
            Value::Tuple(items) => items.iter().all(|item| self.is_sound_value(item)),
            Value::List(id) | Value::Set(id) => {
                self.is_sound(*id) && self.list_items(*id).iter().all(|item| self.is_sound_value(item))
            }
            Value::Dict(id) => {
                self.is_sound(*id)
                    && self
                        .dict_entries(*id)
                        .iter()
                        .all(|entry| self.is_sound_value(&entry.key) && self.is_sound_value(&entry.value))
            }
            _ => false,
        }
    }

    /// `container[key]`.
    pub(super) fn check_item(&mut self, container: &Value, key: &Value, at: Place) -> Eval<()> {
        match container {
            Value::Dict(mapping) if self.surely_lacks(*mapping, key) => self.check_key(*mapping, key, at),
            Value::List(_) | Value::Tuple(_) => self.check_index(container, key, at),
            _ => Ok(()),
        }
    }

    /// `mapping[key]` where the mapping has no such key, as far as is recorded.
    fn check_key(&mut self, mapping: ObjId, key: &Value, at: Place) -> Eval<()> {
        let is_plain = |key: &Value| {
            matches!(
                key,
                Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_)
            )
        };
        let keys = self.dict_entries(mapping).iter().map(|entry| &entry.key);
        if is_plain(key) && keys.into_iter().all(is_plain) && self.is_sound(mapping) && self.is_certain_of_values(at) {
            let why = format!("Python raises a KeyError here: the mapping has no {}", shown(key));
            let rests_on = RestsOn::Things(vec![Thing::Object(mapping)]);
            return self.surely(&Raise::new("KeyError"), why, at, rests_on);
        }
        Ok(())
    }

    /// `items[index]` where the sequence surely has fewer.
    fn check_index(&mut self, container: &Value, key: &Value, at: Place) -> Eval<()> {
        let Value::Int(index) = key else { return Ok(()) };
        let (count, rests_on) = match container {
            Value::Tuple(items) if items.iter().all(|item| !matches!(item, Value::Maybe(_))) => {
                (items.len(), RestsOn::Nothing)
            }
            Value::List(id) if self.is_sound(*id) && !self.iterators.contains(id) => match self.all_items(*id) {
                Some(items) => (items.len(), RestsOn::Things(vec![Thing::Object(*id)])),
                None => return Ok(()),
            },
            _ => return Ok(()),
        };
        if super::expr::nth(count, *index).is_none() && self.is_certain_of_values(at) {
            let why = format!("Python raises an IndexError here: there are {count} items");
            return self.surely(&Raise::new("IndexError"), why, at, rests_on);
        }
        Ok(())
    }

    /// `receiver.name`, of which nothing is known.
    pub(super) fn check_attribute(&mut self, receiver: &Value, name: &SmolStr, at: Place) -> Eval<()> {
        if name.starts_with("__") || !self.is_certain(at) {
            return Ok(());
        }
        match receiver {
            Value::Module(file) if self.surely_lacks_name(*file, name) => {
                let why = format!(
                    "Python raises an AttributeError here: `{}` has no `{name}`",
                    self.source.module_name(*file)
                );
                self.surely(
                    &Raise::new("AttributeError"),
                    why,
                    at,
                    RestsOn::Things(vec![Thing::Module(*file)]),
                )
            }
            Value::Object(object) if self.is_certain_of_values(at) => {
                let class = self.instance(*object).filter(|instance| instance.router.is_none());
                match class.map(|instance| instance.class.clone()) {
                    Some(Value::Class(class)) if self.is_sound(*object) && self.surely_never_has(class, name) => {
                        self.no_attribute(class, "an instance of ", name, at, Some(*object))
                    }
                    _ => Ok(()),
                }
            }
            Value::Class(class) if name != "mro" && self.surely_never_has(*class, name) => {
                self.no_attribute(*class, "", name, at, None)
            }
            _ => Ok(()),
        }
    }

    fn no_attribute(&mut self, class: ClassId, of: &str, name: &str, at: Place, instance: Option<ObjId>) -> Eval<()> {
        let object = self.class(class);
        let why = format!(
            "Python raises an AttributeError here: {of}`{}` has no `{name}`",
            object.name
        );
        let classes = object.mro.iter().filter_map(|base| match base {
            Value::Class(base) => Some(Thing::Class(*base)),
            _ => None,
        });
        let things = classes.chain(instance.map(Thing::Object)).collect();
        self.surely(&Raise::new("AttributeError"), why, at, RestsOn::Things(things))
    }

    /// Whether a module of the workspace that has run has no such name, nor a module of that name in it.
    pub(super) fn surely_lacks_name(&self, file: FileId, name: &str) -> bool {
        let is_done = self
            .modules
            .get(&file)
            .is_some_and(|state| state.status == ModuleStatus::Done && !state.fails && state.raised.is_none());
        let part = || format!("{}.{name}", self.source.module_name(file));
        is_done
            && self.source.is_own(file)
            && !self.inexact.contains(&file)
            && !self.may_be_bound_in_module(file, name)
            && (!self.source.is_package(file)
                || !matches!(
                    self.source.resolve(file, &part()),
                    ModuleRef::File(_) | ModuleRef::Namespace
                ))
    }

    /// Whether a class is what its statements say, and those of its bases, and nothing decides otherwise.
    fn is_plain_class(&self, class: ClassId) -> bool {
        self.is_read_whole(class)
            && self.class(class).mro.iter().all(|base| match base {
                Value::Class(base) => {
                    let object = self.class(*base);
                    object.keywords.is_empty()
                        && object.decorators.is_empty()
                        && self.source.is_own(object.file)
                        && !self.inexact.contains(&object.owner)
                        && OWN_WAYS.iter().all(|name| self.own_attribute(*base, name).is_none())
                }
                _ => true,
            })
    }

    /// Whether neither a class nor its instances ever get an attribute of that name, as far as their own files tell.
    fn surely_never_has(&self, class: ClassId, name: &str) -> bool {
        self.is_plain_class(class)
            && self.class(class).mro.iter().all(|base| match base {
                Value::Class(base) => !self.may_set_attribute(self.class(*base).file, name),
                _ => true,
            })
    }

    /// Arguments as they stand in a call: those that a function of the workspace doesn't take, or lacks.
    pub(super) fn check_arguments(&mut self, callee: &Value, args: &Args, at: Place) -> Eval<()> {
        if !self.is_certain(at) {
            return Ok(());
        }
        let (function, given) = match callee {
            Value::Function(function) => (*function, 0),
            Value::Bound(bound) => match &bound.1 {
                Value::Function(function) => (*function, 1),
                _ => return Ok(()),
            },
            Value::Class(class) if self.is_plain_class(*class) => {
                match self.class_attribute(*class, "__init__", None) {
                    Some((Value::Function(init), _)) => (init, 1),
                    None if !args.positional.is_empty() || !args.keywords.is_empty() => {
                        let why = format!(
                            "Python raises a TypeError here: `{}` takes no arguments",
                            self.class(*class).name
                        );
                        return self.surely(&Raise::new("TypeError"), why, at, RestsOn::Nothing);
                    }
                    _ => return Ok(()),
                }
            }
            _ => return Ok(()),
        };
        match self.mismatch(function, given, args) {
            Some(what) => {
                let name = self.functions[function.0 as usize].qualname.clone();
                let why = format!("Python raises a TypeError here: `{name}` {what}");
                self.surely(&Raise::new("TypeError"), why, at, RestsOn::Nothing)
            }
            None => Ok(()),
        }
    }

    /// Why a function surely can't take some arguments behind so many that are given anyway.
    fn mismatch(&self, function: FnId, given: usize, args: &Args) -> Option<String> {
        let object = &self.functions[function.0 as usize];
        let is_known = args.open.is_none()
            && args.values().all(|value| !matches!(value, Value::Maybe(_)))
            && self.source.is_own(object.file)
            && !self.opaque.contains_key(&function)
            && object.attribute("__signature__").is_none()
            && has_own_parameters(&object.code, object.def);
        if !is_known {
            return None;
        }
        let (code, params) = self.params_of(function);
        let mut positional = given + args.positional.len();
        let mut keywords: Vec<&SmolStr> = args.keywords.iter().map(|(name, _, _)| name).collect();
        let (mut takes_any, mut takes_all, mut lacking) = (false, false, None);
        for param in &params.list {
            let Expr::Name(name) = &code[param.name] else {
                return None;
            };
            let named = keywords.iter().position(|keyword| *keyword == name);
            let is_filled = match param.kind {
                ParamKind::VarPositional => {
                    takes_any = true;
                    true
                }
                ParamKind::VarKeyword => {
                    takes_all = true;
                    true
                }
                ParamKind::PositionalOnly if positional == 0 => false,
                ParamKind::KeywordOnly => named.map(|index| keywords.swap_remove(index)).is_some(),
                _ if positional > 0 => {
                    positional -= 1;
                    if named.is_some() && param.kind == ParamKind::PositionalOrKeyword {
                        return Some(format!("is given `{name}` twice"));
                    }
                    true
                }
                _ => named.map(|index| keywords.swap_remove(index)).is_some(),
            };
            if !is_filled && param.default.is_none() {
                lacking = lacking.or_else(|| Some(format!("needs `{name}`, which is not given")));
            }
        }
        if positional > 0 && !takes_any {
            return Some("takes fewer arguments than it is given".to_owned());
        }
        match keywords.first() {
            Some(keyword) if !takes_all => Some(format!("takes no argument `{keyword}`")),
            _ => lacking,
        }
    }

    /// `int(text)` and `float(text)`.
    pub(super) fn check_number(&mut self, function: &str, args: &Args, at: Option<Place>) -> Eval<()> {
        let ([(Value::Str(text), _)], [], Some(at)) = (args.positional.as_slice(), args.keywords.as_slice(), at) else {
            return Ok(());
        };
        let is_number = match function {
            "int" => is_integer(text.trim()),
            _ => is_float(text.trim()),
        };
        // Digits of other scripts are digits, too.
        if !is_number && text.is_ascii() && self.is_certain_of_values(at) {
            let why = format!(
                "Python raises a ValueError here: {} is no number",
                shown(&Value::Str(text.clone()))
            );
            return self.surely(&Raise::new("ValueError"), why, at, RestsOn::Nothing);
        }
        Ok(())
    }

    /// A `raise` that the running module surely comes to.
    pub(super) fn check_raise(&mut self, raise: &Raise, value: Option<ExprId>, cx: &Context) -> Eval<()> {
        // Who leaves on purpose may have served before, and a `__getattr__` says by it that there is no such attribute.
        let leaves = matches!(
            raise.class.as_str(),
            "SystemExit" | "KeyboardInterrupt" | "AttributeError"
        );
        let Some(value) = value.filter(|_| !leaves) else {
            return Ok(());
        };
        let at = cx.place(value);
        if self.is_certain(at) {
            let why = "the module raises it when it is imported".to_owned();
            return self.surely(raise, why, at, RestsOn::Nothing);
        }
        Ok(())
    }
}

/// A constant as Python writes it, shortened.
fn shown(value: &Value) -> String {
    match value {
        Value::Str(text) => format!("\"{}\"", text.chars().take(40).collect::<String>()),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        _ => "None".to_owned(),
    }
}

/// Whether a function takes what its own `def` says: nothing that decorates it may change that.
fn has_own_parameters(code: &Unit, def: FunctionDef) -> bool {
    let FunctionDef::Def(stmt) = def else { return true };
    let Stmt::Function(function) = &code[stmt] else {
        return false;
    };
    function.decorators.iter().all(|decorator| {
        let name = match &code[*decorator] {
            Expr::Call { func, .. } => &code[*func],
            name => name,
        };
        matches!(name, Expr::Name(name) | Expr::Attr { name, .. } if TRANSPARENT.contains(&name.as_str()))
    })
}

/// Whether Python's `int` reads it (digits with single underscores between them).
fn is_integer(text: &str) -> bool {
    are_digits(text.strip_prefix(['+', '-']).unwrap_or(text))
}

fn are_digits(text: &str) -> bool {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split('_').all(is_digits)
}

/// Whether Python's `float` reads it.
fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text).to_ascii_lowercase();
    if matches!(unsigned.as_str(), "inf" | "infinity" | "nan") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned.as_str(), None),
    };
    let is_mantissa = match mantissa.split_once('.') {
        Some(("", after)) => are_digits(after),
        Some((before, "")) => are_digits(before),
        Some((before, after)) => are_digits(before) && are_digits(after),
        None => are_digits(mantissa),
    };
    is_mantissa && exponent.is_none_or(is_integer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Memory;

    /// What the call of `make`, a function with these parameters and this line, surely ends with.
    fn ends(params: &str, line: &str) -> Option<String> {
        let model = Memory::new(&format!(
            "from fastapi import FastAPI\n\n\ndef make({params}):\n    app = FastAPI()\n    {line}\n    return app\n"
        ))
        .link();
        model.apps[0].refused.as_ref().map(|reason| reason.text.to_string())
    }

    #[test]
    fn what_a_caller_gives_a_factory_decides_what_is_in_it() {
        let key = "Python raises a KeyError here: the mapping has no \"port\"";
        assert_eq!(ends("", "settings = {}; settings[\"port\"]").as_deref(), Some(key));
        for line in [
            "settings = given or {}; settings[\"port\"]",
            "given[\"port\"]",
            "assert given",
            "ports = list(given); ports[0]",
            "int(\"x\" if given else \"y\")",
        ] {
            assert_eq!(ends("given={}", line), None, "{line}");
        }
        assert_eq!(ends("given=None", "nowhere() if given is None else 0"), None);
        // Whatever is given.
        let name = "Python raises a NameError here: `nowhere` is not bound";
        assert_eq!(ends("given=None", "nowhere()").as_deref(), Some(name));
    }

    #[test]
    fn numbers_are_read_as_python_reads_them() {
        for text in ["1", "-12", "+1_000", "007"] {
            assert!(is_integer(text), "{text}");
        }
        for text in ["", "x", "1.0", "1__0", "_1", "1_", "0x10", "--1"] {
            assert!(!is_integer(text), "{text}");
        }
        for text in ["1", ".5", "5.", "1e3", "-1.5E-3", "nan", "Infinity", "1_0.0"] {
            assert!(is_float(text), "{text}");
        }
        for text in ["", ".", "e3", "1e", "x", "1..0", "0x1p3"] {
            assert!(!is_float(text), "{text}");
        }
    }
}
