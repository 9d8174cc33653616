"""The trained risk model: an order into level, probability, facts and a recommendation."""

import json
from dataclasses import dataclass
from pathlib import Path

import lightgbm as lgb
import numpy as np

from bot.errors import ModelError
from bot.orders.order import Customer, Order
from bot.risk.assessment import RiskAssessment, RiskLevel
from bot.risk.explanation import explain
from bot.risk.features import NAMES, History, features, values
from bot.risk.thresholds import Calibration, Thresholds

MODEL_FILE = "risk.txt"
SETTINGS_FILE = "risk.json"
REPORT_FILE = "risk-report.json"

_RECOMMENDATIONS = {
    RiskLevel.LOW: "Go ahead; there is nothing to check.",
    RiskLevel.MEDIUM: "Go ahead, and have a person look at it before it ships.",
    RiskLevel.HIGH: (
        "Hold it: a person checks payer and address before it ships, changes or is refunded."
    ),
}


@dataclass(frozen=True)
class RiskModel:
    """A model with its calibration and thresholds."""

    booster: lgb.Booster
    calibration: Calibration
    thresholds: Thresholds

    @classmethod
    def load(cls, folder: Path) -> "RiskModel":
        """Read a trained model.

        Raises:
            ModelError: it is missing, unreadable, or was trained on other features.
        """
        try:
            settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
            text = (folder / MODEL_FILE).read_text(encoding="utf-8")
            booster = lgb.Booster(model_str=text)
            calibration = Calibration(**settings["calibration"])
            thresholds = Thresholds(**settings["thresholds"])
            names = tuple(settings["features"])
        except (OSError, ValueError, KeyError, TypeError, lgb.basic.LightGBMError) as error:
            raise ModelError(
                f"{folder}: no usable risk model ({error}); delete the folder and train again"
            ) from error
        if names != NAMES or tuple(booster.feature_name()) != NAMES:
            raise ModelError(
                f"{folder}: the risk model was trained on other features; train it again"
            )
        return cls(booster, calibration, thresholds)

    def assess(self, order: Order, customer: Customer, history: History) -> RiskAssessment:
        """Assess an order by what was known when it was placed."""
        row = features(order, customer, history)
        # Per feature its SHAP value in log-odds, then the base; they add up to the raw score.
        shares = np.asarray(
            self.booster.predict(np.array([values(row)], dtype=np.float64), pred_contrib=True)
        )[0]
        probability = self.calibration.probability(float(shares.sum()))
        level = self.thresholds.level(probability)
        contributions = dict(zip(NAMES, map(float, shares[:-1]), strict=True))
        facts = explain(order, row, contributions, reassuring=level is RiskLevel.LOW)
        return RiskAssessment(level, probability, facts, _RECOMMENDATIONS[level])
