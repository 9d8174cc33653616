"""Knowledge files into searchable entries; a query into `Hit`s with their source lines."""
