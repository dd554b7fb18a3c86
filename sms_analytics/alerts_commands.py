"""The commands `alerts list` and `alerts test`."""

from __future__ import annotations

from typing import Annotated

import typer

from sms_analytics.options import DataOption
from sms_analytics.settings import load

alerts_app = typer.Typer(
    help="Who is told when something is wrong, and what was.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@alerts_app.command("list")
def alerts_list(
    data: DataOption = None,
    all_: Annotated[bool, typer.Option("--all", help="Also those that are over")] = False,
) -> None:
    """List the alerts that are open, the latest last."""
    from sms_analytics.alerts_told import listed

    for line in listed(load(data=data), also_over=all_):
        typer.echo(line)


@alerts_app.command("test")
def alerts_test(data: DataOption = None) -> None:
    """Send a test to each address of `alerts.urls`; fail if one does not get it."""
    from sms_analytics.alerts_told import send_tests

    for line in send_tests(load(data=data)):
        typer.echo(line)
