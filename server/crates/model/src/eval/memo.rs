//! Functions that keep their results: `functools.lru_cache`, `cache` and `cached_property`. A call with the same arguments
//! gives the same object, which code relies on for registries, routers and apps.

use super::{
    Eval, Interp,
    value::{Args, FnId, Value},
};
use base::FileId;
use facts::FunctionBody;

/// A result that is kept.
#[derive(Debug)]
pub(crate) struct Kept {
    /// The module to which it belongs: the function's.
    pub(crate) owner: FileId,
    args: Args,
    value: Value,
    /// Whether it rests on an assumption.
    is_assumed: bool,
}

impl Interp<'_> {
    /// Makes a function one that keeps its results.
    pub(super) fn keep_results(&mut self, function: FnId) {
        self.heap.kept.entry(function).or_default();
    }

    pub(super) fn keeps_results(&self, function: FnId) -> bool {
        self.heap.kept.contains_key(&function)
    }

    /// Calls such a function.
    pub(super) fn call_keeping(
        &mut self,
        id: FnId,
        args: Args,
        body: Option<FunctionBody>,
        at: Option<crate::Place>,
    ) -> Eval<Value> {
        let mut kept = self.heap.kept.get(&id).into_iter().flatten();
        if let Some(kept) = kept.find(|kept| self.are_equal(&kept.args, &args)) {
            let (value, is_assumed) = (kept.value.clone(), kept.is_assumed);
            self.assumptions += u64::from(is_assumed);
            return Ok(value);
        }
        let assumptions = self.assumptions;
        // Whoever calls first, what is made belongs to the function's module, which all import that call it.
        let owner = self.functions[id.0 as usize].owner;
        self.begin(owner);
        let made = self.enter(id, args.clone(), body, at);
        self.end();
        let value = made?;
        if !self.is_rehearsal && args.open.is_none() {
            let is_assumed = self.assumptions != assumptions;
            self.heap.kept.entry(id).or_default().push(Kept {
                owner,
                args,
                value: value.clone(),
                is_assumed,
            });
        }
        Ok(value)
    }

    fn are_equal(&self, one: &Args, other: &Args) -> bool {
        let same = |one: &Value, other: &Value| self.equal(one, other) == Some(true);
        one.open.is_none()
            && other.open.is_none()
            && one.positional.len() == other.positional.len()
            && one.keywords.len() == other.keywords.len()
            && one
                .positional
                .iter()
                .zip(&other.positional)
                .all(|((one, _), (other, _))| same(one, other))
            && one
                .keywords
                .iter()
                .all(|(name, one, _)| other.keyword(name).is_some_and(|other| same(one, other)))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::check;

    #[test]
    fn the_same_arguments_give_the_same_object() {
        check(
            r#"
#- /main.py
from functools import cache, cached_property, lru_cache
from fastapi import APIRouter, FastAPI
def h(): ...
@lru_cache(maxsize=None)
def router_of(name):
    return APIRouter(prefix=f"/{name}")
@cache
def registry():
    return []
class Container:
    @cached_property
    def api(self):
        return APIRouter(prefix="/api")
router_of("a").get("/x")(h)
router_of("b").get("/y")(h)
registry().append("/late")
one, other = Container(), Container()
one.api.get("/one")(h)
other.api.get("/other")(h)
app = FastAPI()
app.include_router(router_of("a"))
app.include_router(router_of(name="a"))
app.include_router(one.api)
for path in registry():
    app.get(path)(h)
"#,
            "main:app GET /a/x -> main.h\nmain:app GET /api/one -> main.h\nmain:app GET /late -> main.h",
        );
    }
}
