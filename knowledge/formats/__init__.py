"""Knowledge files into entries and products; every mistake in them is named by its place."""
