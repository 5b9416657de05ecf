"""Photos of stories: nothing of a file is left but what it shows, for those who may read the story."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile

from shared import photos, publishing, tables
from shared.editing import Desk
from shared.people.choosing import erase
from shared.periods import Period
from shared.photos import PhotoError, picture
from shared.recording import record
from shared.roles import Actor
from shared.rules import DEFAULTS
from shared.settling import settle
from shared.store import stories
from shared.submitting import confirm
from tests import make
from tests.newsroom.visiting import sign_in
from tests.newsroom.writing import company, jpeg, writer

if TYPE_CHECKING:
    from tests.http.newsroom import Newsroom

EDITOR = Actor("editor", frozenset({"reporter", "editor"}))
RED, BLUE = (200, 0, 0), (0, 0, 200)


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size, with next to nothing in it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    chunks = [struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def located() -> bytes:
    """A photo on its side, as phones write it, with where and by what it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Secret Phone"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    left = Image.new("RGB", (80, 40), RED)
    left.paste(BLUE, (40, 0, 80, 40))
    out = BytesIO()
    left.save(out, "JPEG", exif=exif, comment=b"Secret words", quality=95)
    return out.getvalue()


def test_nothing_but_the_picture_is_left_and_it_is_upright() -> None:
    made = picture(located())
    assert (made.width, made.height) == (40, 80)
    with Image.open(BytesIO(made.content)) as seen:
        assert not seen.getexif()
        assert seen.format == "JPEG"
        top, bottom = seen.getpixel((20, 10)), seen.getpixel((20, 70))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 150 > top[2]
    assert bottom[2] > 150 > bottom[0]
    for secret in (b"Secret", b"Exif", b"GPS"):
        assert secret not in made.content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_large_picture_becomes_small(kind: str) -> None:
    out = BytesIO()
    Image.new("RGB", (2400, 1200), RED).save(out, kind)
    made = picture(out.getvalue())
    assert (made.width, made.height) == (1600, 800)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16", "CMYK"])
