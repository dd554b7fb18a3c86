"""Who may post: clients with an allowed address, who know a token once there is one.

    /webhooks/smso[/CAMPAIGN]          while no token has ever been made
    /webhooks/smso/TOKEN[/CAMPAIGN]    from the first one on

A running server sees within a second what `sms-analytics token` has changed.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from typing import Self

from ingest import tokens
from ingest.tokens import Token, TokensError, looks_like_token

log = logging.getLogger(__name__)

REFRESH_SECONDS = 1.0
REFRESHES_PER_NOTE = 60

Network = IPv4Network | IPv6Network


class RefusedError(Exception):
    """A webhook is not let in. The message says nothing of the request.

    RefusedError
    ├── AddressRefusedError    its client's address is not allowed
    └── TokenRefusedError      its path has no token that holds, or is none of ours
    """


class AddressRefusedError(RefusedError):
    """The client's address is not allowed."""


class TokenRefusedError(RefusedError):
    """The path has no token that holds, or is none of ours."""


class Keyring:
    """The tokens that hold, as of the last look at their folder."""

    def __init__(self, folder: Path, *, required: bool = False) -> None:
        """Read the tokens; `required` asks for one even before any was made.

        Raises `TokensError` when one cannot be read.
        """
        self._folder = folder
        self._tokens = {token.token_id: token for token in tokens.tokens(folder)}
        self._known: dict[str, Token] = {}
        self._used: set[str] = set()
        self._fault = ""
        self.required = required or folder.exists()

    def token_of(self, secret: str) -> Token | None:
        """Return the token that `secret` is, if it holds. Only those that hold are remembered."""
        token = self._known.get(secret)
        if token is None or token.token_id not in self._tokens:
            found = [token for token in self._tokens.values() if token.is_of(secret)]
            if not found:
                return None
            token = self._known[secret] = found[0]
        self._used.add(token.token_id)
        return token

    def look(self) -> None:
        """Take over what has changed. Whatever fails opens nothing, and is logged once."""
        fault = ""
        try:
            self._take_over()
        except (TokensError, OSError) as error:
            fault = str(error)
        if fault and fault != self._fault:
            log.error("tokens not read", extra={"error": fault})
        self._fault = fault

    def _take_over(self) -> None:
        # Once required, for good: a folder that is gone must not open the endpoint.
        self.required = self.required or self._folder.exists()
        present = tokens.ids(self._folder)
        # Those revoked go first: one that cannot be read must not keep them.
        self._tokens = {each: token for each, token in self._tokens.items() if each in present}
        for token_id in sorted(present - self._tokens.keys()):
            self._tokens = {**self._tokens, token_id: tokens.read(self._folder, token_id)}

    def note_uses(self) -> None:
        """Remember which tokens were used since the last time."""
        used, self._used = self._used, set()
        for token_id in used & self._tokens.keys():
            try:
                tokens.note_use(self._folder, token_id)
            except OSError as error:
                log.warning("use of a token not noted", extra={"error": error.strerror})


class Gate:
    """Decides for each webhook; counts the refused ones by their reason."""

    def __init__(
        self, keyring: Keyring | None = None, allowed_addresses: Sequence[Network] = ()
    ) -> None:
        """Let in who knows a token of `keyring` and comes from `allowed_addresses`, if any."""
        self.refused: Counter[str] = Counter()
        self._keyring = keyring
        self._allowed = tuple(allowed_addresses)

    @property
    def asks_for_token(self) -> bool:
        return self._keyring is not None and self._keyring.required

    def admit(self, client: str, segments: Sequence[str]) -> str | None:
        """Return the campaign of a webhook that may come in, None if its path names none.

        `client` is the address it comes from and `segments` what its path has after `/smso`.
        Raises `RefusedError`.
        """
        if self._allowed and not self._is_allowed(client):
            self.refused["address"] += 1
            raise AddressRefusedError("the client's address is not allowed")
        rest = self._after_token(segments)
        if rest is None or len(rest) > 1:
            self.refused["token"] += 1
            raise TokenRefusedError("the path is unknown")
        return rest[0] if rest else None

    def _after_token(self, segments: Sequence[str]) -> Sequence[str] | None:
        """Return the segments after the token; None if one is asked for and none holds."""
        first, rest = (segments[0], segments[1:]) if segments else ("", segments)
        if self._keyring is not None and self._keyring.required:
            return rest if self._keyring.token_of(first) else None
        # Open to all: a token of another installation opens nothing, and is no campaign.
        return rest if looks_like_token(first) else segments

    def _is_allowed(self, client: str) -> bool:
        try:
            address = ip_address(client)
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self._allowed)


class Watch:
    """A thread that keeps a keyring up to date and tells of refusals; a context manager."""

    def __init__(self, keyring: Keyring, gate: Gate, seconds: float = REFRESH_SECONDS) -> None:
        self._keyring = keyring
        self._gate = gate
        self._seconds = seconds
        self._told: Counter[str] = Counter()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tokens", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        refreshes = 0
        while not self._stopping.wait(self._seconds):
            self._keyring.look()
            if refreshes % REFRESHES_PER_NOTE == 0:
                self._note()
            refreshes += 1
        self._note()

    def _note(self) -> None:
        """Write down, at most once a minute, what a stranger could otherwise flood a disk with."""
        self._keyring.note_uses()
        refused = self._gate.refused.copy()
        for reason, times in (refused - self._told).items():
            log.warning("webhooks refused", extra={"reason": reason, "times": times})
        self._told = refused
