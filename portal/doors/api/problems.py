"""Problems (RFC 9457): a stable type, a Chinese sentence, and what to do."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
from flask import Response

MIMETYPE = "application/problem+json"
# Where the types are explained (`doors.api_help`); the part after it never changes.
EXPLAINED_AT = "/api/"


class Kind(NamedTuple):
    """A kind of problem: its status, the end of its type, its title, what it means."""

    status: int
    slug: str
    title: str
    meaning: str


KINDS = {
    kind.status: kind
    for kind in (
        Kind(400, "bad-request", "请求有误", "请求本身不完整。"),
        Kind(401, "unauthorized", "令牌无效", "没有带令牌，或者令牌不对、已到期、已停用。"),
        Kind(403, "forbidden", "没有权限", "令牌有效，但不能做这件事，或者不是为这次活动做的。"),
        Kind(404, "not-found", "没有找到", "没有这个地址，或者令牌管不到这次活动。"),
        Kind(405, "method-not-allowed", "不能这样请求", "这个地址不支持这种请求方法。"),
        Kind(409, "conflict", "没有办成", "活动没有发布、已经取消或延期，现在没有名册。"),
        Kind(413, "too-large", "内容太大", "一次最多 500 条、512 KB，请分批发送。"),
        Kind(415, "unsupported-media-type", "内容类型不对", "请用 application/json 发送。"),
        Kind(422, "invalid", "内容有误", "内容不符合约定，整批都没有登记；errors 说明错在哪里。"),
        Kind(429, "too-many-requests", "请稍候", "请求太频繁，请过 Retry-After 秒再发。"),
        Kind(500, "failed", "暂时出了问题", "门户遇到了没有料到的情况，可以用同样的编号再发。"),
        Kind(503, "busy", "系统正忙", "数据库暂时没有响应，请稍后用同样的编号再发。"),
    )
}


class Fault(NamedTuple):
    """One place of what was sent, and what is wrong with it."""

    at: str
    detail: str


class Problem(Exception):  # noqa: N818  it is what the answer is called
    """The request is refused with this status and sentence."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, errors
        self.headers = headers or {}


def answer(problem: Problem) -> Response:
    """Return the problem as the device reads it."""
    response = refusal(problem.status, problem.detail, errors=problem.errors)
    response.headers.update(problem.headers)
    return response


def refusal(status: int, detail: str, *, errors: Sequence[Fault] = ()) -> Response:
    """Return a problem of that status with this sentence, or with the kind's own."""
    kind = KINDS.get(status) or KINDS[500 if status >= 500 else 400]
    told: dict[str, object] = {
        "type": f"{EXPLAINED_AT}#{kind.slug}",
        "title": kind.title,
        "status": status,
        "detail": detail or kind.meaning,
    }
    if errors:
        told["errors"] = [fault._asdict() for fault in errors]
    response = Response(msgspec.json.encode(told), status=status, mimetype=MIMETYPE)
    response.headers["Cache-Control"] = "no-store"
    return response
