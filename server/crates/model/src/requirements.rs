//! What a request to a route needs.

use crate::{Model, Requirements, Route};

pub(crate) fn of_route(_model: &Model, _route: &Route) -> Requirements {
    Requirements::default()
}
