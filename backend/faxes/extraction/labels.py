"""Labels of referral forms: what stands before (or above) a value. Matching forgives what a fax does to letters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from rapidfuzz.distance import OSA

from backend.faxes.extraction.lines import Line

PHRASES: Final[dict[str, str]] = {
    "patient_name": "patient name|patient|pt name|name of patient|patients name|patient full name|patient legal name|client name"
    "|client|pt|patient name last first|patient last name first name|patient name last first mi|resident name|re patient|re",
    "name": "name|full name|legal name|name last first|name last first mi",
    "last_name": "last name|patient last name|surname|family name|last|pt last name",
    "first_name": "first name|patient first name|given name|first|pt first name",
    "middle_name": "middle name|middle initial|mi|middle|patient middle name",
    "patient_suffix": "suffix",
    "patient_dob": "dob|date of birth|birth date|birthdate|patient dob|d o b|born|pt dob|patient date of birth|dob age|birthday|dt of birth",
    "patient_sex": "sex|gender|patient sex|birth sex|sex at birth|legal sex|patient gender|assigned sex|m f",
    "patient_phone": "home phone|home ph|home|patient phone|primary phone|phone home|h phone|day phone|daytime phone|best phone"
    "|best contact|home tel|home telephone|patient telephone|phone 1|preferred phone|pt phone|contact phone|patient contact"
    "|primary contact number|best number|best contact number|patient phone number|home phone number|phone h|hm phone|hm ph",
    "patient_phone_alt": "cell|mobile|cell phone|cell ph|alt phone|alternate phone|work phone|secondary phone|other phone|evening phone"
    "|mobile phone|phone 2|phone cell|alternate|alt ph|alternate contact|alt|phone mobile|cell number|alternate number|work ph"
    "|phone c|phone w|mobile number|alternative phone|2nd phone|alt number|alt contact",
    "phone": "phone|tel|telephone|ph|phone number|phone no|contact number|telephone number|tel no|p|t|contact no|phones|phn",
    "office_phone": "office phone|clinic phone|provider phone|physician phone|phone office|office|office ph|practice phone|doctor phone"
    "|office tel|prescriber phone|referring phone|office telephone|callback|call back number|direct line|main|office number"
    "|referring provider phone|md phone",
    "fax": "fax|facsimile|fax number|fax no|office fax|return fax|provider fax|f|fx|clinic fax|physician fax|practice fax|reply fax"
    "|prescriber fax|back fax|fax back|return by fax|referring fax|fax back to|referring provider fax|md fax",
    "fax_us": "fax this form to|fax to|send to|please fax to|fax completed form to|fax referral to|fax form to|fax orders to|return to"
    "|fax referrals to|send referrals to",
    "patient_email": "email|e mail|email address|patient email|e mail address",
    "address": "address|addr|mailing address|street address|home address|patient address|street|residence|address line 1|pt address"
    "|residential address",
    "city_line": "city st zip|city state zip|city state|city st zip code|city state zip code|city",
    "state": "state|st",
    "zip": "zip|zip code|postal code|zipcode",
    "patient_mrn": "mrn|medical record number|medical record|mr|chart|chart number|patient id|med rec|account|acct|patient number"
    "|med rec no|medical record no|chart no|account number|epic mrn|patient account|pt id",
    "payer_name": "insurance|primary insurance|payer|payor|carrier|insurance company|insurance name|plan|insurance plan|health plan|primary"
    "|coverage|primary payer|insurer|ins|primary ins|insurance carrier|plan name|primary coverage|payer name|primary plan"
    "|insurance co|ins co|insurance provider|primary payor|medical insurance|payor name|insurance primary",
    "secondary_payer_name": "secondary|secondary insurance|secondary payer|secondary plan|secondary coverage|secondary ins|second insurance"
    "|insurance secondary|other insurance",
    "member_id": "member id|policy id|id|subscriber id|insurance id|policy|policy number|member number|member|id number|ins id|policy no"
    "|member no|subscriber number|subscriber no|identification number|insurance id number|cert no|certificate|contract"
    "|member policy|id no|member identification|policy id number|insured id|hic|mbi|medicare number|insurance number|member id number",
    "group_number": "group|grp|group number|group no|group id|grp no|plan group|group policy|employer group|grp id",
    "authorization_number": "authorization|authorization number|auth|auth number|prior auth|prior authorization|auth no|authorization no"
    "|approval number|precert|referral auth|certification number|reference number|precertification",
    "visits_authorized": "visits|visits authorized|authorized visits|number of visits|visits approved|total visits|no of visits"
    "|approved visits|visit count|visit limit|visits requested|units approved",
    "provider_name": "physician|referring provider|referring physician|authorizing provider|provider|doctor|referring|ordering provider"
    "|ordering physician|ordered by|prescriber|prescribing provider|referred by|referring doctor|md|practitioner|physician name"
    "|provider name|signed|signed by|electronically signed by|e signed by|physician signature|provider signature|attending"
    "|referring practitioner|requesting provider|requesting physician|prescribed by|authorized by|referral from|surgeon"
    "|treating physician|print name|printed name|referring clinician|clinician|ordering clinician|referring md|from provider"
    "|referring prescriber|physician print|attending physician|name of provider|name of physician|referral source|dr",
    "other_provider": "pcp|primary care|primary care physician|primary care provider|cc|consulting|family physician|copy to",
    "referrer_npi": "npi|npl|npi number|np i|provider npi|national provider identifier|npi no|physician npi|referring npi|individual npi",
    "referrer_practice": "practice|clinic|practice name|referring practice|office name|referring office|organization|group name"
    "|referring facility|clinic name|company|referring clinic|department|referring organization|medical group|facility name|from facility",
    "referrer_address": "office address|practice address|clinic address|provider address|physician address",
    "from": "from|sender|sent by|from office",
    "to": "to|attn|attention|recipient|refer to|referred to|send to facility|referral to|deliver to|company to|to facility|refer to facility"
    "|facility|service location|therapy location|preferred location",
    "date": "date|todays date|form date|date sent|date faxed",
    "referral_date": "order date|date ordered|ordered on|referral date|date of referral|date of order|ordered|date written|rx date|order placed"
    "|date of rx|date of prescription|prescription date|date signed|signature date|written|date of request|request date"
    "|referral created|created|entered on|start date|effective date|requested on|date requested|ordered date|date issued|issued",
    "surgery_date": "date of surgery|surgery date|dos|sx date|date of procedure|op date|surgical date|procedure date|date surgery|surg date"
    "|date of operation|operation date|surgery dt|surgery on|dosx|operative date|date of sx",
    "other_date": "date of injury|injury date|doi|onset|onset date|date of onset|date of accident|next appointment|follow up|appointment"
    "|appt|appt date|last visit|printed|printed on|expires|expiration|expiration date|admit date|discharge date|exp|valid until"
    "|date last seen|last seen|next visit|end date|valid through|date of service|visit date|encounter date|accident date",
    "procedure": "procedure|surgery|surgical procedure|type of surgery|operation|procedure performed|s p|status post|surgery type|post op"
    "|surgical history|operative procedure|surgery performed",
    "diagnosis_text": "diagnosis|dx|diagnoses|primary diagnosis|reason for referral|treatment diagnosis|medical diagnosis|associated diagnoses"
    "|diagnosis code|diagnosis description|reason|indication|condition|referral diagnosis|diagnosis icd 10|clinical indication"
    "|diagnosis and icd 10|icd 10 diagnosis|dx code|diagnosis es|chief complaint|problem|impression|referring diagnosis"
    "|therapy diagnosis|reason for visit|diagnosis 1|dx 1|diagnosis 2|dx 2|secondary diagnosis|reason for therapy",
    "icd10_codes": "icd 10|icd|icd10|icd 10 code|icd 10 codes|icd code|icd codes|code|codes|icd 10 cm|dx codes|icd 10 cm code|icd10 code",
    "body_part": "body part|body part side|body part and side|side body part|body region|region|area|site|location of pain|treatment area|body area|joint|affected area|anatomical site"
    "|involved area|area to be treated|area of treatment",
    "side": "side|laterality|affected side|involved side|r l",
    "order_text": "order|service requested|services requested|rx|treatment|treatment requested|referral for|order details|procedure ordered"
    "|requested service|service|therapy order|prescription|orders|treatment plan|referral order|therapy requested|reason for order",
    "frequency": "frequency|freq|times per week|visits per week|sessions per week|frequency duration|freq duration|visit frequency|x week",
    "duration": "duration|number of weeks|weeks|length|length of treatment|duration weeks|dur|for weeks|treatment duration",
    "precautions": "precautions|precaution|restrictions|contraindications|special precautions|limitations|precautions contraindications"
    "|restrictions precautions|weight bearing precautions|activity restrictions|safety precautions|precautions restrictions",
    "weight_bearing": "weight bearing|weight bearing status|wb|wb status|weightbearing|weightbearing status|wb restrictions",
    "urgency": "urgency|priority|referral priority|order priority|urgency level|referral urgency|priority level",
    "discipline": "discipline|specialty|therapy type|type of therapy|referral type|referred specialty|service type",
    "notes": "comments|comment|notes|special instructions|instructions|additional instructions|remarks|additional comments|message"
    "|additional notes|note|other instructions|provider comments|comments instructions|order comments",
    "signature": "signature|provider signature date|sign here|physician signature date|authorized signature",
    "subscriber": "subscriber|subscriber name|insured|policy holder|policyholder|insured name|guarantor|relationship|relation|relationship to patient"
    "|cardholder|holder",
    "other": "language|marital|marital status|age|race|ethnicity|employer|occupation|class|order number|page|pages|effective|status|re subject"
    "|subject|ssn|social security|pharmacy|allergies|height|weight|time|authorization date|no of pages|number of pages|religion|bin|pcn"
    "|copay|order|cpt|quantity|license|dea|tax id|tin|preferred language|interpreter|interpreter needed|county|country|taxonomy"
    "|claim|claim number|adjuster|case manager|upin|order id|referral number|referral id|encounter|csn|visit number|room|bed",
}  # fmt: skip

HEADINGS: Final[dict[str, str]] = {
    "patient": "patient|patient information|patient info|patient demographics|demographics|patient details|patient data|about the patient"
    "|client information|patient demographic information",
    "emergency": "emergency contact|emergency contacts|emergency|guarantor|guarantor information|responsible party|next of kin|spouse|contacts"
    "|parent guardian|legal guardian|emergency contact information",
    "insurance": "primary insurance|insurance|insurance information|coverage|payer|coverage information|insurance details|primary coverage"
    "|primary insurance information|payer information|insurance coverage|billing information",
    "insurance2": "secondary insurance|secondary coverage|secondary insurance information|other insurance|additional insurance",
    "provider": "referring provider|physician|provider information|providers|ordering provider|referred by|prescriber|referring physician"
    "|provider|referring provider information|physician information|prescriber information|referral source|referring office|care team"
    "|ordering physician|referring clinician|requesting provider|referring practice|referred from|referral from|from",
    "own": "refer to|referred to|therapy provider|send to|referral to|to|facility|servicing provider|rendering provider|referred to provider"
    "|servicing facility|therapy facility",
    "order": "order information|referral details|order|referral information|clinical information|diagnosis|treatment|order details|rx"
    "|associated diagnoses|prescription|therapy order|diagnoses|referral order|services|plan|clinical|surgical information|procedure"
    "|treatment orders|frequency|treatment plan|orders|diagnosis information|medical information|reason for referral",
}  # fmt: skip

# Safe without a colon wherever they start a cell, because nothing else is written so.
PLAIN: Final = frozenset(
    """patient_name patient_dob phone fax office_phone patient_phone patient_phone_alt referrer_npi patient_mrn address
    diagnosis_text date referral_date surgery_date payer_name member_id group_number provider_name patient_sex icd10_codes
    frequency duration precautions weight_bearing urgency body_part side referrer_practice city_line last_name first_name
    middle_name secondary_payer_name procedure other_provider fax_us notes authorization_number visits_authorized
    patient_email signature other_date name order_text zip""".split()
)
# So short or common that only a colon makes them labels.
NEEDS_COLON: Final = frozenset(
    """re p f t h st md pt id code codes first last member policy main office primary secondary plan group order orders reason
    area site region joint service treatment problem condition location provider practice clinic alt home account member
    facility to from name company department visits weeks signed ordered referring created written chart class status dr
    length main coverage carrier contract state certificate note message mr plan street reference issued age order physician
    surgery medical client doctor rx time page pages""".split()
)
# Found in the middle of a line too, when digits follow: `Tel 725-555-0198 Fax 725-555-0110 NPI 1126489974`.
INLINE: Final = frozenset("phone fax office_phone referrer_npi patient_dob patient_mrn zip".split())
LONGEST = 5


@dataclass(frozen=True, slots=True)
class Label:
    """A label on a line: words `start` up to (not with) `end`."""

    key: str
    start: int
    end: int
    exact: bool


@cache
def _phrases() -> dict[int, dict[str, str]]:
    """Phrases by their number of words."""
    by_length: dict[int, dict[str, str]] = {}
    for key, phrases in PHRASES.items():
        for phrase in phrases.split("|"):
            by_length.setdefault(len(phrase.split()), {}).setdefault(phrase, key)
    return by_length


@cache
def _headings() -> dict[str, str]:
    return {phrase: role for role, phrases in HEADINGS.items() for phrase in phrases.split("|")}


def bare(text: str) -> str:
    """Lower case, letters and digits only, other signs as spaces; digits inside words as the letters they look like."""
    text = re.sub(r"[^a-z0-9]+", " ", text.lower().replace("'", "").replace("’", "")).strip()
    return " ".join(_lettered(word) for word in text.split())


def _lettered(word: str) -> str:
    if word.isdigit() or not any(letter.isalpha() for letter in word) or word in {"icd10"}:
        return word
    if len(word) < 3 and word != "1d":
        return word
    return word.replace("0", "o").replace("1", "i").replace("5", "s").replace("8", "b")


def heading(line: Line) -> str | None:
    """The role a heading line gives to what follows; None for any other line."""
    if len(line.words) > 5 or (line.text.rstrip().endswith(":") and len(line.words) == 1):
        return None
    return _headings().get(bare(line.text))


def labels(line: Line) -> list[Label]:
    """The labels of a line, left to right, not overlapping."""
    found: list[Label] = []
    start = 0
    while start < len(line.words):
        label = _at(line, start)
        if (
            label is not None
            and found
            and found[-1].end == start
            and _colon(line, found[-1])
            and not _colon(line, label)
        ):
            # `Secondary: Health Plan of Nevada`: what follows a colon is a value, though it looks like a label.
            label = None
        if label is None:
            start += 1
        else:
            found.append(label)
            start = label.end
    return found


def _colon(line: Line, label: Label) -> bool:
    following = line.words[label.end].text if label.end < len(line.words) else ""
    return line.words[label.end - 1].text.rstrip().endswith((":", "#", ":_")) or following[:1] in {":", "#"}


def _at(line: Line, start: int) -> Label | None:
    for end in range(min(len(line.words), start + LONGEST), start, -1):
        words = line.words[start:end]
        if any(word.text.rstrip().endswith(":") for word in words[:-1]):
            continue
        if any(line.starts_cell(index) for index in range(start + 1, end)):
            continue
        text = " ".join(word.text for word in words)
        found = _key(bare(text))
        if found is not None and _stands(line, start, end, found[0], bare(text)):
            return Label(found[0], start, end, found[1])
    return None


def _key(text: str) -> tuple[str, bool] | None:
    """The label meant by these words and whether they are spelt right."""
    if not text:
        return None
    phrases = _phrases().get(len(text.split()), {})
    if text in phrases:
        return phrases[text], True
    return _misread(text)


@cache
def _misread(text: str) -> tuple[str, bool] | None:
    if len(text) < 5:
        return None
    allowed = 1 if len(text) < 9 else 2
    best = None
    for phrase, key in _phrases().get(len(text.split()), {}).items():
        if abs(len(phrase) - len(text)) > allowed or len(phrase) < 5:
            continue
        distance = OSA.distance(text, phrase, score_cutoff=allowed)
        if distance <= allowed and (best is None or distance < best[0]):
            best = (distance, key)
    return (best[1], False) if best else None


def _stands(line: Line, start: int, end: int, key: str, text: str) -> bool:
    """Whether these words stand as a label, not as part of a sentence."""
    last = line.words[end - 1].text
    following = line.words[end].text if end < len(line.words) else ""
    if last.rstrip().endswith((":", ":_", "#", "#:")) or following[:1] in {":", "#"}:
        return True
    if last.endswith(";") and line.starts_cell(start):
        return True
    if text in NEEDS_COLON:
        return False
    if key in INLINE and re.match(r"[(+]?\d", following):
        return True
    return key in PLAIN and line.starts_cell(start) and not _is_sentence(line.words[start:])


def _is_sentence(words: Sequence[object]) -> bool:
    """Long runs of words are prose; a label has its value soon."""
    return len(words) > 14
