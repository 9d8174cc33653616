"""The commands that need no page; `ui.command` adds the one that serves them."""
