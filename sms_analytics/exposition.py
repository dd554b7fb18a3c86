"""Metrics as text, in the form that Prometheus reads (0.0.4). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

CONTENT_TYPE = "text/plain; version=0.0.4"


@dataclass(frozen=True)
class Sample:
    """One number; `suffix` is what its name has after the family's."""

    value: float
    labels: dict[str, str] = field(default_factory=dict)
    suffix: str = ""


@dataclass(frozen=True)
class Family:
    """All that has one name, a kind and a meaning."""

    name: str
    kind: Literal["counter", "gauge", "histogram", "summary"]
    meaning: str
    samples: Sequence[Sample]


def histogram(bounds: Sequence[float], counts: Sequence[int], total: float) -> list[Sample]:
    """Return the samples of a histogram, from the counts of each bucket, the last without bound."""
    samples = []
    upto = 0
    for bound, in_bucket in zip((*map(_number, bounds), "+Inf"), counts, strict=True):
        upto += in_bucket
        samples.append(Sample(upto, {"le": bound}, "_bucket"))
    return [*samples, Sample(total, suffix="_sum"), Sample(upto, suffix="_count")]


def exposition(families: Iterable[Family]) -> str:
    """Render families that have samples."""
    return "".join(line + "\n" for family in families if family.samples for line in _lines(family))


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {_escaped(family.meaning)}"
    yield f"# TYPE {family.name} {family.kind}"
    for sample in family.samples:
        pairs = (f'{name}="{_label(text)}"' for name, text in sample.labels.items())
        labels = ",".join(pairs)
        braced = f"{{{labels}}}" if labels else ""
        yield f"{family.name}{sample.suffix}{braced} {_number(sample.value)}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n")


def _label(text: str) -> str:
    return _escaped(text).replace('"', r"\"")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
