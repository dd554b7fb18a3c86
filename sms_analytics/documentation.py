"""The pages of docs/ that are made from the code: `make docs` writes them, a test holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer
from pydantic import BaseModel

from sms_analytics import cli
from sms_analytics.errors import EXPECTED_ERRORS
from sms_analytics.settings import ENVIRONMENT_PREFIX, SETTINGS_FILE, Settings

DOCS = Path(__file__).parents[1] / "docs"


def settings_page() -> str:
    """Render docs/settings.md: every setting with its default and meaning."""
    lines = [
        "# Settings",
        "",
        f"Read from `{SETTINGS_FILE}` in the working directory, then from the environment, then",
        "from flags; the last one wins. In the file a section is a table:",
        "",
        "```toml",
        "[server]",
        "port = 8090",
        "",
        "[definitions]",
        'time_zone = "Europe/Bucharest"',
        "```",
        "",
        "| setting | default | meaning | variable |",
        "| --- | --- | --- | --- |",
        *_setting_rows(Settings, ()),
    ]
    return "\n".join(lines) + "\n"


def _setting_rows(model: type[BaseModel], above: tuple[str, ...]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        path = (*above, name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _setting_rows(field.annotation, path)
        else:
            variable = ENVIRONMENT_PREFIX + "__".join(path).upper()
            default = _default(field.default)
            yield f"| `{'.'.join(path)}` | {default} | {field.description} | `{variable}` |"


def _default(value: Any) -> str:
    if value is None or value == ():
        return "none"
    if isinstance(value, tuple):
        return ", ".join(f"`{item}`" for item in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def commands_page() -> str:
    """Render docs/commands.md: every command with its own help."""
    root: Any = typer.main.get_command(cli.app)
    lines = [
        "# Commands",
        "",
        "A failure is one line on standard error and exit code 1; wrong usage is exit code 2.",
        "Progress is shown on a terminal only.",
        "",
    ]
    for name, command in _commands(root.commands, ""):
        lines += [f"## `sms-analytics {name}`", "", command.help, ""]
        lines += ["| argument or option | meaning |", "| --- | --- |"]
        lines += [_parameter_row(parameter) for parameter in command.params]
        lines += [""]
    return "\n".join(lines)


def _commands(commands: dict[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for name, command in commands.items():
        if inner := getattr(command, "commands", None):
            yield from _commands(inner, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


def _parameter_row(parameter: Any) -> str:
    named = parameter.param_type_name == "option"
    spelling = ", ".join(parameter.opts) if named else parameter.name.strip("_").upper()
    return f"| `{spelling}` | {parameter.help or ''} |"


def errors_page() -> str:
    """Render docs/errors.md: every expected failure, with what it means."""
    lines = [
        "# Errors",
        "",
        "A command that fails says so in one line and exits with 1. What HTTP answers is in",
        "[the life of a webhook](webhook.md). Anything that is not listed here is a fault of ours.",
        "",
        "| error | means |",
        "| --- | --- |",
        *(
            f"| `{kind.__name__}` | {_meaning(kind)} |"
            for kind in _with_subclasses(EXPECTED_ERRORS)
        ),
    ]
    return "\n".join(lines) + "\n"


def _with_subclasses(kinds: Iterable[type[Exception]]) -> Iterator[type[Exception]]:
    for kind in kinds:
        yield kind
        yield from _with_subclasses(sorted(kind.__subclasses__(), key=lambda each: each.__name__))


def _meaning(kind: type[Exception]) -> str:
    paragraph = (kind.__doc__ or "").strip().partition("\n\n")[0]
    return " ".join(paragraph.split())


def pages() -> dict[Path, str]:
    """Return every made page by its path."""
    return {
        DOCS / "settings.md": settings_page(),
        DOCS / "commands.md": commands_page(),
        DOCS / "errors.md": errors_page(),
    }


def main() -> None:
    """Write the pages."""
    for path, text in pages().items():
        path.write_text(text)


if __name__ == "__main__":
    main()
