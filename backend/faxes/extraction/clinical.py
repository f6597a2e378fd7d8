"""What is wrong with the patient and what was ordered."""

import re

from rapidfuzz import fuzz

from backend.faxes.extraction import codes, normal
from backend.faxes.extraction.found import Found
from backend.faxes.extraction.labelled import Hit
from backend.faxes.extraction.lines import Line, PageModel, Span
from backend.faxes.extraction.people import worth
from backend.faxes.extraction.vocabulary import BODY_WORDS, NUMBER_WORDS

COUNT = r"(\d{1,2}|" + "|".join(NUMBER_WORDS) + r")"
FREQUENCY = re.compile(
    COUNT + r"(?:\s*(?:-|–|to|or)\s*(?:\d{1,2}|" + "|".join(NUMBER_WORDS) + r"))?\s*"
    r"(?:(?:x|×|times?|visits?|sessions?|days?)\.?\s*(?:/|per|a|each|every|weekly)?\s*(?:weekly|week|wk|w)\b\.?|/\s*(?:week|wk|w)\b|weekly\b|per\s+(?:week|wk)\b|(?:a|each) week\b)",
    re.I,
)
BARE_FREQUENCY = re.compile(r"^\W*" + COUNT + r"\s*(?:-|–|to)?\s*\d?\s*x?\W*(?:week|wk|$|/|per|times)", re.I)
DURATION = re.compile(COUNT + r"(?:\s*(?:-|–|to)\s*\d{1,2})?\s*(?:more\s+)?(?:weeks?|wks?|wk\.)(?![a-z])", re.I)
MONTHS = re.compile(COUNT + r"\s*(?:months?|mos?\.?)(?![a-z])", re.I)
SHORTHAND = re.compile(
    r"(?<![\d/])(\d)(?:\s?-\s?\d)?\s?[xX×]\s?(?:/|per)?\s?(?:w|wk|week)?\.?\s?[xX×/,]\s?(\d{1,2})\s?(?:w|wk|wks|weeks?)\b"
)
EVALUATE = re.compile(r"eval(?:uat(?:e|ion))?\.?\s*(?:and|&|/|\+|n)\s*(?:tr(?:ea)?t(?:ment)?|tx)\b", re.I)
BEARING = re.compile(
    r"\b(WBAT|NWB|PWB|TTWB|TDWB|FWB|(?:non|partial|full|toe[- ]touch|touch[- ]down)[- ]?weight[- ]?bearing|weight[- ]?bearing as tolerated)\b",
    re.I,
)
PRECAUTION = re.compile(r"precautions?(?:\s+(?:are|include))?\s*:\s*([^.]{3,160})", re.I)
URGENCY = re.compile(
    r"\b(?:this (?:referral|order|request) is|priority:?|urgency:?)\s+(?:an?\s+)?(stat|urgent|routine|emergent|asap|standard|normal|high)\b",
    re.I,
)
URGENCIES = {
    "stat": "stat",
    "emergent": "stat",
    "urgent": "urgent",
    "asap": "urgent",
    "high": "urgent",
    "routine": "routine",
    "standard": "routine",
    "normal": "routine",
    "elective": "routine",
}
SAID_DIAGNOSIS = re.compile(
    r"(?:diagnos(?:is|es|ed)(?:\s+(?:is|are|of|with))?:?|also has|suffers from|presents with|treatment of|history of|with a history of|for)\s+([^.;()\[\]]{4,90}?)\s*[(\[]\s*$",
    re.I,
)
# A code nobody could read, guessed from blurred words: shown for review, never trusted.
GUESSED = 0.55


def diagnosis(found: Found, pages: list[PageModel]) -> None:
    """ICD-10 codes wherever they stand, and the words that go with each."""
    seen: dict[str, tuple[float, Span, str]] = {}
    for page in pages:
        for start, end, code, clean in codes.find(page.text):
            before = page.text[max(0, start - 60) : start].lower()
            labelled = re.search(r"icd|dx|diagnos|code", before) or (page.text[start - 1 : start] in "([" and start)
            value = (0.95 if labelled else 0.85) - (0.0 if clean else 0.1)
            if code not in seen or seen[code][0] < value:
                seen[code] = (value, page.span(start, end), page.text[start:end])
    if not seen:
        return
    spans = [item[1] for item in seen.values()]
    first = [span for span in spans if span.page == spans[0].page]
    span = Span(spans[0].page, spans[0].source, tuple(word for item in first for word in item.words))
    said = ", ".join(item[2] for item in seen.values())
    found.add("icd10_codes", list(seen), min(item[0] for item in seen.values()), span, said)


