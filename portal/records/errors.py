"""What may stand in the way of a record."""

from collections.abc import Collection

from portal.errors import ConflictError


class RecordClosedError(ConflictError):
    """The record is confirmed, or filed: it is not written on any more."""


class RecordChangedError(ConflictError):
    """Somebody else has written into the same fields meanwhile; nothing was saved."""

    def __init__(self, fields: Collection[str]) -> None:
        super().__init__("您填写期间，别人也改了同样几处，所以这几处还没有保存。")
        self.fields = frozenset(fields)


class NotReadyError(ConflictError):
    """What the kind of record asks for is missing, or the two confirmations are not two."""
