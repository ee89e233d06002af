//! Loops: over known items they are unrolled, over others the body runs once, as an arm that may not run.

use super::{
    Context, Eval, Interp, LOOP_LIMIT,
    flow::Flow,
    iterate::{Items, more},
    value::Value,
};
use crate::{Place, Reason};
use facts::{Expr, ExprId, StmtId};

const TOO_MANY_ROUNDS: &str = "the loop has more rounds than are followed";

/// What a loop goes through.
struct Rounds {
    items: Vec<Value>,
    /// See [`Interp::begin_disorder`].
    disorder: usize,
    /// The expression that gave the items.
    at: Place,
}

/// How the conditions stood before a round.
struct Before {
    depth: u32,
    returns: usize,
    breaks: u32,
}

impl Interp<'_> {
    pub(super) fn exec_for(
        &mut self,
        cx: &Context,
        target: ExprId,
        iter: ExprId,
        body: &[StmtId],
        orelse: &[StmtId],
    ) -> Eval<Flow> {
        let iterable = self.eval(cx, iter)?;
        let (items, disorder) = if self.has_rounds() {
            self.items_in_order(&iterable, cx.place(iter))
        } else {
            (Items::Unknown(self.reason(TOO_MANY_ROUNDS, cx.place(iter))), None)
        };
        match items {
            Items::Known(items) => self.in_loop(|interp, broken| {
                let at = cx.place(iter);
                let disorder = interp.begin_disorder(disorder, at);
                let rounds = Rounds { items, disorder, at };
                let flow = interp.exec_items(cx, target, rounds, body, broken);
                interp.end_disorder(disorder);
                match flow? {
                    Flow::Next => interp.exec_block(cx, orelse),
                    Flow::Break | Flow::Continue => Ok(Flow::Next),
                    flow @ Flow::Return(_) => Ok(flow),
                }
            }),
            Items::Unknown(reason) => {
                self.assign(cx, target, Value::Unknown(reason), None)?;
                self.exec_perhaps_once(cx, body)
            }
        }
    }

    /// The rounds over known items; [`Flow::Break`] where one surely ends the loop.
    fn exec_items(
        &mut self,
        cx: &Context,
        target: ExprId,
        rounds: Rounds,
        body: &[StmtId],
        broken: &mut u32,
    ) -> Eval<Flow> {
        let Rounds { items, disorder, at } = rounds;
        let recorded = self.recorded.len();
        let mut is_cut = items.len() > LOOP_LIMIT;
        for item in items.into_iter().take(self.most_rounds()) {
            if !self.round() {
                is_cut = true;
                break;
            }
            if let Some(reason) = more(&item) {
                // Elsewhere it would only be work.
                if self.source.mentions_framework(cx.file) {
                    self.assign(cx, target, Value::Unknown(reason), None)?;
                    self.exec_perhaps_once(cx, body)?;
                }
                continue;
            }
            let before = self.before_round();
            let item = match item {
                Value::Maybe(inner) => {
                    self.condition_depth += 1;
                    Value::clone(&inner)
                }
                item => item,
            };
            self.assign(cx, target, item, None)?;
            let flow = self.exec_block(cx, body);
            self.after_round(&before, broken);
            self.next_disordered_round(disorder);
            match flow? {
                Flow::Next | Flow::Continue => {}
                flow => return Ok(flow),
            }
        }
        if is_cut {
            self.cut_loop(recorded, at);
        }
        Ok(Flow::Next)
    }

    pub(super) fn exec_while(&mut self, cx: &Context, test: ExprId, body: &[StmtId], orelse: &[StmtId]) -> Eval<Flow> {
        if !self.has_rounds() {
            return self.exec_perhaps_once(cx, body);
        }
        self.in_loop(|interp, broken| interp.exec_rounds(cx, test, body, orelse, broken))
    }

    fn exec_rounds(
        &mut self,
        cx: &Context,
        test: ExprId,
        body: &[StmtId],
        orelse: &[StmtId],
        broken: &mut u32,
    ) -> Eval<Flow> {
        let recorded = self.recorded.len();
        let is_endless = matches!(cx.code[test], Expr::Bool(true) | Expr::Int(1));
        for _ in 0..self.most_rounds() {
            if !self.round() {
                break;
            }
            let condition = self.eval(cx, test)?;
            self.decisions += 1;
            self.heed_decision(cx, test);
            match self.truth(&condition) {
                Some(false) => return self.exec_block(cx, orelse),
                Some(true) => {
                    let before = self.before_round();
                    let flow = self.exec_block(cx, body);
                    self.after_round(&before, broken);
                    match flow? {
                        Flow::Next | Flow::Continue => {}
                        Flow::Break => return Ok(Flow::Next),
                        flow @ Flow::Return(_) => return Ok(flow),
                    }
                }
                None => return self.exec_perhaps_once(cx, body),
            }
            // What ends it is not known, nor when it does.
            if is_endless && *broken > 0 {
                break;
            }
        }
        self.cut_loop(recorded, cx.place(test));
        Ok(Flow::Next)
    }

    /// Runs a loop; what was conditional for its later rounds only, by so many of `broken`, is not so behind it.
    fn in_loop(&mut self, run: impl FnOnce(&mut Self, &mut u32) -> Eval<Flow>) -> Eval<Flow> {
        let breaks = std::mem::take(&mut self.possible_breaks);
        let mut broken = 0;
        self.loop_depth += 1;
        let flow = run(self, &mut broken);
        self.loop_depth -= 1;
        self.possible_breaks = breaks;
        self.condition_depth = self.condition_depth.saturating_sub(broken);
        flow
    }

    /// Runs the body of a loop that may have a round or none.
    fn exec_perhaps_once(&mut self, cx: &Context, body: &[StmtId]) -> Eval<Flow> {
        let before = self.before_round();
        self.loop_depth += 1;
        let flow = self.exec_undecided(cx, &[body, &[]]);
        self.loop_depth -= 1;
        self.possible_breaks = before.breaks;
        self.condition_depth = before.depth + u32::from(self.returns_pending() > before.returns);
        Ok(match flow? {
            Flow::Break | Flow::Continue => Flow::Next,
            flow => flow,
        })
    }

    fn before_round(&self) -> Before {
        Before {
            depth: self.condition_depth,
            returns: self.returns_pending(),
            breaks: self.possible_breaks,
        }
    }

    /// What an arm skipped by `continue` is over; what one left by `break` or `return` may not come.
    fn after_round(&mut self, before: &Before, broken: &mut u32) {
        self.condition_depth = before.depth + u32::from(self.returns_pending() > before.returns);
        if self.possible_breaks > before.breaks {
            self.possible_breaks = before.breaks;
            self.condition_depth += 1;
            *broken += 1;
        }
    }

    /// How many rounds of a loop are followed: in a generator one more, for whoever iterates over it to see that there are.
    fn most_rounds(&self) -> usize {
        LOOP_LIMIT + usize::from(self.is_generating())
    }

    /// A loop ends before its time: where it recorded something, more may have been to come.
    fn cut_loop(&mut self, recorded: usize, at: Place) {
        if self.recorded.len() > recorded {
            let reason = self.reason(TOO_MANY_ROUNDS, at);
            self.report(at, "loop", &reason);
            self.doubt(recorded, &reason);
        }
    }

    /// More may have been to come on the routers that something was recorded on since.
    pub(crate) fn doubt(&mut self, recorded: usize, reason: &Reason) {
        let mut routers = self.recorded.get(recorded..).unwrap_or_default().to_vec();
        routers.sort_unstable();
        routers.dedup();
        for router in routers {
            self.change_router(router, |router| {
                router.escapes = true;
                router.incomplete.get_or_insert_with(|| reason.clone());
            });
        }
    }
}
