"""Which measures fit a patient, by what hurts. The first is the one to begin with."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from backend.care.measures.catalog import Key

BY_REGION: Final[Mapping[str, tuple[Key, ...]]] = MappingProxyType(
    {
        "cervical spine": ("ndi",),
        "thoracic spine": (),
        "lumbar spine": ("odi",),
        "sacroiliac": ("odi",),
        "shoulder": ("quickdash", "spadi", "dash"),
        "elbow": ("quickdash", "dash"),
        "wrist": ("quickdash", "dash"),
        "hand": ("quickdash", "dash"),
        "hip": ("lefs", "hoos_jr"),
        "knee": ("lefs", "koos_jr"),
        "ankle": ("lefs",),
        "foot": ("lefs",),
    }
)
# Whatever hurts: one's own activities, and how much.
ALWAYS: Final[tuple[Key, ...]] = ("psfs", "nprs")
JOINTS: Final[Mapping[str, Key]] = MappingProxyType({"knee": "koos_jr", "hip": "hoos_jr"})
REPLACEMENT: Final = re.compile(r"replac|arthroplast|\bt[kh][ar]\b", re.I)


def suggest(body_region: str | None, procedure: str | None = None) -> Sequence[Key]:
    """The measures for this region, those for everyone last. A new joint is asked about first."""
    fitting = list(BY_REGION.get(body_region or "", ()))
    joint = JOINTS.get(body_region or "")
    if joint and REPLACEMENT.search(procedure or ""):
        fitting.sort(key=lambda key: key != joint)
    return [*fitting, *ALWAYS]
