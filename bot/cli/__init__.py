"""The command `shopclerk`."""

from bot.cli.main import main

__all__ = ["main"]
