"""The shape of a client as they see themselves: no status, weight, black list, note, or who recommended them."""

from services.clients.profiles.schemas import Details
from shared.api.fields import Version, fields

READ_ONLY = ("birth_date", "preferred_branch_id")
"""What treatments and bookings hang on: reception changes it, with the client in front of them."""
STAFF_ONLY = ("referral_method_id", "referred_by_client_id")


class OwnCorrections(Details):
    """What a client may correct; what is not named stays."""

    class Meta(Details.Meta):
        exclude = (*READ_ONLY, *STAFF_ONLY)


class OwnDetails(Details):
    class Meta(Details.Meta):
        exclude = STAFF_ONLY

    id = fields.UUID(required=True)
    version = Version(required=True)
