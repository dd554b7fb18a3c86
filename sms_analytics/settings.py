"""Every setting, with its default and unit: `sms-analytics.toml`, then the environment, then flags.

In the file a section is a table (`[server]`, `port = 8090`); in the environment the same setting
is `SMS_ANALYTICS_SERVER__PORT=8090`. docs/settings.md lists them all.
"""

from __future__ import annotations

import tomllib
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as UnreadableError

from analytics.definitions import OPT_OUT_WORDS, Definitions
from analytics.meaning import view_folders
from eventlog.layout import Layout
from reports.formats import Format

LOOPBACK = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
SETTINGS_FILE = "sms-analytics.toml"
ENVIRONMENT_PREFIX = "SMS_ANALYTICS_"


class SettingsError(Exception):
    """A setting is wrong; the message names it and says what was expected."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ServerSettings(_Section):
    """Where the endpoint and the site listen."""

    host: str = Field(
        "127.0.0.1",
        description="address to listen on; beyond loopback a token and a password are needed",
    )
    port: int = Field(8090, ge=0, le=65535, description="port to listen on; 0 picks a free one")
    workers: int = Field(
        1, ge=1, le=64, description="processes that take webhooks, for machines with many cores"
    )
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^/\s]",
        description="how the world reaches the server (`https://sms.example.com`), for what `token"
        " create` prints",
    )
    trusted_proxies: tuple[IPvAnyNetwork, ...] = Field(
        (), description="addresses or networks whose `X-Forwarded-For` is believed"
    )
    session_hours: float = Field(
        12, gt=0, le=24 * 90, description="how long a viewer stays signed in to the site"
    )
    metrics_addresses: tuple[IPvAnyNetwork, ...] = Field(
        LOOPBACK, description="addresses or networks that may read `/metrics` without signing in"
    )


class IngestSettings(_Section):
    """How webhooks are taken in."""

    allowed_addresses: tuple[IPvAnyNetwork, ...] = Field(
        (), description="addresses or networks that may post webhooks; none given: all"
    )
    queue_records_max: int = Field(
        10_000, ge=1, description="webhooks that may wait for the journal; beyond it: 503"
    )
    queue_bytes_max: int = Field(
        64 * 1024 * 1024,
        ge=1024 * 1024,
        description="bytes of webhooks that may wait for the journal; beyond it: 503",
    )
    seal_interval_seconds: float = Field(
        5,
        gt=0,
        description="in how many seconds what was acknowledged is sealed, folded and published",
    )
    seal_records_max: int = Field(10_000, ge=1, description="webhooks sealed in one commit")
    free_bytes_min: int = Field(
        256 * 1024 * 1024, ge=0, description="free disk space below which `/readyz` says no"
    )


class JobSettings(_Section):
    """How often the jobs run."""

    refresh_interval_seconds: float = Field(
        5, gt=0, description="how often new events are projected and published"
    )
    idle_publish_seconds: float = Field(
        60, gt=0, description="how often to publish when nothing new came, so that ages move on"
    )
    report_interval_seconds: float = Field(
        300, gt=0, description="how often the static report is written"
    )
    compact_interval_seconds: float = Field(
        60, gt=0, description="how often small files of the event log are merged"
    )
    compact_file_rows: int = Field(
        1_000_000, ge=10, description="rows of a file of the event log that is large enough"
    )
    memory_bytes_max: int | None = Field(
        None,
        ge=512 * 1024 * 1024,
        description="memory that folding may use; none given: 60 % of all, 16 GiB at most",
    )
    keep_old_files_hours: float = Field(
        24, gt=0, description="how long replaced files stay for those who read them"
    )


class DefinitionSettings(_Section):
    """What the numbers mean; a change makes the projections again."""

    time_zone: str = Field("UTC", description="report time zone, an IANA name")
    horizon_hours: int = Field(
        72, ge=1, description="age after which a message without a final status is unknown"
    )
    reply_window_hours: int = Field(72, ge=1, description="how long a reply counts for a message")
    conversation_gap_hours: int = Field(
        24, ge=1, description="a longer silence ends a conversation"
    )
    opt_out_words: tuple[str, ...] = Field(
        OPT_OUT_WORDS, description="bodies that are an opt-out, whatever their case and diacritics"
    )

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, OSError, ValueError) as error:
            expected = "expected an IANA name such as Europe/Bucharest"
            raise ValueError(f"there is no time zone {name!r}; {expected}") from error
        return name


class ReportSettings(_Section):
    """What reports and exports show."""

    days: int = Field(30, ge=1, le=3660, description="days in a report when no period is given")
    show_personal_data: bool = Field(
        False, description="whole phone numbers, message ids and bodies in exports"
    )


class ExportSettings(_Section):
    """What is written to `exports/daily/` each day."""

    views: tuple[str, ...] = Field((), description="public views to export each day; none: no job")
    format: Format = Field("csv", description="csv, parquet or xlsx")
    at: str = Field(
        "03:30",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
        description="when, in the report time zone; a day that was missed is made up for",
    )
    days: int = Field(
        30, ge=1, le=3660, description="days up to yesterday that each file has, if it has days"
    )
    keep_days: int = Field(30, ge=1, description="days after which a day's folder is deleted")

    @field_validator("views")
    @classmethod
    def _known(cls, views: tuple[str, ...]) -> tuple[str, ...]:
        names = [folder.name for folder in view_folders()]
        unknown = [view for view in views if view not in names]
        if unknown:
            raise ValueError(f"no view is called {unknown[0]!r}; there are: {' '.join(names)}")
        return views


class AlertSettings(_Section):
    """Who is told when something is wrong."""

    urls: tuple[SecretStr, ...] = Field(
        (),
        description="addresses to tell, as apprise spells them (`mailtos://…`, `slack://…`,"
        " `json://…`); none: alerts are shown on the site alone",
    )
    interval_seconds: float = Field(
        300, gt=0, description="how often to look whether anything is wrong"
    )


class Settings(BaseSettings):
    """All settings of one installation. Raises `pydantic.ValidationError`; use `load`."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX,
        env_nested_delimiter="__",
        toml_file=SETTINGS_FILE,
        extra="forbid",
        frozen=True,
    )

    data: Path = Field(Path("data"), description="the data directory")
    server: ServerSettings = ServerSettings()
    ingest: IngestSettings = IngestSettings()
    jobs: JobSettings = JobSettings()
    definitions: DefinitionSettings = DefinitionSettings()
    reports: ReportSettings = ReportSettings()
    exports: ExportSettings = ExportSettings()
    alerts: AlertSettings = AlertSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags win over the environment, the environment over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def layout(self) -> Layout:
        return Layout(self.data.absolute())

    def definitions_of_numbers(self) -> Definitions:
        """Return the settings that change what a number means."""
        return Definitions(**self.definitions.model_dump())


def load(**flags: object) -> Settings:
    """Read the settings; `flags` are those given on the command line, None for absent.

    A flag named `server__port` sets `server.port`. Raises `SettingsError`.
    """
    given: dict[str, object] = {}
    for name, value in flags.items():
        if value is not None:
            section, _, key = name.partition("__")
            if key:
                given.setdefault(section, {})[key] = value  # type: ignore[index]
            else:
                given[section] = value
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError(_one_line(error)) from error
    except UnreadableError as error:
        raise SettingsError(
            f'wrong setting: {error}; in a variable a list is written as ["one", "two"]'
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{SETTINGS_FILE} is not valid TOML: {error}") from error


def _one_line(error: ValidationError) -> str:
    faults = [
        f"{'.'.join(str(part) for part in fault['loc'])}: {_reason(fault['type'], fault['msg'])}"
        for fault in error.errors()
    ]
    return "wrong setting: " + "; ".join(faults)


def _reason(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "there is no such setting"
    return message.removeprefix("Value error, ")
