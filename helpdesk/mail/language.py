"""In which language somebody wrote; only when it is clear, and only with the extra ``lang`` installed."""

from __future__ import annotations

import importlib
import importlib.util
from functools import cache
from typing import Any

LETTERS = 25  # fewer letters of new words are not guessed from: greetings look alike in many languages
SAMPLE = 1_000  # characters that decide as well as all of them
DISTANCE = 0.15  # how much likelier than the next language the answer must be (0 to 1)
# Languages between which a text of a mail's length cannot decide.
UNDECIDED = (frozenset({"hr", "bs", "sr"}), frozenset({"nb", "nn", "da"}))
LANGUAGES = (
    "BOSNIAN CROATIAN CZECH DANISH DUTCH ENGLISH FINNISH FRENCH GERMAN HUNGARIAN ITALIAN JAPANESE CHINESE POLISH PORTUGUESE"
    " ROMANIAN RUSSIAN SERBIAN SLOVAK SLOVENE SPANISH SWEDISH TURKISH UKRAINIAN BOKMAL"
).split()


def detect(words: str) -> str | None:
    """The ISO 639-1 code, None when unsure."""
    sample = words[:SAMPLE]
    if sum(character.isalpha() for character in sample) < LETTERS:
        return None
    detector = _detector()
    if detector is None:
        return None
    found = detector.compute_language_confidence_values(sample)
    if not found:
        return None
    codes = [(each.language.iso_code_639_1.name.lower(), each.value) for each in found[:4]]
    best, value = codes[0]
    rivals = [score for code, score in codes[1:] if not any({best, code} <= group for group in UNDECIDED)]
    clear = value + sum(score for code, score in codes[1:] if any({best, code} <= group for group in UNDECIDED))
    return best if clear - max(rivals, default=0.0) >= DISTANCE else None


@cache
def _detector() -> Any:
    """Loaded at the first mail; None without the extra."""
    if importlib.util.find_spec("lingua") is None:
        return None
    lingua = importlib.import_module("lingua")
    languages = [getattr(lingua.Language, name) for name in LANGUAGES]
    return lingua.LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
