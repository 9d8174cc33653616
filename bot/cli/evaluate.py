"""`shopclerk evaluate intents`."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.cli.base import app, err, mendable, out
from bot.models import MINILM, find_encoder
from bot.progress import progress_bars
from bot.settings import read_settings
from nlu.dataset_files import Format
from nlu.metrics import Metrics
from nlu.model_files import OUT_OF_SCOPE
from nlu.settings import TrainingSettings

if TYPE_CHECKING:
    from nlu.evaluation import Cost, Counts, Evaluation

evaluate = typer.Typer(help="Measure a model on labelled data.", no_args_is_help=True)
app.add_typer(evaluate, name="evaluate")

_FIGURES = {
    "accuracy": "accuracy",
    "accuracy_with_rejections": "accuracy, rejections as errors",
    "macro_f1": "macro-F1",
    "rejected_in_scope": "in-scope texts rejected",
    "out_of_scope_recall": "out-of-scope recall at the threshold",
    "auroc": "out-of-scope AUROC",
    "calibration_error": "expected calibration error",
    "calibration_error_with_outside": "the same with out-of-scope texts",
}
_RATIOS = ("auroc", "calibration_error", "calibration_error_with_outside")
_TOGETHER = "--shop and --encoder both name the encoder; give one"


@evaluate.command()
def intents(
    train: Annotated[
        Path,
        typer.Option(exists=True, help="What to train on: a file, or a folder of Rasa NLU files."),
    ],
    test: Annotated[
        Path,
        typer.Option(exists=True, help="What to measure on. For CLINC150 it may be the same file."),
    ],
    validation: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            help="What the thresholds are set on. Without it: the validation lists of a CLINC150 "
            "file, else a part of the training examples.",
        ),
    ] = None,
    format: Annotated[
        Format,
        typer.Option(
            help="clinc: JSON with train, val, test and oos_train, oos_val, oos_test lists of "
            "[text, intent]. csv, tsv: the first line names the columns: text, utterance, query or "
            "sentence; and intent, label, category or domain. rasa: Rasa 3 NLU YAML. "
            "auto goes by each file's name. Files but Rasa's may be packed as .gz."
        ),
    ] = "auto",
    shop: Annotated[
        Path | None,
        typer.Option("--shop", "-s", help="Take the encoder that this shop's shop.toml names."),
    ] = None,
    encoder: Annotated[
        str | None, typer.Option(help=f"Encoder, by name or folder. Without it: {MINILM}.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print figures as JSON.")] = False,
    keep: Annotated[
        Path | None,
        typer.Option(
            "--out",
            file_okay=False,
            help="Keep here: the trained model with its report, evaluation.json, and answers.jsonl "
            "with what was answered to every test text.",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, help="For what is drawn by chance.")
    ] = TrainingSettings().seed,
) -> None:
    """Train the intent model on any data set and print how well and how fast it understands.

    Labels meet whatever their case, and with spaces, hyphens and underscores taken as the same.
    Out-of-scope texts bear the label `out_of_scope` (`oos` in CLINC150, CSV and TSV).

    Example: `shopclerk evaluate intents --train train.csv --test test.csv`
    """
    if shop is not None and encoder is not None:
        raise typer.BadParameter(_TOGETHER)
    with mendable():
        from bot.batching import MicroBatcher
        from nlu.datasets import read_dataset
        from nlu.evaluation import evaluate as run

        base_model = _encoder(shop, encoder)
        dataset = read_dataset(train, test, format, validation=validation)
        with _work_dir(keep) as folder, progress_bars(err) as progress:
            found = run(
                dataset,
                base_model,
                folder,
                settings=seeded(seed),
                progress=progress,
                batcher=MicroBatcher,
            )
    setup = {"train": str(train), "test": str(test), "encoder": str(base_model), "seed": seed}
    figures = {"setup": setup, **found.figures()}
    if keep is not None:
        write_answers(found, keep / "answers.jsonl")
        (keep / "evaluation.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    if as_json:
        out.print_json(json.dumps(figures))
        return
    _print_counts(found.counts)
    out.print(quality_table(found))
    out.print(_cost_table(found.cost))
    if keep is not None:
        out.print(f"kept in {keep}", markup=False)


def seeded(seed: int) -> TrainingSettings:
    """Return the usual settings with that seed everywhere."""
    usual = TrainingSettings()
    return replace(usual, seed=seed, encoder=replace(usual.encoder, seed=seed))


def write_answers(found: "Evaluation", path: Path) -> None:
    """Write one JSON line for each test text."""
    asked = found.predictions
    with path.open("w", encoding="utf-8") as file:
        for row, text in enumerate(asked.texts):
            label, best = int(asked.labels[row]), int(asked.probabilities[row].argmax())
            line = {
                "text": text,
                "intent": asked.names[label] if label >= 0 else OUT_OF_SCOPE,
                "answer": asked.names[best],
                "probability": round(float(asked.probabilities[row, best]), 4),
                "scope": round(float(asked.scope[row]), 4),
                "rejected": bool(asked.rejected[row]),
                "language": str(asked.languages[row]),
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def quality_table(found: "Evaluation") -> Table:
    """Return the figures in rows: of all texts, and by language where there are two."""
    columns: dict[str, Metrics] = {"all": found.metrics}
    if len(found.languages) > 1:
        columns.update(found.languages.items())
    table = Table("", *columns, show_header=len(columns) > 1)
    for field, title in _FIGURES.items():
        values = [getattr(metrics, field) for metrics in columns.values()]
        table.add_row(title, *(_figure(field, value) for value in values))
    return table


def _figure(field: str, value: float | None) -> str:
    if value is None:
        return "no such texts"
    return f"{value:.3f}" if field in _RATIOS else f"{value:.2%}"


def _cost_table(cost: "Cost") -> Table:
    kind = "int8" if cost.int8 else "fp32"
    table = Table(show_header=False)
    table.add_row("training", f"{cost.training_s:,.1f} s")
    table.add_row("one utterance, p50", f"{cost.latency_p50_ms:.2f} ms")
    table.add_row("one utterance, p99", f"{cost.latency_p99_ms:.2f} ms")
    table.add_row(f"utterances a second, {cost.clients} clients", f"{cost.utterances_per_s:,.0f}")
    table.add_row("encoder", f"{cost.encoder_bytes / 2**20:.1f} MiB, {kind}")
    return table


def _print_counts(counts: "Counts") -> None:
    validation = counts.validation or "a part of them"
    out.print(
        f"{counts.intents} intents, {counts.train} examples to train, {validation} to set the "
        f"thresholds on, {counts.test} to test",
        soft_wrap=True,
    )
    if counts.leaked:
        out.print(
            f"test texts that also stand in training: {counts.leaked}; the figures flatter by them",
            style="yellow",
            soft_wrap=True,
        )


def _encoder(shop: Path | None, name: str | None) -> Path:
    if shop is not None:
        return find_encoder(read_settings(shop / "shop.toml").models.encoder, shop)
    return find_encoder(name or MINILM, Path.cwd(), setting="or --encoder")


@contextmanager
def _work_dir(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="shopclerk-") as folder:
        yield Path(folder)
