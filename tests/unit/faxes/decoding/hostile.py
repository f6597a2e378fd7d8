"""Files made to harm whoever opens them; each is drawn up here, so none is kept in the repository."""

import io
import struct
import zlib

import pikepdf
from PIL import Image

from tests.unit.faxes import papers

MIB = 1024 * 1024


def pdf_of(objects: dict[int, bytes], root: int = 1) -> bytes:
    """A PDF of these numbered objects."""
    out, offsets = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    xref, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % offsets.get(number, 0)
    return bytes(out + b"trailer <</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, root, xref))


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A deflated stream object."""
    packed = zlib.compress(data, 9)
    head = b"<<%s/Filter/FlateDecode/Length %d>>stream\n" % (entries, len(packed))
    return head + packed + b"\nendstream"


def page_with(content: bytes, resources: bytes = b"<<>>", **more: bytes) -> bytes:
    """A PDF with one letter page of this content stream object; `more` are objects o5, o6, …"""
    return pdf_of(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources %s>>" % resources,
            4: content,
        }
        | {int(name[1:]): body for name, body in more.items()}
    )


def inflating_content() -> bytes:
    """A megabyte that inflates to one gigabyte of drawing commands."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"q Q " * (MIB // 4)) for _ in range(1024)) + packer.flush()
    return page_with(b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed))


def inflating_picture() -> bytes:
    """A page showing a picture of 30,000 × 30,000 colour pixels."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(MIB)) for _ in range(2575)) + packer.flush()
    picture = (
        b"<</Type/XObject/Subtype/Image/Width 30000/Height 30000/ColorSpace/DeviceRGB/BitsPerComponent 8"
        b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    )
    return page_with(stream(b"612 0 0 792 0 0 cm /I Do"), b"<</XObject<</I 5 0 R>>>>", o5=picture)


def laughing_forms(levels: int = 9) -> bytes:
    """Forms that each draw the next one ten times: a billion squares in two kilobytes."""
    forms = {}
    for level in range(levels):
        number = 5 + level
        last = level == levels - 1
        inside = b"0 0 9 9 re f " * 10 if last else b"/N Do " * 10
        names = b"" if last else b"/Resources<</XObject<</N %d 0 R>>>>" % (number + 1)
        forms[f"o{number}"] = stream(inside, b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]" + names)
    return page_with(stream(b"/N Do"), b"<</XObject<</N 5 0 R>>>>", **forms)


def endless_tree() -> bytes:
    """A page tree whose branch is its own parent and that claims a billion pages."""
    return pdf_of(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000000>>",
        }
    )


def self_drawing_form() -> bytes:
    """A form that draws itself."""
    form = stream(b"/N Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</N 5 0 R>>>>")
    return page_with(stream(b"/N Do"), b"<</XObject<</N 5 0 R>>>>", o5=form)


def vast_pdf_page() -> bytes:
    """A page five metres wide."""
    return pdf_of(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 14400 14400]>>",
        }
    )


def pdf_without_pages() -> bytes:
    """A sound PDF with an empty page tree."""
    return pdf_of({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"})


def locked_pdf() -> bytes:
    """A PDF that asks for a password."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(papers.pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="owner", user="user"))
    return out.getvalue()


def acting_pdf(url: str) -> bytes:
    """A page with a script, a launch action, a link and a form that all want to reach `url`."""
    with pikepdf.open(io.BytesIO(papers.pdf())) as document:
        script = f"app.launchURL('{url}'); this.submitForm('{url}');"
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=script)
        document.Root.AA = pikepdf.Dictionary(WC=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=url))
        document.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=url))
        document.attachments["invoice.exe"] = b"MZ" + bytes(100)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def tiff_loop() -> bytes:
    """A TIFF whose only directory names itself as the next."""
    data = bytearray(papers.tiff(papers.page()))
    (directory,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, directory)
    struct.pack_into("<I", data, directory + 2 + 12 * entries, directory)
    return bytes(data)


def with_tag(data: bytes, tag: int, value: int) -> bytes:
    """A one-page TIFF with the value of one tag overwritten."""
    changed = bytearray(data)
    (directory,) = struct.unpack_from("<I", changed, 4)
    (entries,) = struct.unpack_from("<H", changed, directory)
    for entry in range(directory + 2, directory + 2 + 12 * entries, 12):
        if struct.unpack_from("<H", changed, entry)[0] == tag:
            struct.pack_into("<HII", changed, entry + 2, 4, 1, value)
    return bytes(changed)


def lying_tiff(width: int = 100_000, height: int = 100_000) -> bytes:
    """A small TIFF that claims ten billion pixels."""
    return with_tag(with_tag(papers.tiff(papers.page()), 256, width), 257, height)


def inflating_png_text() -> bytes:
    """A PNG whose comment inflates to half a gigabyte."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(MIB)) for _ in range(512)) + packer.flush()
    body = b"zTXtComment\x00\x00" + packed
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    plain = papers.png(papers.page())
    return plain[:33] + chunk + plain[33:]


def jpeg(width: int = 1700, height: int = 2200) -> bytes:
    """A photo of the sample page."""
    out = io.BytesIO()
    papers.page(width, height).convert("L").save(out, "JPEG", quality=80, dpi=(200, 200))
    return out.getvalue()


def vast_png() -> bytes:
    """900 million white pixels in 110 kB."""
    return papers.png(Image.new("1", (30_000, 30_000)))
