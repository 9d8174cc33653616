"""The training report: how good the intents are, and what a person should mend next."""
