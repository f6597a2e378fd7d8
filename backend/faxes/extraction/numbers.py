"""Numbers that need an owner: phones and faxes, the provider's NPI, payer and member, address, dates by role."""

import re
from datetime import date, timedelta

from backend.faxes.document import ExtractionContext
from backend.faxes.extraction import normal
from backend.faxes.extraction.found import Found
from backend.faxes.extraction.labelled import Hit
from backend.faxes.extraction.lines import PageModel, Span
from backend.faxes.extraction.people import is_therapy, worth
from backend.faxes.extraction.vocabulary import STATES, STREETS, UNITS

PHONE_FIELD = {
    "patient_phone": "patient_phone", "patient_phone_alt": "patient_phone_alt", "office_phone": "referrer_phone",
    "fax": "referrer_fax",
}  # fmt: skip
OLDEST_ORDER = timedelta(days=730)
CITY = re.compile(
    r"^\s*,?\s*([A-Za-z][A-Za-z .'-]*?)\s*[,.]?\s+([A-Za-z]{2})[,.]?\s+([0-9OolISB]{5}(?:\s?-\s?\d{4})?)\s*$"
)
REACHED = re.compile(
    r"(?:reached|call(?:ed)?|contact(?:ed)?|phone|cell|telephone)\s+(?:\w+\s+){0,3}?(?:at|is|on|number is)[\s:]*$", re.I
)


def phones(found: Found, hit: Hit, context: ExtractionContext, beside_fax: bool = False) -> None:
    """Labelled phones, by label and block; ours and emergency contacts are nobody's."""
    if hit.key not in {"phone", "fax", *PHONE_FIELD} or hit.role in {
        "own",
        "emergency",
        "insurance",
        "insurance2",
        "other",
    }:
        return
    role = hit.role
    if hit.key == "phone" and beside_fax and not _says_patient(hit):
        role = "provider"
    numbers = [item for item in normal.phones(hit.value.text) if item[2] not in context.own_numbers]
    for place, (start, end, number) in enumerate(numbers[:2]):
        said = hit.value.text[start:end]
        field = PHONE_FIELD.get(hit.key) or ("patient_phone" if role == "patient" else "referrer_phone")
        if hit.key in {"patient_phone", "patient_phone_alt"} and hit.role == "provider":
            field = "referrer_phone" if hit.key == "patient_phone" and not _says_patient(hit) else field
        if place == 1:
            if field != "patient_phone":
                break
            field = "patient_phone_alt"
        value = worth(hit) if hit.key in PHONE_FIELD else worth(hit, 0.9 if role in {"patient", "provider"} else 0.8)
        found.add(field, number, value, hit.value, said)


def _says_patient(hit: Hit) -> bool:
    return bool(re.search(r"home|cell|mobile|patient|pt", hit.label.text, re.I))


def loose_phones(found: Found, page: PageModel, context: ExtractionContext) -> None:
    """Phones in running text: "can be reached at …"."""
    for start, end, number in normal.phones(page.text):
        before = page.text[max(0, start - 60) : start]
        if (
            number not in context.own_numbers
            and REACHED.search(before)
            and re.search(r"patient|she|he|they|her|him", before)
        ):
            found.add("patient_phone", number, 0.85, page.span(start, end), page.text[start:end])


def banner(found: Found, page: PageModel) -> set[str]:
    """The sending machine's line: its own number is the office's fax; returns the number it called, which is ours."""
    if page.banner is None:
        return set()
    text, called = page.banner.text, re.search(r"\bT[O0]\s?:", page.banner.text, re.I)
    at = called.start() if called else len(text)
    for start, end, number in normal.phones(text[:at]):
        span = Span(page.number, page.source, page.banner.words)
        found.add("referrer_fax", number, 0.6, span, text[start:end])
    return {number for _, _, number in normal.phones(text[at:])}


def npi(found: Found, page: PageModel) -> None:
    """A number with a valid check digit is an NPI wherever it stands; behind its label it is worth more."""
    for start, end, digits in normal.npis(page.text):
        before = page.text[max(0, start - 40) : start].lower()
        labelled = re.search(r"n\s?p\s?[i1l]\W{0,12}(?:number|no|#)?\W*$", before)
        group = re.search(r"group|facility|organization|practice", before)
        exact = page.text[start:end] == digits
        value = (0.98 if labelled else 0.7) - (0.08 if not exact else 0.0) - (0.2 if group else 0.0)
        found.add("referrer_npi", digits, value, page.span(start, end), page.text[start:end])


