//! Arguments: evaluation at the call, binding to parameters.

use super::{
    Context, Eval, Interp,
    iterate::Items,
    value::{Args, DictEntry, FnId, FrameId, FunctionDef, ObjectKind, Value},
};
use facts::{Arg, Expr, ParamKind, Params, Stmt, Unit};
use smol_str::SmolStr;
use std::sync::Arc;

impl Interp<'_> {
    /// Evaluates the arguments of a call; known `*` and `**` are spread.
    pub(crate) fn eval_args(&mut self, cx: &Context, args: &[Arg]) -> Eval<Args> {
        let mut result = Args::default();
        for arg in args {
            match arg {
                Arg::Positional(expr) => {
                    let value = self.eval(cx, *expr)?;
                    result.positional.push((value, Some(cx.place(*expr))));
                }
                Arg::Keyword { name, value: expr, .. } => {
                    let value = self.eval(cx, *expr)?;
                    result.keywords.push((name.clone(), value, Some(cx.place(*expr))));
                }
                Arg::Star(expr) => {
                    let value = self.eval(cx, *expr)?;
                    match self.items_of(&value, cx.place(*expr)) {
                        Items::Known(items) => result.positional.extend(items.into_iter().map(|item| (item, None))),
                        Items::Unknown(reason) => result.open = Some(reason),
                    }
                }
                Arg::DoubleStar(expr) => {
                    let value = self.eval(cx, *expr)?;
                    self.spread_keywords(&value, cx.place(*expr), &mut result);
                }
            }
        }
        Ok(result)
    }

    fn spread_keywords(&mut self, value: &Value, at: crate::Place, result: &mut Args) {
        match value {
            Value::Dict(id) => {
                for entry in self.dict_entries(*id) {
                    if let Some(name) = entry.key.as_str() {
                        result
                            .keywords
                            .push((SmolStr::new(name), entry.value.clone(), entry.at));
                    }
                }
                result.open = result.open.take().or_else(|| self.object(*id).open.clone());
            }
            Value::Unknown(reason) => result.open = Some(reason.clone()),
            _ => result.open = Some(self.reason("a mapping of arguments that is not known", at)),
        }
    }

    /// The parameters of a function and the unit they stand in.
    pub(crate) fn params_of(&self, function: FnId) -> (Arc<Unit>, Params) {
        let object = &self.functions[function.0 as usize];
        let params = match object.def {
            FunctionDef::Def(stmt) => match &object.code[stmt] {
                Stmt::Function(function) => function.params.clone(),
                _ => Params::default(),
            },
            FunctionDef::Lambda(expr) => match &object.code[expr] {
                Expr::Lambda(params, _) => Params::clone(params),
                _ => Params::default(),
            },
        };
        (object.code.clone(), params)
    }

    /// Binds arguments to a function's parameters in a fresh frame.
    pub(crate) fn bind_args(&mut self, function: FnId, mut args: Args, frame: FrameId) {
        let (code, params) = self.params_of(function);
        let mut positional = std::mem::take(&mut args.positional).into_iter();
        for param in &params.list {
            let Expr::Name(name) = &code[param.name] else { continue };
            let value = match param.kind {
                ParamKind::VarPositional => {
                    let rest: Vec<Value> = positional.by_ref().map(|(value, _)| value).collect();
                    Value::Tuple(rest.into())
                }
                ParamKind::VarKeyword => {
                    let entries = std::mem::take(&mut args.keywords)
                        .into_iter()
                        .map(|(name, value, at)| DictEntry {
                            key: Value::Str(name.as_str().into()),
                            value,
                            at,
                        })
                        .collect();
                    let dict = self.allocate(ObjectKind::Dict(entries));
                    self.object_mut(dict).open = args.open.clone();
                    Value::Dict(dict)
                }
                ParamKind::KeywordOnly => self.keyword_or_default(function, name, param.default, &mut args),
                ParamKind::PositionalOnly | ParamKind::PositionalOrKeyword => match positional.next() {
                    Some((value, _)) => value,
                    None => self.keyword_or_default(function, name, param.default, &mut args),
                },
            };
            self.frames[frame.0 as usize].vars.insert(name.clone(), value);
        }
    }

    fn keyword_or_default(
        &mut self,
        function: FnId,
        name: &SmolStr,
        default: Option<facts::ExprId>,
        args: &mut Args,
    ) -> Value {
        if let Some(i) = args.keywords.iter().position(|(keyword, _, _)| keyword == name) {
            return args.keywords.remove(i).1;
        }
        if let Some(reason) = &args.open {
            return Value::Unknown(reason.clone());
        }
        match default {
            Some(default) => self.default_of(function, name, default),
            None => Value::unknown(format!("the argument `{name}` is not given"), None),
        }
    }

    /// The value of a parameter's default.
    pub(crate) fn default_of(&mut self, function: FnId, name: &str, default: facts::ExprId) -> Value {
        let object = &self.functions[function.0 as usize];
        if let Some((_, value)) = object.defaults.iter().find(|(known, _)| known == name) {
            return value.clone();
        }
        let cx = self.definition_context(function);
        let value = self
            .eval(&cx, default)
            .unwrap_or_else(|_| Value::unknown("this default fails", Some(cx.place(default))));
        // One object for all calls, as in Python.
        self.functions[function.0 as usize]
            .defaults
            .push((SmolStr::new(name), value.clone()));
        value
    }

    /// The scope in which a function's signature is evaluated.
    pub(crate) fn definition_context(&self, function: FnId) -> Context {
        let object = &self.functions[function.0 as usize];
        Context {
            file: object.file,
            unit: object.unit,
            code: object.code.clone(),
            frame: object.signature_frame,
            function: None,
        }
    }
}
