"""How many SMS a text is: GSM 03.38 counts 160 (153 joined), anything else UCS-2 70 (67 joined)."""

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€")


def segments(text: str) -> int:
    """Number of SMS segments of the text; an empty one is one."""
    if all(letter in GSM or letter in GSM_TWICE for letter in text):
        length = sum(2 if letter in GSM_TWICE else 1 for letter in text)
        return 1 if length <= 160 else -(-length // 153)
    length = len(text.encode("utf-16-le")) // 2
    return 1 if length <= 70 else -(-length // 67)
