"""The failures that a user can bring about or mend: each is told in one line.

Anything else is a fault of ours and shows its traceback.
"""

from __future__ import annotations

from analytics.catalogue import PublishError
from analytics.door import CatalogueError
from analytics.networks import NetworksError
from analytics.past import PastError
from eventlog.table import TableError
from ingest.journal import JournalError
from ingest.tokens import TokensError
from reports.exports import ExportError
from reports.period import PeriodError
from sms_analytics.alert_book import AlertBookError
from sms_analytics.failures import CommandError
from sms_analytics.password import PasswordError
from sms_analytics.settings import SettingsError

EXPECTED_ERRORS = (
    AlertBookError,
    CatalogueError,
    CommandError,
    ExportError,
    JournalError,
    NetworksError,
    PasswordError,
    PastError,
    PeriodError,
    PublishError,
    SettingsError,
    TableError,
    TokensError,
)
