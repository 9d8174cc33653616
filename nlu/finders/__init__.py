"""One file per kind of entity: each finds its spans in a folded text, by rules."""
