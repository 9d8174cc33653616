"""`python -m ui` is the command `shopclerk` without its script."""

from ui.command import main

main()