def diagnosis_text(found: Found, pages: list[PageModel], hits: list[Hit]) -> None:
    """The diagnosis in words: behind its label, or right before its code; blurred words by the code's own."""
    known = found.best("icd10_codes")
    wanted = list(known.normal) if known and isinstance(known.normal, list) else []
    for page in pages:
        named = [
            hit for hit in hits if hit.key == "diagnosis_text" and hit.value.page == page.number and hit.value.words
        ]
        lines = [line for hit in named for line in (hit.value, *hit.more)]
        parts = [part for line in lines for part in _diagnoses(line.text)]
        if parts:
            words = tuple(dict.fromkeys(word for line in lines for word in line.words))
            span = Span(page.number, page.source, words)
            said = [_meant(found, part, wanted, span) for part in parts]
            text = "; ".join(dict.fromkeys(_sentence(part) for part in said))
            found.add("diagnosis_text", text, worth(named[0]), span, "; ".join(parts))
    for page in pages:
        _before_codes(found, page, wanted)


def _diagnoses(text: str) -> list[str]:
    parts = []
    for piece in re.split(r"[;\n]|\s\d[.)]\s|(?<=\])", text):
        for start, end, _, _ in reversed(codes.find(piece)):
            piece = piece[:start] + " " + piece[end:]
        piece = re.sub(r"(?i)\bICD\W?\s?-?10(?:-CM)?\b\W*|\bdx\b:?|\bcodes?\b:?", " ", piece)
        piece = re.sub(r"[\[\](){}|_]+", " ", piece)
        piece = re.sub(r"\s+", " ", piece).strip(" ,.:;-–")
        if len(piece) > 3 and sum(map(str.isalpha, piece)) > 0.6 * len(piece):
            parts.append(piece)
    return parts


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _snapped(text: str, wanted: list[str]) -> str:
    """A blurred diagnosis in the words of its own code, when the two clearly say the same."""
    for code in wanted:
        official = codes.description(code) or ""
        for version in (
            official,
            official.split(", not elsewhere")[0],
            official.split(", unspecified")[0],
            official.split(", initial")[0],
        ):
            if version and fuzz.ratio(text.lower(), version.lower()) >= 84:
                return version
    return text


def _meant(found: Found, part: str, wanted: list[str], span: Span) -> str:
    """The diagnosis in the words of its code; a blurred one by what it is nearest to, its code then proposed too."""
    snapped = _snapped(part, wanted)
    if snapped != part or span.source == "text":
        return snapped
    near = codes.nearest(part)
    if near is None:
        return part
    if not wanted:
        found.add("icd10_codes", [near[0]], GUESSED, span, part)
    return near[1]


def _before_codes(found: Found, page: PageModel, wanted: list[str]) -> None:
    """`The diagnosis is patellofemoral disorders, left knee (M22.2X2). She also has …`, or a line `words [code]`."""
    parts: list[str] = []
    spans: list[Span] = []
    for start, end, code, _ in codes.find(page.text):
        before = page.text[max(0, start - 130) : start]
        match = SAID_DIAGNOSIS.search(before)
        text = match.group(1) if match else None
        if text is None and (opened := re.search(r"([A-Z][^.;:()\[\]]{6,90}?)\s*[(\[]\s*$", before)):
            text = opened.group(1)
        if text is None:
            official = (codes.description(code) or "").lower()
            tail = before[-len(official) - 12 :].strip(" ,;:-–|") if official else ""
            text = official.capitalize() if official and fuzz.partial_ratio(official, tail.lower()) >= 88 else None
        if text:
            parts.append(_sentence(_snapped(text.strip(" ,"), wanted)))
            spans.append(page.span(max(0, start - len(text) - 3), end))
    if parts:
        words = tuple(dict.fromkeys(word for span in spans for word in span.words))
        value = 0.88 if len(parts) == len(wanted) else 0.7
        found.add("diagnosis_text", "; ".join(dict.fromkeys(parts)), value, Span(page.number, page.source, words))


