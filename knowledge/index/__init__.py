"""Search: vectors, words, and the calibrated chance that a hit answers."""
