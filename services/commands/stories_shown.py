"""What `tandem stories` answers: stories as JSON, and for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.commands.context import day, moment, say
from shared.patterns.conditions import condition

if TYPE_CHECKING:
    from shared.dossier import Dossier
    from shared.editing import Desk, Waiting

_SHOWN = 50


def told(waiting: Waiting) -> dict[str, Any]:
    """A story as the queue lists it."""
    story = waiting.story
    by = story.submitted_by
    return {
        "story_id": story.story_id,
        "state": story.state,
        "title": story.content.title,
        "hash": story.content.hash,
        "submitted_by": None if by is None else {"person_id": by.person_id, "department": by.department},
        "via": story.via,
        "submitted_at": story.submitted_at.isoformat(),
        "edited_by": story.edited_by,
        "waits_since": story.waits_since.isoformat(),
        "age_days": waiting.age_days,
        "due": day(waiting.due),
        "overdue": waiting.overdue,
        "merged_into": story.merged_into,
    }


def document(dossier: Dossier) -> dict[str, Any]:
    """What there is to know of a story beside that."""
    content, printed = dossier.story.content, dossier.printed
    return {
        "body": content.body,
        "printed": {"title": printed.title, "body": printed.body},
        "order_ids": content.order_ids,
        "customer_id": content.customer_id,
        "thanks": [{"person_id": each.person_id, "department": each.department} for each in content.thanks],
        "named": [{"person_id": each.person_id, "department": each.department} for each in content.named],
        "missing_orders": dossier.missing_orders,
        "concerns": [
            {"kind": each.kind, "text": each.text, "stops": _stops(each.needs_change, each.needs_reason)}
            for each in dossier.concerns
        ],
        "gates": [{"name": g.name, "passed": g.passed, "values": g.values} for g in dossier.gates],
        "win_id": dossier.win.win_id if dossier.win else None,
        "evidence": [
            {"time": e.at.isoformat(), "order_id": e.order_id, "text": e.text, "source": e.source, "id": e.id}
            for e in dossier.evidence
        ],
        "history": [
            {
                "at": e.at.isoformat(),
                "action": e.action,
                "by": e.by,
                "state": e.state,
                "hash": e.hash,
                "note": e.note,
            }
            for e in dossier.history
        ],
    }


def _stops(change: bool, reason: bool) -> str | None:
    """What an approval waits for."""
    return "change" if change else "reason" if reason else None


def queue(found: list[Waiting]) -> None:
    """Print the first of the queue, and how many there are."""
    for each in found[:_SHOWN]:
        due = f", due {each.due}" if each.due else ""
        late = "OVERDUE  " if each.overdue else ""
        say(f"{late}{each.story.content.title}")
        say(f"    {each.story.state} for {each.age_days} d{due}  {each.story.story_id}")
    if len(found) > _SHOWN:
        say(f"… and {len(found) - _SHOWN:,} more; --json lists them all")
    overdue = sum(each.overdue for each in found)
    says = f" {overdue} of them wait too long; deputies may decide these." if overdue else ""
    say(
        f"{len(found):,} {'story' if len(found) == 1 else 'stories'}.{says}"
        + (" tandem stories show STORY_ID shows one." if found else "")
    )


def one(waiting: Waiting, dossier: Dossier, desk: Desk) -> None:
    """Print a story with all that an editor looks at."""
    story, zone = dossier.story, desk.rules.zone
    by = story.submitted_by
    say(story.content.title)
    who = f"{by.person_id}, {by.department.replace('_', ' ')}" if by else "nobody named"
    due = f", due {waiting.due}{', OVERDUE' if waiting.overdue else ''}" if waiting.due else ""
    say(f"{story.state}{due}; told by {who} ({story.via}); hash {story.content.hash[:12]}")
    say(f"{story.story_id}, about {', '.join(story.content.order_ids) or 'no order'}")
    say("\nAs readers will see it")
    for line in (dossier.printed.title, "", *dossier.printed.body.splitlines()):
        say(f"  {line}".rstrip())
    say("\nFact check")
    for concern in dossier.concerns:
        stops = _stops(concern.needs_change, concern.needs_reason)
        say(f"  {concern.kind:<10} {concern.text}{f'  (needs a {stops})' if stops else ''}")
    if not dossier.concerns:
        say("  Nothing to look at.")
    say("\nWhat has to hold before it is told")
    for gate in dossier.gates:
        say(f"  {'yes' if gate.passed else 'NO '}  {condition(dossier.pattern, gate.name)}")
    say("\nEvidence")
    for event in dossier.evidence:
        say(f"  {moment(event.at.astimezone(zone))}  {event.order_id}  {event.text}")
    for order_id in dossier.missing_orders:
        say(f"  Nobody knows an order {order_id}.")
    say("\nHistory")
    for entry in dossier.history:
        note = f": {entry.note}" if entry.note else ""
        say(f"  {moment(entry.at.astimezone(zone))}  {entry.action} by {entry.by or 'rule'}{note}")
