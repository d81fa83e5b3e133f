"""The library of the demo: what the communities have put in, and which events use it."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.database import db
from portal.demo import drawings
from portal.demo import organisations as places
from portal.demo.films import film
from portal.demo.life import Act
from portal.demo.world import World
from portal.events import attachment_services, queries
from portal.events.models import Event
from portal.materials import services as materials
from portal.materials.models import Material


@dataclass(frozen=True)
class File:
    """A file of the demo, and the events (by a part of their title) that use it."""

    title: str
    ending: str
    owner: str
    days_ago: int
    content: Callable[[], bytes]
    used_by: tuple[str, ...] = ()
    poster: Callable[[], bytes] | None = None


_SERIES = ("主题系列党课·第三讲", "主题系列党课·第四讲")


def _lecture() -> bytes:
    parts = [
        (
            "一、为什么要走出课堂",
            "把党课搬到小区、服务中心和科普基地，边走边看边讨论，比坐着听更容易记住。",
        ),
        (
            "二、三个点位看什么",
            "红色物业看议事，为老服务看队伍，水准零点看志愿讲解。每个点位带着一个问题去。",
        ),
        (
            "三、回来做什么",
            "每个支部选一件小事，写明谁来做、什么时候做完，下一讲先说这件事办得怎么样。",
        ),
    ]
    return drawings.paper("党建引领主题系列党课讲稿", parts)


def _route() -> bytes:
    return drawings.table(
        [
            ("点位", "看什么", "停留（分钟）"),
            ("党群服务中心", "集合，介绍路线", 40),
            ("鲁商首府小区", "物业、居委会、业委会联席议事", 50),
            ("一家亲为老服务中心", "社会组织为老服务", 40),
            ("中国水准零点", "科普讲解与志愿服务", 40),
        ]
    )


def _handout() -> bytes:
    return drawings.handout(
        [
            "主题党课·行走路线提示",
            "1. 集合：党群服务中心一楼大厅，提前十分钟签到。",
            "2. 全程约三公里，请穿便于步行的鞋，自带水杯。",
            "3. 行动不便的同志请提前联系，可以乘车到各点位。",
            "4. 每到一处先听讲解，再分组讨论，由记录人记下意见。",
            "5. 带着问题去：这件事我们社区能不能做？谁来做？",
        ]
    )


def _film() -> bytes:
    steps = [drawings.street(number, size=(640, 360)) for number in (0, 1, 2, 3)]
    return film([step for step in steps for _ in range(6)], seconds=1)


def _poster() -> bytes:
    return drawings.written(drawings.street(1, size=(640, 360)))


def _notes() -> bytes:
    return (
        "登记要求（演练用）\r\n\r\n1. 一人读，一人录，录完交换。\r\n2. 姓名按身份证件上的字，一个字也不能错。\r\n"
        "3. 不会写的字先记下读音，回来再查。\r\n4. 演练用的居民信息都是虚构的。\r\n"
    ).encode("gb18030")


FILES = (
    File("党建引领主题系列党课讲稿", "docx", places.SHANTOU, 40, _lecture, _SERIES),
    File("行走路线提示（发给参加的人）", "pdf", places.SHANTOU, 38, _handout, _SERIES),
    File("点位路线与时间表", "xlsx", places.SHANTOU, 38, _route, _SERIES[:1]),
    File("走进社区：三个点位（短片）", "webm", places.SHANTOU, 12, _film, _SERIES, _poster),
    File("鲁商首府小区外景", "jpg", places.SHANTOU, 30, lambda: _picture(0)),
    File("滨海步道", "jpg", places.SHANTOU, 29, lambda: _picture(2)),
    File("社区广场清晨", "jpg", places.HAIKOU, 21, lambda: _picture(3)),
    File("普查登记要求（演练）", "txt", places.OFFICE, 60, _notes),
    File("文明实践站开场音乐", "wav", places.OFFICE, 55, drawings.chime),
    File("街道楼院一览", "jpg", places.OFFICE, 50, lambda: _picture(1)),
)


def _picture(number: int) -> bytes:
    return drawings.written(drawings.street(number))


def acts(world: World, now: datetime) -> Iterator[Act]:
    """Yield the uploads at their moments, and the attaching once the events are written."""
    kept: dict[str, Material] = {}
    for file in FILES:
        yield Act(now - timedelta(days=file.days_ago), _upload(world, file, kept))
    yield Act(now - timedelta(minutes=1), lambda: _attach(world, kept))


def _upload(world: World, file: File, kept: dict[str, Material]) -> Callable[[], None]:
    def upload() -> None:
        kept[file.title] = materials.keep(
            stream=io.BytesIO(file.content()),
            filename=f"{file.title}.{file.ending}",
            owner=world.organisations[file.owner],
            actor=world.host_of(file.owner),
        )

        if file.poster is not None:
            poster = materials.prepare(filename="封面.jpg", stream=io.BytesIO(file.poster()))
            materials.set_poster(
                material=kept[file.title], prepared=poster, actor=world.host_of(file.owner)
            )

    return upload


def _attach(world: World, kept: dict[str, Material]) -> None:
    for file in FILES:
        for part in file.used_by:
            event_id = db.session.scalar(select(Event.id).where(Event.title.contains(part)))
            if event_id is None:
                raise RuntimeError(f"the demo has no event “{part}”")
            attachment_services.attach(
                event=queries.event(event_id),
                materials=[kept[file.title]],
                actor=world.host_of(file.owner),
            )
