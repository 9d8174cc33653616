"""The studio: where support leads edit knowledge."""
