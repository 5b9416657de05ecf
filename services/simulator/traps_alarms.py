"""Traps about roadblocks that do not count: too late, too short, too small, or never real."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from services.simulator.mishaps import arrives
from services.simulator.people import TRACKING
from services.simulator.season import workday
from services.simulator.traps import Scene, trap
from services.simulator.turns import retracted

if TYPE_CHECKING:
    from datetime import datetime

    from services.simulator.plan import Plan, Roadblock


def _stood(found: Roadblock, raised_at: datetime, resolved_at: datetime) -> None:
    """Let the roadblock have stood from then to then, and everything done in between."""
    found.raised_at, found.resolved_at = raised_at, resolved_at
    count = len(found.steps) + 1
    for nth, step in enumerate(found.steps, 1):
        step.at = raised_at + (resolved_at - raised_at) * nth / count


def _single(scene: Scene) -> tuple[Plan, Roadblock]:
    plan = scene.stage.beaten(scene.dice, scene.due)
    return plan, plan.roadblocks[0]


@trap(roadblock_beaten="none")
def raised_on_the_due_day(scene: Scene) -> Plan:
    """Raised in the morning of the due day, when it was too late to be early."""
    plan, found = _single(scene)
    arrives(plan, scene.dice, plan.due)
    plan.receipts[0].at = plan.due_start + timedelta(hours=16)
    _stood(found, plan.due_start + timedelta(hours=6), plan.due_start + timedelta(hours=12))
    return plan


@trap(roadblock_beaten="none")
def raised_at_the_last_minute(scene: Scene) -> Plan:
    """Raised two hours before the due day began."""
    plan, found = _single(scene)
    arrives(plan, scene.dice, plan.due)
    _stood(found, plan.due_start - timedelta(hours=2), plan.due_start - timedelta(minutes=30))
    return plan


@trap(roadblock_beaten="none")
def gone_in_minutes(scene: Scene) -> Plan:
    """Raised and resolved within ten minutes."""
    plan, found = _single(scene)
    _stood(found, found.raised_at, found.raised_at + timedelta(minutes=scene.dice.between(4, 12)))
    return plan


@trap(roadblock_beaten="none")
def false_alarm(scene: Scene) -> Plan:
    """Everybody ran, and there was nothing."""
    plan, found = _single(scene)
    found.outcome = "false_alarm"
    return plan


@trap(roadblock_beaten="none")
def resolved_too_late(scene: Scene) -> Plan:
    """Beaten in the end, after the promise had been broken."""
    plan, found = _single(scene)
    found.outcome = "late"
    arrives(plan, scene.dice, workday(plan.due + timedelta(days=3)))
    return plan


@trap(roadblock_beaten="none")
def called_late_by_its_team(scene: Scene) -> Plan:
    """Delivered in time after all, though the roadblock was closed as late."""
    plan, found = _single(scene)
    found.outcome = "late"
    return plan


@trap(roadblock_beaten="none")
def low_system_alert(scene: Scene) -> Plan:
    """A machine saw a low risk."""
    plan, found = _single(scene)
    found.raised_by, found.severity = TRACKING, "low"
    return plan


@trap(roadblock_beaten="none")
def system_alert_of_no_delay(scene: Scene) -> Plan:
    """A machine saw a risk of no days at all."""
    plan, found = _single(scene)
    found.raised_by, found.severity, found.days = TRACKING, "medium", 0
    return plan


@trap(roadblock_beaten="none")
def never_resolved(scene: Scene) -> Plan:
    """On time, but nobody ever said that the roadblock was gone."""
    plan, found = _single(scene)
    found.resolved_at = None
    return plan


@trap(roadblock_beaten="none")
def resolution_retracted(scene: Scene) -> Plan:
    """The resolution was booked on the wrong order and taken back."""
    plan, found = _single(scene)
    assert found.resolved_at
    at = found.resolved_at + timedelta(days=2)
    retracted(plan, "delivery.roadblock_resolved", 1, at, "Booked on the wrong order")
    return plan


@trap(roadblock_beaten="joint")
def false_alarm_then_a_real_one(scene: Scene) -> Plan:
    """A second, real roadblock was beaten together."""
    plan, found = _single(scene)
    scene.stage.beat(scene.dice, plan)
    found.outcome = "false_alarm"
    return plan
