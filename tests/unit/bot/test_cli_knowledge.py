import zipfile
from pathlib import Path

import pytest
from lead_bench import write_shop
from typer.testing import CliRunner

from bot.cli import knowledge  # noqa: F401  it adds its commands
from bot.cli.base import app
from knowledge.formats.folder import read_folder
from knowledge.versions.store import VersionStore

RUN = CliRunner()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = write_shop(tmp_path / "shop")
    (folder / "shop.toml").write_text('[shop]\nname = "Test"\n')
    (folder / "domain.yml").write_text('version: "3.1"\n')
    (folder / "flows").mkdir()
    return folder


def run(*arguments: object) -> tuple[int, str]:
    result = RUN.invoke(app, ["knowledge", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def publish(shop: Path, message: str) -> str:
    store = VersionStore.open(shop / "knowledge", shop / ".shopclerk")
    head = store.head()
    files = read_folder(shop / "knowledge")
    parent = head.id if head else None
    return store.commit(files, author="Ann", message=message, parent=parent).id


def edit(shop: Path, old: str, new: str) -> None:
    path = shop / "knowledge" / "faq" / "delivery.en.md"
    path.write_text(path.read_text().replace(old, new))


def test_check_names_every_error_and_fails(shop: Path) -> None:
    assert run("check", "--files-only", "-s", shop) == (0, "0 errors, 0 warnings\n")
    edit(shop, "We deliver on Saturdays.", "")
    edit(shop, "**3 days**", "[3 days](www.days.example)")
    code, output = run("check", "-s", shop)
    assert code == 1
    assert "faq/delivery.en.md:12:1: no answer" in output
    assert "www.days.example" in output


def test_history_and_diff_tell_what_was_published(shop: Path) -> None:
    assert run("history", "-s", shop) == (0, "nothing was published yet\n")
    publish(shop, "first")
    edit(shop, "3 days", "4 days")
    code, output = run("diff", "-s", shop)
    assert code == 0
    assert "delivery-period" in output
    second = publish(shop, "slower")
    lines = run("history", "-s", shop)[1].splitlines()
    assert [line.split()[-1] for line in lines] == ["slower", "first"]
    assert lines[0].startswith(second[:8])
    assert "delivery-period" in run("diff", second[:8], "-s", shop)[1]
    assert "no entry" in run("diff", "-s", shop)[1]
    one = run("history", "-e", "weekend-delivery", "-s", shop)[1].splitlines()
    assert [line.split()[-1] for line in one] == ["first"]


def test_an_unknown_version_is_a_plain_error(shop: Path) -> None:
    publish(shop, "first")
    code, output = run("diff", "abcdef", "-s", shop)
    assert code == 1
    assert "abcdef" in output
    assert "Traceback" not in output


def test_export_writes_a_version_s_files(shop: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.zip"
    assert run("export", target, "-s", shop)[0] == 1
    publish(shop, "first")
    assert run("export", target, "-s", shop)[0] == 0
    with zipfile.ZipFile(target) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    assert names == set(read_folder(shop / "knowledge"))


def test_import_writes_markdown_to_review_and_never_over_a_file(shop: Path, tmp_path: Path) -> None:
    page = tmp_path / "terms.html"
    page.write_text("<h1>Terms</h1><h2>Age</h2><p>You must be 18.</p><script>x()</script>")
    assert run("import", page, "-s", shop)[0] == 0
    [written] = (shop / "knowledge" / "policies").glob("terms*")
    assert "You must be 18." in written.read_text()
    assert "script" not in written.read_text()
    assert run("check", "--files-only", "-s", shop)[0] == 0
    written.write_text("mine")
    code, output = run("import", page, "-s", shop)
    assert (code, written.read_text()) == (1, "mine")
    assert "--replace" in output
    assert run("import", tmp_path / "gone.pdf", "-s", shop)[0] == 1


