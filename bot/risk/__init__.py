"""Order risk: features, model, explanation."""
