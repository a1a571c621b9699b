"""Names of files to their bytes: pictures, documents and the style sheet. The same name always gives the same bytes."""

from __future__ import annotations

import re
import struct
import zlib
from functools import lru_cache
from urllib.parse import quote

FOLDER = "/sites/default/files/"
SIZES = {"large": (480, 320), "medium": (220, 147)}  # Drupal's picture styles, in pixels; all pictures are 3:2
ORIGINAL = (960, 640)
ICON = "/misc/favicon.png"
LOGO = "/themes/bartik/logo.png"
PDF_ICON = "/modules/file/icons/application-pdf.png"
STYLE_SHEET = "/themes/bartik/css/style.css"

_DRAWN = {ICON: (48, 48), LOGO: (144, 72), PDF_ICON: (16, 16)}
_STORED = re.compile(re.escape(FOLDER) + r"(?:styles/(?P<style>\w+)/public/)?(?P<name>.+\.(?P<kind>png|pdf))")
_CSS = b"""\
body { margin: 0; font: 16px/1.5 Georgia, serif; color: #3b3b3b; background: #f6f6f2; }
a { color: #0071b3; }
#header { padding: 1em 2em; background: #0779bf; color: #fff; }
#header a { color: #fff; }
#logo { float: left; margin-right: 1em; }
#main { display: flex; gap: 2em; max-width: 70em; margin: 0 auto; padding: 1em; background: #fff; }
#sidebar-first { flex: 0 0 16em; font-size: 14px; }
#footer { padding: 1em 2em; background: #333; color: #ccc; font-size: 14px; }
.links, .pager { list-style: none; padding: 0; }
.links li, .pager li { display: inline-block; margin-right: 1em; }
.node-teaser { border-bottom: 1px solid #ccc; margin-bottom: 1em; }
.element-invisible, .element-hidden { display: none; }
"""


def find(path: str) -> tuple[str, bytes] | None:
    """Media type and bytes of the file at a path (percent-decoded), or None where no such file lies."""
    if path == STYLE_SHEET:
        return "text/css", _CSS
    if path in _DRAWN:
        return "image/png", picture(path, *_DRAWN[path])
    stored = _STORED.fullmatch(path)
    if stored is None:
        return None
    if stored["kind"] == "pdf":
        return "application/pdf", document(stored["name"])
    return "image/png", picture(stored["name"], *SIZES.get(stored["style"] or "", ORIGINAL))


def document_path(name: str) -> str:
    """Where an attachment lies, percent-encoded."""
    return quote(f"{FOLDER}docs/{name}")


@lru_cache(maxsize=256)
def picture(name: str, width: int, height: int) -> bytes:
    """A PNG that fades from a colour, taken from the name, to white."""
    red, green, blue = zlib.crc32(name.encode()).to_bytes(4, "big")[:3]
    rows = (
        b"\0" + bytes(shade + (255 - shade) * row // height for shade in (red, green, blue)) * width
        for row in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits a channel, RGB, not interlaced
    return (
        b"\x89PNG\r\n\x1a\n"
        + _png_chunk(b"IHDR", header)
        + _png_chunk(b"IDAT", zlib.compress(b"".join(rows)))
        + _png_chunk(b"IEND", b"")
    )


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@lru_cache(maxsize=64)
def document(name: str) -> bytes:
    """A PDF of one A4 page with a frame on it, whose title is the name."""
    frame = b"2 w 56 56 483 730 re S"
    title = ("\ufeff" + name.rpartition("/")[2]).encode("utf-16-be").hex().encode()
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(frame), frame),
        b"<< /Title <%b> >>" % title,
    ]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    size = len(bodies) + 1
    return bytes(out) + b"xref\n0 %d\n%b" % (size, table) + trailer % (size, len(out))
