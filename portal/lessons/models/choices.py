"""Closed sets of lessons: states, forms, and where a lecturer comes from."""

from enum import StrEnum


class LessonState(StrEnum):
    """How far a version is: written, under review, returned, published, put away, replaced.

    The lesson's own state is that of the version readers see; it is never `replaced`.
    """

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    REPLACED = "replaced"

    @property
    def label(self) -> str:
        """Chinese name of the state."""
        return {
            "draft": "草稿",
            "in_review": "待审核",
            "returned": "已退回",
            "published": "已发布",
            "archived": "已归档",
            "replaced": "已更新",
        }[self.value]


# A version that is still being worked on: at most one a lesson.
OPEN = frozenset({LessonState.DRAFT, LessonState.IN_REVIEW})
# What readers see: at most one a lesson.
PUBLIC = frozenset({LessonState.PUBLISHED, LessonState.ARCHIVED})


class LessonForm(StrEnum):
    """How the lesson is given (DOMAIN 2.9)."""

    LECTURE = "lecture"
    SCENARIO = "scenario"
    ON_SITE = "on_site"
    WALKING = "walking"
    HANDS_ON = "hands_on"
    MICRO = "micro"

    @property
    def label(self) -> str:
        """Chinese name of the form."""
        return {
            "lecture": "讲授",
            "scenario": "情景",
            "on_site": "现场",
            "walking": "行走",
            "hands_on": "体验",
            "micro": "微党课",
        }[self.value]


class LecturerOrigin(StrEnum):
    """Somebody of the roster, or invited from outside, which needs an approval."""

    INSIDE = "inside"
    INVITED = "invited"

    @property
    def label(self) -> str:
        """Chinese words of the choice."""
        return {"inside": "本街道的党员", "invited": "外请"}[self.value]
