"""The options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DataOption = Annotated[Path | None, typer.Option("--data", help="Data directory [default: data]")]
HostOption = Annotated[str | None, typer.Option("--host", help="Address to listen on")]
PortOption = Annotated[int | None, typer.Option("--port", help="Port to listen on; 0: a free one")]
FromOption = Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD")]
ToOption = Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="A time: answer from the log as it stood then")
]
