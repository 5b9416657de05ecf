"""The web application: what it answers to, without a server around it."""

from __future__ import annotations

from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI

from services.newsroom import bounces, drafting, posting, preferences, status
from services.newsroom.contract import describe
from services.newsroom.problems import handle_problems
from services.newsroom.recorder import Recorder
from services.newsroom.web.faults import SignInNeededError
from services.newsroom.web.guard import actions
from services.newsroom.web.judged import UnjudgedError
from services.newsroom.web.kept import Kept, PendingError
from services.newsroom.web.pages import Guarded, Look, come_back, come_back_judged, problem_page, to_sign_in
from services.newsroom.web.provider import Provider
from services.newsroom.web.routers import ROUTERS
from services.newsroom.web.tries import Tries
from shared.signing_in import into_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shared.measuring import Tally
    from shared.projecting.nearly import Stretch
    from shared.settings import Settings
    from shared.signing_in import Deliver
    from shared.store.engine import Store


def create_app(
    settings: Settings,
    store: Store,
    checks: Mapping[str, Callable[[], str]] | None = None,
    deliver: Deliver | None = None,
) -> FastAPI:
    """Wire the routes to the store; `checks` say how what runs beside it fares, for `/ready`.

    `deliver` hands over a mail that signs someone in; by default it goes into the folder of mails.
    """
    app = FastAPI(title="Tandem", version=metadata.version("tandem"), docs_url=None, redoc_url=None)
    app.state.settings = settings
    app.state.store = store
    app.state.recorder = Recorder(store, settings.rules, settings.intake)
    app.state.checks = checks or {}
    app.state.deliver = deliver or partial(into_folder, Path(settings.mail_folder))
    app.state.look = Look(settings.brand)
    app.state.tries = Tries()
    tallies: Kept[Tally] = Kept()
    app.state.tallies = tallies
    nearly: Kept[Stretch] = Kept()
    app.state.nearly = nearly
    called: Kept[dict[str, str]] = Kept()
    app.state.called = called
    app.state.provider = Provider(settings) if settings.openid_issuer else None
    handle_problems(app, problem_page)
    app.exception_handler(SignInNeededError)(to_sign_in)
    app.exception_handler(PendingError)(come_back)
    app.exception_handler(UnjudgedError)(come_back_judged)
    app.add_middleware(Guarded)
    for router in (
        posting.router,
        drafting.router,
        bounces.router,
        status.router,
        preferences.router,
        *ROUTERS,
    ):
        app.include_router(router)
    actions(app)
    describe(app, drafting.Draft, drafting.DraftReport, drafting.RefusedDraft, *bounces.MODELS)
    return app
