//! The evaluator of wiring: links facts into apps, routers, path operations, dependencies and schemas.
