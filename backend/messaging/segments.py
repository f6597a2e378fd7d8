"""How many SMS a text is: GSM 03.38 counts 160 (153 joined), anything else UCS-2 70 (67 joined)."""

from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€")
# Letters in one SMS, and in each of several joined.
ALONE: dict[Encoding, int] = {"GSM-7": 160, "UCS-2": 70}
JOINED: dict[Encoding, int] = {"GSM-7": 153, "UCS-2": 67}


def strangers(text: str) -> list[str]:
    """The characters that GSM 03.38 lacks, each once: one of them turns the whole text into UCS-2."""
    return list(dict.fromkeys(letter for letter in text if letter not in GSM and letter not in GSM_TWICE))


def encoding(text: str) -> Encoding:
    """How the text travels."""
    return "UCS-2" if strangers(text) else "GSM-7"


def length(text: str) -> int:
    """Letters as the carrier counts them in the text's encoding."""
    if encoding(text) == "UCS-2":
        return len(text.encode("utf-16-le")) // 2
    return sum(2 if letter in GSM_TWICE else 1 for letter in text)


def segments(text: str) -> int:
    """Number of SMS segments of the text; an empty one is one."""
    kind, count = encoding(text), length(text)
    return 1 if count <= ALONE[kind] else -(-count // JOINED[kind])