def test_whatever_colours_a_file_has(mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (30, 20)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert picture(out.getvalue())[1:] == (30, 20)


HOSTILE = {
    "bomb of pixels": (png_header(60_000, 60_000), "too many pixels"),
    "just too large": (png_header(10_000, 5_001), "too many pixels"),
    "empty picture": (png_header(5_000, 5_000), "damaged"),
    "truncated": (jpeg(400, 400)[:-200], "damaged"),
    "half a header": (jpeg()[:20], "can be read"),
    "empty": (b"", "can be read"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "can be read"),
    "html": (b"<!doctype html><script>alert(1)</script>", "can be read"),
    "gif": (b"GIF89a" + b"\0" * 30, "can be read"),
    "postscript": (b"%!PS-Adobe-3.0\n%%BoundingBox: 0 0 9 9\n", "can be read"),
    "too many bytes": (b"\xff\xd8" + b"\0" * photos.MOST_BYTES, "too many bytes"),
}


def test_what_else_the_process_does_with_pictures_lets_none_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint does where it is imported
    with pytest.raises(PhotoError, match="damaged"):
        picture(HOSTILE["truncated"][0])


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_photo_is_refused(name: str) -> None:
    raw, why = HOSTILE[name]
    with pytest.raises(PhotoError, match=why):
        picture(raw)


def test_what_hides_in_a_photo_is_gone() -> None:
    hidden = b"<script>alert(document.cookie)</script>"
    raw = jpeg(comment=hidden) + hidden
    assert hidden in raw
    assert hidden not in picture(raw).content


@given(st.binary(max_size=300), st.integers(0, 600))
def test_any_bytes_are_a_photo_or_refused(noise: bytes, at: int) -> None:
    whole = jpeg()
    for raw in (noise, whole[:at] + noise + whole[at + len(noise) :]):
        try:
            made = picture(raw)
        except PhotoError:
            continue
        assert made.content.startswith(b"\xff\xd8")


@pytest.fixture(autouse=True)
def _company(request: pytest.FixtureRequest) -> None:
    if "newsroom" in request.fixturenames:
        company(request.getfixturevalue("newsroom"))


def test_photos_come_with_the_words_and_need_a_description(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    assert weber.upload(located(), **{"answer-4": "typed meanwhile"}).headers["location"].endswith("#photos")
    assert "typed meanwhile" in weber.page()
    [photo] = weber.photos()
    refused = weber.send("hand-in")
    assert refused.status_code == 422
    assert "Describe the photo" in refused.text
    assert weber.send("hand-in", **{f"alt-{photo}": "The crate <1>"}).status_code == 303
    with newsroom.store.reading() as connection:
        [story] = stories.listed(connection)
    assert story.content.photos == (photo,)


def test_other_photos_or_other_words_for_one_void_an_approval(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    weber.upload(jpeg())
    [photo] = weber.photos()
    weber.send("hand-in", **{f"alt-{photo}": "A crate"})
    desk = Desk(newsroom.store, datetime.now(UTC), DEFAULTS)
    story_id = newsroom.rows(tables.stories)[0]["story_id"]
    desk.approve(story_id, EDITOR)
    weber.send("hand-in", **{f"alt-{photo}": "Another crate"})
    [row] = newsroom.rows(tables.stories)
    assert row["state"] == "submitted"
    [new] = [each for each in newsroom.rows(tables.photos) if each["alt"] == "Another crate"]
    assert new["photo_id"] != photo
    assert new["photo_id"] in row["about"]
    desk.approve(story_id, EDITOR)
    weber.photos()
    weber.send(f"drop-photo:{new['photo_id']}")
    weber.photos()
    weber.send("hand-in")
    assert newsroom.rows(tables.stories)[0]["state"] == "submitted"
    assert newsroom.rows(tables.photos) == [], "nothing refers to them"


def test_there_is_room_for_a_few_and_the_same_is_kept_once(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    for _ in range(2):
        weber.upload(jpeg(10))
        weber.photos()
    assert len(weber.photos()) == 1
    for width in (20, 30, 40):
        weber.upload(jpeg(width))
        weber.photos()
    answer = weber.upload(jpeg(50))
    assert "There is room for 4 photos" in answer.text
    assert len(newsroom.rows(tables.photos)) == 4


def test_a_version_sent_before_a_photo_was_added_does_not_take_it_out(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    weber.upload(jpeg())
    weber.send(to="/saved", **{"answer-4": "typed before"})
    assert len(weber.photos()) == 1


def test_what_cannot_be_a_photo_is_said_and_the_words_stay(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    for raw, why in (HOSTILE["svg"], HOSTILE["bomb of pixels"], (b"", "Choose a photo first")):
        answer = weber.upload(raw, **{"answer-4": "still here"})
        assert why in answer.text
        assert "still here" in answer.text
    headers = {"sec-fetch-site": "same-origin", "content-type": "multipart/form-data; boundary=x"}
    for body, status in ((b"--x\r\nnonsense", 415), (b"x" * 13_000_000, 413)):
        answer = weber.browser.http.post(f"{weber.path}/photos", content=body, headers=headers)
        assert answer.status_code == status
    assert newsroom.rows(tables.photos) == []


def test_photos_of_others_cannot_be_taken(newsroom: Newsroom) -> None:
    weber = writer(newsroom)
    weber.upload(jpeg())
    [photo] = weber.photos()
    ruiz = writer(newsroom, "p-ruiz")
    ruiz.send("hand-in", witness="p-weber", thanks=[], **{"photo-id": [photo], f"alt-{photo}": "mine"})
    [story] = newsroom.rows(tables.stories)
    assert photo not in story["about"]


def test_who_may_see_a_photo(newsroom: Newsroom) -> None:
    """By state of the story: its author; then those who may read it; once it is told, everyone."""
    weber = writer(newsroom)
    weber.upload(jpeg())
    [photo] = weber.photos()
    path = f"/photos/{photo}"
    people = {
        role: sign_in(newsroom, role)
        for role in ("p-weber", "p-ruiz", "reporter", "editor", "publisher", "leader", "admin", "auditor")
    }

    def seeing() -> set[str]:
        return {name for name, each in people.items() if each.get(path).status_code == 200}

    assert seeing() == {"p-weber"}
    weber.send("hand-in", **{f"alt-{photo}": "A crate", "thanks": []})
    readers = {"p-weber", "p-ruiz", "editor", "publisher", "leader", "admin", "auditor"}
    assert seeing() == readers
    assert people["editor"].get("/photos/" + "0" * 32).status_code == 404
    answer = people["editor"].get(path)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["cache-control"].startswith("private")
    newsroom.client.cookies.clear()
    assert newsroom.client.get(path).status_code == 303


def test_a_told_story_shows_its_photos(newsroom: Newsroom) -> None:
    plain = [make.placed(), make.confirmed(), make.delivered(100, make.at("03-11"))]
    record(
        newsroom.store,
        make.raw([_of("SO-7", each) for each in plain]),
        as_of=datetime.now(UTC),
        rules=DEFAULTS,
    )
    weber = writer(newsroom, order="SO-7")
    weber.upload(jpeg())
    [photo] = weber.photos()
    shows = "A crate <1> of Ana Ruiz and the leader"
    assert weber.send("hand-in", order="SO-7", **{f"alt-{photo}": shows}).status_code == 303
    [row] = newsroom.rows(tables.stories)
    edition = _released(newsroom, row["story_id"])
    reporter = sign_in(newsroom, "reporter")
    page = reporter.get(f"/archive/{edition}/{row['story_id'].replace(':', '-')}").text
    assert f'src="/photos/{photo}"' in page
    assert 'alt="A crate &lt;1&gt; of Ana Ruiz and a colleague"' in page, "who agreed is named"
    erase(newsroom.store, "p-ruiz", datetime.now(UTC), who="test")
    [kept] = newsroom.rows(tables.photos)
    assert kept["alt"] == "A crate <1> of a colleague in sales and the leader"
    assert reporter.get(f"/photos/{photo}").status_code == 200
    assert f'href="/archive/{edition}/' in weber.browser.get("/tell").text
    Desk(newsroom.store, datetime.now(UTC), DEFAULTS).retract(row["story_id"], EDITOR, "A mistake")
    assert reporter.get(f"/photos/{photo}").status_code == 404


def _of(order_id: str, event: dict[str, Any]) -> dict[str, Any]:
    return {**event, "data": {**event["data"], "order_id": order_id}}


def _released(newsroom: Newsroom, story_id: str) -> str:
    """Confirmed and approved today, and told once all have had their days to object."""
    now = datetime.now(UTC)
    by, draft_id = {"person_id": "p-ruiz", "department": "sales"}, story_id.removeprefix("story-team_told:")
    confirm(newsroom.store, draft_id, "So it was.", by, via="tandem/cli", now=now, rules=DEFAULTS)
    Desk(newsroom.store, now, DEFAULTS).approve(story_id, EDITOR)
    final = (now + timedelta(days=1)).date()
    month = Period.month(final.year, final.month)
    later = now + timedelta(days=40)
    settle(newsroom.store, as_of=later, rules=DEFAULTS)
    made = publishing.compose(newsroom.store, "newsletter", month, later, DEFAULTS, {})
    publishing.release(newsroom.store, made.edition_id)
    return made.edition_id
