"""Honours of a site: level, issuer, document, days. Expired ones stay and are shown so."""

from dataclasses import asdict, dataclass
from datetime import date

from portal import clock
from portal.errors import InvalidInputError
from portal.people.edit_history import check_version, differences
from portal.people.models import Person
from portal.sites.details import EARLIEST, LONGEST_LINE, LONGEST_NAME, check_validity
from portal.sites.models import Level, Site, SiteTitle
from portal.sites.services import save

LABELS = {
    "name": "荣誉名称",
    "title_level": "级别",
    "issuer": "授予单位",
    "document": "文号",
    "awarded_on": "授予日期",
    "valid_until": "有效期至",
}


@dataclass(frozen=True, kw_only=True)
class TitleFacts:
    """What is written about an honour."""

    name: str
    title_level: Level
    issuer: str = ""
    document: str = ""
    awarded_on: date | None = None
    valid_until: date | None = None


def facts_of(title: SiteTitle) -> TitleFacts:
    """Return what is written about the honour."""
    return TitleFacts(**{name: getattr(title, name) for name in LABELS})


def add_title(*, site: Site, facts: TitleFacts, actor: Person) -> SiteTitle:
    """Write down an honour; the same one is not written twice."""
    _check(site, facts, None)
    title = SiteTitle(**asdict(facts))
    site.titles.append(title)
    save(site, actor, "site.title_added", name=facts.name)
    return title


def change_title(
    *, site: Site, title: SiteTitle, facts: TitleFacts, version: int | None, actor: Person
) -> None:
    """Put an honour right; raise ChangedMeanwhileError for an older version."""
    check_version(title, version)
    _check(site, facts, title)
    changes = differences(asdict(facts_of(title)), asdict(facts), LABELS)
    if not changes:
        return
    for name, value in asdict(facts).items():
        setattr(title, name, value)
    save(site, actor, "site.title_changed", name=facts.name, changes=changes)


def remove_title(*, site: Site, title: SiteTitle, actor: Person) -> None:
    """Take an honour away that was written down by mistake."""
    site.titles.remove(title)
    save(site, actor, "site.title_removed", name=title.name)


def _check(site: Site, facts: TitleFacts, title: SiteTitle | None) -> None:
    if not facts.name.strip():
        raise InvalidInputError("请填写荣誉名称。", field="name")
    limits = {"name": LONGEST_NAME, "issuer": LONGEST_NAME, "document": LONGEST_LINE}
    for field, longest in limits.items():
        if len(getattr(facts, field)) > longest:
            raise InvalidInputError(f"{LABELS[field]}最多 {longest} 个字。", field=field)
    if facts.awarded_on is not None and not EARLIEST <= facts.awarded_on <= clock.today():
        raise InvalidInputError("授予日期不能晚于今天，年份也请核对。", field="awarded_on")
    check_validity(facts.awarded_on, facts.valid_until)
    same = (facts.name, facts.title_level, facts.awarded_on)
    for other in site.titles:
        if other is not title and (other.name, other.title_level, other.awarded_on) == same:
            raise InvalidInputError("这项荣誉已经登记过了。", field="name")
