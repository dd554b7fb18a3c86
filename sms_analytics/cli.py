"""The command line: each command reads the settings and calls the one part that does its work.

Exit codes: 0 done; 1 failed, with one line that says why; 2 wrong usage.
"""

from __future__ import annotations

import signal
import sys
import threading
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from analytics.priority import give_way, give_way_to_all, session_gives_way
from sms_analytics.alerts_commands import alerts_app
from sms_analytics.options import (
    AsOfOption,
    DataOption,
    FromOption,
    HostOption,
    PortOption,
    ToOption,
)
from sms_analytics.settings import Settings, load

app = typer.Typer(
    name="sms-analytics",
    help="Self-hosted delivery and conversation analytics for SMS sent through SMSO.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

token_app = typer.Typer(
    help="The tokens in the webhook's URL: who knows one may post.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(token_app, name="token")

password_app = typer.Typer(
    help="The password of those who look at the site.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(password_app, name="password")

app.add_typer(alerts_app, name="alerts")


class ExportFormat(StrEnum):
    """File formats of an export."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


class ResultFormat(StrEnum):
    """Forms of a query's result."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"
    PARQUET = "parquet"


@app.command()
def demo(data: DataOption = None, host: HostOption = None, port: PortOption = None) -> None:
    """Start everything on simulated traffic and print where to look."""
    from sms_analytics.demo import run_demo

    given = data or Path("data") / "demo"
    run_demo(load(data=given, server__host=host, server__port=port), _announce)


@app.command()
def serve(
    data: DataOption = None,
    host: HostOption = None,
    port: PortOption = None,
    workers: Annotated[int | None, typer.Option(help="Processes that take webhooks")] = None,
) -> None:
    """Run the endpoint, the jobs and the site until Ctrl-C."""
    from sms_analytics.processes import serve as run

    settings = load(data=data, server__host=host, server__port=port, server__workers=workers)
    run(settings, lambda url: _announce(f"listening on {url}"))


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Recorded webhooks, one JSON object a line")],
    data: DataOption = None,
    allow_duplicates: Annotated[
        bool, typer.Option("--allow-duplicates", help="Also what was imported before")
    ] = False,
) -> None:
    """Take in webhooks recorded elsewhere, as if they came over HTTP."""
    from sms_analytics.importing import import_files
    from sms_analytics.progress import progress_bar

    with progress_bar("importing") as advance:
        summary = import_files(load(data=data), files, advance, allow_duplicates=allow_duplicates)
    _say(str(summary))
    for complaint in summary.complaints:
        typer.echo(complaint, err=True)
    if summary.complaints:
        raise typer.Exit(1)


@app.command()
def refresh(data: DataOption = None) -> None:
    """Seal, project, publish and report, once."""
    from sms_analytics import jobs
    from sms_analytics.progress import status

    give_way()
    with status() as say:
        done = jobs.refresh(load(data=data), jobs.utc_now(), say)
    _say(f"sealed {done.sealed:,} webhooks, folded {done.folded:,} events")


@app.command()
def rebuild(data: DataOption = None) -> None:
    """Make the projections again from zero."""
    from sms_analytics import jobs
    from sms_analytics.progress import status

    give_way_to_all()
    with session_gives_way(), status() as say:
        folded = jobs.rebuild(_found(data), jobs.utc_now(), say)
    _say(f"folded {folded:,} events")


@app.command()
def compact(data: DataOption = None) -> None:
    """Merge the small files of the event log, publish, and delete files replaced long ago."""
    from sms_analytics import jobs
    from sms_analytics.progress import status

    give_way()
    with status() as say:
        merged = jobs.compact(_found(data), jobs.utc_now(), say)
    _say(f"merged {merged:,} files into larger ones")


@app.command()
def redrive(
    data: DataOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing")
    ] = False,
) -> None:
    """Decode the dead letters again; those that can be decoded now become events."""
    from sms_analytics.progress import progress_bar
    from sms_analytics.redriving import redrive as decode_again

    with progress_bar("decoding") as advance:
        lines = decode_again(_found(data), advance, dry_run=dry_run)
    for line in lines:
        typer.echo(line)
    _say("a running server or `sms-analytics refresh` brings new events into the reports")


@app.command()
def report(
    data: DataOption = None,
    from_: FromOption = None,
    to: ToOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder [default: DATA/reports], or a file")
    ] = None,
    single_file: Annotated[
        bool, typer.Option("--single-file", help="One file that can be mailed")
    ] = False,
    as_of: AsOfOption = None,
) -> None:
    """Write the HTML report of a period."""
    from sms_analytics.outputs import report as write

    settings = load(data=data)
    at = _instant(settings, as_of)
    typer.echo(write(settings, from_, to, out, single_file=single_file, at=at))


@app.command()
def export(
    name: Annotated[str, typer.Argument(help="A public view, such as delivery_daily")],
    data: DataOption = None,
    format_: Annotated[
        ExportFormat, typer.Option("--format", help="csv, parquet or xlsx")
    ] = ExportFormat.CSV,
    from_: FromOption = None,
    to: ToOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="File [default: DATA/exports/NAME.FORMAT]")
    ] = None,
    as_of: AsOfOption = None,
) -> None:
    """Write a public view to a file."""
    from sms_analytics.outputs import export as write

    settings = load(data=data)
    at = _instant(settings, as_of)
    typer.echo(write(settings, name, format_.value, from_, to, out, at))


