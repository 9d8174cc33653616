"""A change to the knowledge on its way to shoppers: drafted, checked, published, swapped in."""
