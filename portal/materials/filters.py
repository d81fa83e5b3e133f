"""What a reader asks of the library, as it stands in the address. Pure."""

from dataclasses import dataclass

from portal.materials.models import MaterialKind


@dataclass(frozen=True)
class Filters:
    """The filters of the library; `kinds` None is any."""

    q: str = ""
    kinds: frozenset[MaterialKind] | None = None
    org: int | None = None
    is_archived: bool = False

    @property
    def kind(self) -> MaterialKind | None:
        """The one kind that is asked for, if it is one."""
        return next(iter(self.kinds)) if self.kinds is not None and len(self.kinds) == 1 else None

    @property
    def is_plain(self) -> bool:
        """Whether nothing was asked for beyond what is shown at first."""
        return self == Filters()
