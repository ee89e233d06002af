//! Undecided conditions: every arm is run, what they bind is joined, what they record is conditional.

use super::{
    Context, Eval, Interp,
    flow::Flow,
    value::{FrameId, Value},
};
use facts::StmtId;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::sync::Arc;

/// Alternatives that are kept of one value; more are of no use to anyone.
const ALTERNATIVES: usize = 8;

type Bindings = FxHashMap<(FrameId, SmolStr), Option<Value>>;

impl Interp<'_> {
    /// Runs all arms of an undecided condition.
    pub(crate) fn exec_undecided(&mut self, cx: &Context, arms: &[&[StmtId]]) -> Eval<Flow> {
        let mut outcomes: Vec<Bindings> = Vec::new();
        let mut returned = Vec::new();
        let mut left = 0;
        for arm in arms {
            let (bindings, flow) = self.run_arm(cx, arm);
            match flow {
                Ok(Flow::Next) => outcomes.push(bindings),
                Ok(Flow::Return(value)) => {
                    left += 1;
                    returned.push(value);
                }
                Ok(Flow::Break | Flow::Continue) => outcomes.push(bindings),
                Err(_) => left += 1,
            }
        }
        if left == arms.len() && !returned.is_empty() {
            return Ok(Flow::Return(self.join(returned)));
        }
        if !returned.is_empty() {
            // What follows runs only where none of those arms was taken.
            self.condition_depth += 1;
            if let Some(pending) = self.pending_returns.last_mut() {
                pending.append(&mut returned);
            }
        }
        self.merge(outcomes);
        Ok(Flow::Next)
    }

    /// Runs an arm that the defaults of settings or of the environment rule out: what it wires is conditional, what it binds
    /// is not there.
    pub(crate) fn rehearse(&mut self, cx: &Context, arm: &[StmtId]) {
        let outer = std::mem::replace(&mut self.is_rehearsal, true);
        let _ = self.run_arm(cx, arm);
        self.is_rehearsal = outer;
    }

    fn run_arm(&mut self, cx: &Context, arm: &[StmtId]) -> (Bindings, Eval<Flow>) {
        let depth = self.condition_depth;
        self.condition_depth += 1;
        self.journals.push(Vec::new());
        let flow = self.exec_block(cx, arm);
        self.condition_depth = depth;
        let journal = self.journals.pop().unwrap_or_default();
        let mut bindings = Bindings::default();
        for (frame, name, old) in journal.into_iter().rev() {
            let vars = &mut self.frames[frame.0 as usize].vars;
            let new = match old {
                Some(old) => vars.insert(name.clone(), old),
                None => vars.remove(&name),
            };
            bindings.entry((frame, name)).or_insert(new);
        }
        (bindings, flow)
    }

    fn merge(&mut self, outcomes: Vec<Bindings>) {
        let mut names: Vec<(FrameId, SmolStr)> =
            outcomes.iter().flat_map(|bindings| bindings.keys().cloned()).collect();
        names.sort_by(|a, b| (a.0.0, &a.1).cmp(&(b.0.0, &b.1)));
        names.dedup();
        for (frame, name) in names {
            let old = self.frame(frame).vars.get(&name).cloned();
            let key = (frame, name);
            let values = outcomes
                .iter()
                .filter_map(|bindings| bindings.get(&key).cloned().unwrap_or_else(|| old.clone()))
                .collect::<Vec<_>>();
            let value = self.join(values);
            self.set_in_frame(frame, key.1, value);
        }
    }

    /// One value for several that are possible.
    pub(crate) fn join(&self, values: Vec<Value>) -> Value {
        let mut distinct: Vec<Value> = Vec::new();
        for value in values {
            match value {
                Value::OneOf(inner) => inner
                    .iter()
                    .for_each(|value| push_distinct(&mut distinct, value.clone())),
                value => push_distinct(&mut distinct, value),
            }
        }
        distinct.truncate(ALTERNATIVES);
        match distinct.len() {
            0 => Value::None,
            1 => distinct.remove(0),
            _ => Value::OneOf(Arc::from(distinct)),
        }
    }
}

fn push_distinct(values: &mut Vec<Value>, value: Value) {
    if !values.contains(&value) {
        values.push(value);
    }
}
