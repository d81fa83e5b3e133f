"""The sites and routes of the demo: places are real or invented, what is said of them is invented.

Documents bear the word 演示; positions on the sketch were read from texts and are marked so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal import clock
from portal.database import db
from portal.demo import organisations as places
from portal.demo.site_plans import CRITERIA, MONTHS, ROUTES, SITES, SitePlan
from portal.demo.world import World
from portal.materials.models import Material
from portal.people.models import Person
from portal.sites import (
    closure_services,
    moves,
    picture_services,
    room_services,
    services,
    title_services,
)
from portal.sites.closure_services import ClosureFacts
from portal.sites.details import Details, Naming
from portal.sites.models import CoordinateSystem, CriterionKind, Level, Site
from portal.sites.moves import Grounds
from portal.sites.opening import spans_typed
from portal.sites.picture_queries import pictures_of
from portal.sites.routes import services as route_services
from portal.sites.routes.details import RouteDetails, StopDetails
from portal.sites.routes.queries import route as route_of
from portal.sites.scoring import queries as score_queries
from portal.sites.scoring import rules
from portal.sites.scoring import services as scoring
from portal.sites.title_services import TitleFacts


@dataclass(frozen=True)
class Act:
    """Something done at a moment, in the order of time."""

    at: datetime
    what: Callable[[], object]


class Sites:
    """The sites of the demo as they come to be."""

    def __init__(self, world: World, now: datetime) -> None:
        self.world = world
        self.now = now
        self.made: dict[str, Site] = world.sites
        self.office = world.persons["office"]
        self.sheet_id = 0

    def live(self) -> None:
        """Do everything at its moment, none after now."""
        acts = sorted(self._acts(), key=lambda act: act.at)
        for act in acts:
            with clock.stopped_at(act.at):
                act.what()

    def _acts(self) -> list[Act]:
        acts = [self._at(plan.named_ago or 20, self._writing(plan)) for plan in SITES]
        acts += [
            self._at((plan.named_ago or 0) - 0.5, self._naming(plan))
            for plan in SITES
            if plan.named_ago is not None
        ]
        acts += self._reviews()
        acts.append(self._at(280, self._routes))
        acts += [self._at(330, self._score), self._at(315, self._settle_score)]
        acts.append(self._at(3, self._close_exhibition))
        return acts

    def _at(self, days_ago: float, what: Callable[[], object]) -> Act:
        return Act(self.now - timedelta(days=days_ago), what)

    def _keeper(self, plan: SitePlan) -> Person:
        return self.world.host_of(plan.organisation)

    # ---- what is written

    def _writing(self, plan: SitePlan) -> Callable[[], None]:
        def write() -> None:
            actor = self._keeper(plan)
            longitude, latitude = plan.coordinates or (None, None)
            details = Details(
                name=plan.name,
                organisation=self.world.organisations[plan.organisation],
                kind=plan.kind,
                summary=plan.summary,
                address=plan.address,
                contact=plan.contact,
                sketch_x=plan.place[0],
                sketch_y=plan.place[1],
                is_approximate=True,
                longitude=longitude,
                latitude=latitude,
                crs=CoordinateSystem.GCJ02 if plan.coordinates else None,
                **plan.texts,
            )
            site = services.create(details=details, reason="", actor=actor)
            self.made[plan.key] = site
            for facts in plan.rooms:
                room_services.add_room(site=site, facts=facts, actor=actor)
            if plan.hours:
                hours = {day: spans_typed(text, field="x") for day, text in plan.hours.items()}
                room_services.set_hours(site=site, hours=hours, version=site.version, actor=actor)
            for name, level, issuer, days in plan.titles:
                title_services.add_title(
                    site=site, facts=self._title(name, level, issuer, days), actor=actor
                )

        return write

    def _title(self, name: str, level: Level, issuer: str, days: int | None) -> TitleFacts:
        today = clock.local(self.now).date()
        return TitleFacts(
            name=name,
            title_level=level,
            issuer=issuer,
            valid_until=None if days is None else today + timedelta(days=days),
        )

    def _naming(self, plan: SitePlan) -> Callable[[], None]:
        def name() -> None:
            today = clock.today()
            number = f"珠街党发〔{today.year}〕{SITES.index(plan) + 11} 号（演示）"
            valid = None if plan.valid_days is None else today + timedelta(days=plan.valid_days)
            moves.name_site(
                site=self.made[plan.key],
                naming=Naming(
                    naming_level=plan.level,
                    naming_document=number,
                    named_on=today,
                    valid_until=valid,
                ),
                grounds=Grounds(reason="按文件命名", moved_on=today, document=number),
                months=MONTHS,
                actor=self.office,
            )

        return name

    # ---- what becomes of them

    def _reviews(self) -> list[Act]:
        """One passed and due again, one under review, one to be put right, one delisted."""
        return [
            self._at(352, lambda: self._start("centre")),
            self._at(350, lambda: self._approve("centre", "场地和服务都好，继续保持。")),
            self._at(9, lambda: self._start("elder")),
            self._at(62, lambda: self._start("wanghai")),
            self._at(
                55,
                lambda: self._rectify("wanghai", "邻里客厅长期没有开放，请恢复每周两次开放。", 100),
            ),
            self._at(200, lambda: self._start("binhai")),
            self._at(195, lambda: self._rectify("binhai", "议事会停办半年，请恢复。", 90)),
            self._at(100, lambda: self._delist("binhai", "整改期满，议事会仍未恢复，按程序摘牌。")),
        ]

    @staticmethod
    def _grounds(reason: str, today: date) -> Grounds:
        return Grounds(reason=reason, moved_on=today)

    def _start(self, key: str) -> None:
        grounds = self._grounds("按年度复审计划开展复审", clock.today())
        moves.start_review(site=self.made[key], grounds=grounds, actor=self.office)

    def _approve(self, key: str, reason: str) -> None:
        grounds = self._grounds(reason, clock.today())
        moves.approve(site=self.made[key], grounds=grounds, months=MONTHS, actor=self.office)

    def _rectify(self, key: str, reason: str, days: int) -> None:
        today = clock.today()
        moves.rectify(
            site=self.made[key],
            grounds=self._grounds(reason, today),
            deadline=today + timedelta(days=days),
            actor=self.office,
        )

    def _delist(self, key: str, reason: str) -> None:
        grounds = self._grounds(reason, clock.today())
        moves.delist(site=self.made[key], grounds=grounds, actor=self.office)

    def _close_exhibition(self) -> None:
        site = self.made["benchmark"]
        monday = clock.today() + timedelta(days=14 - clock.today().weekday())
        closure_services.close(
            site=site,
            facts=ClosureFacts(
                starts_on=monday + timedelta(days=1),
                ends_on=monday + timedelta(days=2),
                room_id=site.rooms[0].id,
                reason="更换展板",
            ),
            actor=self.world.persons["secretary2"],
        )

    # ---- a score sheet, filled in by a document, and scoring switched off again

    def _score(self) -> None:
        site = self.made["lushang"]
        scheme = scoring.switch_on(
            organisation=self.world.organisations[places.OFFICE],
            approval=scoring.Approval(
                name="红色物业党建示范项目评价办法",
                document_title="关于开展红色物业党建示范项目评价的通知",
                document_number="珠街党发〔2025〕30 号（演示）",
                document_date=clock.today(),
                publicity_days=7,
            ),
            criteria=rules.lines_typed(CRITERIA),
            actor=self.office,
        )
        made = scoring.begin(site=site, scheme=scheme, actor=self.world.persons["keeper"])
        evidence = "有会议记录和公开栏照片为证，现场核实一致"
        for who in ("keeper", "secretary", "office"):
            sheet = score_queries.sheet_of(site, made.id, only_public=False)
            answers = {
                one.id: scoring.Answer(_points(one), evidence)
                for one in rules.leaves(sheet.scheme.criteria)
            }
            scoring.write(
                sheet=sheet,
                answers=answers,
                is_done=True,
                version=sheet.version,
                actor=self.world.persons[who],
            )
        self.sheet_id = made.id

    def _settle_score(self) -> None:
        sheet = score_queries.sheet_of(self.made["lushang"], self.sheet_id, only_public=False)
        scoring.settle(sheet=sheet, result="公示无异议，认定为示范项目。", actor=self.office)
        scoring.switch_off(scheme=sheet.scheme, actor=self.office)

    # ---- routes

    def _routes(self) -> None:
        for name, code, starts, summary, stops in ROUTES:
            actor = self.world.host_of(code)
            details = RouteDetails(
                name=name,
                organisation=self.world.organisations[code],
                summary=summary,
                contact="社区服务台 0532-5550 0107",
                starts_minute=starts,
            )
            made = route_services.create(details=details, actor=actor)
            for key, minutes, walk, metres, note in stops:
                route_services.add_stop(
                    route=route_of(made.id),
                    site=self.made[key],
                    details=StopDetails(
                        minutes=minutes, walk_minutes=walk, walk_metres=metres, note=note
                    ),
                    actor=actor,
                )


def _points(criterion: rules.Scored) -> int:
    """Return nine tenths of the points; a condition is met, a fault was not found."""
    if criterion.kind is CriterionKind.POINTS:
        return criterion.max_points * 9 // 10
    return int(criterion.kind is CriterionKind.CONDITION)


def open_sites(world: World, now: datetime) -> None:
    """Let the sites and routes of the demo come to be, up to `now`."""
    Sites(world, now).live()


# Site, picture of the library, what is to be seen, words below it.
_PICTURES = (
    ("lushang", "鲁商首府小区外景", "小区楼房和绿地，楼前有人散步", "小区外景（示意画）"),
    ("lushang", "街道楼院一览", "一排楼院和行道树", ""),
    ("sailing", "滨海步道", "海边步道，远处是帆船", "滨海步道（示意画）"),
)


def hang_pictures(world: World) -> None:
    """Put pictures of the library on the pages of sites, once they have been uploaded."""
    for key, title, alt_text, caption in _PICTURES:
        site, actor = world.sites[key], world.persons["office"]
        material = db.session.scalars(select(Material).where(Material.title == title)).one()
        picture_services.add_pictures(site=site, materials=[material], actor=actor)
        picture = pictures_of(site)[-1]
        picture_services.describe_picture(
            site=site,
            picture=picture,
            alt_text=alt_text,
            caption=caption,
            version=picture.version,
            actor=actor,
        )
