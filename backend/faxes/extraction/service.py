"""Read the fields of one segment."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from backend.faxes.document import Extraction, ExtractionContext, PageText
from backend.faxes.extraction import clinical, marks, numbers, people
from backend.faxes.extraction.choosing import choose
from backend.faxes.extraction.found import Found
from backend.faxes.extraction.holding import reasons
from backend.faxes.extraction.labelled import Hit, hits
from backend.faxes.extraction.lines import PageModel

# Other papers in the packet tell who the patient is, but not what was ordered.
NO_ORDER = frozenset({"insurance_card", "records_request", "junk"})


def extract(pages: Sequence[PageText], kinds: Mapping[int, str], context: ExtractionContext) -> Extraction:
    """Every field of contract §3 that the pages state, and why a person must look. Pure; about 5 ms a page."""
    models = [PageModel(page) for page in pages]
    found = Found()
    called = (numbers.banner(found, page) for page in models)
    ours = context.own_numbers.union(*called, *(numbers.own_block(page, context) for page in models))
    context = replace(context, own_numbers=frozenset(ours))
    labelled = [hit for page in models for hit in hits(page)]
    faxed = {_row(hit) for hit in labelled if hit.key == "fax"}
    secondary = {_row(hit) for hit in labelled if hit.key == "secondary_payer_name"}
    for hit in labelled:
        _one_hit(found, hit, context, beside_fax=_row(hit) in faxed, second=_row(hit) in secondary)
    people.letterhead(found, models, context)
    for page in models:
        _running_text(found, page, context, kinds.get(page.number, "other"))
    ordering = [page for page in models if kinds.get(page.number) not in NO_ORDER]
    clinical.diagnosis(found, ordering)
    clinical.diagnosis_text(found, ordering, labelled)
    clinical.place(found, ordering)
    fields = choose(found)
    return Extraction(fields, reasons(fields, [kinds.get(page.number, "other") for page in pages], models))


def _row(hit: Hit) -> tuple[int, float]:
    """Page and height of the line a label stands on."""
    return hit.label.page, round(hit.label.words[0].box[1], 2)


def _one_hit(found: Found, hit: Hit, context: ExtractionContext, beside_fax: bool, second: bool) -> None:
    people.of_patient(found, hit)
    people.of_provider(found, hit, context)
    numbers.phones(found, hit, context, beside_fax)
    numbers.coverage(found, hit, second)
    numbers.address(found, hit, context)
    numbers.dates(found, hit, context)
    clinical.labelled(found, hit)
    clinical.labelled_course(found, hit)


def _running_text(found: Found, page: PageModel, context: ExtractionContext, kind: str) -> None:
    people.in_prose(found, page)
    numbers.npi(found, page)
    numbers.loose_phones(found, page, context)
    numbers.loose_dates(found, page, context)
    numbers.prose_address(found, page)
    if kind not in NO_ORDER:
        clinical.course(found, page)
        clinical.order(found, page)
        marks.ticked(found, page)
