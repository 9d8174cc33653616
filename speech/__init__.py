"""Audio into a `Transcript`, and text into audio."""
