"""The HTTP service: chat for machines, sessions, health, limits."""
