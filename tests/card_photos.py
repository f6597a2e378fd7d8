"""Photos of an invented insurance card and order, as phones take them."""

import io

from PIL import Image, ImageDraw, ImageFont

CARD = {"payer_name": "Lakeside Mutual", "member_id": "LKM44170926", "group_number": "70021"}
FRONT = ["Lakeside Mutual", "", "Member Name: Ada Sample", "Member ID: LKM44170926", "Group Number: 70021", "Plan: PPO"]


def picture(lines: list[str], *, size: tuple[int, int] = (1400, 900), height: int = 52) -> Image.Image:
    """Black letters on white."""
    image = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(height)
    for number, line in enumerate(lines):
        draw.text((90, 80 + number * height * 2), line, fill="black", font=font)
    return image


def encoded(image: Image.Image, kind: str = "JPEG") -> bytes:
    """The file."""
    out = io.BytesIO()
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.from_pillow(image).save(out, quality=90)
    else:
        image.save(out, kind)
    return out.getvalue()


def card(kind: str = "JPEG") -> bytes:
    """The front of the card."""
    return encoded(picture(FRONT), kind)
