//! What one file says: a position-free program for each module and function, and a table of spans.
