"""The dialogue: what is said and where a conversation stands. Pure; no input or output."""
