"""The pages there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from services.newsroom.web import (
    asking,
    board,
    desk,
    desk_doubtful,
    desk_edit,
    desk_edition,
    desk_editions,
    desk_look,
    desk_release,
    desk_schedules,
    desk_story,
    home,
    importing,
    openid,
    people,
    quality,
    reading,
    signing_in,
    static,
    telling,
    telling_photos,
    thanks,
    wins,
)

if TYPE_CHECKING:
    from fastapi import APIRouter

ROUTERS: Final[tuple[APIRouter, ...]] = (
    static.router,
    signing_in.router,
    openid.router,
    asking.router,
    home.router,
    reading.router,
    telling.router,
    telling_photos.router,
    thanks.router,
    board.router,
    wins.router,
    desk.router,
    desk_story.router,
    desk_edit.router,
    desk_editions.router,
    desk_schedules.router,
    desk_look.router,
    desk_edition.router,
    desk_release.router,
    desk_doubtful.router,
    quality.router,
    people.router,
    importing.router,
)
