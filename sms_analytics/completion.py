"""What the Tab key offers at the SQL prompt: views, columns, macros, keywords, commands. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from analytics.described import Described

COMMANDS = (".tables", ".schema", ".help", ".quit")
KEYWORDS = """\
select from where group by order limit having with as and or not in is null between like join left
inner on using union all distinct case when then else end desc asc count sum avg min max filter over
partition interval date describe summarize exclude replace"""
WORD = re.compile(r"[.\w]*")
NAME = re.compile(r"\w+")


class SqlCompleter(Completer):
    """Offers what fits: after `.schema` names, after a view's name and a point its columns."""

    def __init__(self, described: Described) -> None:
        self._columns = {
            view.name: {column.name: column.type.lower() for column in view.columns}
            for view in described.views
        }
        self._sources = dict.fromkeys(self._columns, "view")
        self._sources |= {macro.name: "macro" for macro in described.macros if macro.is_table}
        self._functions = {macro.name: "macro" for macro in described.macros if not macro.is_table}

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        """Yield what the word before the cursor may become, the likeliest first."""
        word = document.get_word_before_cursor(pattern=WORD)
        before = document.text_before_cursor.removesuffix(word)
        seen: set[str] = set()
        view, point, start = word.rpartition(".")
        if point and view.lower() in self._columns:
            found: Iterable[tuple[str, str]] = self._columns[view.lower()].items()
        else:
            start, found = word, self._offered(before, document.text)
        for text, kind in found:
            if text.startswith(start.lower()) and text not in seen:
                seen.add(text)
                yield Completion(text, -len(start), display_meta=kind)

    def _offered(self, before: str, text: str) -> Iterator[tuple[str, str]]:
        words = before.split()
        if not words:
            yield from ((command, "command") for command in COMMANDS)
        if words and words[0] == ".schema":
            yield from (self._sources | self._functions).items()
            return
        if words and words[-1].lower() in ("from", "join", "describe", "summarize"):
            yield from self._sources.items()
            return
        named = set(NAME.findall(text.lower()))
        for name in sorted(self._columns, key=lambda name: name not in named):
            yield from self._columns[name].items()
        yield from self._sources.items()
        yield from self._functions.items()
        yield from ((keyword, "") for keyword in KEYWORDS.split())
