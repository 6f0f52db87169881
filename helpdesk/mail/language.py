"""In which language somebody wrote; only when it is clear, and only with the extra ``lang`` installed."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Callable, Sequence
from functools import cache

LETTERS = 25  # fewer letters of new words are not guessed from: greetings look alike in many languages
SAMPLE = 600  # characters that decide as well as all of them
SURE_LETTERS = 60  # below it the answer must be much likelier than the next one
DISTANCE = 0.15  # how much likelier than the next language the answer must be (0 to 1)
SHORT_DISTANCE = 0.35
# Languages between which a text of a mail's length cannot decide; together they count as one answer.
ALIKE = (frozenset({"hr", "bs", "sr"}), frozenset({"nb", "nn", "da"}))
# Letters and short words that tell Slovene from its southern neighbours, which look alike to a guess by letters.
_SLOVENE = re.compile(
    r"\b(?:in|kaj|kje|sem|nisem|prosim|lahko|zakaj|ker|ki|pri|nas|ali|zelo|lep|lepo|ampak|zdaj|tudi|še|že)\b"
)
_SOUTHERN = re.compile(r"[ćđ]|\b(?:što|šta|nije|nisam|molim|gdje|gde|ovdje|može|i|sa|kod|dobar|poštovani|ili|je li)\b")
# Words of two languages that are alike, of which each has its own: (language, its words), (neighbour, its words).
_NEIGHBOURS = tuple(
    tuple((code, re.compile(rf"\b(?:{'|'.join(words.split())})\b")) for code, words in pair)
    for pair in (
        (
            (
                "hr",
                r"tjed\w+ što tko netko točno tisuć\w+ uvjet\w* predujam\w* tvrtk\w+ sustav\w* izvješć\w+ veljač\w+",
            ),
            ("bs", r"sedmic\w+ šta ko neko tačno hiljad\w+ uslov\w* firm\w+ februar\w* januar\w* mart\w? izvještaj\w*"),
        ),
        (
            ("nb", r"takk meg deg seg etter noe noen hva mye uke\w* nå av ut ikkje"),
            ("da", r"tak mig dig sig efter noget nogen hvad meget uge\w* nu af ud"),
        ),
    )
)
LANGUAGES = (
    *("BOSNIAN", "CROATIAN", "SERBIAN", "SLOVENE", "CZECH", "SLOVAK", "POLISH", "HUNGARIAN", "RUSSIAN", "UKRAINIAN"),
    *("ENGLISH", "GERMAN", "DUTCH", "FRENCH", "SPANISH", "ITALIAN", "PORTUGUESE", "ROMANIAN", "TURKISH"),
    *("DANISH", "SWEDISH", "BOKMAL", "FINNISH", "JAPANESE", "CHINESE"),
)
SOUTH_SLAVIC = frozenset({"sl", "hr", "bs", "sr"})
# What lingua calls it, and what people do.
CODES = {"nb": "no", "nn": "no"}

SCRIPT_LETTERS = 4
SCRIPT_SHARE = 3  # at least one letter in three; names and addresses are often Latin
KANA_SHARE = 20  # Japanese has more kana than one for so many Chinese characters
# Scripts in which of all our customers only one language is written. Japanese has Chinese characters besides its own.
_SCRIPTS = {
    "ko": re.compile("[\u1100-\u11ff\uac00-\ud7a3]"),
    "he": re.compile("[\u05d0-\u05ea]"),
    "el": re.compile("[\u0370-\u03ff\u1f00-\u1fff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
}
_KANA, _HAN = re.compile("[\u3041-\u30ff]"), re.compile("[\u4e00-\u9fff]")
# Of the languages with Cyrillic letters these two have some that the other has not.
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_RUSSIAN, _UKRAINIAN = re.compile("[ыэёъ]", re.IGNORECASE), re.compile("[іїєґ]", re.IGNORECASE)
_OTHERS = re.compile("[ўђјљњћџѓѕќәғқңөұүһ]", re.IGNORECASE)

_OWN_LETTERS = {
    code: frozenset(letters)
    for code, letters in {
        "hu": "őű",
        "pl": "ąęłńśźż",
        "cs": "ěřů",
        "sk": "ľĺŕ",
        "ro": "țșăţ",
        "tr": "ğı",
        "de": "ß",
        "es": "ñ¿¡",
        "pt": "ãõ",
    }.items()
}

NEAREST = 8  # guesses that are looked at; the others are next to nothing

Guess = tuple[str, float]


def detect(words: str) -> str | None:
    """The ISO 639-1 code, None when unsure."""
    sample = words[:SAMPLE]
    if (written := _by_script(sample)) is not None:
        return written
    letters = sum(map(str.isalpha, sample))
    if letters < LETTERS:
        return None
    groups = _grouped(_by_words(_guesser()(sample), sample.lower()))
    if not groups:
        return None
    (total, best), rival = groups[0], groups[1][0] if len(groups) > 1 else 0.0
    clear = total - rival >= (DISTANCE if letters >= SURE_LETTERS else SHORT_DISTANCE) or _has_own_letters(best, sample)
    return CODES.get(best, best) if clear else None


def _has_own_letters(code: str, sample: str) -> bool:
    """Whether letters confirm the guess that no other language of our customers has."""
    return not _OWN_LETTERS.get(code, frozenset()).isdisjoint(sample.lower())


def _by_script(sample: str) -> str | None:
    """The language that alone is written with such letters, however short the text; None where several are."""
    if sample.isascii():
        return None
    least = max(SCRIPT_LETTERS, sum(map(str.isalpha, sample)) / SCRIPT_SHARE)
    kana, han = len(_KANA.findall(sample)), len(_HAN.findall(sample))
    if kana + han >= least:
        return "ja" if kana * KANA_SHARE >= han else "zh"
    for code, letters in _SCRIPTS.items():
        if len(letters.findall(sample)) >= least:
            return code
    return _slavic(sample) if len(_CYRILLIC.findall(sample)) >= least else None


def _slavic(sample: str) -> str | None:
    """Russian or Ukrainian, where a letter of the one stands and none of the other or of a third."""
    russian, ukrainian = _RUSSIAN.search(sample), _UKRAINIAN.search(sample)
    if _OTHERS.search(sample) or bool(russian) == bool(ukrainian):
        return None
    return "ru" if russian else "uk"


def _by_words(guesses: Sequence[Guess], sample: str) -> Sequence[Guess]:
    """Where the best guess has a neighbour that is alike, the words decide which of them is left out."""
    if not guesses:
        return guesses
    for pair in _NEIGHBOURS:
        if guesses[0][0] in {code for code, _ in pair}:
            ordered = sorted((len(words.findall(sample)), code) for code, words in pair)
            if ordered[0][0] < ordered[1][0]:
                wrong, right = ordered[0][1], ordered[1][1]
                guesses = [(right if code == wrong else code, value) for code, value in guesses]
    if guesses[0][0] not in SOUTH_SLAVIC:
        return guesses
    slovene, southern = len(_SLOVENE.findall(sample)), len(_SOUTHERN.findall(sample))
    if slovene == southern:
        return guesses
    others = {"sl"} if southern > slovene else SOUTH_SLAVIC - {"sl"}
    return [guess for guess in guesses if guess[0] not in others]


def _grouped(guesses: Sequence[Guess]) -> list[tuple[float, str]]:
    """Languages that are alike count as one, with the sum and the likeliest of them; the best group comes first."""
    groups: dict[str, tuple[float, str]] = {}
    for code, value in guesses:
        key = next((min(group) for group in ALIKE if code in group), code)
        total, best = groups.get(key, (0.0, code))
        groups[key] = (total + value, best)
    return sorted(groups.values(), reverse=True)


@cache
def _guesser() -> Callable[[str], Sequence[Guess]]:
    """Gives the likeliest languages first; loaded at the first mail, and without the extra it never knows."""
    if importlib.util.find_spec("lingua") is None:
        return lambda _: ()
    lingua = importlib.import_module("lingua")
    languages = [getattr(lingua.Language, name) for name in LANGUAGES]
    detector = lingua.LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()

    def guesses(sample: str) -> Sequence[Guess]:
        values = detector.compute_language_confidence_values(sample)[:NEAREST]
        return [(each.language.iso_code_639_1.name.lower(), each.value) for each in values]

    return guesses
