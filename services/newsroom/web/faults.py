"""What may go wrong with a page, in words: what happened, and what to do next. Pages translate them."""

from __future__ import annotations

from http import HTTPStatus

from services.newsroom.problems import Problem


class Fault(Problem):
    """A problem with both its sentences apart, so that a page can say them in the reader's language."""

    def __init__(self, status: HTTPStatus, what: str, then: str, **values: str) -> None:
        super().__init__(status, f"{what} {then}" % values)
        self.what, self.then, self.values = what, then, values


class SignInNeededError(Exception):
    """A page is for people who are signed in, and nobody is."""


def not_here() -> Fault:
    """Nothing is here for this reader, or at all: the two are told alike."""
    return Fault(
        HTTPStatus.NOT_FOUND,
        "There is no such page, or it is not for you.",
        "Go back to the start page, or ask an administrator which pages you may see.",
    )


def not_yours(who: str) -> Fault:
    """A page for other roles."""
    return Fault(
        HTTPStatus.FORBIDDEN,
        "This is only for: %(who)s.",
        "An administrator can give you that role.",
        who=who,
    )


def forged() -> Fault:
    """A form that was not sent from the page that shows it."""
    return Fault(
        HTTPStatus.FORBIDDEN,
        "This form did not come from a page of this newsroom, or you signed in anew since it was shown.",
        "Nothing was changed. Go back, load the page again and send the form once more.",
    )


def unjudged() -> Fault:
    """What would rest on wins and figures that are being judged anew."""
    return Fault(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The rules or Tandem itself have changed, and all orders are being judged anew.",
        "Nothing was changed. Go back, and send the form once more when that is done.",
    )


def too_often() -> Fault:
    """Too many tries to sign in."""
    fault = Fault(
        HTTPStatus.TOO_MANY_REQUESTS,
        "There were too many tries to sign in.",
        "Wait a minute, then try again.",
    )
    fault.headers = {"Retry-After": "60"}
    return fault


def too_much() -> Fault:
    """More from one person than anyone writes."""
    fault = Fault(
        HTTPStatus.TOO_MANY_REQUESTS,
        "This came more often than anyone writes.",
        "Wait a minute, then send it again: what you wrote is still on its page.",
    )
    fault.headers = {"Retry-After": "60"}
    return fault


def begun_enough(how_many: str) -> Fault:
    """More stories begun than anyone finishes."""
    return Fault(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "You have begun %(how_many)s stories and not handed them in.",
        "Finish one, or throw one away that you do not need any more.",
        how_many=how_many,
    )


def wrong(field: str, why: str) -> Fault:
    """A field that cannot be taken."""
    return Fault(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The field %(field)s cannot be taken: %(why)s.",
        "Nothing was changed. Go back and correct it.",
        field=field,
        why=why,
    )


def no_form() -> Fault:
    """A body that is not what a form of this newsroom sends."""
    return Fault(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "This is not what a form of this newsroom sends.",
        "Send it from the page itself, as application/x-www-form-urlencoded in UTF-8.",
    )


def refused(why: str) -> Fault:
    """What the use case says, which has both sentences already."""
    return Fault(HTTPStatus.UNPROCESSABLE_ENTITY, "%(why)s.", "Nothing was changed.", why=why)


def link_used() -> Fault:
    """A link that signs nobody in."""
    return Fault(
        HTTPStatus.GONE,
        "This link signs nobody in any more: it is good once, for a quarter of an hour.",
        "Ask for a new one.",
    )


def link_broken() -> Fault:
    """A link in a mail that we did not make so, or that leads to what is gone."""
    return Fault(
        HTTPStatus.GONE,
        "This link does not work: it was cut off on its way, or what it stood for is gone.",
        "Open it from a newer mail.",
    )


def openid_failed(why: str) -> Fault:
    """The provider, or what it answered, cannot be used."""
    return Fault(
        HTTPStatus.BAD_GATEWAY,
        "The provider of identities could not sign you in: %(why)s.",
        "Try again, or sign in by mail.",
        why=why,
    )


def openid_stale() -> Fault:
    """A browser that comes back with a state that was not its own, or is too old."""
    return Fault(
        HTTPStatus.BAD_REQUEST,
        "This browser did not begin to sign in here, or too long ago.",
        "Begin again on the page Sign in.",
    )


def openid_unknown() -> Fault:
    """A person whom the provider knows and the newsroom does not."""
    return Fault(
        HTTPStatus.FORBIDDEN,
        "Nobody here is known by this account yet.",
        "Sign in by mail once, then connect the account on your own page.",
    )
