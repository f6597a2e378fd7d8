"""Labels with their values: to the right up to the next label, else below; and whose block of the form they are in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backend.faxes.document import Word
from backend.faxes.extraction.labels import Label, heading, labels
from backend.faxes.extraction.lines import Line, PageModel, Span

# A compact value ends at a gap this wide (fraction of the page); running text does not.
VALUE_GAP = 0.05
RUNNING = frozenset("diagnosis_text precautions notes order_text address procedure frequency".split())
MULTILINE = frozenset("diagnosis_text notes precautions order_text address icd10_codes".split())
ROLE_OF_LABEL = {
    "patient_name": "patient", "patient_dob": "patient", "patient_mrn": "patient", "last_name": "patient",
    "provider_name": "provider", "referrer_npi": "provider", "referrer_practice": "provider", "office_phone": "provider",
    "from": "provider", "to": "own", "fax_us": "own", "other_provider": "other",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """A label and what stands with it. `role`: whose block it is in (patient, provider, own, insurance …, or top)."""

    key: str
    role: str
    label: Span
    value: Span
    exact: bool
    below: bool
    more: tuple[Span, ...] = ()


def hits(page: PageModel) -> list[Hit]:
    """Every label with its value, from top to bottom."""
    found: list[Hit] = []
    role = "top"
    marked = [labels(line) for line in page.lines]
    for place, line in enumerate(page.lines):
        said = heading(line)
        if said is not None:
            role = said
            if not any(label.end - label.start == len(line.words) for label in marked[place]):
                continue
        for hit in _of_line(page, marked, place, role):
            new = ROLE_OF_LABEL.get(hit.key)
            if new and not (role in {"insurance", "insurance2", "emergency"} and new == "patient"):
                role = new
            found.append(hit if hit.role == role else _with_role(hit, role))
    return found


def _with_role(hit: Hit, role: str) -> Hit:
    return Hit(hit.key, role, hit.label, hit.value, hit.exact, hit.below, hit.more)


def _of_line(page: PageModel, marked: Sequence[Sequence[Label]], place: int, role: str) -> Iterator[Hit]:
    line = page.lines[place]
    for number, label in enumerate(marked[place]):
        following = marked[place][number + 1] if number + 1 < len(marked[place]) else None
        words = _beside(line, label, following)
        span = Span(page.number, page.source, tuple(line.words[label.start : label.end]))
        if words:
            value = Span(page.number, page.source, tuple(words))
            more = _continued(page, marked, place, words, label.key) if following is None else ()
            if label.key == "address":
                more = _continued(page, marked, place, words, label.key)
            yield Hit(label.key, role, span, value, label.exact, False, more)
        else:
            right = line.words[following.start].box[0] if following else 1.0
            under, at = _under(page, marked, place, span, right)
            more = _continued(page, marked, at, under, label.key) if under else ()
            yield Hit(label.key, role, span, Span(page.number, page.source, tuple(under)), label.exact, True, more)


def _beside(line: Line, label: Label, following: Label | None) -> list[Word]:
    end = following.start if following else len(line.words)
    words: list[Word] = []
    for word in line.words[label.end : end]:
        if not words and not any(letter.isalnum() for letter in word.text):
            continue
        if words and label.key not in RUNNING and word.box[0] - words[-1].box[2] > VALUE_GAP:
            break
        words.append(word)
    return words


def _under(
    page: PageModel, marked: Sequence[Sequence[Label]], place: int, label: Span, right: float
) -> tuple[list[Word], int]:
    """The words right below a label, in its column."""
    box = label.box
    assert box is not None
    height = max(box[3] - box[1], 0.008)
    for below in range(place + 1, min(place + 3, len(page.lines))):
        line = page.lines[below]
        if line.top - box[3] > 2.2 * height:
            break
        if heading(line) is not None:
            break
        taken = _labelled(line, marked[below])
        words: list[Word] = []
        for index, word in enumerate(line.words):
            if index in taken or word.box[2] < box[0] - 0.01 or word.box[0] > right - 0.005:
                if words:
                    break
                continue
            if not words and word.box[0] > box[2] + 0.04:
                break
            if words and word.box[0] - words[-1].box[2] > VALUE_GAP:
                break
            words.append(word)
        if words and not _first_labelled(line, marked[below], words[0]):
            return words, below
    return [], place


def _labelled(line: Line, found: Sequence[Label]) -> set[int]:
    """Words that belong to labels, and what follows them on the line."""
    return set(range(found[0].start, len(line.words))) if found else set()


def _first_labelled(line: Line, found: Sequence[Label], word: Word) -> bool:
    return any(line.words[label.start] is word for label in found)


def _continued(
    page: PageModel, marked: Sequence[Sequence[Label]], place: int, words: Sequence[Word], key: str
) -> tuple[Span, ...]:
    """Lines below that go on with the value: same left edge, no label there."""
    if key not in MULTILINE:
        return ()
    spans: list[Span] = []
    left, bottom = words[0].box[0], words[-1].box[3]
    height = max(words[0].box[3] - words[0].box[1], 0.008)
    most = 2 if key == "address" else 4
    for below in range(place + 1, len(page.lines)):
        line = page.lines[below]
        if len(spans) == most or line.top - bottom > 1.6 * height or heading(line) is not None:
            break
        taken = _labelled(line, marked[below])
        row = [word for index, word in enumerate(line.words) if index not in taken and word.box[0] > left - 0.03]
        if not row or (key == "address" and abs(row[0].box[0] - left) > 0.03):
            break
        row = _until_gap(row) if key == "address" else row
        spans.append(Span(page.number, page.source, tuple(row)))
        if taken:
            break
        bottom = line.bottom
    return tuple(spans)


def _until_gap(words: Sequence[Word]) -> list[Word]:
    kept: list[Word] = []
    for word in words:
        if kept and word.box[0] - kept[-1].box[2] > VALUE_GAP:
            break
        kept.append(word)
    return kept
