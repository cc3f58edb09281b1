"""The installation's keys of persons: derived from the key of the audit, for this purpose alone.

They live and move as the audit's key does: in the home, in encrypted backups, and gone with it. A new key
(``backup.rekeying``) forgets the keys that were made of numbers, since no list could match them any more.
"""

import hmac
from datetime import date

from sqlalchemy import Connection

from build_scripts.intake.person_marks import PersonKeys
from checklist.model import Campaign
from forms_server.db.engine import audit_key

_PURPOSE = b"keys of persons, version 1"


def person_keys(connection: Connection, campaign: Campaign, today: date) -> PersonKeys:
    """Return what makes keys of the numbers of a list that is read today."""
    secret = hmac.digest(audit_key(connection), _PURPOSE, "sha256")
    return PersonKeys(secret, campaign.age_bounds, today)