def coverage(found: Found, hit: Hit, second_line: bool = False) -> None:
    """Payer, member and group."""
    text = hit.value.text
    second = hit.role == "insurance2" or (second_line and hit.key != "payer_name")
    match hit.key:
        case "payer_name" | "secondary_payer_name":
            name, *rest = re.split(r"\s{2,}|\b(?:ID|Member|Policy|Group|Grp|Plan ID)\b", text, maxsplit=1)
            name = name.strip(" ,.:;-|_")
            if rest and not second and hit.key == "payer_name" and (number := normal.identifier(rest[0], 5)):
                found.add("member_id", number, worth(hit, 0.88), hit.value, number)
            if len(name) > 2 and sum(map(str.isalpha, name)) > len(name) / 2 and len(name.split()) < 8:
                field = "secondary_payer_name" if second else hit.key
                found.add(field, normal.payer(name), worth(hit), hit.value, name)
        case "member_id" if not second and (number := normal.identifier(text, 5)):
            found.add("member_id", number, worth(hit, 0.95), hit.value, number)
        case "group_number" if not second and (number := normal.identifier(text, 4)):
            found.add("group_number", number, worth(hit, 0.95), hit.value, number)
        case "authorization_number" if number := normal.identifier(text, 5):
            found.add("authorization_number", number, worth(hit), hit.value, number)
        case "visits_authorized" if (match := re.search(r"\b(\d{1,3})\b", text)) and 0 < int(match.group(1)) < 200:
            found.add("visits_authorized", int(match.group(1)), worth(hit), hit.value, match.group(1))


def address(found: Found, hit: Hit, context: ExtractionContext) -> None:
    """The patient's (or the office's) address in one or two lines."""
    if hit.key not in {"address", "referrer_address", "city_line"} or hit.role in {
        "own",
        "emergency",
        "insurance",
        "insurance2",
    }:
        return
    if hit.key == "city_line":
        _city_line(found, hit)
        return
    lines = [hit.value.text, *(span.text for span in hit.more)]
    parsed = parse_address(lines)
    if parsed is None:
        return
    span = Span(
        hit.value.page,
        hit.value.source,
        (*hit.value.words, *(w for s in hit.more[: len(parsed[1]) - 1] for w in s.words)),
    )
    street, used, city, state, code = parsed[0], parsed[1], *parsed[2]
    whole = ", ".join(filter(None, (street, city, " ".join(filter(None, (state, code))))))
    if hit.key == "referrer_address" or hit.role == "provider":
        found.add("referrer_address", whole, worth(hit, 0.85), span, " ".join(used))
        return
    value = worth(hit) if city else worth(hit) - 0.35
    found.add("patient_address", whole, value, span, " ".join(used))
    for field, part in (("patient_city", city), ("patient_state", state), ("patient_zip", code)):
        if part:
            found.add(field, part, value, span, part)


def _city_line(found: Found, hit: Hit) -> None:
    match = CITY.match(hit.value.text)
    if match is None or hit.role == "provider":
        return
    city, state, code = match.group(1), match.group(2).upper(), normal.repaired(match.group(3)).replace(" ", "")
    if state not in STATES:
        return
    for field, part in (("patient_city", city), ("patient_state", state), ("patient_zip", code)):
        found.add(field, part, worth(hit), hit.value, part)
    street = found.best("patient_address")
    if street is not None and code not in str(street.normal):
        base = str(street.normal).split(",")[0]
        whole = f"{base}, {city}, {state} {code}"
        found.add("patient_address", whole, worth(hit), hit.value, f"{street.value} {hit.value.text}")


def parse_address(lines: list[str]) -> tuple[str, list[str], tuple[str, str, str]] | None:
    """(street, lines used, (city, state, ZIP)); None when it does not begin like a street address."""
    first = lines[0].strip(" ,.;")
    if not re.match(r"\W*[0-9OlISB]{1,6}[A-Za-z]?\s+\S+|P\.?\s?O\.?\s*Box", first):
        return None
    tail = re.search(r"\b([A-Za-z]{2})[,.]?\s+([0-9OolISB]{5}(?:\s?-\s?\d{4})?)\W*$", first)
    if tail and tail.group(1).upper() in STATES:
        street, city = _split_street(first[: tail.start()].strip(" ,"))
        return street, [first], (city, tail.group(1).upper(), normal.repaired(tail.group(2)).replace(" ", ""))
    for place, line in enumerate(lines[1:], start=1):
        match = CITY.match(line)
        if match and match.group(2).upper() in STATES:
            street = " ".join(part.strip(" ,") for part in lines[:place])
            code = normal.repaired(match.group(3)).replace(" ", "")
            return street, lines[: place + 1], (match.group(1).strip(" ,"), match.group(2).upper(), code)
    return first, [first], ("", "", "")


