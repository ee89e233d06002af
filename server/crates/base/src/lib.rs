//! File ids, byte spans, line and column conversion, text edits: the ground every other room stands on.
