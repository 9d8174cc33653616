from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import users  # noqa: F401  it adds its commands
from bot.cli.base import app
from bot.errors import ConfigError
from bot.passwords import hash_password, is_password_hash, verify
from bot.settings import StudioUser, read_settings
from bot.studio_users import with_user, without_user

HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21l$R4v1Yq0cQ9f3a2b1c0d9e8f7a6b5c4d3"
SHOP = '# My shop\n[shop]\nname = "Läden"   # ours\n'
PASSWORD = "correct horse"


def shop_of(folder: Path, text: str = SHOP) -> Path:
    (folder / "shop.toml").write_bytes(text.encode())
    return folder


def block(name: str, role: str = "lead") -> str:
    return f'[[studio.users]]\nname = "{name}"\nrole = "{role}"\npassword_hash = "{HASH}"\n'


def command(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["users", *words], input=typed)


def text_of(shop: Path) -> str:
    return (shop / "shop.toml").read_bytes().decode()


@pytest.mark.parametrize(
    ("studio", "problem"),
    [
        (block("Ada", "boss"), "studio.users.0.role: Input should be 'lead' or 'viewer'"),
        (
            block("Ada") + block("Bo") + block("ada"),
            "studio.users: 'Ada' and 'ada' are the same name; rename or remove one",
        ),
        (
            block("A") + block("A"),
            "studio.users: 'A' and 'A' are the same name; rename or remove one",
        ),
        (
            block("Ada").replace(HASH, "secret"),
            "studio.users.0.password_hash: the hash of 'Ada' is no argon2 hash; "
            "`shopclerk users hash` makes one",
        ),
        (block(""), "studio.users.0.name: the name is empty; write one"),
        (block("x" * 41), "studio.users.0.name: the name has 41 characters; 40 are the most"),
        (block(" Ada"), "studio.users.0.name: the name ' Ada' has spaces around it; remove them"),
        (block("A<b>"), "studio.users.0.name: the name 'A<b>' has a line break, < or > in it"),
        (block(r"A\nb"), r"studio.users.0.name: the name 'A\nb' has a line break"),
        ("[studio]\nsession_hours = 0\n", "studio.session_hours: Input should be"),
        (
            block("Ada") + "rank = 1\n",
            "studio.users.0.rank: no such setting; remove it or correct its name",
        ),
    ],
)
def test_a_wrong_user_is_named_with_the_remedy(tmp_path: Path, studio: str, problem: str) -> None:
    path = shop_of(tmp_path, SHOP + studio) / "shop.toml"
    with pytest.raises(ConfigError) as caught:
        read_settings(path)
    assert str(caught.value).startswith(f"{path}: {problem}")


def test_the_wrong_hash_is_not_repeated(tmp_path: Path) -> None:
    shop_of(tmp_path, SHOP + block("Ada").replace(HASH, "my password"))
    with pytest.raises(ConfigError) as caught:
        read_settings(tmp_path / "shop.toml")
    assert "my password" not in str(caught.value)


def test_passwords() -> None:
    made = hash_password("pässword 1234")
    assert is_password_hash(made)
    assert made.startswith("$argon2id$")
    assert verify(made, "pässword 1234")
    assert verify(made, "pa\u0308ssword 1234")  # typed on another keyboard
    assert not verify(made, "pässword 1235")
    assert not verify(None, "nobody's")
    assert not verify(HASH, "\ud800")


