"""Conversation tests in Rasa's e2e format: read, played against the bot, judged, reported."""
