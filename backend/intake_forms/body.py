"""The body from the front and from the back, in areas a finger can hit. The page and the PDF draw the same shapes.

A view is 200 wide and 440 high. Shapes are written for the left half of the picture and mirrored for the right one.
"""

from dataclasses import dataclass
from typing import Final, Literal

from backend.intake_forms.definition import Words

View = Literal["front", "back"]
Side = Literal["left", "right"]
WIDTH: Final = 200
HEIGHT: Final = 440
ARM: Final = {
    "shoulder": "86,74 66,80 54,92 52,108 66,112 76,92",
    "upper_arm": "52,108 66,112 64,150 48,148",
    "elbow": "48,148 64,150 62,170 45,168",
    "forearm": "45,168 62,170 56,208 40,206",
    "wrist": "40,206 56,208 54,220 38,218",
    "hand": "38,218 54,220 55,244 46,256 36,250 33,232",
}
SHIN: Final = {
    "knee": "70,292 98,292 96,322 72,322",
    "lower_leg": "72,322 96,322 92,382 76,382",
    "ankle": "76,382 92,382 92,398 76,398",
    "foot": "76,398 92,398 96,418 84,428 68,424",
}
HALVES: Final[dict[View, dict[str, str]]] = {
    "front": ARM | {
        "chest": "86,74 100,76 100,132 74,132 66,112 76,92",
        "belly": "100,132 74,132 74,172 72,188 100,188",
        "hip": "72,188 88,188 84,222 64,222 66,206",
        "thigh": "64,222 84,222 100,232 98,292 70,292",
    } | SHIN,
    "back": ARM | {
        "upper_back": "86,74 100,76 100,120 70,120 66,112 76,92",
        "middle_back": "100,120 70,120 74,150 100,150",
        "lower_back": "100,150 74,150 74,180 70,192 100,192",
        "buttock": "94,192 70,192 64,222 66,236 100,238 100,214",
        "thigh": "66,236 100,238 98,292 70,292",
    } | SHIN,
}  # fmt: skip
MIDDLES: Final[dict[View, dict[str, str]]] = {
    "front": {
        "head": "78,38 79,24 86,13 100,8 114,13 121,24 122,38",
        "face": "78,38 122,38 119,52 110,62 100,66 90,62 81,52",
        "throat": "88,61 100,66 112,61 114,74 100,76 86,74",
        "pelvis": "88,188 112,188 116,222 100,232 84,222",
    },
    "back": {
        "head": "78,38 79,24 86,13 100,8 114,13 121,24 122,38 119,52 110,60 90,60 81,52",
        "neck": "88,60 112,60 114,74 100,76 86,74",
        "tailbone": "94,192 106,192 100,214",
    },
}
NAMES: Final = {
    "head": ("head", "cabeza"), "face": ("face or jaw", "cara o mandíbula"), "throat": ("throat", "garganta"),
    "neck": ("neck", "cuello"), "shoulder": ("shoulder", "hombro"), "upper_arm": ("upper arm", "brazo"),
    "elbow": ("elbow", "codo"), "forearm": ("forearm", "antebrazo"), "wrist": ("wrist", "muñeca"),
    "hand": ("hand", "mano"), "chest": ("chest", "pecho"), "belly": ("belly", "abdomen"), "hip": ("hip", "cadera"),
    "pelvis": ("pelvis or groin", "pelvis o ingle"), "thigh": ("thigh", "muslo"), "knee": ("knee", "rodilla"),
    "lower_leg": ("lower leg", "pierna"), "ankle": ("ankle", "tobillo"), "foot": ("foot", "pie"),
    "upper_back": ("upper back", "espalda alta"), "middle_back": ("middle of the back", "media espalda"),
    "lower_back": ("lower back", "espalda baja"), "buttock": ("buttock", "glúteo"),
    "tailbone": ("tailbone", "rabadilla"),
}  # fmt: skip
SIDES: Final[dict[Side, tuple[str, str]]] = {
    "left": ("left", "lado izquierdo"), "right": ("right", "lado derecho"),
}  # fmt: skip
VIEWS: Final[dict[View, tuple[str, str]]] = {"front": ("front", "de frente"), "back": ("back", "de espaldas")}


@dataclass(frozen=True, slots=True)
class Area:
    """One area: where it is, what it is called, its corners."""

    id: str
    view: View
    words: Words
    points: tuple[tuple[int, int], ...]


def _points(shape: str, mirrored: bool) -> tuple[tuple[int, int], ...]:
    pairs = (tuple(map(int, pair.split(","))) for pair in shape.split())
    return tuple((WIDTH - x if mirrored else x, y) for x, y in pairs)


def _area(view: View, part: str, shape: str, side: Side | None, mirrored: bool = False) -> Area:
    english, spanish = NAMES[part]
    seen_en, seen_es = VIEWS[view]
    if side:
        english, spanish = f"{SIDES[side][0]} {english}", f"{spanish}, {SIDES[side][1]}"
    if all(part in HALVES[seen] or part in MIDDLES[seen] for seen in VIEWS):
        english, spanish = f"{english}, {seen_en}", f"{spanish}, {seen_es}"
    words = Words(en=english.capitalize(), es=spanish.capitalize())
    return Area("_".join(filter(None, (view, part, side))), view, words, _points(shape, mirrored))


def _all() -> dict[str, Area]:
    """From the head down. Seen from the front, the patient's right is on the left of the picture."""
    found = []
    for view in VIEWS:
        near: Side = "right" if view == "front" else "left"
        far: Side = "left" if near == "right" else "right"
        found += [_area(view, part, shape, None) for part, shape in MIDDLES[view].items()]
        for part, shape in HALVES[view].items():
            found += [_area(view, part, shape, near), _area(view, part, shape, far, mirrored=True)]
    return {area.id: area for area in found}


AREAS: Final = _all()
# Body parts of an order (contract §3) as areas; the side is added.
OF_ORDER: Final = {
    "cervical spine": ("back_neck",), "thoracic spine": ("back_upper_back", "back_middle_back"),
    "lumbar spine": ("back_lower_back",), "sacroiliac": ("back_lower_back", "back_buttock"),
    "shoulder": ("front_shoulder",), "elbow": ("front_elbow",), "wrist": ("front_wrist",), "hand": ("front_hand",),
    "hip": ("front_hip",), "knee": ("front_knee",), "ankle": ("front_ankle",), "foot": ("front_foot",),
    "jaw": ("front_face",), "pelvic floor": ("front_pelvis",),
}  # fmt: skip


def of_order(body_part: str | None, side: str | None) -> list[str]:
    """Areas an order is about; both sides where it names none."""
    sides = [side] if side in SIDES else list(SIDES)
    wanted = OF_ORDER.get(body_part or "", ())
    return [
        area for base in wanted for area in ([base] if base in AREAS else [f"{base}_{one}" for one in sides])
    ]  # fmt: skip
