"""What YAML holds as plain JSON values."""

from collections.abc import Mapping
from typing import Any


def plain(value: Any) -> Any:
    """Return the value without YAML's own types; dates become texts, keys become texts."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(each) for each in value]
    return str(value)
