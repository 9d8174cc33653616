"""The one error of this package."""


class EditError(Exception):
    """An edit that can't be made: a sentence for the lead, with the remedy."""
