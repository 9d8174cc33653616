"""Versions of the knowledge folder in git, and what changed between them in words."""