@app.command()
def sql(
    query: Annotated[
        str | None, typer.Argument(help="A query; without one standard input, or a prompt")
    ] = None,
    data: DataOption = None,
    format_: Annotated[
        ResultFormat, typer.Option("--format", help="table, csv, json, markdown or parquet")
    ] = ResultFormat.TABLE,
    file: Annotated[Path | None, typer.Option("--file", help="File that has the query")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="File for the answer [default: standard output]")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Bring in all that was acknowledged first")
    ] = False,
    as_of: AsOfOption = None,
) -> None:
    """Ask the published views; read-only."""
    from sms_analytics import jobs, past
    from sms_analytics import sql as door
    from sms_analytics.progress import status

    if query is not None and file is not None:
        raise typer.BadParameter("give a query or --file, not both")
    settings = load(data=data)
    if fresh and settings.layout.root.exists():  # a misspelt folder is not made, but named below
        with status() as say:
            jobs.bring_in(settings, jobs.utc_now(), say)
    with past.catalogue(settings, _instant(settings, as_of)) as catalogue:
        if query is None and file is None and out is None and sys.stdin.isatty():
            door.prompt(catalogue)
        else:
            door.answer(catalogue, query or door.read(file), format_.value, out)


@app.command()
def verify(data: DataOption = None) -> None:
    """Prove the log: every seq once, every checksum right, projections equal a rebuild."""
    from sms_analytics.progress import status
    from sms_analytics.verification import verify as prove

    give_way()
    with status() as say:
        proof = prove(_found(data), say)
    for fault in proof.faults:
        typer.echo(fault)
    if proof.faults:
        raise typer.Exit(1)
    typer.echo(str(proof))


@token_app.command("create")
def token_create(
    data: DataOption = None,
    label: Annotated[str, typer.Option("--label", help="What to remember it by")] = "",
) -> None:
    """Make a token and print it, with the webhook's URL: this once."""
    from sms_analytics import credentials
    from sms_analytics.clock import utc_now

    typer.echo(credentials.create(load(data=data), label, utc_now()))
    _say("It is not shown again. A running server takes it within a second or two.")


@token_app.command("list")
def token_list(data: DataOption = None) -> None:
    """List the tokens that hold."""
    from sms_analytics import credentials

    for line in credentials.listed(load(data=data)):
        typer.echo(line)


@token_app.command("revoke")
def token_revoke(
    token_id: Annotated[str, typer.Argument(help="Its id, as `token list` shows it")],
    data: DataOption = None,
) -> None:
    """Make a token hold no longer, within a second or two on a running server."""
    from sms_analytics import credentials

    typer.echo(credentials.revoke(load(data=data), token_id))


@password_app.command("set")
def password_set(data: DataOption = None) -> None:
    """Ask for the password, or read it from a pipe; whoever was signed in is signed out."""
    from sms_analytics import credentials

    settings = load(data=data)
    if sys.stdin.isatty():
        given = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    typer.echo(credentials.set_password(settings, given))


@password_app.command("remove")
def password_remove(data: DataOption = None) -> None:
    """Make no password hold; a server on loopback is open again after a restart."""
    from sms_analytics import credentials

    typer.echo(credentials.remove_password(load(data=data)))


@app.command()
def simulate(
    url: Annotated[str, typer.Argument(help="The endpoint, http://HOST:PORT/webhooks/smso")],
    rate: Annotated[float, typer.Option("--rate", help="Messages a second", min=0.01)] = 1.0,
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same traffic")] = 1,
) -> None:
    """Send simulated webhooks to an endpoint until Ctrl-C."""
    from simulator.sender import run_live

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    for answer, times in sorted(run_live(url, seed, rate, stop).items(), key=str):
        typer.echo(f"{answer}: {times:,}")


def _found(data: Path | None) -> Settings:
    """Return the settings of a data directory that is there: one misspelt is not made."""
    from sms_analytics.failures import CommandError

    settings = load(data=data)
    if not settings.layout.root.is_dir():
        raise CommandError(f"there is no data in {settings.layout.root.absolute()}")
    return settings


def _instant(settings: Settings, as_of: str | None) -> datetime | None:
    if as_of is None:
        return None
    from sms_analytics import past
    from sms_analytics.jobs import utc_now

    return past.instant(as_of, settings.definitions.time_zone, utc_now())


def _say(line: str) -> None:
    """Tell a person on a terminal; stay quiet in a pipe."""
    if sys.stderr.isatty():
        typer.echo(line, err=True)


def _announce(line: str) -> None:
    """Print a line that scripts wait for, at once."""
    print(line, flush=True)


def main() -> None:
    """Run the command line; every expected failure is one line on standard error."""
    try:
        code = app(standalone_mode=False)
    except TyperException as error:
        _fail(error.format_message(), error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:
        # To know them all costs a second of imports, which a server's start should not take.
        from sms_analytics.errors import EXPECTED_ERRORS
        from sms_analytics.failures import CommandError

        if not isinstance(error, EXPECTED_ERRORS):
            raise
        _fail(str(error), error.exit_code if isinstance(error, CommandError) else 1)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, code: int) -> None:
    typer.echo(message if message.startswith("Usage:") else f"sms-analytics: {message}", err=True)
    sys.exit(code)
