"""The web application: what it answers to, without a server around it."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from fastapi import FastAPI

from services.newsroom import drafting, posting, preferences, status
from services.newsroom.contract import describe
from services.newsroom.problems import handle_problems
from services.newsroom.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shared.settings import Settings
    from shared.store.engine import Store


def create_app(
    settings: Settings, store: Store, checks: Mapping[str, Callable[[], str]] | None = None
) -> FastAPI:
    """Wire the routes to the store; `checks` say how what runs beside it fares, for `/ready`."""
    app = FastAPI(title="Tandem", version=metadata.version("tandem"), docs_url=None, redoc_url=None)
    app.state.settings = settings
    app.state.store = store
    app.state.recorder = Recorder(store, settings.rules, settings.intake)
    app.state.checks = checks or {}
    handle_problems(app)
    app.include_router(posting.router)
    app.include_router(drafting.router)
    app.include_router(status.router)
    app.include_router(preferences.router)
    describe(app, drafting.Draft, drafting.DraftReport, drafting.RefusedDraft)
    return app
