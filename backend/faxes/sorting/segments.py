"""Which pages belong to one patient. A page with another birth date and another name begins the next patient."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.faxes.document import PageText, Segment, SortedPage
from backend.faxes.extraction.found import Found
from backend.faxes.extraction.labelled import hits
from backend.faxes.extraction.lines import PageModel
from backend.faxes.extraction.people import in_prose, of_patient
from backend.faxes.sorting.kinds import kind_of

# The page that says most about what a segment is, first.
TELLING = (
    "referral_order", "signed_plan_of_care", "authorization", "records_request", "clinical_note", "lab_or_imaging",
    "face_sheet", "insurance_card", "junk", "cover_sheet", "other",
)  # fmt: skip
CLEAR = 0.6
# What may come before a page of ours without being about anybody else.
BEFORE = frozenset({"cover_sheet", "other"})


@dataclass(frozen=True, slots=True)
class Whose:
    """Who a page says it is about, as far as it does clearly."""

    last_name: str | None
    first_name: str | None
    dob: str | None

    def contradicts(self, other: "Whose") -> bool:
        """Whether both clearly name different people: birth date and a name differ."""
        dob = bool(self.dob and other.dob and self.dob != other.dob)
        return dob and (_differ(self.last_name, other.last_name) or _differ(self.first_name, other.first_name))

    def joined(self, other: "Whose") -> "Whose":
        """What is known of the segment so far."""
        return Whose(self.last_name or other.last_name, self.first_name or other.first_name, self.dob or other.dob)


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one and other and one.casefold() != other.casefold())


def whose(page: PageModel) -> Whose:
    """Name and birth date as labelled on one page."""
    found = Found()
    for hit in hits(page):
        of_patient(found, hit)
    in_prose(found, page)
    return Whose(*(_clear(found, name) for name in ("patient_last_name", "patient_first_name", "patient_dob")))


def _clear(found: Found, name: str) -> str | None:
    best = found.best(name)
    return str(best.normal) if best and best.confidence >= CLEAR else None


def sort_pages(pages: Sequence[PageText], codes: Mapping[int, str] | None = None) -> list[SortedPage]:
    """Kind and segment of every page, in order. A cover sheet goes with what follows it.

    `codes` names the pages of our own letters that came back: each letter is a segment of its own.
    """
    models = [PageModel(page) for page in pages]
    kinds = [kind_of(page.text) if page.lines else ("other", 0.1) for page in models]
    segment, known = 0, Whose(None, None, None)
    letter: str | None = None
    sorted_pages: list[SortedPage] = []
    for page, (kind, confidence) in zip(models, kinds, strict=True):
        here, code = whose(page), (codes or {}).get(page.number)
        if _begins(code, letter, kind, sorted_pages) or (code is None and here.contradicts(known)):
            segment, known, letter = segment + 1, here, code
        else:
            known, letter = known.joined(here), code or letter
        sorted_pages.append(SortedPage(page.number, kind, confidence, segment))
    return sorted_pages


def _begins(code: str | None, letter: str | None, kind: str, before: Sequence[SortedPage]) -> bool:
    """Whether a page begins the next segment by its code: another letter, or an order that comes after one."""
    if code is None:
        return letter is not None and kind == "referral_order"
    alone = not before or all(page.kind in BEFORE for page in before if page.segment == before[-1].segment)
    return code != letter and not (letter is None and alone)


def segments_of(sorted_pages: Sequence[SortedPage], codes: Mapping[int, str] | None = None) -> list[Segment]:
    """The segments the pages form; each has the kind of its most telling page."""
    found = []
    for index in sorted({page.segment for page in sorted_pages}):
        pages = [page for page in sorted_pages if page.segment == index]
        kind = min((page.kind for page in pages), key=TELLING.index)
        code = next((codes[page.number] for page in pages if codes and page.number in codes), None)
        found.append(Segment(index, kind, tuple(page.number for page in pages), code))
    return found
