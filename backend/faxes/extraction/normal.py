"""Values into the normal forms of contract §3, forgiving what a fax does to letters. None: not such a value."""

import re
from dataclasses import dataclass
from datetime import date

from rapidfuzz import process
from rapidfuzz.distance import OSA

from backend.faxes.extraction.vocabulary import NOT_NAMES, NUMBER_WORDS, PARTICLES, PAYER_WORDS, SUFFIXES, TITLES
from backend.referral_sources.npi import is_npi

MONTHS = {name: place + 1 for place, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split())}
TO_DIGIT = str.maketrans({
    "O": "0", "o": "0", "Q": "0", "D": "0", "l": "1", "I": "1", "i": "1", "|": "1", "!": "1", "]": "1", "Z": "2", "z": "2",
    "S": "5", "s": "5", "B": "8", "b": "6", "G": "6", "g": "9", "q": "9", "A": "4", "T": "7",
})  # fmt: skip
DATE = re.compile(
    r"(?<![\w/.-])([0-9OolI|]{1,2})\s?([/.-])\s?([0-9OolISB|]{1,2})\s?\2\s?([0-9OolISB|]{4}|[0-9OolISB|]{2})(?![\w/-])"
)
ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
WRITTEN = re.compile(r"\b([A-Za-z]{3,9})\.?\s+([0-9OlI]{1,2})(?:st|nd|rd|th)?\s*[,.]?\s+((?:19|20)\d{2}|\d{2})\b")
DAY_FIRST = re.compile(r"\b(\d{1,2})[\s-]([A-Za-z]{3,9})\.?[\s,-]+((?:19|20)\d{2}|\d{2})\b")
PHONE = re.compile(
    r"(?<![\w-])(?:\+?1[\s.-]?)?[(\[{]?\s?([2-9OlISBZ][0-9OlISBZ]{2})\s?[)\]}]?[\s.,-]{0,2}([2-9OlISBZ][0-9OlISBZ]{2})[\s.,-]{1,2}"
    r"([0-9OolISBZ]{4})(?!\w)|(?<!\w)\(?(\d{3})\)?(\d{3})(\d{4})(?!\w)"
)
NPI = re.compile(r"(?<!\w)([12lI|][0-9OolISBZ|]{9})(?!\w)")


# Shorter words of a payer's name are abbreviations (PPO, HMO, BCBS), each its own.
NEAREST_FROM = 5


def repaired(text: str) -> str:
    """Letters that stand for digits, as digits."""
    return text.translate(TO_DIGIT)


def dates(text: str) -> list[tuple[int, int, date]]:
    """Every date in the text: (start, end, day). Two-digit years are of this century unless that lies ahead."""
    found = []
    for match in DATE.finditer(text):
        month, day, year = (repaired(match.group(place)) for place in (1, 3, 4))
        found.append((match, year, month, day))
    for match in ISO.finditer(text):
        found.append((match, match.group(1), match.group(2), match.group(3)))
    for match in WRITTEN.finditer(text):
        if named := MONTHS.get(match.group(1)[:3].lower()):
            found.append((match, match.group(3), str(named), repaired(match.group(2))))
    for match in DAY_FIRST.finditer(text):
        if named := MONTHS.get(match.group(2)[:3].lower()):
            found.append((match, match.group(3), str(named), match.group(1)))
    made = [(match.start(), match.end(), _day(year, month, day)) for match, year, month, day in found]
    return sorted((start, end, day) for start, end, day in made if day is not None)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        number = int(year)
        if len(year) <= 2:
            number += 2000 if number <= date.today().year % 100 else 1900
        return date(number, int(month), int(day))
    except ValueError:
        return None


def phones(text: str) -> list[tuple[int, int, str]]:
    """Every North American number in the text: (start, end, E.164)."""
    found = []
    for match in PHONE.finditer(text):
        digits = repaired("".join(part for part in match.groups() if part))
        if re.fullmatch(r"[2-9]\d{2}[2-9]\d{6}", digits):
            found.append((match.start(), match.end(), "+1" + digits))
    return found


