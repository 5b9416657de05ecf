"""Bodies that are too large, packed, cut off, too slow or not wanted: an answer, and nothing half-done."""

from __future__ import annotations

import gzip
import re
import socket
import time
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from services.newsroom import bodies, server
from tests import make
from tests.http.newsroom import BATCH, EVENT, array, running
from tests.make import raw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.http.newsroom import Newsroom

MOST = 100_000
GZIP = {"content-encoding": "gzip"}


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    database: Path = tmp_path_factory.mktemp("strict") / "tandem.db"
    with running(database, http_most_bytes=MOST, http_most_events=3) as newsroom:
        yield newsroom


def batch_of(size: int) -> bytes:
    return b"[" + b" " * (size - 2) + b"]"


@pytest.mark.parametrize(
    "sent",
    [
        lambda body: body,
        lambda body: iter([body]),  # in chunks: nobody says how much will come
        lambda body: (body[start : start + 1000] for start in range(0, len(body), 1000)),
    ],
)
@pytest.mark.parametrize(("size", "status"), [(MOST, 202), (MOST + 1, 413), (200 * MOST, 413)])
def test_the_limit(strict: Newsroom, size: int, status: int, sent: Callable[[bytes], Any]) -> None:
    answer = strict.client.post("/v1/events", content=sent(batch_of(size)), headers=BATCH)
    assert answer.status_code == status, answer.text
    if status == 413:
        assert "more than 100000 bytes" in answer.json()["detail"]
    assert strict.letters == []


def test_too_many_events(strict: Newsroom) -> None:
    events = [make.registered(f"C-{number}") for number in range(4)]
    answer = strict.send(*events)
    assert (answer.status_code, strict.ids) == (413, [])
    assert "4 events at once; send at most 3" in answer.json()["detail"]
    assert strict.send(*events[:3]).status_code == 202


@pytest.mark.parametrize("packed", [gzip.compress, lambda body: gzip.compress(body, 0, mtime=0)])
def test_gzip(newsroom: Newsroom, packed: Callable[[bytes], bytes]) -> None:
    body = array(*(make.registered(f"C-{number}") for number in range(100)))
    assert newsroom.post(packed(body), BATCH | GZIP).json()["accepted"] == 100


def test_a_bomb_is_not_unpacked(strict: Newsroom) -> None:
    bomb = gzip.compress(b" " * 50_000_000, mtime=0)
    assert len(bomb) < MOST
    assert strict.post(bomb, BATCH | GZIP).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\x1f\x8b",
        gzip.compress(b"[]", mtime=0)[:-1],
        gzip.compress(b"[]", mtime=0) + b"x",
        gzip.compress(b"[]", mtime=0) * 2,
        zlib.compress(b"[]"),
    ],
)
def test_what_is_no_gzip(newsroom: Newsroom, body: bytes) -> None:
    answer = newsroom.post(body, BATCH | GZIP)
    assert (answer.status_code, newsroom.letters) == (400, [])
    assert "one complete gzip stream" in answer.json()["detail"]


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip, gzip", "zstd"])
def test_another_coding(newsroom: Newsroom, coding: str) -> None:
    answer = newsroom.post(b"[]", BATCH | {"content-encoding": coding})
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "gzip")


def test_identity_is_no_coding(newsroom: Newsroom) -> None:
    assert newsroom.post(b"[]", BATCH | {"content-encoding": "identity"}).status_code == 202


def test_a_byte_order_mark(newsroom: Newsroom) -> None:
    assert newsroom.post(b"\xef\xbb\xbf" + raw([make.placed()])[0], EVENT).status_code == 202


class Raw:
    """A connection on which anything may be said, at any speed."""

    def __init__(self, newsroom: Newsroom) -> None:
        host, _, port = newsroom.url.removeprefix("http://").partition(":")
        self._socket = socket.create_connection((host, int(port)), timeout=30)
        self._head = f"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: {BATCH['content-type']}\r\n"
        self._token = f"Authorization: {newsroom.client.headers['authorization']}\r\n"

    def say(self, text: str) -> None:
        self._socket.sendall(text.encode())

    def begin(self, length: int, *, token: bool = True) -> None:
        self.say(f"{self._head}{self._token if token else ''}Content-Length: {length}\r\n\r\n")

    def hear(self) -> str:
        """All that is said until the other side is done."""
        found = b""
        while part := self._socket.recv(65536):
            found += part
        return found.decode()

    def hear_head(self) -> str:
        """The status and headers of an answer."""
        found = b""
        while b"\r\n\r\n" not in found:
            part = self._socket.recv(1)
            assert part, found
            found += part
        return found.decode()

    def hear_answer(self) -> str:
        """One answer whole, and none of the next."""
        head = self.hear_head()
        [length] = re.findall(r"content-length: (\d+)", head)
        return head + self._socket.recv(int(length), socket.MSG_WAITALL).decode()

    def leave(self) -> None:
        self._socket.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_LATE_SECONDS", 0.3)
    monkeypatch.setattr(bodies, "_SECONDS", 0.3)


@pytest.fixture
def line(newsroom: Newsroom) -> Iterator[Raw]:
    connection = Raw(newsroom)
    yield connection
    connection.leave()


def test_without_a_token_the_body_is_not_waited_for(line: Raw) -> None:
    line.begin(1000, token=False)
    assert line.hear_head().startswith("HTTP/1.1 401 ")


def test_a_body_said_to_be_too_large_is_not_waited_for(line: Raw) -> None:
    line.begin(10**12)
    assert line.hear_head().startswith("HTTP/1.1 413 ")


@pytest.mark.usefixtures("hasty")
def test_a_body_that_trickles_in(line: Raw, newsroom: Newsroom) -> None:
    line.begin(1000)
    line.say("[")
    heard = line.hear()
    assert heard.startswith("HTTP/1.1 408 ")
    assert (newsroom.ids, newsroom.letters) == ([], [])


@pytest.mark.parametrize(
    "begin",
    [
        lambda line: line.say("POST /v1/events HTTP/1.1\r\n"),
        lambda line: line.begin(10**6, token=False),
    ],
    ids=["headers", "a body that was answered"],
)
@pytest.mark.usefixtures("hasty")
def test_what_trickles_in_is_left(newsroom: Newsroom, begin: Callable[[Raw], None]) -> None:
    line = Raw(newsroom)
    begin(line)
    with pytest.raises(OSError, match=r"Broken pipe|reset"):
        trickle(line)
    line.leave()


def trickle(line: Raw) -> None:
    for number in range(1000):
        line.say(f"X-{number}: 1\r\n")
        time.sleep(0.02)


def test_a_sender_who_leaves_in_the_middle(line: Raw, newsroom: Newsroom) -> None:
    line.begin(1000)
    line.say("[")
    line.leave()
    assert newsroom.send(make.placed(name="e1")).status_code == 202
    assert (newsroom.ids, newsroom.letters) == (["e1"], [])


@pytest.mark.parametrize(
    "said",
    [
        "junk\r\n\r\n",
        "POST /v1/events HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST /v1/events HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nX: " + "x" * 200_000 + "\r\n\r\n",
    ],
)
def test_what_is_no_http(line: Raw, said: str) -> None:
    line.say(said)
    assert line.hear_head().startswith("HTTP/1.1 400 ")


def test_several_requests_on_one_connection(line: Raw) -> None:
    for token, status in ((True, 202), (False, 401), (True, 202)):
        line.begin(2, token=token)
        line.say("[]")
        assert line.hear_answer().startswith(f"HTTP/1.1 {status} ")
