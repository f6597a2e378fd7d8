"""The kind of a page by what is written on it (contract §3)."""

import re
from typing import Final

# (pattern, weight): a title weighs most; each pattern counts once.
SIGNS: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "cover_sheet": (
        (r"fax(?:simile)? (?:cover|transmi|transmission|message)|cover (?:sheet|page|letter)", 4), (r"including cover|incl\.? cover", 3),
        (r"\bpages?:", 1), (r"\bto:.{0,200}\bfrom:|\bfrom:.{0,200}\bto:", 2), (r"intended recipient|confidential(?:ity)?", 1.5), (r"\bre:", 0.5),
        (r"return fax|number of pages", 1),
    ),
    "face_sheet": (
        (r"face ?sheet", 4), (r"demographics?", 2.5), (r"patient (?:information|registration|profile)", 1.5), (r"emergency contact|next of kin", 2),
        (r"marital|guarantor|employer|religion|language", 1.5), (r"subscriber|relationship", 0.8), (r"secondary insurance", 0.8),
    ),
    "insurance_card": (
        (r"rx ?bin|rx ?pcn|rx ?grp", 3), (r"co-?pay|deductible|coinsurance", 1.5), (r"customer service|provider services|member services", 2),
        (r"payer id|electronic claims|mail claims|submit claims", 2), (r"member (?:id|name)|subscriber (?:id|name)|identification card", 1),
    ),
    "signed_plan_of_care": (
        (r"plan of care", 3.5), (r"(?:re-?)?certif(?:y|ication)", 2.5), (r"(?:short|long)[- ]term goals?", 2), (r"rehab potential", 1.5),
        (r"i have reviewed this plan", 3),
    ),
    "authorization": (
        (r"authorization (?:number|approval|notice|letter)|notice of (?:authorization|approval|determination)", 3.5),
        (r"visits? (?:authorized|approved)|units? (?:authorized|approved)|approved (?:visits|units|services)", 2.5),
        (r"authorized (?:from|through)|valid (?:from|through)|authorization valid", 2), (r"claim (?:number|#)|adjuster|utilization", 1.5),
    ),
    "records_request": (
        (r"(?:request|release) (?:for|of) (?:medical )?(?:records|information)|records? request|medical records department", 4),
        (r"authorization (?:to|for) (?:release|disclos)", 3.5), (r"attorney|law (?:office|firm)|subpoena|hipaa authorization", 2),
        (r"copies? of|complete (?:medical )?(?:record|chart)|send (?:us )?(?:the )?(?:records|notes)", 1.5),
    ),
    "lab_or_imaging": (
        (r"\bimpression:|\bfindings:", 2.5), (r"radiology|x-?ray|\bmri\b|ct scan|ultrasound report|imaging report", 1.8), (r"reference range|specimen|lab(?:oratory)? report", 3),
        (r"technique:|comparison:|views?\b.{0,20}(?:knee|shoulder|spine)", 1.5),
    ),
    "clinical_note": (
        (r"history of present illness|\bhpi\b|chief complaint", 3), (r"review of systems|physical exam", 2), (r"\bassessment\b.{0,60}\bplan\b|assessment (?:and|&) plan", 2),
        (r"subjective|objective", 1.5), (r"operative (?:report|note)|progress note|office visit|discharge summary|after visit summary", 3),
        (r"vital signs|blood pressure|medications:", 1.5), (r"past medical history|surgical history", 1.5),
    ),
    "junk": (
        (r"(?:remove|removed|opt.?out|unsubscribe).{0,60}(?:fax|list|number)", 3.5), (r"special offer|limited time|act now|call (?:now|today)|free quote", 3),
        (r"% off|discount|lowest (?:price|rate)|vacation|loan|\$\d", 1.8), (r"business owners?|dear (?:business|office manager)|promot", 1.5),
    ),
    "referral_order": (
        (r"(?:physical|occupational) therapy (?:order|referral|prescription|rx|evaluation)|(?:order|referral|prescription|rx|script) (?:for|to) (?:physical|occupational)?\s?(?:therapy|pt\b)", 4),
        (r"eval(?:uate|uation)?\.? ?(?:and|&|/|\+) ?treat", 3), (r"ambulatory referral|referral (?:order|form|request)|therapy (?:order|referral|prescription)|prescription", 2.5),
        (r"\b(?:diagnosis|diagnoses|dx|icd)\b", 1.5), (r"frequency|times per week|x ?/? ?(?:week|wk)|per week|weekly", 1.2), (r"\bnpi\b", 0.6),
        (r"i am referring|please (?:see|evaluate|treat)|refer(?:ring|red) .{0,60}(?:physical )?therapy", 2.5), (r"\brx\b", 1), (r"precautions", 0.6),
        (r"(?:ordering|referring|authorizing) (?:provider|physician)", 1.2),
    ),
}  # fmt: skip
LEAST = 2.0


def kind_of(text: str) -> tuple[str, float]:
    """(kind, confidence 0-1). `other` when nothing speaks clearly."""
    low = " ".join(text.lower().split())
    scores = {kind: sum(weight for sign, weight in signs if re.search(sign, low)) for kind, signs in SIGNS.items()}
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    (kind, score), (_, second) = ranked[0], ranked[1]
    if score < LEAST:
        return "other", 0.3
    return kind, round(min(0.99, 0.5 + 0.1 * (score - second) + 0.03 * score), 2)