def npis(text: str) -> list[tuple[int, int, str]]:
    """Every number with a valid NPI check digit: (start, end, digits)."""
    found = [(match.start(), match.end(), repaired(match.group(1))) for match in NPI.finditer(text)]
    return [(start, end, digits) for start, end, digits in found if is_npi(digits)]


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in parts."""

    first: str
    middle: str | None
    last: str
    suffix: str | None
    comma: bool

    @property
    def full(self) -> str:
        """Given name first."""
        return " ".join(part for part in (self.first, self.middle, self.last, self.suffix) if part)


def name(text: str) -> Name | None:
    """`Choi, Harold` or `Harold Q. Choi Jr` in parts; None when it cannot be a person's name."""
    text = re.sub(r"\([^)]*\)|[\"“”_*=~|<>]", " ", text).strip(" .,:;-")
    text = re.sub(r"(?<=[a-z])\.(?=[A-Z])", ". ", text)
    before, comma, after = text.partition(",")
    left, right = _name_words(before), _name_words(after)
    if left is None or right is None:
        return None
    suffix = next((SUFFIXES[word.lower()] for word in (*left, *right) if word.lower() in SUFFIXES), None)
    left = [word for word in left if word.lower() not in SUFFIXES]
    right = [word for word in right if word.lower() not in SUFFIXES]
    if comma and right and left:
        return _parts([right[0], *right[1:]], left, suffix)
    if right:
        return None
    return _given_first(left, suffix)


def _name_words(text: str) -> list[str] | None:
    words = [word.strip(".,;:") for word in text.split()]
    words = [word for word in words if word and word.lower() not in TITLES]
    for word in words:
        if not re.fullmatch(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’-]*", word) or word.lower() in NOT_NAMES:
            return None
    return words


def _given_first(words: list[str], suffix: str | None) -> Name | None:
    if not 2 <= len(words) <= 6 or (len(words[0]) < 2 and len(words) < 3):
        return None
    split = next((place for place, word in enumerate(words) if place and word.lower() in PARTICLES), len(words) - 1)
    if len(words[split:]) == 1 and len(words[split]) < 2:
        return None
    return _parts(words[:split], words[split:], suffix, comma=False)


def _parts(given: list[str], last: list[str], suffix: str | None, comma: bool = True) -> Name | None:
    surname = " ".join(cased(word) for word in last)
    if len(surname) < 2 or len(given) > 3 or len(last) > 4 or len(given[0]) < 2:
        return None
    middle = " ".join(cased(word) for word in given[1:]) or None
    return Name(cased(given[0]), middle, surname, suffix, comma)


def cased(word: str) -> str:
    """`MCALLISTER` → `McAllister`, `o'brien` → `O'Brien`; mixed case stays."""
    if not (word.isupper() or word.islower()) or len(word) == 1:
        return word.upper() if len(word) == 1 else word
    cased = "-".join(part.capitalize() for part in word.split("-"))
    cased = re.sub(r"^(O|D)['’]([a-z])", lambda m: f"{m.group(1)}'{m.group(2).upper()}", cased)
    return re.sub(r"^Mc([a-z])", lambda m: "Mc" + m.group(1).upper(), cased)


def payer(text: str) -> str:
    """A payer's name, blurred words replaced by the nearest word that payers use: `Aelna PP0` → `Aetna PPO`."""
    return " ".join(_payer_word(word) for word in text.split())


def _payer_word(word: str) -> str:
    letters = re.sub(r"[^A-Za-z]", "", word)
    low = letters.lower()
    if len(low) < NEAREST_FROM or len(letters) < len(word) - 2 or low in PAYER_WORDS:
        return letters if low in PAYER_WORDS and "-" not in word else word
    near = process.extractOne(low, PAYER_WORDS, scorer=OSA.distance, score_cutoff=1 if len(low) < 8 else 2)
    if near is None:
        return word
    return near[0].upper() if letters.isupper() else near[0].capitalize()


def sex(text: str) -> str | None:
    """F, M or X."""
    match = re.match(r"\W*(female|male|woman|man|non-?binary|f|m|x)\b", text.lower())
    return {"f": "F", "w": "F", "m": "M", "n": "X", "x": "X"}[match.group(1)[0]] if match else None


def number(text: str) -> int | None:
    """A small whole number in digits or words."""
    word = text.strip().lower()
    if word in NUMBER_WORDS:
        return NUMBER_WORDS[word]
    digits = repaired(text.strip())
    return int(digits) if re.fullmatch(r"\d{1,3}", digits) else None


def identifier(text: str, least: int = 4) -> str | None:
    """The first run that looks like an account, member or group number."""
    for word in re.findall(r"[A-Za-z0-9][A-Za-z0-9-]*", text):
        bare = word.replace("-", "")
        if len(bare) >= least and sum(letter.isdigit() for letter in bare) >= max(2, len(bare) // 3):
            # Letters lead such numbers; a leading zero before letters was an O.
            return re.sub(r"^0(?=[A-Za-z]{2})", "O", word.strip("-"))
    return None


def email(text: str) -> str | None:
    """The first e-mail address."""
    match = re.search(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+", text)
    return match.group(0).replace(" ", "").rstrip(".").lower() if match else None
