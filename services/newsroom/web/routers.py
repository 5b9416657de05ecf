"""The pages there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from services.newsroom.web import (
    board,
    home,
    importing,
    openid,
    people,
    quality,
    reading,
    signing_in,
    static,
    thanks,
    wins,
)

if TYPE_CHECKING:
    from fastapi import APIRouter

ROUTERS: Final[tuple[APIRouter, ...]] = (
    static.router,
    signing_in.router,
    openid.router,
    home.router,
    reading.router,
    thanks.router,
    board.router,
    wins.router,
    quality.router,
    people.router,
    importing.router,
)
