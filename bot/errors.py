"""Errors that the operator or developer of a shop can mend; each says where, what and how."""


class ConfigError(Exception):
    """shop.toml, domain.yml or flows/ cannot be used; the message names place and remedy."""


class ModelError(Exception):
    """A model is missing or broken; the message says which and how to get it."""


class ConversationNotYours(Exception):
    """The conversation belongs to another session or customer."""
