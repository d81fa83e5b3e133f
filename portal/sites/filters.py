"""What a reader asks of the list of sites, as it stands in the address. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from portal.sites.models import SiteKind, SiteState


class View(StrEnum):
    """How the sites are shown: one below the other, or where they lie."""

    LIST = "list"
    MAP = "map"

    @property
    def label(self) -> str:
        """Chinese word of the choice."""
        return {"list": "列表", "map": "地图"}[self.value]


@dataclass(frozen=True)
class Filters:
    """The filters of the list; without a state, delisted sites are left out."""

    q: str = ""
    kind: SiteKind | None = None
    state: SiteState | None = None
    org: int | None = None
    view: View = View.LIST

    @property
    def is_plain(self) -> bool:
        """Whether nothing was asked for beyond what is shown to everybody at first."""
        return self == Filters(view=self.view)
