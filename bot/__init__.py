"""The bot: one turn from a message to replies, its actions, storage, service and command."""
