"""The demo shop "Larkfell": a complete shop folder, and the code that makes its data."""
