"""A copy of the demo shop to change: its knowledge gets a repository of its own."""

import shutil
from pathlib import Path


def copy_demo(demo: Path, folder: Path) -> Path:
    """Copy the shop with what was trained for it, without its versions and conversations."""
    target = folder / "shop"
    left = shutil.ignore_patterns("drafts", "shopclerk.db*", "knowledge.*", "*.py", "__pycache__")
    shutil.copytree(demo, target, ignore=left)
    return target
