//! What Routewright can build: one folder for each scaffold.