def _split_street(text: str) -> tuple[str, str]:
    """Where the street ends and the city begins: at a comma, after the unit, or after the word for street."""
    if "," in text:
        street, _, city = text.rpartition(",")
        return street.strip(), city.strip()
    words = text.split()
    for place in range(len(words) - 2, 0, -1):
        if words[place].lower().strip(".") in UNITS or (words[place].startswith("#") and len(words[place]) > 1):
            end = place + (1 if words[place].startswith("#") and len(words[place]) > 1 else 2)
            if end < len(words):
                return " ".join(words[:end]), " ".join(words[end:])
    for place in range(len(words) - 2, 0, -1):
        if words[place].lower().strip(".") in STREETS:
            return " ".join(words[: place + 1]), " ".join(words[place + 1 :])
    return " ".join(words[:-1]), words[-1]


def dates(found: Found, hit: Hit, context: ExtractionContext) -> None:
    """When it was ordered, when surgery was."""
    given = normal.dates(hit.value.text)
    if not given:
        return
    start, end, day = given[0]
    said, received = hit.value.text[start:end], date.fromisoformat(context.received_on)
    if hit.key in {"referral_date", "date"} and received - OLDEST_ORDER <= day <= received + timedelta(days=2):
        value = worth(hit) if hit.key == "referral_date" else worth(hit, 0.85 if hit.role != "own" else 0.75)
        found.add("referral_date", day.isoformat(), value, hit.value, said)
    if hit.key == "surgery_date" and day.year > 1950:
        found.add("surgery_date", day.isoformat(), worth(hit), hit.value, said)
    if hit.key == "procedure" and day.year > 1950 and re.search(r"\bon\b|\d", hit.value.text[:start]):
        found.add("surgery_date", day.isoformat(), worth(hit, 0.75), hit.value, said)


def prose_address(found: Found, page: PageModel) -> None:
    """`The home address is 712 Lakeview Rd, Worcester, MA 01666.`"""
    pattern = r"(?:home |mailing |residential )?address is\s+(\d[^.;]{8,90}?[A-Za-z]{2}[,.]?\s+\d{5}(?:-\d{4})?)"
    if (match := re.search(pattern, page.text)) and (parsed := parse_address([match.group(1)])):
        street, _, (city, state, code) = parsed
        span = page.span(*match.span(1))
        found.add("patient_address", f"{street}, {city}, {state} {code}", 0.88, span, match.group(1))
        for field, part in (("patient_city", city), ("patient_state", state), ("patient_zip", code)):
            found.add(field, part, 0.88, span, part)


def loose_dates(found: Found, page: PageModel, context: ExtractionContext) -> None:
    """A date alone on a line near the top is a letter's; a date beside surgery words is the surgery's."""
    received = date.fromisoformat(context.received_on)
    for line in page.lines[:12]:
        given = normal.dates(line.text)
        alone = len(given) == 1 and given[0][1] - given[0][0] >= len(line.text.strip(" .,")) - 1
        if alone and received - OLDEST_ORDER <= given[0][2] <= received + timedelta(days=2):
            span = Span(page.number, page.source, line.words)
            found.add("referral_date", given[0][2].isoformat(), 0.78, span)
    signed = re.compile(r"signed(?: by)?:?[^.]{0,60}$", re.I)
    surgery = re.compile(
        r"(?:s/p|status post|underwent|surgery|post-?op\w*|repair|arthroplasty|reconstruction)[^.]{0,60}(?:on|dated?|of|,|\()?\s*$",
        re.I,
    )
    for start, end, day in normal.dates(page.text):
        before = page.text[max(0, start - 80) : start]
        if surgery.search(before) and not re.search(r"dob|birth|follow|appoint|order|date:?\s*$", before[-30:], re.I):
            found.add("surgery_date", day.isoformat(), 0.7, page.span(start, end), page.text[start:end])
        elif signed.search(before) and received - OLDEST_ORDER <= day <= received + timedelta(days=2):
            found.add("referral_date", day.isoformat(), 0.6, page.span(start, end), page.text[start:end])


def own_block(page: PageModel, context: ExtractionContext) -> set[str]:
    """Numbers printed with a therapy practice's name (the form's own head, or the addressee): nobody's."""
    ours: set[str] = set()
    for place, line in enumerate(page.lines):
        if not is_therapy(line.text, context) or line.top > 0.3:
            continue
        for near in page.lines[max(0, place - 1) : place + 3]:
            if re.search(r"fax (?:this|to|form)|^ph\b|^fax", near.text.lower()) or near is line:
                ours |= {number for _, _, number in normal.phones(near.text)}
    return ours
