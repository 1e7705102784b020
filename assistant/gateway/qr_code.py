"""QR codes (ISO/IEC 18004) as one path, for scripts that draw and pages that load no images."""

from itertools import groupby

import segno
from pydantic import BaseModel, Field

_MARGIN = 4
"""Light modules around the code (ISO/IEC 18004, section 9.1)."""


class QrBody(BaseModel):
    """A QR code to be drawn dark on light."""

    size: int = Field(
        description="Modules on each side, the margin included: the drawing's view box is `0 0 size size`"
    )
    path: str = Field(description="SVG path of the dark modules")


def qr_code(text: str) -> QrBody:
    """The code that a telephone reads `text` from."""
    matrix = segno.make_qr(text).matrix
    runs = []
    for y, row in enumerate(matrix, start=_MARGIN):
        x = _MARGIN
        for is_dark, modules in groupby(row):
            length = len(list(modules))
            if is_dark:
                runs.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return QrBody(size=len(matrix) + 2 * _MARGIN, path="".join(runs))
