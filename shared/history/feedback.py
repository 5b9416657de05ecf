"""What customers say, and when it speaks against us."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.events.customers import FeedbackReceived

NPS_DETRACTOR = 6


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