def course(found: Found, page: PageModel) -> None:
    """How often and how long. A form that prints several frequencies to choose from says nothing without its marks."""
    given = list(FREQUENCY.finditer(page.text))
    if given and not _options([page.span(*match.span()) for match in given]):
        match = given[0]
        _count(found, "frequency_per_week", match.group(1), page.span(*match.span()), 0.93)
    if short := SHORTHAND.search(page.text):
        _count(found, "frequency_per_week", short.group(1), page.span(*short.span()), 0.9)
        _count(found, "duration_weeks", short.group(2), page.span(*short.span()), 0.9)
    for match in DURATION.finditer(page.text):
        before = page.text[max(0, match.start() - 22) : match.start()].lower()
        after = page.text[match.end() : match.end() + 18].lower()
        if re.search(r"nwb|wbat|pwb|ttwb|sling|brace|boot|immobil|precaution|bearing", before):
            continue
        if re.search(r"post|ago|since|last|past|old", before[-10:]) or re.match(
            r"\W*(?:post|ago|pregnan|after|old)", after
        ):
            continue
        near = re.search(r"for|x|×|duration|length|weeks?", before)
        _count(found, "duration_weeks", match.group(1), page.span(*match.span()), 0.92 if near else 0.72)
    for match in MONTHS.finditer(page.text):
        before = page.text[max(0, match.start() - 14) : match.start()].lower()
        months = normal.number(match.group(1))
        if months and months <= 6 and re.search(r"for\s*$|x\s*$|duration:?\s*$", before):
            found.add("duration_weeks", round(months * 52 / 12), 0.7, page.span(*match.span()))


def _options(spans: list[Span]) -> bool:
    """Whether several frequencies stand below each other: a form's printed choices."""
    boxes = [span.box for span in spans if span.box]
    return any(
        abs(one[0] - other[0]) < 0.06 and 0.004 < abs(one[1] - other[1]) < 0.1 for one in boxes for other in boxes
    )


def _count(found: Found, field: str, text: str, span: Span, value: float) -> None:
    number = normal.number(text)
    if number and number <= (7 if field == "frequency_per_week" else 52):
        found.add(field, number, value, span)


def labelled_course(found: Found, hit: Hit) -> None:
    """`Frequency: 3`, `Duration: 6`, `Frequency/Duration: 2x6`."""
    text = hit.value.text
    if hit.key == "frequency" and not FREQUENCY.search(text):
        if match := BARE_FREQUENCY.match(text):
            _count(found, "frequency_per_week", match.group(1), hit.value, worth(hit, 0.85))
        elif re.search(r"(?i)daily|qd\b", text):
            found.add("frequency_per_week", 7 if "7" in text else 5, 0.5, hit.value)
        elif re.search(r"(?i)\bbiw\b", text):
            found.add("frequency_per_week", 2, worth(hit, 0.85), hit.value)
        elif re.search(r"(?i)\btiw\b", text):
            found.add("frequency_per_week", 3, worth(hit, 0.85), hit.value)
        elif re.search(r"(?i)\bweekly\b", text):
            found.add("frequency_per_week", 1, worth(hit, 0.8), hit.value)
    if (
        hit.key == "duration"
        and not DURATION.search(text)
        and (match := re.match(r"\W*(\d{1,2})\b(?!\s*(?:mo|day))", text))
    ):
        _count(found, "duration_weeks", match.group(1), hit.value, worth(hit, 0.85))


def order(found: Found, page: PageModel) -> None:
    """Evaluate and treat, discipline, urgency, precautions said in running text."""
    if match := EVALUATE.search(page.text):
        found.add("evaluate_and_treat", True, 0.93, page.span(*match.span()), match.group(0))
    therapies = {
        "PT": r"physical therapy|physiotherapy|\bPT\b",
        "OT": r"occupational therapy|\bOT\b",
        "SLP": r"speech (?:therapy|language)|\bSLP\b",
    }
    for discipline, pattern in therapies.items():
        if match := re.search(pattern, page.text, re.I):
            found.add(
                "discipline", discipline, {"PT": 0.8, "OT": 0.6, "SLP": 0.55}[discipline], page.span(*match.span())
            )
    if match := URGENCY.search(page.text):
        found.add("urgency", URGENCIES[match.group(1).lower()], 0.92, page.span(*match.span()), match.group(1))
    if match := PRECAUTION.search(page.text):
        _precautions(found, page.span(*match.span(1)), match.group(1), 0.86)
    if match := BEARING.search(page.text):
        found.add("weight_bearing", match.group(1), 0.85, page.span(*match.span()), match.group(1))
        found.add("precautions", match.group(1), 0.5, page.span(*match.span()), match.group(1))
    for line in page.lines:
        word = line.text.strip(" .*!_-:").lower()
        if word in {"stat", "urgent", "routine"} and not _is_choice(page, line):
            found.add("urgency", word, 0.86, Span(page.number, page.source, line.words))
        elif re.match(
            r"(?i)\W*(?:no (?:lifting|rom|active|resist|weight|driving|overhead|twisting)|sling|brace|prom only|nwb|avoid)",
            line.text,
        ):
            found.add("precautions", line.text.strip(" .*_-:"), 0.6, Span(page.number, page.source, line.words))
    if match := re.search(r"(?:electronically|digitally|e-?)\s?signed", page.text, re.I):
        found.add("referrer_signed", True, 0.93, page.span(*match.span()), match.group(0))


