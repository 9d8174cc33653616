from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

import nlu.character_training
from nlu.character_training import train_characters
from nlu.characters import CharacterExpert, character_grams

TEXTS = (
    "where is my order", "track my parcel", "我的订单到哪了", "查一下物流",
    "i want my money back", "refund please", "我要退款", "把钱退给我",
    "hello there", "hi", "你好", "在吗",
)  # fmt: skip
LABELS = np.repeat(np.arange(3), 4)


@pytest.fixture(scope="module")
def expert() -> CharacterExpert:
    return train_characters(TEXTS, LABELS, strength=1.0, seed=7)


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        (
            "退款",
            ["|^", "|退", "|款", "|$", "|^退", "|退款", "|款$", "|^退款", "|退款$",
             "w:退款", "b:退", "e:款"],
        ),
        ("好", ["|^", "|好", "|$", "|^好", "|好$", "|^好$", "w:好"]),
        ("a 12", [" a", "a ", " a ", "_a", " 0", "00", "0 ", " 00", "00 ", " 00 ", "a_00"]),
        ("?!", []),
    ],
)
def test_grams(text: str, grams: list[str]) -> None:
    assert list(character_grams(text)) == grams


def test_knows_typos_in_both_languages(expert: CharacterExpert) -> None:
    margins = expert.margins(["whre is my ordr", "refnd plz", "退款退款", "订单呢"])
    assert margins.argmax(axis=1).tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize("little", [True, False])
def test_margins_are_those_of_scikit_learn(little: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the support vectors, and on little data of the regression, too, as wide as they are."""
    monkeypatch.setattr(nlu.character_training, "_LITTLE", len(TEXTS) - (not little))
    vectorizer = TfidfVectorizer(
        analyzer=lambda text: list(character_grams(text)),
        sublinear_tf=True,
        min_df=1 if little else 2,
    )
    rows = vectorizer.fit_transform(TEXTS)
    machine = LinearSVC(class_weight="balanced", random_state=7, max_iter=5000).fit(rows, LABELS)
    regression = LogisticRegression(C=30.0, max_iter=200).fit(rows, LABELS)
    texts = ["is my refund here", "物流退款", "unseen 字"]
    asked = vectorizer.transform(texts)
    expected = machine.decision_function(asked)
    if little:
        ratio = (rows @ machine.coef_.T).std() / (rows @ regression.coef_.T).std()
        expected = expected + ratio * regression.decision_function(asked)
    ours = train_characters(TEXTS, LABELS, strength=1.0, seed=7).margins(texts)
    np.testing.assert_allclose(ours, expected, atol=1e-4)


def test_a_mixed_text_has_the_grams_of_both_scripts() -> None:
    grams = set(character_grams("Where 退款 4417"))
    assert {"wher", "_where", "where_0000", "w:退款", "|退款", "|4"} <= grams
    assert not any(gram.startswith("w:") for gram in character_grams("where is it"))


def test_two_classes_give_two_columns() -> None:
    expert = train_characters(
        ["yes", "yeah", "no", "nope"], np.array([0, 0, 1, 1]), strength=1, seed=7
    )
    assert expert.margins(["yes", "no"]).argmax(axis=1).tolist() == [0, 1]


def test_save_and_load(expert: CharacterExpert, tmp_path: Path) -> None:
    expert.save(tmp_path / "c.npz")
    texts = ["refund", "你好", "", "😀"]
    loaded = CharacterExpert.load(tmp_path / "c.npz")
    np.testing.assert_array_equal(loaded.margins(texts), expert.margins(texts))
