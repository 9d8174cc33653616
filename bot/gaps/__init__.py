"""Questions that the bot could not answer: collected, masked, grouped, turned into entries."""
