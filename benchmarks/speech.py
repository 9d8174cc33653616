"""Word error rate and time of the voice path on sentences said by espeak-ng.

    python -m benchmarks.speech MODEL [--engine auto] [--utterances 60]

The voice is a machine's and the sentences are a shop's: the figure compares engines and versions
with each other. It says nothing about people's voices.
"""

import argparse
import json
import random
import re
import time
from pathlib import Path

from speech.choose import open_transcriber
from speech.pipeline import VoiceInput
from speech.synthesis import EspeakSynthesizer

TEMPLATES = (
    "Where is my order {number}?",
    "Please cancel my order {number}.",
    "My order number is {number}.",
    "I want to return the {item}.",
    "The {item} arrived broken.",
    "Do you have the {item} in {colour}?",
    "What is the price of the {item}?",
    "Do you ship to {country}?",
    "How much is shipping to {country}?",
    "How do I return an item?",
    "Where is my refund?",
    "I forgot my password.",
    "What payment methods do you accept?",
    "I want to talk to a human.",
    "Thank you very much.",
)
ITEMS = ("jacket", "tent", "backpack", "headlamp", "sleeping bag", "camera")
COLOURS = ("black", "blue", "red", "green")
COUNTRIES = ("Canada", "Germany", "Japan", "Italy")


def sentences(count: int) -> list[str]:
    chance = random.Random(17)
    return [
        TEMPLATES[number % len(TEMPLATES)].format(
            number=chance.randrange(1000, 10_000),
            item=chance.choice(ITEMS),
            colour=chance.choice(COLOURS),
            country=chance.choice(COUNTRIES),
        )
        for number in range(count)
    ]


def words(text: str) -> list[str]:
    return re.sub(r"[^a-z0-9 ]", "", text.lower()).split()


def errors(said: list[str], heard: list[str]) -> int:
    """Return the words to insert, delete or replace (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for place, word in enumerate(said, 1):
        above, row[0] = row[0], place
        for column, other in enumerate(heard, 1):
            above, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, above + (word != other)),
            )
    return row[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--utterances", type=int, default=60)
    options = parser.parse_args()

    voice = VoiceInput(open_transcriber(options.model, options.engine, Path.cwd()), language="en")
    espeak = EspeakSynthesizer()
    voice.hear(espeak.speak("Hello.", language="en"))  # loads what loads late
    wrong = said_words = exact = numbers = right_numbers = 0
    audio_s = speaking_s = hearing_s = 0.0
    for sentence in sentences(options.utterances):
        start = time.perf_counter()
        recording = espeak.speak(sentence, language="en")
        spoken = time.perf_counter()
        transcript = voice.hear(recording)
        hearing_s += time.perf_counter() - spoken
        speaking_s += spoken - start
        audio_s += transcript.duration_s
        said, heard = words(sentence), words(transcript.text)
        wrong += errors(said, heard)
        said_words += len(said)
        exact += said == heard
        for number in re.findall(r"\d+", sentence):
            numbers += 1
            right_numbers += number in heard
    count = options.utterances
    print(
        json.dumps(
            {
                "model": Path(options.model).name,
                "utterances": count,
                "word_error_rate": round(wrong / said_words, 4),
                "exact": round(exact / count, 3),
                "order_numbers_right": f"{right_numbers} of {numbers}",
                "hear_s_per_utterance": round(hearing_s / count, 3),
                "speak_s_per_utterance": round(speaking_s / count, 4),
                "audio_s_per_utterance": round(audio_s / count, 2),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
