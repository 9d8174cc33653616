"""Orders: the values, what the bot may ask of an order system, and one on SQL."""
