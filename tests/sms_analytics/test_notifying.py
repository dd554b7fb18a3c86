"""Notices reach real servers, and what they are sent to stays secret."""

from __future__ import annotations

import logging

import pytest
from pydantic import SecretStr

from sms_analytics.notifying import named, send
from tests.sms_analytics.receiving import PATIENT, http_inbox, mail_inbox

SECRET = "s3cr3t"


def test_a_webhook_gets_the_notice() -> None:
    with http_inbox() as inbox:
        assert send(
            SecretStr(inbox.url), "Delivery has fallen", "Of 5 & 6 <messages>", is_good=False
        )
    (post,) = inbox.posts
    assert post["title"] == "Delivery has fallen"
    assert post["message"] == "Of 5 & 6 <messages>"
    assert post["type"] == "failure"


def test_a_mail_gets_the_notice() -> None:
    with mail_inbox() as inbox:
        address = (
            f"127.0.0.1:{inbox.port}?from=a@example.com&to=b@example.com&mode=insecure&{PATIENT}"
        )
        assert send(SecretStr(f"mailto://{address}"), "It is back", "All is well", is_good=True)
    (mail,) = inbox.mails
    assert mail["subject"] == "It is back"
    assert mail["to"] == "b@example.com"
    body = mail.get_body(("plain", "html"))
    assert body is not None
    assert "All is well" in body.get_content()


@pytest.mark.parametrize("url", ["json://127.0.0.1:1/s3cr3t", "nonsense://s3cr3t", "s3cr3t"])
def test_what_cannot_be_sent_is_said_without_the_address(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert not send(SecretStr(url), "title", "body", is_good=False)
    assert SECRET not in caplog.text


def test_a_refusal_is_a_failure() -> None:
    with http_inbox() as inbox:
        inbox.status = 500
        assert not send(SecretStr(inbox.url), "a", "b", is_good=False)


def test_an_address_is_named_by_its_place_and_scheme() -> None:
    assert named([SecretStr("json://x"), SecretStr(f"mailto://{SECRET}@x")], 1) == "2 (mailto)"
