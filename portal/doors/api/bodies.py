"""What devices send and are sent: types that are checked while JSON is read, and described."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

import msgspec
from flask import request
from msgspec import UNSET, Meta, Struct, UnsetType

from portal.attendance.models import Direction, Method
from portal.attendance.services import MOST_AT_ONCE, Result
from portal.doors.api.problems import Fault, Problem
from portal.doors.services import Sent
from portal.web.numbers import LARGEST_ID

# 500 check-ins take about 100 KB.
LARGEST_BODY = 512 * 1024
# Longer than any code that a scanner reads.
_LONGEST_CODE = 4_000
Body = TypeVar("Body")
YEARS = range(2000, 2200)
_PLACE = re.compile(r" - at `(\$[^`]*)`$")
_ITEM = re.compile(r"\$\.(\w+)\[(\d+)\](?:\.(\w+))?")
_ITEMS = {"checkins": "条签到", "withdrawals": "条撤销", "names": "个姓名"}


class CheckInSent(Struct, rename={"presented": "pass"}):
    """One person as a device saw them: by `person_id` or by the text of a `pass`."""

    client_id: Annotated[UUID, Meta(description="设备生成的编号；同一编号再发，得到同样的结果")]
    at: Annotated[datetime, Meta(tz=True, description="签到的时间，RFC 3339，带时区")]
    method: Annotated[Literal["scan", "tick", "kiosk", "code"], Meta(description="怎样签到的")] = (
        "scan"
    )
    # A number that nobody has, and a code that is no pass, are answered like any other.
    person_id: int | UnsetType = UNSET
    presented: (
        Annotated[str, Meta(max_length=_LONGEST_CODE, description="签到凭证的内容")] | UnsetType
    ) = UNSET
    direction: (
        Annotated[
            Literal["in", "out"],
            Meta(
                description="进（in）还是出（out）；要签退的活动才用得上。不写时，"
                "到场超过最短停留时间以后再签（tick 除外）算离开"
            ),
        ]
        | UnsetType
    ) = UNSET

    def __post_init__(self) -> None:
        """Exactly one of the two names somebody; and no moment before computers."""
        if (self.person_id is UNSET) == (self.presented is UNSET):
            raise ValueError("exactly one of person_id and pass")
        if self.at.year not in YEARS:
            raise ValueError("at is out of range")

    def sent(self) -> Sent:
        """Return it as the services take it."""
        number = 0 if self.person_id is UNSET else self.person_id
        return Sent(
            str(self.client_id),
            self.at,
            Method(self.method),
            person_id=number if 0 < number <= LARGEST_ID else None,
            presented=None if self.presented is UNSET else self.presented,
            direction=None if self.direction is UNSET else Direction(self.direction),
        )


class BatchSent(Struct):
    """Up to 500 check-ins."""

    checkins: Annotated[list[CheckInSent], Meta(max_length=MOST_AT_ONCE)]


class CheckInResult(Struct):
    """The answer to one check-in."""

    client_id: UUID
    outcome: Literal["recorded", "already", "unknown", "not_expected", "closed", "bad_pass"]
    status: Annotated[str | None, Meta(description="此人现在在名册上的状态；没有计入时为 null")]
    left_at: Annotated[
        datetime | None,
        Meta(description="此人离开的时间；不要签退的活动、还没有离开时为 null"),
    ]


class BatchResult(Struct):
    """The answers, in the order of the check-ins."""

    results: list[CheckInResult]


class EventTold(Struct):
    """The event whose door it is."""

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    signs_out: Annotated[bool, Meta(description="要不要签退")]
    minimum_stay: Annotated[int, Meta(description="到场多少分钟以后再签算离开")]


class PersonTold(Struct):
    """One person on the roll."""

    person_id: int
    name: str
    unit: str
    pass_hash: Annotated[
        str | None,
        Meta(description="最新一张有效凭证内容的 SHA-256（十六进制小写）；没有凭证时为 null"),
    ]
    status: str
    has_come: bool
    pass_hashes: Annotated[list[str], Meta(description="全部有效凭证（手机、胸卡）的 SHA-256")]
    left_at: Annotated[datetime | None, Meta(description="离开的时间；不知道时为 null")]
    tail: (
        Annotated[str, Meta(description="手机尾号，认同名的人；只在 search=1 时有")] | UnsetType
    ) = UNSET
    keys: (
        Annotated[str, Meta(description="拼音和首字母，用空格隔开；只在 search=1 时有")] | UnsetType
    ) = UNSET
    place: (
        Annotated[str, Meta(description="座位或分组；没有安排时没有，只在 search=1 时有")]
        | UnsetType
    ) = UNSET


class RosterTold(Struct):
    """What a door needs: who is on the roll, and how their passes are recognised."""

    event: EventTold
    version: Annotated[int, Meta(description="名册每变一次就加一")]
    people: list[PersonTold]


_BATCH = msgspec.json.Decoder(BatchSent)


def batch_sent() -> list[Sent]:
    """Return the check-ins that the request sends; see `body_as`."""
    return [one.sent() for one in body_as(_BATCH).checkins]


def body_as(decoder: msgspec.json.Decoder[Body]) -> Body:
    """Return what the request sends; raise Problem 413, 415 or 422, and say where."""
    if request.mimetype != "application/json":
        raise Problem(415)
    request.max_content_length = LARGEST_BODY
    body = request.get_data(cache=False)
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise Problem(422, errors=[_fault(str(error))]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(422, "内容不是合格的 JSON，整批都没有登记。") from error


def batch_result(results: list[Result]) -> dict[str, Any]:
    """Return the answers as they are told."""
    return {"results": [one._asdict() for one in results]}


def _fault(message: str) -> Fault:
    """Say in Chinese where the fault is; what exactly the reader expected is for the programmer."""
    place = _PLACE.search(message)
    at = place[1] if place else "$"
    expected = message[: place.start()] if place else message
    item = _ITEM.match(at)
    where = f"第 {int(item[2]) + 1} {_ITEMS.get(item[1], '条')}" if item else "请求内容"
    what = f"的 {item[3]} " if item and item[3] else ""
    return Fault(at, f"{where}{what}不符合约定（{expected}）。")
