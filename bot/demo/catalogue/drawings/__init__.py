"""Product pictures, drawn as small standalone SVGs."""
