"""The instruments: what they are about, how their scores read, and which change counts, with where each figure is from.

Whose words. The numbers and formulas may be used by anyone; the questions are their owners'. PSFS and NPRS are shipped
in words of our own, since what is rated are the patient's own activities and their pain on a scale of 0 to 10. The
questions of the others are not shipped: DASH and QuickDASH belong to the Institute for Work & Health, ODI and NDI are
licensed through Mapi Research Trust, KOOS, JR and HOOS, JR belong to the Hospital for Special Surgery, and for LEFS and
SPADI, free to use in the clinic, we have found no permission to hand the text on with software. A practice that holds a
licence enters its texts itself (Settings → Outcome measures); until then staff enter the answers from paper.

Which threshold. None is true for every patient: it depends on method, condition and baseline. One value is kept for
each so that figures can be compared: that of a study of patients in physical therapy, against what they said
themselves, where there is one; where a study finds less than its own error, its error (NDI). Where several are
published, `note` says so. `words.py` says which figures were read in the papers' abstracts and which were not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal, get_args

from backend.care.measures.words import NOTES, SOURCES

Key = Literal["lefs", "dash", "quickdash", "odi", "ndi", "psfs", "nprs", "spadi", "koos_jr", "hoos_jr"]
KEYS: Final[tuple[Key, ...]] = get_args(Key)
Unit = Literal["points", "percent"]
# Goes up with any change of formula, missing rule or threshold; every stored score carries the one it was made by.
RULE_VERSION: Final = "2026.2"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A published change, in units of the score."""

    value: Decimal
    source: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Instrument:
    """One measure. `items` lists how many answers it may have, `lowest` to `highest` is the range of each."""

    key: Key
    name: str
    about: str
    items: tuple[int, ...]
    lowest: int
    highest: int
    best: int
    higher_better: bool
    unit: Unit
    versions: tuple[str, ...]
    mdc: Mapping[str, Threshold]
    mcid: Mapping[str, Threshold]
    missing_rule: str
    source: str
    owner: str | None
    note: str | None = field(default=None)

    @property
    def most_items(self) -> int:
        """How many answers a whole one has."""
        return max(self.items)

    @property
    def ours(self) -> bool:
        """Whether its words are ours to ship."""
        return self.owner is None

    def mdc_of(self, version: str) -> Threshold | None:
        """The change beyond the error of measurement."""
        return self.mdc.get(version)

    def mcid_of(self, version: str) -> Threshold | None:
        """The smallest change that matters to patients."""
        return self.mcid.get(version)


def _all(versions: Sequence[str], value: str, source: str, note: str | None = None) -> dict[str, Threshold]:
    return dict.fromkeys(versions, Threshold(Decimal(value), SOURCES[source], NOTES[note] if note else None))


_ONE: Final = ("1",)
_ODI: Final = ("2.1a", "modified")
_NPRS: Final = ("current", "mean_of_three")
_IWH: Final = "Institute for Work & Health"
_MAPI: Final = "licensed through Mapi Research Trust"
_HSS: Final = "Hospital for Special Surgery"
_ABBOTT: Final = "abbott"

_INSTRUMENTS: Final = (
    Instrument(
        "lefs", "LEFS", "Lower Extremity Functional Scale", (20,), 0, 4, 80, True, "points", _ONE,
        _all(_ONE, "9", "binkley"), _all(_ONE, "9", "binkley", "lefs"),
        "All 20 items; no rule for missing ones is published.", SOURCES["binkley"], "Binkley et al.",
    ),
    Instrument(
        "dash", "DASH", "Disabilities of the Arm, Shoulder and Hand", (30,), 1, 5, 0, False, "points", _ONE,
        _all(_ONE, "10.81", "franchignoni"), _all(_ONE, "10.83", "franchignoni"),
        "At least 27 of 30 items.", SOURCES["iwh"], _IWH,
    ),
    Instrument(
        "quickdash", "QuickDASH", "Disabilities of the Arm, Shoulder and Hand, short", (11,), 1, 5, 0, False,
        "points", _ONE, _all(_ONE, "12.85", "franchignoni"), _all(_ONE, "15.91", "franchignoni", "quickdash"),
        "At least 10 of 11 items.", SOURCES["iwh"], _IWH,
    ),
    Instrument(
        "odi", "ODI", "Oswestry Disability Index (low back)", (10,), 0, 5, 0, False, "percent", _ODI,
        _all(_ODI, "12.7", "fritz", "odi_mdc"),
        {**_all(("2.1a",), "10", "ostelo", "odi"), **_all(("modified",), "6", "fritz", "odi_modified")},
        "One section may be missing: the sum is then of 45.", SOURCES["odi"], _MAPI,
        "`modified` asks about work and homemaking instead of sex life.",
    ),
    Instrument(
        "ndi", "NDI", "Neck Disability Index", (10,), 0, 5, 0, False, "percent", _ONE,
        _all(_ONE, "10", "ndi_form", "ndi_mdc"), _all(_ONE, "20", "young", "ndi"),
        "One section may be missing, most often driving: the sum is then of 45.", SOURCES["ndi"], _MAPI,
        "Kept in per cent; the sum of 50 is kept beside it.",
    ),
    Instrument(
        "psfs", "PSFS", "Patient-Specific Functional Scale", (3, 4, 5), 0, 10, 10, True, "points", _ONE,
        _all(_ONE, "2", "stratford", "psfs_mdc"), _all(_ONE, "2.3", _ABBOTT, "psfs"),
        "Three to five activities; a change is of the same activities.", SOURCES["stratford"], None,
    ),
    Instrument(
        "nprs", "NPRS", "Numeric Pain Rating Scale", (1, 3), 0, 10, 0, False, "points", _NPRS,
        _all(_NPRS, "2", "childs"), _all(_NPRS, "2", "childs", "nprs"),
        "The rating, or all three: now, at its best, at its worst.", SOURCES["childs"], None,
    ),
    Instrument(
        "spadi", "SPADI", "Shoulder Pain and Disability Index", (13,), 0, 10, 0, False, "percent", _ONE,
        _all(_ONE, "18", "roy"), _all(_ONE, "8", "roy", "spadi"),
        "Up to two items missing in each part; items 1–5 are pain, 6–13 disability.", SOURCES["spadi"],
        "Roach et al.", "The mean of both parts, not the sum of all items over 130.",
    ),
    Instrument(
        "koos_jr", "KOOS, JR", "Knee injury and Osteoarthritis Outcome Score, joint replacement", (7,), 0, 4, 100, True,
        "points", _ONE, {}, _all(_ONE, "14", "lyman", "koos"),
        "All 7 items; no rule for missing ones is published.", SOURCES["hss"], _HSS,
    ),
    Instrument(
        "hoos_jr", "HOOS, JR", "Hip disability and Osteoarthritis Outcome Score, joint replacement", (6,), 0, 4, 100,
        True, "points", _ONE, {}, _all(_ONE, "18", "lyman", "hoos"),
        "All 6 items; no rule for missing ones is published.", SOURCES["hss"], _HSS,
    ),
)  # fmt: skip
INSTRUMENTS: Final[Mapping[Key, Instrument]] = MappingProxyType({one.key: one for one in _INSTRUMENTS})


def score_range(one: Instrument) -> tuple[int, int]:
    """Lowest and highest score."""
    most = {"lefs": 80, "psfs": 10, "nprs": 10}
    return 0, most.get(one.key, 100)


def instrument_of(name: str) -> Instrument:
    """The measure a row names."""
    return INSTRUMENTS[next(key for key in KEYS if key == name)]
