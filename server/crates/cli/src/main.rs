//! The binary `routewright`.

fn main() {}
