"""Refusals become pages here, once; the 500 page cannot fail."""

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, render_template, request, url_for
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.utils import redirect

from portal.database import db
from portal.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    PortalError,
)
from portal.web import htmx
from portal.web.again import Sent, what_was_sent
from portal.web.transaction import COMMITTED

log = logging.getLogger(__name__)


# Who answers for paths that are no pages, and how: (prefix, status and sentence -> answer).
Speaker = Callable[[int, str], Response]
_speakers: dict[str, Speaker] = {}


def speak_at(prefix: str, speaker: Speaker) -> None:
    """Let refusals at paths that begin with the prefix be told by `speaker`, not by a page."""
    _speakers[prefix] = speaker


class SignInRequired(Exception):  # noqa: N818  it is a step to take, not a fault
    """Somebody has to sign in first."""


STATUS: dict[type[PortalError], tuple[int, str]] = {
    NotFoundError: (404, "没有找到"),
    ForbiddenError: (403, "没有权限"),
    ConflictError: (409, "没有办成"),
    InvalidInputError: (422, "填写有误"),
}

SENTENCES = {
    400: ("请求有误", "浏览器发来的内容不完整。请返回上一页，刷新后再试一次。"),
    404: ("没有找到", "这个地址上没有内容，可能已被移走，或者地址输错了。"),
    405: ("不能这样打开", "这个地址不能直接打开，请从页面上的按钮进入。"),
    413: ("文件太大", "上传的内容超过了允许的大小，没有保存。请压缩或拆分后再试。"),
    429: ("请稍候", "操作太频繁了，请过一会儿再试。"),
}

_LAST_RESORT = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<title>暂时出了问题</title></head><body><main><h1>暂时出了问题</h1>
<p role="alert">门户遇到了没有料到的情况。请稍后再看刚才的操作是否已经保存。</p>
<p><a href="/">回到首页</a></p></main></body></html>"""


def refusal_page(
    status: int, heading: str, sentence: str, *, sent: Sent | None = None, sign_in: bool = False
) -> Response:
    """Answer with the sentence in `[role=alert]`: a whole page, or the alert alone to htmx.

    `sent` is offered to be sent again, after signing in where `sign_in` says so.
    """
    db.session.rollback()
    for prefix, speaker in _speakers.items():
        if request.path.startswith(prefix):
            return speaker(status, sentence)
    page = "errors/alert.html" if htmx.is_fragment_request() else "errors/refusal.html"
    body = render_template(
        page, heading=heading, sentence=sentence, status=status, sent=sent, sign_in=sign_in
    )
    response = Response(body, status=status, mimetype="text/html")
    if htmx.is_fragment_request():
        # The page shows refusals in its message area, wherever the request came from.
        response.headers["HX-Retarget"] = "#messages"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _portal_error(error: PortalError) -> Response:
    for kind, (status, heading) in STATUS.items():
        if isinstance(error, kind):
            return refusal_page(status, heading, error.message)
    return refusal_page(400, "没有办成", error.message)


def _sign_in_required(_error: SignInRequired) -> Any:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    if htmx.is_fragment_request():
        return Response(status=401, headers={"HX-Redirect": url_for("people.login")})
    sent = what_was_sent()
    if sent is not None:
        sentence = "登录已经结束，刚才的内容还没有保存。请在新窗口登录，再回到这一页提交。"
        return refusal_page(401, "请重新登录", sentence, sent=sent, sign_in=True)
    return redirect(url_for("people.login", next=wanted))


def _http_error(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:  # a redirect raised by routing
        return error
    heading, sentence = SENTENCES.get(status, ("没有办成", "这个操作没有完成，请返回后再试。"))
    response = refusal_page(status, heading, sentence)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _database_busy(error: OperationalError) -> Response:
    log.error("database: %s", error.orig)
    return _page_or_last_resort(
        503, "系统正忙", "数据库暂时没有响应，刚才的操作没有保存。请稍等片刻，返回后再提交一次。"
    )


def _unexpected(error: Exception) -> Response:
    log.error("unexpected: %s %s", request.method, request.path, exc_info=error)
    saved = "已经保存，但结果没有显示出来" if request.environ.get(COMMITTED) else "没有保存"
    return _page_or_last_resort(
        500, "暂时出了问题", f"门户遇到了没有料到的情况，刚才的操作{saved}。请稍后再看。"
    )


def _page_or_last_resort(status: int, heading: str, sentence: str) -> Response:
    """Answer with the page, or without any template where that fails too (no database)."""
    try:
        sent = None if request.environ.get(COMMITTED) else what_was_sent()
        return refusal_page(status, heading, sentence, sent=sent)
    except Exception:
        log.exception("the page for an error failed too")
        return Response(_LAST_RESORT, status=status, mimetype="text/html")


def init_app(app: Flask) -> None:
    """Map every refusal to its page."""
    app.register_error_handler(PortalError, _portal_error)
    app.register_error_handler(SignInRequired, _sign_in_required)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(Exception, _unexpected)
