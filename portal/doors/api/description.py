"""The API described for machines: OpenAPI 3.1, its types from `bodies`."""

from functools import cache
from typing import Any

import msgspec
from flask import Response

from portal.doors.api import bodies, problems, taking
from portal.doors.api.blueprint import PREFIX, bp
from portal.people.access import public

_JSON = "application/json"
_ABOUT = (
    "门口的设备（扫码枪、闸机、自助签到机）用它读名册、发签到。"
    "令牌由主办方在活动的“设备”页制作，只显示一次，只能用于那次活动；到期或停用后失效。\n\n"
    "签到凭证（pass）是 30 个大写字母和数字，里面没有个人信息。"
    "断网时，设备把扫到的内容去掉空格和横线、转成大写，把 O 换成 0、I 和 L 换成 1，"
    "取 UTF-8 的 SHA-256（十六进制小写），与名册里的 pass_hashes 比较，就知道是谁；"
    "联网后把签到发上来。\n\n"
    "每条签到有设备生成的 client_id（UUID）。同一个 client_id 无论发多少次，都只登记一次、"
    "得到同样的结果；没有收到回答时，放心再发。"
    "各台设备谁先谁后都没有关系：最早的到场时间算数；要签退的活动，最后一次离开的时间算数。"
)


@bp.get("/openapi.json")
@public
def openapi() -> Response:
    """The description itself; nothing in it is secret."""
    return Response(_encoded(), mimetype=_JSON)


@cache
def _encoded() -> bytes:
    return msgspec.json.encode(description())


def description() -> dict[str, Any]:
    """Return the whole description."""
    told = (
        bodies.BatchSent,
        bodies.BatchResult,
        bodies.RosterTold,
        taking.WithdrawalsSent,
        taking.WithdrawalResults,
        taking.NamesSent,
    )
    schemas, components = msgspec.json.schema_components(
        told, ref_template="#/components/schemas/{name}"
    )
    batch, result, roster, withdrawals, withdrawn, names = schemas
    components["CheckInSent"]["oneOf"] = [{"required": ["person_id"]}, {"required": ["pass"]}]
    components["Problem"] = _problem()
    return {
        "openapi": "3.1.0",
        "info": {"title": "签到接口", "version": "1.0.0", "description": _ABOUT},
        "servers": [{"url": PREFIX}],
        "security": [{"token": []}],
        "paths": {
            "/events/{event_id}/roster": {
                "parameters": [_EVENT_ID],
                "get": {
                    "operationId": "roster",
                    "summary": "读名册",
                    "description": "门口需要的最少内容。带上次的 ETag 再问，没有变化时回答 304。",
                    "parameters": [
                        {
                            "name": "If-None-Match",
                            "in": "header",
                            "schema": {"type": "string"},
                        },
                        {
                            "name": "search",
                            "in": "query",
                            "description": "1：另外给出手机尾号、拼音和座位，供工作人员找人、引座",
                            "schema": {"type": "string", "enum": ["1"]},
                        },
                    ],
                    "responses": {
                        "200": {
                            "description": "名册",
                            "headers": {"ETag": {"schema": {"type": "string"}}},
                            "content": {_JSON: {"schema": roster}},
                        },
                        "304": {"description": "没有变化"},
                        **_refusals(401, 403, 404, 409, 429),
                    },
                },
            },
            "/events/{event_id}/checkins": {
                "parameters": [_EVENT_ID],
                "post": {
                    "operationId": "checkIn",
                    "summary": "发签到",
                    "description": "一次最多 500 条。有一条有问题，不影响其他各条。",
                    "requestBody": {"required": True, "content": {_JSON: {"schema": batch}}},
                    "responses": {
                        "200": {
                            "description": "每条的结果，次序与发来的相同",
                            "content": {_JSON: {"schema": result}},
                        },
                        **_refusals(401, 403, 404, 413, 415, 422, 429, 503),
                    },
                },
            },
            "/events/{event_id}/withdrawals": {
                "parameters": [_EVENT_ID],
                "post": {
                    "operationId": "withdraw",
                    "summary": "撤销点错的签到",
                    "description": "一次最多 100 条。别处也登记过的人不撤销。",
                    "requestBody": {"required": True, "content": {_JSON: {"schema": withdrawals}}},
                    "responses": {
                        "200": {
                            "description": "每条的结果，次序与发来的相同",
                            "content": {_JSON: {"schema": withdrawn}},
                        },
                        **_refusals(401, 403, 404, 413, 415, 422, 429, 503),
                    },
                },
            },
            "/events/{event_id}/names": {
                "parameters": [_EVENT_ID],
                "post": {
                    "operationId": "writeDown",
                    "summary": "记下名册里没有的人",
                    "description": "一次最多 100 个。主办方以后再认定是谁。",
                    "requestBody": {"required": True, "content": {_JSON: {"schema": names}}},
                    "responses": {
                        "204": {"description": "都已收到"},
                        **_refusals(401, 403, 404, 413, 415, 422, 429, 503),
                    },
                },
            },
            "/openapi.json": {
                "get": {
                    "operationId": "description",
                    "summary": "本说明",
                    "security": [],
                    "responses": {"200": {"description": "OpenAPI 3.1"}},
                }
            },
        },
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {
                kind.slug: {
                    "description": kind.meaning,
                    "content": {
                        problems.MIMETYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
                    },
                }
                for kind in problems.KINDS.values()
            },
        },
    }


_EVENT_ID = {
    "name": "event_id",
    "in": "path",
    "required": True,
    "description": "活动编号",
    "schema": {"type": "integer", "minimum": 1},
}


def _refusals(*statuses: int) -> dict[str, Any]:
    return {
        str(status): {"$ref": f"#/components/responses/{problems.KINDS[status].slug}"}
        for status in statuses
    }


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "RFC 9457；type 不会改变，detail 是给人看的一句话",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["at", "detail"],
                    "properties": {"at": {"type": "string"}, "detail": {"type": "string"}},
                },
            },
        },
    }
