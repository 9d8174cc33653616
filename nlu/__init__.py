"""Text into an `Understanding`: ranked intents, scope, entities, language."""
