"""The files a page needs beside itself: styles, scripts and fonts, by name and by fingerprint."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
STYLE = "report.css"
PLOTLY = "plotly-4.1.1.min.js"
SCRIPT = "report.js"
FONTS = ("inter-5.3.0-latin.woff2", "inter-5.3.0-latin-ext.woff2")
LICENCES = ("inter-LICENSE.txt", "plotly-LICENSE.txt")
SHARED = (STYLE, PLOTLY, SCRIPT, *FONTS, *LICENCES)
CONSOLE = ("sql.css", "sql.js", "codemirror-6.min.js", "codemirror-LICENSE.txt")
"""Needed by the site alone."""
ALL = (*SHARED, *CONSOLE)


def content(name: str) -> bytes:
    """Return the bytes of one of the files in ALL."""
    if name not in ALL:
        raise KeyError(name)
    return (FOLDER / name).read_bytes()


@lru_cache(maxsize=len(ALL))
def fingerprint(name: str) -> str:
    """Return ten hex digits that change whenever the file does."""
    return blake2b(content(name), digest_size=5).hexdigest()


def file_name(name: str) -> str:
    """Return the name under which a file is copied beside reports of many versions."""
    if name in (STYLE, PLOTLY, SCRIPT, *CONSOLE):
        stem, _, ending = name.rpartition(".")
        return f"{stem}-{fingerprint(name)}.{ending}"
    return name


def inlined_style() -> str:
    """Return the stylesheet with its fonts inside."""
    style = content(STYLE).decode()
    return re.sub(
        r'url\("([^"]+\.woff2)"\)',
        lambda found: f'url("data:font/woff2;base64,{b64encode(content(found[1])).decode()}")',
        style,
    )


def inlined_script(name: str) -> str:
    """Return a script in a form that may stand inside a script element."""
    return content(name).decode().replace("</script", "<\\/script").replace("<!--", "<\\!--")
