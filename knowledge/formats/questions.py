"""The shop's test questions (`tests/questions.yml`): what shoppers ask, and what may answer it."""

from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml.nodes import Node

from knowledge.entries import KnowledgeError, Problem, Source
from knowledge.formats import reading
from knowledge.formats.reading import Problems, decode
from knowledge.formats.yaml_nodes import mapping, parse, sequence

_FILE = frozenset({"questions"})
_QUESTION = frozenset({"question", "language", "intents", "entry"})


@dataclass(frozen=True)
class Question:
    """A question as a shopper types it; empty `acceptable` means that it must not be answered.

    `acceptable` holds intent names, or the id of the one entry that answers it.
    """

    question: str
    language: str
    acceptable: frozenset[str]
    source: Source


def load_questions(path: Path) -> tuple[Question, ...]:
    """Read a questions file.

    Raises:
        KnowledgeError: With every problem in the file.
    """
    if not path.is_file():
        what = "no such file; write 'questions:' and a list of question, language, intents"
        raise KnowledgeError((Problem(str(path), 1, 1, what),))
    problems = Problems(path.name)
    try:
        text = decode(path.read_bytes(), problems)
    except OSError as error:
        problems.add(1, 1, f"can't be read ({error.strerror}); check the file and its permissions")
        text = None
    questions = () if text is None else parse_questions(text, problems)
    if problems.found:
        raise KnowledgeError(tuple(problems.found))
    return questions


def parse_questions(text: str, problems: Problems) -> tuple[Question, ...]:
    """Return the questions of one file; whatever is wrong with it is noted in `problems`."""
    root = parse(text, problems)
    file = None if problems.found else mapping(root, _FILE, problems)
    if file is None:
        return ()
    nodes = sequence(file.values.get("questions"), problems, "questions")
    found = (_question(node, problems) for node in nodes)
    return tuple(question for question in found if question is not None)


def _question(node: Node, problems: Problems) -> Question | None:
    fields = mapping(node, _QUESTION, problems)
    if fields is None:
        return None
    question, stated = fields.text("question"), fields.text("language")
    for key, value in (("question", question), ("language", stated)):
        if value is None:
            problems.add(fields.line, fields.column, f"no {key}; add the line '{key}: …'")
    if ("intents" in fields.values) == ("entry" in fields.values):
        problems.add(
            fields.line, fields.column, "needs either intents or entry; write 'intents: [NAME]'"
        )
    if question is None or stated is None:
        return None
    language = reading.language(stated, problems)
    acceptable = frozenset(text.value for text in fields.texts("intents") + fields.texts("entry"))
    source = Source(problems.file, question.line)
    return Question(question.value, language or "", acceptable, source)
