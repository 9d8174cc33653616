from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.settings import Settings, read_settings
from bot.shop import ShopFiles, read_shop


def settings_of(folder: Path, text: str) -> Settings:
    path = folder / "shop.toml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path)


def test_a_name_is_enough(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, '[shop]\nname = "Larkfell"')
    assert settings.shop.name == "Larkfell"
    assert not settings.identity.demo_sign_in  # never by default
    assert not settings.orders.demo_history
    assert settings.server.max_text_chars == 4000


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "shop: Field required"),
        ("[shop]", "shop.name: Field required"),
        (
            '[shop]\nname = "a"\nmotto = "b"',
            "shop.motto: no such setting; remove it or correct its name",
        ),
        ('[shop]\nname = "a"\n[shops]', "shops: no such setting; remove it or correct its name"),
        ('[shop]\nname = "a"\ncolor = "green"', "shop.color: String should match pattern"),
        (
            '[shop]\nname = "a"\n[dialogue]\nintent_threshold = 1.5',
            "dialogue.intent_threshold: Input should be less than or equal to 1",
        ),
        (
            '[shop]\nname = "a"\n[dialogue]\nintent_threshold = "high"',
            "dialogue.intent_threshold: Input should be a valid number",
        ),
        ('[shop]\nname = "a"\n[speech]\nengine = "vosk"', "speech.engine: String should match"),
        ('[shop]\nname = "a"\n[knowledge]\nmax_wrong = 0', "knowledge.max_wrong: Input should be"),
        ('[shop]\nname = "a"\n[models]\nthreads = 0', "models.threads: Input should be"),
        ('[shop]\nname = "a"\n[identity]\nsession_hours = 0', "identity.session_hours: Input"),
        ('[shop]\nname = "a"\n[server]\nmax_upload_mb = -1', "server.max_upload_mb: Input"),
        ('shop = "a"', "shop: Input should be a valid dictionary"),
        ("[shop\n", "not valid TOML: "),
        ('[shop]\nname = "a"\nname = "b"', "not valid TOML: "),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings_of(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'shop.toml'}: {problem}")


def test_all_wrong_settings_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        settings_of(tmp_path, '[shop]\nname = "a"\nmotto = 1\n[models]\nthreads = "x"')
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[1] for line in lines] == ["shop.motto", "models.threads"]


def test_no_shop_here(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"shop\.toml: there is no shop here; `shopclerk init"):
        read_shop(tmp_path)


@pytest.mark.parametrize("make", [lambda p: p.mkdir(), lambda p: p.write_bytes(b"a = '\xff'")])
def test_a_shop_toml_that_cannot_be_read(tmp_path: Path, make: object) -> None:
    path = tmp_path / "shop.toml"
    make(path)  # type: ignore[operator]
    with pytest.raises(ConfigError, match=r"shop\.toml: cannot be read"):
        read_settings(path)


def shop_of(folder: Path, domain: str) -> ShopFiles:
    (folder / "shop.toml").write_text('[shop]\nname = "Larkfell"\nhours = "9 to 5"')
    (folder / "domain.yml").write_text(domain)
    return read_shop(folder)


def test_a_shop_without_a_domain(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text('[shop]\nname = "Larkfell"')
    with pytest.raises(ConfigError, match=r"domain\.yml: missing; `shopclerk init"):
        read_shop(tmp_path)


def test_a_shop_overrides_the_bots_words_one_by_one(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, "responses:\n  utter_restarted: [{text: Afresh!}]\n")
    assert shop.domain.say("utter_restarted", language="en", values={}).text == "Afresh!"
    again = shop.domain.say("utter_ask_again", language="en", values={})
    assert again.text == "Sorry, I didn't get that."
    assert all(flow.is_pattern for flow in shop.flows.by_id.values())


def test_words_fall_back_to_those_of_the_other_language(tmp_path: Path) -> None:
    words = shop_of(tmp_path, "").words
    assert words["shop_name_zh"] == "Larkfell"
    assert words["hours_zh"] == "9 to 5"
    assert words["phone"] == ""
