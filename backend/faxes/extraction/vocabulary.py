"""Words of the field: what belongs to names of practices, credentials, streets, body parts."""

from typing import Final

CREDENTIALS: Final = (
    "MD", "DO", "NP", "PA", "PA-C", "PAC", "APRN", "ARNP", "CRNP", "FNP", "FNP-C", "FNP-BC", "DNP", "DPM", "DC", "DDS",
    "DMD", "CNP", "CNM", "CNS", "RN", "PT", "DPT", "MBBS", "AGNP", "ANP", "PHD", "FAAOS", "FACS", "MPH", "AGACNP", "ACNP",
)  # fmt: skip
# Those who may order therapy; the others are only stripped from names.
ORDERING: Final = frozenset(CREDENTIALS) - {"RN", "PT", "DPT", "PHD", "FAAOS", "FACS", "MPH"}

SUFFIXES: Final = {"jr": "Jr", "sr": "Sr", "ii": "II", "iii": "III", "iv": "IV", "2nd": "II", "3rd": "III"}
TITLES: Final = frozenset("mr mrs ms miss dr doctor mx prof".split())
PARTICLES: Final = frozenset("van von der den de del della di da dos du la le los las st ter ten bin ibn al el".split())

# Words no person is called: a "name" that holds one is something else.
NOT_NAMES: Final = frozenset(
    """patient name date birth dob phone fax address therapy physical occupational referral referred referring order orders
    new provider physician doctor insurance plan member group policy id number medical center clinic practice health
    sex gender male female age home cell mobile work email city state zip street diagnosis code codes signature signed
    office hospital department information please call evaluation treat treatment weeks week visits the and of for to
    from re regarding dear sincerely page pages cover sheet npi mrn account contact emergency relation relationship
    self spouse child parent primary secondary subscriber guarantor whom it may concern thank you comments notes status
    married single widowed divorced language english spanish race ethnicity employer occupation unknown none
    appointment scheduled schedule time location suite apt unit request service services rehab rehabilitation
    precautions frequency duration urgency priority routine urgent stat procedure surgery left right bilateral
    knee shoulder hip ankle lumbar cervical spine foot hand wrist elbow attn attention authorization print printed
    last first middle initial legal preferred electronically by on is was has see above below same""".split()
)

# What tells the name of a practice or hospital from that of a person.
ORGANIZATION: Final = frozenset(
    """medical medicine clinic clinics center centre group associates association institute family health healthcare
    hospital orthopedics orthopaedics orthopedic orthopaedic ortho sports neurology neurosurgery surgery surgical spine
    pediatrics pain primary care internal physicians specialists partners llc pllc pc inc pa lllp llp university
    wellness podiatry rheumatology joint bone urgent women's womens practice memorial regional system doctors
    community arthritis ob/gyn obgyn consultants network services foundation hand foot ankle""".split()
)
THERAPY_NAMES: Final = (
    "physical therapy", "physiotherapy", "rehab", "rehabilitation", "therapy center", "therapy clinic", "therapy services",
    "sports therapy", "movement", "pt clinic",
)  # fmt: skip

# What US health plans call themselves, word by word: a blurred word of a payer's name is the nearest of these.
PAYER_WORDS: Final = frozenset(
    """aetna alliance allwell ambetter amerigroup amerihealth anthem blue blueshield bluecross bright california care
    caresource carefirst centene champva choice cigna clover community coverage cross direct elevance empire excellus
    federal fidelis first florida freedom geisinger group harvard health healthcare healthfirst healthnet
    healthspring highmark horizon humana independence independent insurance kaiser liberty magellan managed mclaren
    medica medicaid medical medicare medi-cal meridian molina moda mutual national network optimum optum oscar oxford
    partners peach permanente pilgrim plan plus preferred premera premier priority providence railroad regence
    scan noridian novitas palmetto select selecthealth sentara shield state superior surest tricare traditional trust tufts united
    unitedhealthcare upmc veterans viva wellcare wellmark wellpoint workers compensation advantage access open point
    service exchange secure horizons complete gold silver bronze""".split()
)

STREETS: Final = frozenset(
    """st street ave avenue blvd boulevard rd road dr drive ln lane ct court pl place way ter terrace cir circle pkwy
    parkway hwy highway trl trail sq square loop run path plaza plz row walk aly alley xing crossing pike pt point rdg ridge
    vw view expy bnd bend cv cove""".split()
)
UNITS: Final = frozenset("apt unit ste suite # no rm room fl floor bldg building lot trlr space".split())
STATES: Final = frozenset(
    """AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR
    PA RI SC SD TN TX UT VT VA WA WV WI WY PR VI GU AS MP""".split()
)

NUMBER_WORDS: Final = {
    "one": 1, "once": 1, "two": 2, "twice": 2, "three": 3, "thrice": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
}  # fmt: skip

# Body part by what a diagnosis, a procedure or an order calls it; the first that fits wins, so the special come first.
BODY_WORDS: Final[tuple[tuple[str, str], ...]] = (
    (r"sacro-?iliac|\bsi joint|sacroiliitis|coccy|sacral", "sacroiliac"),
    (r"pelvic floor|incontinence|pelvic pain|dyspareunia|prolapse|postpartum|pelvi", "pelvic floor"),
    (r"vestibular|vertigo|dizz|bppv|labyrinth", "vestibular"),
    (r"\btmj|\btmd|temporomandibular|\bjaw\b", "jaw"),
    (r"cervical|cervicalgia|\bneck\b|torticollis|whiplash|cervico", "cervical spine"),
    (r"thoracic|mid ?back|\brib", "thoracic spine"),
    (r"lumbar|lumbago|low(er)? back|\bback pain|sciatica|lumbo|backache|spinal stenosis|dorsalgia", "lumbar spine"),
    (r"rotator cuff|shoulder|adhesive capsulitis|labral|supraspinatus|acromio|glenohumeral|\bslap\b|clavicle|humer(us|al)"
     r"|impingement|biceps|bankart", "shoulder"),
    (r"elbow|epicondyl|cubital|ulnar collateral|radial head", "elbow"),
    (r"carpal|wrist|de quervain|colles|tfcc|distal radius|radial styloid", "wrist"),
    (r"\bhand\b|finger|thumb|metacarp|dupuytren|trigger", "hand"),
    (r"knee|patell|menisc|\bacl\b|\bpcl\b|\bmcl\b|cruciate|\btka\b|\btkr\b|gonarthrosis|iliotibial|tibial plateau", "knee"),
    (r"\bhip\b|hips|trochanter|\btha\b|\bthr\b|coxarthrosis|femur|femoral|gluteal|acetabul|piriformis|groin", "hip"),
    (r"ankle|achilles|talofibular|malleol|calcaneofibular|peroneal", "ankle"),
    (r"\bfoot\b|plantar|metatars|heel|\btoe\b|hallux|bunion|calcane", "foot"),
    (r"\bgait\b|walking|falls?\b|balance|ambulat|unsteadi|mobility|deconditioning|weakness", "gait"),
)  # fmt: skip
