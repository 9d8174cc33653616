"""shop.toml: models, thresholds, storage, channels. Unknown keys are errors."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from bot.errors import ConfigError
from bot.passwords import is_password_hash
from bot.user_names import name_key, name_problem


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ShopSettings(_Section):
    """Who the shop is; the values fill `{shop_name}`, `{phone}` … in responses."""

    name: str
    name_zh: str = ""
    tagline: str = ""
    tagline_zh: str = ""
    url: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""
    hours_zh: str = ""
    currency: str = "USD"
    language: str = "en"
    color: str = Field(default="#2f5d50", pattern=r"^#[0-9a-fA-F]{6}$")
    suggestions: tuple[str, ...] = ()
    suggestions_zh: tuple[str, ...] = ()


class ModelSettings(_Section):
    """A model is a hub name or a local path (relative paths start at the shop's folder).

    `reranker`: a cross-encoder that puts the likeliest answers in order; none where empty.
    """

    encoder: str = "sentence-transformers/all-MiniLM-L6-v2"
    reranker: str = ""
    threads: int = Field(default=2, ge=1, le=64)


class DialogueSettings(_Section):
    """From which probabilities the bot acts (docs/thresholds.md), and how long it waits.

    `intent_threshold`: act on the intent alone. `supported_threshold`: act on it when the entry
    that its words alone find is on the same intent. `clarify_threshold`: worth offering.

    `burst_s`: how long to wait for more after a fragment ("hi", half a sentence); 0 never waits.
    `silence_s`: after how long without an answer the bot asks whether somebody is there; 0 never.
    """

    intent_threshold: float = Field(default=0.65, ge=0, le=1)
    supported_threshold: float = Field(default=0.45, ge=0, le=1)
    clarify_threshold: float = Field(default=0.2, ge=0, le=1)
    burst_s: float = Field(default=1.0, ge=0, le=30)
    silence_s: float = Field(default=0.0, ge=0, le=86_400)


class KnowledgeSettings(_Section):
    """`max_wrong`: the share of test questions that may be answered wrongly."""

    max_wrong: float = Field(default=0.03, gt=0, lt=1)


class SpeechSettings(_Section):
    """`model`: a Whisper checkpoint, by path or name; empty switches voice input off.

    `engine`: `faster-whisper` (names and CTranslate2 folders) or `openai-whisper` (`.pt` files);
    `auto` takes the one that fits the model.
    """

    model: str = "base"
    engine: str = Field(default="auto", pattern="^(auto|faster-whisper|openai-whisper)$")
    language: str | None = None
    max_seconds: float = Field(default=60.0, gt=0, le=600)
    speak: bool = True


class StorageSettings(_Section):
    """SQLAlchemy URLs; a relative SQLite path starts at the shop's state folder."""

    url: str = "sqlite:///shopclerk.db"


class OrderSettings(_Section):
    """`demo_history` fills an empty order database with made-up customers and orders."""

    demo_history: bool = False


class ActionEndpointSettings(_Section):
    """The shop's action server; without `url` all actions run in process.

    The secret that both share is read from the environment variable SHOPCLERK_ACTIONS_SECRET.
    """

    url: str = ""
    timeout_s: float = Field(default=10.0, gt=0, le=300)
    retries: int = Field(default=2, ge=0, le=10)
    max_mb: float = Field(default=1.0, gt=0, le=100)


class IdentitySettings(_Section):
    """`demo_sign_in` lets anybody pick a demo customer: never in a real shop."""

    demo_sign_in: bool = False
    session_hours: int = Field(default=12, ge=1, le=720)


class ServerSettings(_Section):
    """Limits of the HTTP service."""

    max_text_chars: int = Field(default=4000, ge=1)
    max_upload_mb: float = Field(default=8.0, gt=0)


class StudioUser(_Section):
    """Somebody who may sign in to the studio: a lead edits, a viewer only looks."""

    name: str
    role: Literal["lead", "viewer"]
    password_hash: str

    @field_validator("name")
    @classmethod
    def _can_be_called(cls, name: str) -> str:
        if problem := name_problem(name):
            raise ValueError(problem)
        return name

    @field_validator("password_hash")
    @classmethod
    def _is_a_hash(cls, text: str, info: ValidationInfo) -> str:
        if not is_password_hash(text):  # the text itself isn't shown: it may be the password
            whose = f" of {info.data['name']!r}" if "name" in info.data else ""
            raise ValueError(f"the hash{whose} is no argon2 hash; `shopclerk users hash` makes one")
        return text


class StudioSettings(_Section):
    """Who may sign in to the studio, for how long, and what they may upload."""

    session_hours: int = Field(default=12, ge=1, le=720)
    max_upload_mb: float = Field(default=25.0, gt=0)
    users: tuple[StudioUser, ...] = ()

    @field_validator("users")
    @classmethod
    def _one_of_each_name(cls, users: tuple[StudioUser, ...]) -> tuple[StudioUser, ...]:
        seen: dict[str, str] = {}
        for user in users:
            key = name_key(user.name)
            if key in seen:
                raise ValueError(
                    f"{seen[key]!r} and {user.name!r} are the same name; rename or remove one"
                )
            seen[key] = user.name
        return users


class Settings(_Section):
    """All of shop.toml."""

    shop: ShopSettings
    models: ModelSettings = ModelSettings()
    dialogue: DialogueSettings = DialogueSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()
    speech: SpeechSettings = SpeechSettings()
    storage: StorageSettings = StorageSettings()
    orders: OrderSettings = OrderSettings()
    action_endpoint: ActionEndpointSettings = ActionEndpointSettings()
    identity: IdentitySettings = IdentitySettings()
    server: ServerSettings = ServerSettings()
    studio: StudioSettings = StudioSettings()


def read_settings(path: Path) -> Settings:
    """Read shop.toml.

    Raises:
        ConfigError: missing, not TOML, or a key that is unknown or has a wrong value.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(
            f"{path}: there is no shop here; `shopclerk init DIR` writes one to start from"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        problems = [
            f"{path}: {'.'.join(map(str, e['loc']))}: {_what(e['type'], e['msg'])}"
            for e in error.errors()
        ]
        raise ConfigError("\n".join(problems)) from error


def _what(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "no such setting; remove it or correct its name"
    if kind == "value_error":  # a sentence of our own
        return message.removeprefix("Value error, ")
    return message
