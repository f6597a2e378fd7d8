"""What must never be in a text (errors), and what a practice should know before it sends one (warnings).

Facts: 10DLC review (brand, STOP line, no shorteners), HIPAA's minimum necessary (a text is not private), GSM 03.38.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from backend.messaging.placeholders import PLACEHOLDER, known, longest
from backend.messaging.segments import encoding, segments, strangers

BRANDS: Final = ("{practice}", "{clinic}")
MOST_SEGMENTS: Final = 3
SHORTENERS: Final = re.compile(
    r"\b(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|buff\.ly|rebrand\.ly|cutt\.ly|shorturl\.at|rb\.gy|t\.ly"
    r"|tiny\.cc|bl\.ink|lnkd\.in|v\.gd|s\.id|short\.io|soo\.gd|qr\.ae|adf\.ly|bit\.do|mcaf\.ee|x\.co|tr\.im|su\.pr)\b(?!@)",
    re.I,
)
RAW_IP: Final = re.compile(r"\b(?:https?://)?(?:\d{1,3}\.){3}\d{1,3}\b|https?://\[[0-9a-f:]+\]", re.I)
PLAIN_HTTP: Final = re.compile(r"\bhttp://\S+", re.I)
STOP_LINE: Final = re.compile(
    r"\b(?:reply|text|send|answer|responda|conteste|env[ií]e|escriba)\W+(?:with\W+|con\W+)?(?:STOP|ALTO)\b"
    r"|\b(?:STOP|ALTO)\W+(?:to|para|and|if|=|ends?|any)\b",
    re.I,
)
CLINICAL: Final = re.compile(
    r"\b(?:surger\w*|surgical|surgeon\w*|(?<!hours of )operation|operated|post-?op\w*|pre-?op\w*"
    r"|diagnos[ei]\w*|knees?|shoulders?|elbows?|wrists?|hips?|spin(?:e|al)|lumbar|cervical|neck"
    r"|low(?:er)? back|back pain|ankles?|acl|rotator cuff|sprain\w*|strain\w*|tears?|torn|fractur\w*|arthr\w+"
    r"|scoliosis|sciatica|replacements?|amputa\w*|injur\w*|pain|painful|icd|x-?rays?|mri|ct scan|medications?"
    r"|medicines?|prescri\w+|pregnan\w*|postpartum|incontinen\w*|pelvic|vertigo|dizz\w+|strokes?|cancer"
    r"|diabet\w*|parkinson\w*|concussion\w*|disab\w+|symptoms?|treatments?|test results?|insurance|insurer"
    r"|medicare|medicaid|member id|policy number|balance due|your balance|copay\w*|deductible|owe|overdue bill"
    r"|cirug[ií]as?|operaci[oó]n|dolor\w*|diagn[oó]stic\w*|rodillas?|hombros?|caderas?|codos?|mu[nñ]ecas?"
    r"|tobillos?|columna|cuello|espalda|fracturas?|lesi[oó]n(?:es)?|lesionad\w+|esguinces?|artritis|embaraz\w+"
    r"|recetas?|medicamentos?|medicinas?|radiograf[ií]as?|resonancia|resultados|derrame|c[aá]ncer|s[ií]ntomas?"
    r"|tratamientos?|seguro m[eé]dico|aseguradora|p[oó]liza|copago|saldo|deuda)\b",
    re.I,
)
SPAMMY: Final = re.compile(
    r"!!+|\$\$+|\b(?:100% free|free gift|act now|hurry|limited time|winner|you won|click here|guaranteed?|cash"
    r"|prize|cheap|urgent!|buy now|special offer|discount|gratis|oferta|gan[oó]|urgente!)(?!\w)",
    re.I,
)
SHOUTED: Final = re.compile(r"\b[A-ZÁÉÍÓÚÑ]{4,}\b(?:\W+[A-ZÁÉÍÓÚÑ]{2,}\b){2,}")
# The words carriers want in capitals.
KEYWORDS: Final = re.compile(r"\b(?:STOP|START|HELP|YES|ALTO|AYUDA|INICIAR)\b")
TYPED: Final = {
    "‘": "a curly apostrophe", "’": "a curly apostrophe", "“": "a curly quotation mark", "”": "a curly quotation mark",
    "–": "a long dash", "—": "a long dash", "…": "one character for three dots", "\u00a0": "a fixed space",
    "\u200b": "an invisible space", "\t": "a tab",
}  # fmt: skip
HIDDEN: Final = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. An error forbids the text; `excerpt` is the part it is about."""

    level: Literal["error", "warning"]
    detail: str
    excerpt: str | None = None


