"""What a customer is said to be, by several systems of which each tells what it knows."""

from __future__ import annotations

from typing import Any

import pytest

from shared.events.catalogue import parse
from shared.history.account import Account, fold
from tests import make

CRM, ERP = make.at("01-01"), make.at("01-02")


def account(*told: dict[str, Any]) -> Account:
    return fold("C-1", [parse(raw) for raw in make.raw(told)])


@pytest.mark.parametrize("field", ["is_internal", "confidential"])
def test_what_a_later_registration_leaves_out_stays_as_it_was(field: str) -> None:
    first = make.registered(time=CRM, **{field: True})
    silent = make.registered(time=ERP)
    denied = make.registered(time=ERP, **{field: False})
    assert getattr(account(first, silent), field) is True
    assert getattr(account(first, denied), field) is False
    assert getattr(account(silent), field) is False
