"""Referral documents of our own design, drawn as PDF pages with a text layer."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from backend.sandbox.samples.people import Person

WIDTH, HEIGHT = letter
LEFT = 54.0


@dataclass
class Pen:
    """Writes downwards on a page."""

    canvas: Canvas
    y: float = HEIGHT - 60

    def line(self, text: str, size: float = 11, bold: bool = False, x: float = LEFT, gap: float = 1.55) -> None:
        """One line of text."""
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self.canvas.drawString(x, self.y, text)
        self.y -= size * gap

    def pair(self, *pairs: tuple[str, str], size: float = 10.5) -> None:
        """Labels with values, side by side in columns."""
        width = (WIDTH - 2 * LEFT) / len(pairs)
        for place, (label, value) in enumerate(pairs):
            x = LEFT + place * width
            self.canvas.setFont("Helvetica-Bold", size)
            self.canvas.drawString(x, self.y, f"{label}:")
            self.canvas.setFont("Helvetica", size)
            self.canvas.drawString(x + self.canvas.stringWidth(f"{label}: ", "Helvetica-Bold", size) + 4, self.y, value)
        self.y -= size * 1.9

    def rule(self) -> None:
        """A line across the page."""
        self.canvas.line(LEFT, self.y + 6, WIDTH - LEFT, self.y + 6)
        self.y -= 10

    def skip(self, points: float = 12) -> None:
        """Leave room."""
        self.y -= points

    def page(self) -> None:
        """Begin the next page."""
        self.canvas.showPage()
        self.y = HEIGHT - 60


def _day(value: object) -> str:
    return f"{value:%m/%d/%Y}"


def _head(pen: Pen, person: Person) -> None:
    pen.line(person.office, 17, bold=True)
    pen.line("400 Clinic Parkway, Springfield, IL 62701", 9.5)
    pen.line(f"Phone: {person.office_phone}   Fax: {person.office_fax}", 9.5)
    pen.rule()


def order_form(pen: Pen, person: Person) -> None:
    """A typed therapy order."""
    _head(pen, person)
    pen.line("REFERRAL FOR PHYSICAL THERAPY", 14, bold=True)
    pen.skip()
    pen.pair(("Patient Name", person.name), ("Date of Birth", _day(person.dob)))
    pen.pair(("Sex", person.sex), ("Home Phone", person.phone))
    pen.pair(("Address", f"{person.street}, {person.city}, {person.state} {person.zip}"))
    pen.pair(("Insurance", person.payer), ("Group #", person.group))
    pen.pair(("Member ID", person.member_id))
    pen.skip()
    pen.pair(("Diagnosis", person.diagnosis[:70]))
    pen.pair(("ICD-10", person.icd10), ("Order Date", _day(person.ordered)))
    if person.procedure and person.surgery:
        pen.pair(("Procedure", person.procedure), ("Date of Surgery", _day(person.surgery)))
    pen.line(f"Evaluate and treat, {person.frequency} times per week for {person.weeks} weeks.", 11)
    if person.precautions:
        pen.pair(("Precautions", person.precautions))
    pen.skip(20)
    pen.pair(("Referring Provider", f"{person.provider}, MD"), ("NPI", person.npi))
    pen.line(f"Electronically signed by {person.provider}, MD on {_day(person.ordered)}", 10)


def doctor_letter(pen: Pen, person: Person) -> None:
    """A letter in prose."""
    _head(pen, person)
    pen.skip()
    pen.line(f"{person.ordered:%B} {person.ordered.day}, {person.ordered.year}")
    pen.skip()
    pen.line(f"RE: {person.name}", bold=True)
    pen.line(f"DOB: {_day(person.dob)}")
    pen.line(f"Insurance: {person.payer}, ID {person.member_id}")
    pen.skip()
    pen.line("Dear colleague,")
    pen.line(f"I am referring {person.name} for outpatient physical therapy. The diagnosis is")
    pen.line(f"{person.diagnosis[:60]} ({person.icd10}).")
    pen.line(f"Please evaluate and treat, {person.frequency}x/week for {person.weeks} weeks.")
    if person.precautions:
        pen.line(f"Precautions: {person.precautions}.")
    pen.line(f"The patient can be reached at {person.phone}. The home address is")
    pen.line(f"{person.street}, {person.city}, {person.state} {person.zip}.")
    pen.skip(24)
    pen.line("Sincerely,")
    pen.skip(16)
    pen.line(f"{person.provider}, DO")
    pen.line(f"NPI {person.npi}")


def packet(pen: Pen, person: Person) -> None:
    """Cover sheet, order and face sheet."""
    pen.line("FAX COVER SHEET", 20, bold=True)
    pen.skip()
    for label, value in (("TO", "Physical Therapy"), ("FROM", person.office), ("PHONE", person.office_phone),
                         ("DATE", _day(person.ordered)), ("PAGES", "3 including cover"), ("RE", "New referral")):  # fmt: skip
        pen.pair((label, value))
    pen.skip()
    pen.line("This fax contains confidential health information.", 9)
    pen.page()
    order_form(pen, person)
    pen.page()
    pen.line("PATIENT FACE SHEET", 15, bold=True)
    pen.skip()
    last_first = f"{person.last}, {person.first} {person.middle}".strip()
    pen.pair(("Name", last_first.upper()), ("DOB", _day(person.dob)))
    pen.pair(("Home Phone", person.phone), ("Marital Status", "Married"))
    pen.pair(("Address", f"{person.street}, {person.city}, {person.state} {person.zip}"))
    pen.skip()
    pen.line("EMERGENCY CONTACT", 11, bold=True)
    pen.pair(("Name", "Sample, Relative"), ("Phone", "(217) 555-0100"))
    pen.line("PRIMARY INSURANCE", 11, bold=True)
    pen.pair(("Plan", person.payer), ("Policy ID", person.member_id))


def emr_printout(pen: Pen, person: Person) -> None:
    """What an electronic record prints."""
    pen.line(person.office, 13, bold=True)
    pen.line(f"Phone: {person.office_phone} Fax: {person.office_fax}", 9)
    pen.skip()
    pen.line("Ambulatory Referral to Physical Therapy", 13, bold=True)
    pen.rule()
    last_first = f"{person.last}, {person.first} {person.middle}".strip()
    pen.pair(("Patient", last_first), ("DOB", _day(person.dob)))
    pen.pair(("Legal sex", person.sex), ("Mobile", person.phone))
    pen.pair(("Address", f"{person.street}, {person.city}, {person.state} {person.zip}"))
    pen.pair(("Primary payer", person.payer), ("Subscriber ID", person.member_id))
    pen.rule()
    pen.pair(("Ordering Provider", f"{person.provider}, NP"), ("NPI", person.npi))
    pen.pair(("Ordered on", _day(person.ordered)), ("Priority", "Routine"))
    pen.line(f"Associated Diagnoses: {person.diagnosis[:60]} [{person.icd10}]", 10)
    pen.pair(("Frequency", f"{person.frequency} times per week"), ("Duration", f"{person.weeks} weeks"))
    pen.line("Order: PT evaluate and treat", 10)


def two_patients(pen: Pen, person: Person) -> None:
    """Two orders in one transmission; the second is the first one's neighbour in the list of seeds."""
    order_form(pen, person)
    pen.page()
    order_form(pen, _neighbour(person))