def findings(body: str, *, first: bool, sample: str | None = None, brand: str = BRANDS[0]) -> list[Finding]:
    """All there is to say about a template or text; `sample` is how it reads filled, `brand` names the practice."""
    filled = body if sample is None else sample
    # A practice may be called after what it treats.
    found = [*_placeholders(body), *_forbidden(body.replace(brand, "")), *_length(body, filled)]
    found += [*(_opening(body, brand) if first else _brand(body, brand)), *_letters(filled), *_tone(body)]
    return sorted(found, key=lambda item: item.level)


def lint(body: str, *, first: bool, brand: str = BRANDS[0]) -> list[str]:
    """What forbids a template or text, in words; empty when it may be used."""
    return [item.detail for item in findings(body, first=first, brand=brand) if item.level == "error"]


def _placeholders(body: str) -> Iterator[Finding]:
    for name in dict.fromkeys(PLACEHOLDER.findall(body)):
        if not known(name):
            yield Finding("error", f"Unknown placeholder {{{name}}}.", f"{{{name}}}")
    if brace := re.search(r"\{[^{}]*\}?|\}", PLACEHOLDER.sub("", body)):
        yield Finding("error", "A brace is not part of a placeholder such as {first_name}.", brace.group(0))


def _forbidden(body: str) -> Iterator[Finding]:
    if link := SHORTENERS.search(body):
        yield Finding("error", "Carriers block link shorteners. Use your own address.", link.group(0))
    if address := RAW_IP.search(body):
        yield Finding("error", "Carriers block addresses made of numbers. Use your own address.", address.group(0))
    seen = dict.fromkeys(word.group(0).lower() for word in CLINICAL.finditer(body))
    for word in seen:
        yield Finding("error", f"“{word}” says something about the patient's care. Texts are not private.", word)
    if HIDDEN.search(body):
        yield Finding("error", "There is an invisible control character in the text. Type that part again.")


def _length(body: str, filled: str) -> Iterator[Finding]:
    count = segments(filled)
    most = segments(PLACEHOLDER.sub(lambda found: "x" * longest(found.group(1)), body))
    if count > MOST_SEGMENTS:
        yield Finding("error", f"Too long: {count} SMS; at most {MOST_SEGMENTS}.")
    elif most > MOST_SEGMENTS:
        yield Finding("warning", f"With long names this becomes {most} SMS. Shorten it a little.")


def _opening(body: str, brand: str) -> Iterator[Finding]:
    if brand not in body:
        yield Finding("error", "The first text must name the practice: use {practice}.")
    if not STOP_LINE.search(body):
        yield Finding("error", "The first text must say “Reply STOP to opt out.”")


def _brand(body: str, brand: str) -> Iterator[Finding]:
    if not any(name in body for name in (brand, *BRANDS)):
        yield Finding("warning", "Say who is writing: use {practice} or {clinic}.")


def _letters(filled: str) -> Iterator[Finding]:
    if encoding(filled) == "GSM-7":
        return
    for letter in strangers(filled)[:5]:
        name = f"{TYPED[letter]} ({letter})" if letter in TYPED and letter.strip() else TYPED.get(letter, f"“{letter}”")
        more = segments(filled) - segments("".join(part for part in filled if part not in strangers(filled)))
        cost = f" This makes it {segments(filled)} SMS instead of {segments(filled) - more}." if more else ""
        yield Finding("warning", f"With {name} only 70 letters instead of 160 fit in one SMS.{cost}", letter)


def _tone(body: str) -> Iterator[Finding]:
    words = KEYWORDS.sub(" ", PLACEHOLDER.sub(" ", body))
    letters = [letter for letter in words if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    shouted = SHOUTED.search(words)
    if shouted or (len(letters) >= 20 and capitals * 2 > len(letters)):
        found = shouted.group(0) if shouted else None
        yield Finding("warning", "Capitals look like shouting, and carriers filter them as spam.", found)
    if spam := SPAMMY.search(body):
        yield Finding("warning", f"“{spam.group(0)}” looks like advertising; carriers may filter it.", spam.group(0))
    if link := PLAIN_HTTP.search(body):
        yield Finding("warning", "Use https:// so that phones show no warning.", link.group(0))
