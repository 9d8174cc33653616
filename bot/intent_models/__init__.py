"""Which trained intent model is live: kept, compared, taken into use, gone back from."""
