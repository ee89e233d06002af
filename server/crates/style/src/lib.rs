//! What this project looks like: naming, async or sync, Annotated, quotes, indentation, line length.
