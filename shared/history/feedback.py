"""What customers say, and when it speaks against us."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.events.customers import FeedbackReceived

NPS_DETRACTOR = 6
NPS_PROMOTER = 9


def speaks_against(feedback: FeedbackReceived) -> bool:
    """A complaint, an nps of 6 or less, or a csat in the lowest two fifths of its scale."""
    score, least, most = feedback.score, feedback.scale_min, feedback.scale_max
    if feedback.kind == "complaint":
        return True
    if score is None:
        return False
    if feedback.kind == "nps":
        return score <= NPS_DETRACTOR
    low = least is not None and most is not None and (score - least) * 5 <= (most - least) * 2
    return feedback.kind == "csat" and low


def points(feedback: FeedbackReceived) -> int | None:
    """What an answer adds to its KPI.

    nps: 1 promoter (9-10), 0 passive, -1 detractor (0-6). csat: 1 in the top quarter of its scale, which
    is 4 and 5 of five, else 0. None for a complaint or compliment.
    """
    score, least, most = feedback.score, feedback.scale_min, feedback.scale_max
    if score is None:
        return None
    if feedback.kind == "nps":
        return int(score >= NPS_PROMOTER) - int(score <= NPS_DETRACTOR)
    if feedback.kind == "csat" and least is not None and most is not None:
        return int((score - least) * 4 >= (most - least) * 3)
    return None
