//! The one API over model, rules and scaffolds: plain data in, plain data out. Knows no protocol.
