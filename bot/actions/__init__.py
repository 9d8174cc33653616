"""The bot's own rasa-sdk actions, one file each, and the runner."""