def _is_choice(page: PageModel, line: Line) -> bool:
    """Whether a check box stands before the line: then only its mark counts."""
    first = line.words[0].box
    middle = (first[1] + first[3]) / 2
    return any(
        box.box[1] - 0.004 <= middle <= box.box[3] + 0.004 and -0.01 < first[0] - box.box[2] < 0.03
        for box in page.boxes
    )


def _precautions(found: Found, span: Span, text: str, value: float) -> None:
    text = re.split(r"\b(?:Physician|Signature|Provider|Date|Comments?|This referral|Please|NPI)\b", text)[0]
    parts = [part.strip(" ,.;:-_|") for part in re.split(r"[;•]|,(?=\s[A-Z])", text)]
    kept = [part for part in parts if len(part) > 2]
    if kept and kept[0].lower() not in {"none", "n/a", "na", "none known"}:
        found.add("precautions", "; ".join(kept), value, span, text.strip())


def labelled(found: Found, hit: Hit) -> None:
    """Labelled facts of the order."""
    text = hit.value.text.strip(" ,.;:_")
    if not text:
        return
    lines = (hit.value, *hit.more)
    match hit.key:
        case "precautions":
            span = Span(hit.value.page, hit.value.source, tuple(word for line in lines[:2] for word in line.words))
            _precautions(found, span, " ".join(line.text for line in lines[:2]), worth(hit))
        case "weight_bearing":
            if match := BEARING.search(text):
                found.add("weight_bearing", match.group(1), worth(hit), hit.value, match.group(1))
        case "urgency":
            if match := re.match(
                r"(?i)\W*(stat|urgent|routine|emergent|asap|standard|normal|high|elective)\b(?!.*\b(?:stat|urgent|routine)\b)",
                text,
            ):
                found.add("urgency", URGENCIES[match.group(1).lower()], worth(hit), hit.value, match.group(1))
        case "procedure":
            name = re.split(r"\bon\b\s+\d|\d{1,2}/\d|\bDate\b", text)[0].strip(" ,.;:-")
            if len(name) > 3 and sum(map(str.isalpha, name)) > 0.6 * len(name):
                found.add("procedure", name, worth(hit), hit.value, name)
        case "side":
            if side := codes.side_in(" " + text.lower() + " ") or {"l": "left", "r": "right", "b": "bilateral"}.get(
                text.lower()
            ):
                found.add("side", side, worth(hit), hit.value, text)
        case "body_part":
            if part := part_in(text):
                found.add("body_part", part, worth(hit), hit.value, text)
            if side := codes.side_in(" " + text.lower() + " "):
                found.add("side", side, worth(hit, 0.9), hit.value, text)
        case "order_text":
            if len(text) > 3:
                found.add("order_text", text, worth(hit, 0.8), hit.value, text)
        case "notes":
            words = tuple(word for line in lines for word in line.words)
            whole = " ".join(line.text for line in lines).strip()
            if len(whole) > 5:
                found.add("notes", whole, worth(hit, 0.7), Span(hit.value.page, hit.value.source, words), whole)


def part_in(text: str) -> str | None:
    """The body part a text speaks of."""
    low = text.lower()
    return next((part for pattern, part in BODY_WORDS if re.search(pattern, low)), None)


def place(found: Found, pages: list[PageModel]) -> None:
    """Body part and side from codes, diagnosis and procedure; printed choices of a form say nothing."""
    known = found.best("icd10_codes")
    for code in known.normal if known and isinstance(known.normal, list) else ():
        official = (codes.description(code) or "").lower()
        span = Span(known.page, known.source, ()) if known else Span(1, "ocr", ())
        _derive(found, official, 0.8, span, known.confidence if known else 0.5)
    for field, value in (("procedure", 0.78), ("diagnosis_text", 0.76), ("order_text", 0.6)):
        said = found.best(field)
        if said is not None:
            _derive(found, str(said.normal).lower(), value, Span(said.page, said.source, ()), said.confidence)


def _derive(found: Found, text: str, value: float, span: Span, sure: float) -> None:
    # The words were read elsewhere; their own confidence is carried over instead of that of an empty span.
    scale = max(sure, 0.3) / 0.4
    if part := part_in(text):
        found.add("body_part", part, min(value * scale, value / 0.4), span, part)
    if side := codes.side_in(" " + text + " "):
        found.add("side", side, min((value + 0.08) * scale, (value + 0.08) / 0.4), span, side)
