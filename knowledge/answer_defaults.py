"""The fusion of a shop without labelled questions of its own."""

from knowledge.answer_model import AnswerModel, Fusion, LanguageFusion

DEFAULT = AnswerModel(
    {
        "en": LanguageFusion(
            Fusion((8, 1, 3, 0.5, 6, 2, -0.3), -6, 0.5),
            Fusion((6, 1, 2, 0.5, 4, 1, -0.3, 3, 0.4, 0.5), -3, 0.5),
        ),
    }
)
