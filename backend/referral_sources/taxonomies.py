"""Specialties by NUCC taxonomy code: those whose providers refer to physical therapy."""

from typing import Final

SPECIALTIES: Final = {
    "207Q00000X": "Family medicine", "207QS0010X": "Sports medicine (family medicine)",
    "207QG0300X": "Geriatric medicine (family medicine)", "207QA0505X": "Adult medicine",
    "207R00000X": "Internal medicine", "207RG0300X": "Geriatric medicine", "207RR0500X": "Rheumatology",
    "207RC0000X": "Cardiology", "207RP1001X": "Pulmonology", "207RE0101X": "Endocrinology",
    "207RN0300X": "Nephrology", "207RX0202X": "Oncology", "207RH0003X": "Hematology and oncology",
    "207RS0010X": "Sports medicine (internal medicine)", "208D00000X": "General practice",
    "207X00000X": "Orthopedic surgery", "207XS0114X": "Orthopedic surgery: adult reconstructive",
    "207XX0004X": "Orthopedic surgery: foot and ankle", "207XS0106X": "Orthopedic surgery: hand",
    "207XS0117X": "Orthopedic surgery: spine", "207XX0801X": "Orthopedic surgery: trauma",
    "207XX0005X": "Orthopedic surgery: sports medicine", "207XP3100X": "Orthopedic surgery: pediatric",
    "208100000X": "Physical medicine and rehabilitation", "2081P2900X": "Pain medicine (physical medicine)",
    "2081S0010X": "Sports medicine (physical medicine)", "2081N0008X": "Neuromuscular medicine",
    "2081P0004X": "Spinal cord injury medicine", "208VP0000X": "Pain medicine",
    "208VP0014X": "Interventional pain medicine", "207LP2900X": "Pain medicine (anesthesiology)",
    "207L00000X": "Anesthesiology", "207T00000X": "Neurosurgery", "2084N0400X": "Neurology",
    "2084S0012X": "Sleep medicine", "2084N0402X": "Child neurology", "208600000X": "General surgery",
    "2086S0105X": "Hand surgery", "208200000X": "Plastic surgery", "2086S0129X": "Vascular surgery",
    "207V00000X": "Obstetrics and gynecology", "207VF0040X": "Urogynecology", "208800000X": "Urology",
    "207Y00000X": "Otolaryngology", "207YX0901X": "Otology and neurotology", "207P00000X": "Emergency medicine",
    "208000000X": "Pediatrics", "2080S0010X": "Sports medicine (pediatrics)", "2083X0100X": "Occupational medicine",
    "2083P0901X": "Public health and preventive medicine", "204C00000X": "Neuromusculoskeletal and sports medicine",
    "204D00000X": "Neuromusculoskeletal and osteopathic medicine", "208M00000X": "Hospital medicine",
    "213E00000X": "Podiatry", "213ES0103X": "Podiatry: foot and ankle surgery", "213ES0131X": "Podiatry: foot surgery",
    "213EP1101X": "Podiatry: primary care", "213ES0000X": "Podiatry: sports medicine",
    "111N00000X": "Chiropractic", "111NS0005X": "Chiropractic: sports", "111NR0400X": "Chiropractic: rehabilitation",
    "122300000X": "Dentistry", "1223S0112X": "Oral and maxillofacial surgery", "1223X0400X": "Orthodontics",
    "363A00000X": "Physician assistant", "363AM0700X": "Physician assistant: medical",
    "363AS0400X": "Physician assistant: surgical", "363L00000X": "Nurse practitioner",
    "363LF0000X": "Nurse practitioner: family", "363LA2200X": "Nurse practitioner: adult health",
    "363LG0600X": "Nurse practitioner: gerontology", "363LP2300X": "Nurse practitioner: primary care",
    "363LP0200X": "Nurse practitioner: pediatrics", "363LA2100X": "Nurse practitioner: acute care",
    "363LX0001X": "Nurse practitioner: obstetrics and gynecology", "364S00000X": "Clinical nurse specialist",
    "367A00000X": "Advanced practice midwife", "225100000X": "Physical therapy",
    "2251X0800X": "Physical therapy: orthopedic", "225X00000X": "Occupational therapy",
    "261QP2300X": "Primary care clinic", "261QM1300X": "Multi-specialty clinic", "193200000X": "Multi-specialty group",
    "193400000X": "Single-specialty group", "282N00000X": "General acute care hospital",
    "261QU0200X": "Urgent care clinic", "261QR0400X": "Rehabilitation clinic", "261QF0400X": "Health center",
    "261QA1903X": "Ambulatory surgery center", "302R00000X": "Health maintenance organization",
}  # fmt: skip


def specialty(code: str | None) -> str | None:
    """What the code means; None for one that is not listed."""
    return SPECIALTIES.get(code or "")
