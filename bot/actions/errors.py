"""What goes wrong with actions, in words that name the remedy."""


class ActionError(Exception):
    """An action, or the server that runs it, did something that the bot cannot follow."""
