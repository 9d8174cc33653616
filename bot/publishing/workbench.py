"""Everything that a support lead does; the studio and the command stand on it."""

from dataclasses import dataclass

from bot.publishing.editing import Editing
from bot.publishing.gap_desk import GapDesk
from bot.publishing.publisher import Publisher
from bot.publishing.releases import Releases


@dataclass(frozen=True)
class Workbench:
    """The parts of one shop's workbench."""

    editing: Editing
    releases: Releases
    gaps: GapDesk
    publisher: Publisher
