"""Tables of the sites room."""

from portal.sites.models.lifecycle import ReviewResult, SiteMove, SiteReview
from portal.sites.models.pictures import SitePicture
from portal.sites.models.rooms import Closure, OpeningHours, Room
from portal.sites.models.routes import Route, RouteStop
from portal.sites.models.scoring import (
    Criterion,
    CriterionKind,
    ScoreEntry,
    ScoreSheet,
    ScoringScheme,
    SheetStage,
)
from portal.sites.models.site import (
    CoordinateSystem,
    Level,
    Site,
    SiteKind,
    SiteState,
    SiteTitle,
)

__all__ = [
    "Closure",
    "CoordinateSystem",
    "Criterion",
    "CriterionKind",
    "Level",
    "OpeningHours",
    "ReviewResult",
    "Room",
    "Route",
    "RouteStop",
    "ScoreEntry",
    "ScoreSheet",
    "ScoringScheme",
    "SheetStage",
    "Site",
    "SiteKind",
    "SiteMove",
    "SitePicture",
    "SiteReview",
    "SiteState",
    "SiteTitle",
]
