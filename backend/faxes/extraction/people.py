"""Patient and provider: names, birth date, sex, record number, and the practice that refers."""

import re

from backend.faxes.document import ExtractionContext
from backend.faxes.extraction import normal
from backend.faxes.extraction.found import Found
from backend.faxes.extraction.labelled import Hit
from backend.faxes.extraction.lines import PageModel, Span
from backend.faxes.extraction.vocabulary import CREDENTIALS, ORDERING, ORGANIZATION, SUFFIXES, THERAPY_NAMES

NOT_PATIENT = frozenset({"provider", "own", "emergency", "insurance", "insurance2", "other"})
CREDENTIAL = "|".join(sorted((re.escape(word) for word in CREDENTIALS), key=len, reverse=True))
NAMED_WITH_CREDENTIAL = re.compile(
    rf"^(?P<name>.*?[A-Za-z.'’-]{{2,}})\s*[,.]?\s+(?P<credential>{CREDENTIAL}|M\.D|D\.O|N\.P|P\.A(?:\.?-C)?)(?![A-Za-z0-9'])"
)
DOCTOR = re.compile(r"\bD[rt]\.?\s+([A-Z][A-Za-z'’-]+(?:\s+(?:[A-Z]\.?|[A-Z][A-Za-z'’-]+)){1,3})")
REFERRING = re.compile(
    r"(?:referring|refer|patient,?|RE:?|regarding)\s+(?:my patient,?\s+|our patient,?\s+|your patient,?\s+)?"
    r"(?:Mr|Mrs|Ms|Miss)?\.?\s*([A-Z][A-Za-z'’-]+(?:\s+[A-Z]\.?)?(?:\s+[A-Z][A-Za-z'’-]+){1,2})(?=[\s,(.])"
)
AGED = re.compile(r"\b\d{1,3}[\s-]*(?:year|yr|y)s?[\s./-]*o(?:ld|\.|/)?[\s-]*(female|male|woman|man|f|m)\b", re.I)


def worth(hit: Hit, base: float = 0.96) -> float:
    """What a labelled value is worth."""
    return base - (0.06 if not hit.exact else 0.0) - (0.08 if hit.below else 0.0)


def of_patient(found: Found, hit: Hit) -> None:
    """Labelled facts about the patient."""
    if hit.role in {"own", "other"} or not hit.value.words:
        return
    match hit.key:
        case "patient_name":
            _patient_name(found, hit.value, worth(hit))
        case "name" if hit.role not in NOT_PATIENT:
            _patient_name(found, hit.value, worth(hit, 0.95 if hit.role == "patient" else 0.6))
        case "first_name" | "last_name" | "middle_name" if hit.role not in NOT_PATIENT:
            _name_part(found, hit)
        case "patient_dob" if hit.role not in {"emergency", "insurance2"}:
            for start, end, day in normal.dates(hit.value.text)[:1]:
                said = hit.value.text[start:end]
                found.add("patient_dob", day.isoformat(), worth(hit, 0.97), _part(hit.value, said), said)
        case "patient_sex" if hit.role not in {"emergency"}:
            if sex := normal.sex(hit.value.text):
                found.add("patient_sex", sex, worth(hit), hit.value)
        case "patient_mrn":
            if number := normal.identifier(hit.value.text):
                found.add("patient_mrn", number, worth(hit), hit.value, number)
        case "patient_email" if hit.role not in NOT_PATIENT:
            if address := normal.email(hit.value.text):
                found.add("patient_email", address, worth(hit), hit.value, address)
        case "patient_suffix":
            if hit.value.text.lower().strip(".") in SUFFIXES:
                found.add("patient_suffix", SUFFIXES[hit.value.text.lower().strip(".")], worth(hit), hit.value)


def _part(span: Span, said: str) -> Span:
    """The words of a span that hold what was said."""
    words = tuple(word for word in span.words if word.text.strip(",.;()") and word.text.strip(",.;()") in said)
    return Span(span.page, span.source, words or span.words)


def _patient_name(found: Found, span: Span, value: float) -> None:
    text = re.split(r"\s[-–|]\s|\(|\b(?:DOB|D\.O\.B|Date of|MRN|Age|Sex)\b", span.text)[0]
    name = normal.name(text)
    if name is None and len(text.split()) > 3:
        name = normal.name(" ".join(text.split()[:3]))
        value -= 0.2
    if name is not None:
        said = _part(span, text)
        _add_patient(found, name, value if name.comma else value - 0.01, said)


def _add_patient(found: Found, name: normal.Name, value: float, span: Span) -> None:
    found.add("patient_first_name", name.first, value, span)
    found.add("patient_last_name", name.last, value, span)
    if name.middle:
        found.add("patient_middle_name", name.middle, value - 0.03, span)
    if name.suffix:
        found.add("patient_suffix", name.suffix, value, span)


def _name_part(found: Found, hit: Hit) -> None:
    words = [word.strip(".,") for word in hit.value.text.split() if word.strip(".,")]
    if not words or not all(re.fullmatch(r"[A-Za-zÀ-ÿ'’-]+", word) for word in words) or len(words) > 3:
        return
    text = " ".join(normal.cased(word) for word in words)
    found.add(f"patient_{hit.key}", text, worth(hit), hit.value)