def _neighbour(person: Person) -> Person:
    shifted = person.dob.replace(year=person.dob.year - 9, day=(person.dob.day % 27) + 1)
    return replace(
        person,
        first="Wilhelmina",
        middle="",
        last="Zamora",
        dob=shifted,
        phone="(217) 555-0188",
        member_id="LM700100200",
    )


def advertisement(pen: Pen, person: Person) -> None:
    """Junk."""
    pen.line("SPECIAL OFFER FOR BUSINESS OWNERS", 22, bold=True)
    pen.skip(20)
    pen.line("Lowest rates on toner and copier leases! Limited time: 40% off.", 14)
    pen.line("Call now: (217) 555-0199", 18, bold=True)
    pen.skip(320)
    pen.line("To be removed from our fax list call (217) 555-0198.", 8)


@dataclass(frozen=True, slots=True)
class Layout:
    """A sample document."""

    title: str
    draw: Callable[[Pen, Person], None]


LAYOUTS: dict[str, Layout] = {
    "order_form": Layout("Typed referral order", order_form),
    "doctor_letter": Layout("Letter from a doctor", doctor_letter),
    "packet": Layout("Cover, order and face sheet", packet),
    "emr_printout": Layout("Printout of an electronic record", emr_printout),
    "two_patients": Layout("Two patients in one fax", two_patients),
    "advertisement": Layout("Advertisement", advertisement),
}
