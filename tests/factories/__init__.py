"""Making what a test needs, in the field's words: `HouseholdFactory(worker=kim, members=3, under_protection=True)`.

Facts are appended as an import would append them; `registered_on` is the day on which the house learned of them.
"""

from tests.factories.agencies import AgencyFactory, CentreFactory, UserFactory, district
from tests.factories.households import (
    AddendumFactory,
    AttemptFactory,
    ContactFactory,
    DraftFactory,
    HouseholdFactory,
    PersonFactory,
    ShareFactory,
)

__all__ = [
    "AddendumFactory",
    "AgencyFactory",
    "AttemptFactory",
    "CentreFactory",
    "ContactFactory",
    "DraftFactory",
    "HouseholdFactory",
    "PersonFactory",
    "ShareFactory",
    "UserFactory",
    "district",
]