def of_provider(found: Found, hit: Hit, context: ExtractionContext) -> None:
    """Labelled facts about the one who refers."""
    if not hit.value.words or (hit.role == "own" and hit.key != "from"):
        return
    match hit.key:
        case "provider_name":
            _provider_name(found, hit.value, worth(hit))
        case "name" if hit.role == "provider":
            _provider_name(found, hit.value, worth(hit, 0.9))
        case "from":
            _practice(found, hit.value, worth(hit, 0.85), context)
            _provider_name(found, hit.value, worth(hit, 0.7))
        case "referrer_practice":
            _practice(found, hit.value, worth(hit), context, labelled=True)


def _provider_name(found: Found, span: Span, value: float) -> None:
    text = re.split(r"\s[-–|]\s|\d|\(|\bon\b|\bNPI\b|\bDate\b", span.text)[0].strip(" ,:")
    credential = _credential(text)
    plain = _without_credentials(text)
    name = normal.name(plain)
    if name is None:
        return
    span = _part(span, text)
    found.add("referrer_name", name.full, value, span)
    if credential:
        found.add("referrer_credential", credential, value, span)
    elif re.match(r"\s*Dr\b", text):
        found.add("referrer_credential", "MD", 0.5, span)


def _credential(text: str) -> str | None:
    """The ordering credential a text holds after its first word."""
    for word in map(str, re.findall(r"[A-Za-z][A-Za-z.-]*", text)[1:]):
        plain = word.replace(".", "").upper()
        if plain in ORDERING and (word.isupper() or "." in word or word in {"Md", "Do", "Np"}):
            return "PA-C" if plain == "PAC" else plain
    return None


def _without_credentials(text: str) -> str:
    text = re.sub(r"(?i)^\s*dr\.?\s+", "", text)
    kept = re.split(rf"[\s,]+(?:{CREDENTIAL}|M\.D\.?|D\.O\.?|N\.P\.?|P\.A\.?(?:-C)?)(?![A-Za-z'])", text, maxsplit=1)[0]
    return kept.strip(" ,")


def is_therapy(text: str, context: ExtractionContext) -> bool:
    """Whether a name is that of a therapy practice: ours, or the one the form was made for."""
    low = text.lower()
    return any(word in low for word in THERAPY_NAMES) or any(name.lower() in low for name in context.own_names)


def _practice(found: Found, span: Span, value: float, context: ExtractionContext, labelled: bool = False) -> None:
    text = span.text.strip(" ,.:;-")
    words = {word.strip(".,&").lower() for word in text.split()}
    if is_therapy(text, context) or len(text) < 4 or len(words) > 9 or sum(map(str.isdigit, text)) > 3:
        return
    if words & ORGANIZATION or "&" in text:
        found.add("referrer_practice", text, value, span)
    elif labelled:
        found.add("referrer_practice", text, value - 0.15, span)


def letterhead(found: Found, pages: list[PageModel], context: ExtractionContext) -> None:
    """The practice named in large letters at the top of a page, and providers named with their credential."""
    for page in pages:
        for place, line in enumerate(page.lines[:6]):
            if line.top > 0.2:
                break
            for words in line.cells():
                span = Span(page.number, page.source, words)
                large = line.height > 1.15 * _usual_height(page)
                _practice(found, span, 0.8 - 0.02 * place + (0.08 if large else 0.0), context)


def _usual_height(page: PageModel) -> float:
    heights = sorted(line.height for line in page.lines)
    return heights[len(heights) // 2]


def in_prose(found: Found, page: PageModel) -> None:
    """Names and sex said in running text."""
    for place, line in enumerate(page.lines):
        before = " ".join(near.text for near in page.lines[max(0, place - 4) : place]).lower()
        for words in line.cells():
            _named(found, Span(page.number, page.source, words), before)
    for match in DOCTOR.finditer(page.text):
        if name := normal.name(_without_credentials(match.group(1))):
            found.add("referrer_name", name.full, 0.55, page.span(*match.span(1)))
            found.add("referrer_credential", "MD", 0.5, page.span(*match.span(1)))
    for match in REFERRING.finditer(page.text):
        if name := normal.name(match.group(1)):
            _add_patient(found, name, 0.6, page.span(*match.span(1)))
    for match in AGED.finditer(page.text):
        if sex := normal.sex(match.group(1)):
            found.add("patient_sex", sex, 0.9, page.span(*match.span()), match.group(1))


def _named(found: Found, span: Span, before: str) -> None:
    """`Sanjay Cohen, APRN`: a cell that names somebody who may order."""
    text = re.sub(
        r"(?i)^\W*(?:electronically |e-?|digitally )?signed(?: by)?:?\s*|^\W*(?:provider|physician|by|dr\.?):?\s+",
        "",
        span.text,
    )
    if re.match(r"(?i)\W*(?:pcp|primary care|cc|attn|printed)\b", text):
        return
    match = NAMED_WITH_CREDENTIAL.match(text)
    credential = _credential("x " + match.group("credential")) if match else None
    name = normal.name(match.group("name")) if match else None
    if match is None or credential is None or name is None:
        return
    value = (
        0.86
        if re.search(r"sincerely|signed|regards|thank you|respectfully|signature", before + span.text.lower())
        else 0.74
    )
    said = _part(span, match.group(0))
    found.add("referrer_name", name.full, value, said)
    found.add("referrer_credential", credential, value, said)
