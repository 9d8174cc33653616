"""A shop's folder read from disk: settings, domain, flows."""

from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from bot.dialogue.domain import Domain
from bot.dialogue.domain_files import read_domain
from bot.dialogue.flow_files import read_flows
from bot.dialogue.flows import Flows
from bot.dialogue.script import Script, write_script
from bot.errors import ConfigError
from bot.settings import Settings, read_settings


@dataclass(frozen=True)
class ShopFiles:
    """What the files of a shop say."""

    folder: Path
    settings: Settings
    domain: Domain
    flows: Flows

    @property
    def script(self) -> Script:
        """Domain and flows for deciding alone: without any action to run."""
        return write_script(self.domain, self.flows, frozenset())

    @property
    def state_dir(self) -> Path:
        """Where models, vectors and the database of this shop are kept."""
        return self.folder / ".shopclerk"

    @property
    def words(self) -> dict[str, str]:
        """What placeholders in responses stand for."""
        shop = self.settings.shop
        return {
            "shop_name": shop.name,
            "shop_name_zh": shop.name_zh or shop.name,
            "phone": shop.phone,
            "email": shop.email,
            "hours": shop.hours,
            "hours_zh": shop.hours_zh or shop.hours,
        }


def read_shop(folder: Path) -> ShopFiles:
    """Read shop.toml, domain.yml (or the folder domain/) and flows/.

    Raises:
        ConfigError: with the place and the remedy.
    """
    folder = folder.resolve()
    settings = read_settings(folder / "shop.toml")
    domain_file, domain_folder = folder / "domain.yml", folder / "domain"
    if not domain_file.is_file() and not domain_folder.is_dir():
        raise ConfigError(f"{domain_file}: missing; `shopclerk init DIR` writes one to start from")
    if domain_file.is_file() and domain_folder.is_dir():
        raise ConfigError(f"{domain_file}: there is a folder domain/, too; keep one of the two")
    with resources.as_file(resources.files("bot") / "domain.yml") as path:
        own = read_domain(path)
    domain = _with_own(
        own,
        read_domain(
            domain_folder if domain_folder.is_dir() else domain_file, known_slots=own.slots
        ),
    )
    with resources.as_file(resources.files("bot.dialogue") / "patterns.yml") as path:
        flows = read_flows(folder / "flows", path)
    return ShopFiles(folder, settings, domain, flows)


def _with_own(own: Domain, shop: Domain) -> Domain:
    """The shop's domain with the bot's own slots and words where the shop has none."""
    sections = {
        name: {**own.raw.get(name, {}), **shop.raw.get(name, {})} for name in ("slots", "responses")
    }
    return replace(
        shop,
        slots={**own.slots, **shop.slots},
        responses={**own.responses, **shop.responses},
        raw={**shop.raw, **sections},
    )
