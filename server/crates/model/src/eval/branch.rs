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
        let (mut breaks, mut continues) = (false, false);
        let mut goes_on = false;
        let pending = self.returns_pending();
        for arm in arms {
            let (bindings, flow) = self.run_arm(cx, arm);
            match flow {
                Ok(Flow::Next) => {
                    goes_on = true;
                    outcomes.push(bindings);
                }
                Ok(Flow::Return(value)) => returned.push(value),
                Ok(flow) => {
                    breaks |= matches!(flow, Flow::Break);
                    continues |= matches!(flow, Flow::Continue);
                    outcomes.push(bindings);
                }
                Err(raise) => self.note_possible_raise(raise),
            }
        }
        let jumps = breaks || continues;
        self.possible_breaks += u32::from(breaks && (goes_on || continues));
        if !goes_on && !jumps && !returned.is_empty() {
            return Ok(Flow::Return(self.join(returned)));
        }
        if jumps || !returned.is_empty() || self.returns_pending() > pending {
            // What follows runs only where none of those arms was taken.
            self.condition_depth += 1;
            if let Some(pending) = self.pending_returns.last_mut() {
                pending.append(&mut returned);
            }
        }
        self.merge(outcomes);
        Ok(match goes_on {
            false if continues => Flow::Continue,
            false if breaks => Flow::Break,
            _ => Flow::Next,
        })
    }

    /// How many returns under undecided conditions the call that runs has seen.
    pub(crate) fn returns_pending(&self) -> usize {
        self.pending_returns.last().map_or(0, Vec::len)
    }

    /// Runs an arm that an assumption lets through: what it binds rests on that too.
    pub(crate) fn exec_assumed(&mut self, cx: &Context, arm: &[StmtId]) -> Eval<Flow> {
        self.journals.push(Vec::new());
        let flow = self.exec_block(cx, arm);
        let journal = self.journals.pop().unwrap_or_default();
        for (frame, name, _) in &journal {
            if let Some(value) = self.frame(*frame).vars.get(name).cloned() {
                self.assume_name(*frame, name.clone(), &value);
            }
        }
        if let Some(outer) = self.journals.last_mut() {
            outer.extend(journal);
        }
        flow
    }

    /// Runs an arm that the defaults of settings or of the environment rule out, or what is installed: what it wires is
    /// conditional, what it binds is not there. Says whether it leaves the block that it is in.
    pub(crate) fn rehearse(&mut self, cx: &Context, arm: &[StmtId]) -> bool {
        let outer = (self.is_rehearsal, self.rehearsed_from);
        if !self.is_rehearsal {
            self.rehearsed_from = self.objects.len();
        }
        self.is_rehearsal = true;
        let (bindings, flow) = self.run_arm(cx, arm);
        (self.is_rehearsal, self.rehearsed_from) = outer;
        for (frame, name) in bindings.into_keys() {
            if let Some(value) = self.frame(frame).vars.get(&name).cloned() {
                self.assume_name(frame, name, &value);
            }
        }
        self.possible_breaks += u32::from(matches!(flow, Ok(Flow::Break)));
        matches!(flow, Ok(Flow::Return(_) | Flow::Break | Flow::Continue))
    }

    /// Runs a block that may run or not, behind what was done already; what both bind is joined.
    pub(crate) fn exec_perhaps(&mut self, cx: &Context, block: &[StmtId]) -> Eval<Flow> {
        self.exec_undecided(cx, &[&[], block])
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
                None => vars.shift_remove(&name),
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
