"""A shop's folder read from disk: settings, domain, flows."""

from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from bot.dialogue.domain import Domain, read_domain
from bot.dialogue.flows import Flows, read_flows
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
    """Read shop.toml, domain.yml and flows/.

    Raises:
        ConfigError: with the place and the remedy.
    """
    folder = folder.resolve()
    settings = read_settings(folder / "shop.toml")
    domain_file = folder / "domain.yml"
    if not domain_file.is_file():
        raise ConfigError(f"{domain_file}: missing; `shopclerk init DIR` writes one to start from")
    with resources.as_file(resources.files("bot") / "responses.yml") as path:
        own = read_domain(path)
    shop = read_domain(domain_file)
    domain = replace(shop, responses={**own.responses, **shop.responses})
    return ShopFiles(folder, settings, domain, read_flows(folder / "flows"))
