"""ICD-10-CM codes: found, repaired after a blurred fax, and what they say of body part and side."""

import importlib
import re
from functools import cache
from itertools import product

from rapidfuzz import fuzz, process

SHAPE = re.compile(
    r"(?<![A-Za-z0-9])([A-TV-Z0-9|$][0-9OolISBZ|][0-9A-Za-z|])\s?([.,·])?\s?([0-9A-Za-z|]{1,4})?(?![A-Za-z0-9])"
)
CONFUSED = {
    "O": "0",
    "o": "0",
    "I": "1",
    "l": "1",
    "|": "1",
    "S": "5",
    "s": "5",
    "B": "8",
    "Z": "2",
    "z": "2",
    "G": "6",
    "Q": "0",
}
LETTERS = {"0": "O", "5": "S", "8": "B", "2": "Z", "6": "G", "1": "I", "|": "I", "$": "S"}
MOST_TRIES = 64
# Chapters of what therapy treats: nerves, muscles and joints, symptoms, injuries, states after surgery; ear (vertigo).
THERAPY = frozenset("GHMNRSTZ")
TAIL = re.compile(r", (?:not elsewhere classified|unspecified|initial encounter|subsequent encounter|sequela).*$")
SHORTEST, NEAR = 10, 74


@cache
def _book() -> dict[str, str]:
    """Every code with its description; read on first use, because it takes a second."""
    book = importlib.import_module("simple_icd_10_cm")
    return {code: book.get_description(code) for code in book.get_all_codes(True)}


def description(code: str) -> str | None:
    """What the code means, in the words of the classification."""
    return _book().get(code)


@cache
def _sayings() -> dict[str, str]:
    """What a diagnosis therapists see is called, in lower case and without its tail, with its code."""
    sayings: dict[str, str] = {}
    for code, official in _book().items():
        if code[0] in THERAPY and "." in code:
            sayings.setdefault(TAIL.sub("", official).lower(), code)
    return sayings


def nearest(text: str) -> tuple[str, str] | None:
    """(code, its words) of the one diagnosis a blurred text must mean; None when nothing is near enough."""
    low = text.lower()
    if len(low) < SHORTEST:
        return None
    found = process.extractOne(low, _sayings().keys(), scorer=fuzz.ratio, score_cutoff=NEAR)
    if found is None:
        return None
    code = _sayings()[found[0]]
    return code, TAIL.sub("", _book()[code])


def find(text: str) -> list[tuple[int, int, str, bool]]:
    """Codes in the text: (start, end, code with dot, read without repair)."""
    found = []
    for match in SHAPE.finditer(text):
        head, dot, tail = match.group(1), match.group(2), match.group(3)
        if not dot and (
            tail is None or not (head[0].isalpha() or head[0] == "$") or not any(map(str.isdigit, head[1:]))
        ):
            continue
        if tail is None:
            continue
        code = _existing(head, tail)
        if code is not None:
            found.append((match.start(), match.end(), code, code == f"{head}.{tail}"))
    return found


def _existing(head: str, tail: str) -> str | None:
    """The code itself when it exists, else the one existing code that differs by look-alike letters."""
    plain = f"{head.upper()}.{tail.upper()}"
    if plain in _book():
        return plain
    options = [sorted({LETTERS.get(head[0], head[0].upper())})]
    options += [sorted({letter.upper(), CONFUSED.get(letter, letter.upper())}) for letter in head[1:] + tail]
    tries = list(product(*options))
    if len(tries) > MOST_TRIES:
        return None
    made = {f"{''.join(letters[:3])}.{''.join(letters[3:])}" for letters in tries} & set(_book())
    return made.pop() if len(made) == 1 else None


def side_in(text: str) -> str | None:
    """The one side a text names."""
    text = text.lower()
    if re.search(r"\bbilateral|\bboth\b|\bb/l\b|\bbilat", text):
        return "bilateral"
    left = bool(
        re.search(r"\bleft\b|\blt\b\.?|\(l\)|(?<![a-z])l (?=knee|hip|should|ankle|elbow|wrist|hand|foot)", text)
    )
    right = bool(
        re.search(r"\bright\b|\brt\b\.?|\(r\)|(?<![a-z])r (?=knee|hip|should|ankle|elbow|wrist|hand|foot)", text)
    )
    if left and right:
        return None
    return "left" if left else "right" if right else None
