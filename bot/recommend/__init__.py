"""Product discovery: what the shopper wants, what fits, and why."""