def test_a_user_is_added_and_the_rest_stays_byte_for_byte(tmp_path: Path) -> None:
    shop = shop_of(tmp_path)
    result = command("add", 'Ada "the" O\\Neil', "--role", "viewer", "--shop", str(shop),
                     typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    assert text_of(shop).startswith(SHOP)
    (user,) = read_settings(shop / "shop.toml").studio.users
    assert (user.name, user.role) == ('Ada "the" O\\Neil', "viewer")
    assert verify(user.password_hash, PASSWORD)
    assert [path.name for path in shop.iterdir()] == ["shop.toml"]


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (["Ada", "--role", "lead", "--password-stdin"], "too short\n", "take 10 or more"),
        (["Ada", "--role", "lead", "--password-stdin"], "", "has 0 characters; take 10 or more"),
        (["ADA", "--role", "lead"], "", "there is a user 'ADA' already"),
        (["a<b", "--role", "lead"], "", "has a line break, < or > in it"),
    ],
)
def test_nobody_is_added(tmp_path: Path, words: list[str], typed: str, said: str) -> None:
    before = SHOP + (block("Ada") if words[0] == "ADA" else "")
    shop = shop_of(tmp_path, before)
    result = command("add", *words, "--shop", str(shop), typed=typed)
    assert result.exit_code == 1
    assert said in " ".join(result.output.split())
    assert text_of(shop) == before


def test_users_written_in_another_way_are_left_to_the_hand(tmp_path: Path) -> None:
    before = (f'{SHOP}[studio]\nusers = [{{name = "Ada", role = "lead", '
              f'password_hash = "{HASH}"}}]\n')
    shop = shop_of(tmp_path, before)
    added = command("add", "Bo", "--role", "lead", "--password-stdin", "--shop", str(shop),
                    typed=f"{PASSWORD}\n")
    removed = command("remove", "Ada", "--shop", str(shop))
    assert (added.exit_code, removed.exit_code) == (1, 1)
    assert "add this by hand" in added.output
    assert 'name = "Bo"' in added.output
    assert "delete it by hand" in " ".join(removed.output.split())
    assert text_of(shop) == before
    assert [path.name for path in shop.iterdir()] == ["shop.toml"]


def test_the_list(tmp_path: Path) -> None:
    shop = shop_of(tmp_path)
    assert "nobody yet" in command("list", "--shop", str(shop)).output
    shop_of(tmp_path, SHOP + block("Ada") + block("[b]Bo", "viewer"))
    assert command("list", "--shop", str(shop)).output == "lead    Ada\nviewer  [b]Bo\n"


def test_a_hash_alone_is_printed() -> None:
    result = command("hash", "--password-stdin", typed=f"{PASSWORD}\n")
    assert verify(result.stdout.strip(), PASSWORD)


@pytest.mark.parametrize(
    "text",
    [SHOP, SHOP.replace("\n", "\r\n"), SHOP + block("Bo"), SHOP + "\n\n# The end\n"],
    ids=["plain", "CRLF", "another user", "comment at the end"],
)
def test_removing_takes_back_what_adding_wrote(text: str) -> None:
    longer = with_user(text, StudioUser(name="Ada", role="lead", password_hash=HASH))
    assert longer.startswith(text)
    assert ("\r\n" in text) == ("\r\n" in longer)
    assert without_user(longer, "ada") == text


def test_only_the_named_block_goes() -> None:
    last = "\n# How the bot speaks\n[speech]\nspeak = false\n"
    text = f"{SHOP}\n{block('Ada')}\n{block('Bo')}{last}"
    assert without_user(text, "Bo") == f"{SHOP}\n{block('Ada')}{last}"
    assert without_user(text, "Cy") is None


def test_a_block_inside_a_string_is_no_user() -> None:
    text = f'[shop]\nname = """\n{block("Ada")}"""\n'
    assert without_user(text, "Ada") is None


def test_removing_somebody_who_is_not_there(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, SHOP + block("Ada"))
    result = command("remove", "Bo", "--shop", str(shop))
    assert result.exit_code == 1
    assert "there is no user 'Bo'; the users are: Ada" in " ".join(result.output.split())


def test_a_removed_user_is_gone(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, f"{SHOP}\n{block('Ada')}")
    assert command("remove", "Ada", "--shop", str(shop)).exit_code == 0
    assert text_of(shop) == SHOP
