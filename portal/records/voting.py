"""Whether a vote is valid and whether it carries, with the formula in words and numbers. Pure.

DOMAIN 2.4: who should attend with a vote is the due list, the exempt among it, without those who
have no vote and those whom the higher body agreed to leave out; sick leave does not shrink it.
Quorum: at least half of these, in an election at least four fifths. A resolution carries with
more than half of those who *should* attend; who is elected needs more than half of those present.
"""

from dataclasses import dataclass
from typing import Protocol

from portal.records.models import VoteBasis

_WHOLE = {
    VoteBasis.RESOLUTION: "应到会有表决权的党员",
    VoteBasis.COMMITTEE: "委员会委员",
    VoteBasis.ELECTION: "应到会有选举权的党员",
}


class Counted(Protocol):
    """The numbers of a vote, as they were entered."""

    @property
    def basis(self) -> VoteBasis: ...
    @property
    def listed(self) -> int: ...
    @property
    def without_vote(self) -> int: ...
    @property
    def left_out(self) -> int: ...
    @property
    def present(self) -> int: ...
    @property
    def votes_for(self) -> int: ...
    @property
    def votes_against(self) -> int: ...
    @property
    def abstained(self) -> int: ...
    @property
    def invalid(self) -> int: ...


@dataclass(frozen=True)
class Verdict:
    """What follows from the numbers: each with the sentence that says why."""

    due: int
    due_words: str
    is_quorate: bool
    quorum_words: str
    has_carried: bool
    majority_words: str
    silent: int

    @property
    def words(self) -> str:
        """The outcome in one word."""
        if not self.is_quorate:
            return "表决无效"
        return "通过" if self.has_carried else "未通过"


def judge(vote: Counted) -> Verdict:
    """Return whether the vote is valid and carries; a vote without a quorum carries nothing."""
    due = vote.listed - vote.without_vote - vote.left_out
    is_election = vote.basis is VoteBasis.ELECTION
    quorate = due > 0 and (5 * vote.present >= 4 * due if is_election else 2 * vote.present >= due)
    whole, name = (vote.present, "实到会") if is_election else (due, "应到会")
    counted = vote.votes_for + vote.votes_against + vote.abstained + vote.invalid
    return Verdict(
        due=due,
        due_words=_due_words(vote, due),
        is_quorate=quorate,
        quorum_words=_quorum_words(vote, due, quorate, is_election=is_election),
        has_carried=quorate and 2 * vote.votes_for > whole,
        majority_words=_majority_words(vote, whole, name),
        silent=vote.present - counted,
    )


def _due_words(vote: Counted, due: int) -> str:
    parts = [f"名册应到（含免参加）{vote.listed} 人"]
    if vote.without_vote:
        parts.append(f"无表决权 {vote.without_vote} 人")
    if vote.left_out:
        parts.append(f"经批准不计入 {vote.left_out} 人")
    return f"{_WHOLE[vote.basis]} {due} 人 = {' − '.join(parts)}"


def _quorum_words(vote: Counted, due: int, quorate: bool, *, is_election: bool) -> str:
    share, least = ("五分之四", f"{4 * due / 5:g}") if is_election else ("半数", _half(due))
    verb = "达到" if quorate else "没有达到"
    return f"实到 {vote.present} 人，{verb}应到会 {due} 人的{share}（{least}）"


def _majority_words(vote: Counted, whole: int, name: str) -> str:
    verb = "超过" if 2 * vote.votes_for > whole else "没有超过"
    return f"赞成 {vote.votes_for} 票，{verb}{name} {whole} 人的半数（{_half(whole)}）"


def _half(whole: int) -> str:
    return f"{whole / 2:g}"
