"""Questions that nobody trained or tuned on: right, wrong, asked back; English and Chinese apart.

python benchmarks/held_out.py [--shop bot/demo] [--questions tests/heldout/questions.yml]
"""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shop", type=Path, default=ROOT / "bot" / "demo")
    parser.add_argument("--questions", type=Path, default=ROOT / "tests/heldout/questions.yml")
    arguments = parser.parse_args()
    command = ["test", "--json", "--shop", arguments.shop, "--questions", arguments.questions]
    return subprocess.run(
        [sys.executable, "-m", "ui", *map(str, command)], cwd=ROOT, check=False
    ).returncode


if __name__ == "__main__":
    raise SystemExit(main())
