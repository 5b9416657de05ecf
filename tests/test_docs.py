"""The documents say what the code does: names, defaults, fields, commands and links are compared."""

from __future__ import annotations

import re
import shlex
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import typer

from services.commands.app import app, run
from services.simulator.year import simulate
from shared.editions import EDITIONS
from shared.editions.audiences import AUDIENCES
from shared.events.catalogue import PAYLOADS, parse
from shared.events.emitted import EMITTED, ContributionTold, Counts, Giver
from shared.events.payload import Part, Payload
from shared.kpis.page import with_reference
from shared.kpis.registry import kpis
from shared.patterns.registry import names, thresholds
from shared.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.simulator.year import Simulation

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
COMMAND_PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
COMMANDS: Any = typer.main.get_command(app())


PATTERNS = (ROOT / "docs" / "patterns.md").read_text(encoding="utf-8")


def rows(text: str, heading: str = "") -> Iterator[list[str]]:
    """The cells of each table row whose first cell is code, below a heading."""
    for line in text[text.index(heading) :].splitlines()[1:]:
        if heading and line.startswith("## "):
            return
        if line.startswith("| `"):
            yield [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def coded(cell: str) -> str:
    return cell.strip("`")


def commands() -> dict[str, Any]:
    """Every command by the words that call it."""
    found = {}
    for name, command in COMMANDS.commands.items():
        alone = {"": command} if getattr(command, "invoke_without_command", True) else {}
        for below, sub in (alone | getattr(command, "commands", {})).items():
            found[f"{name} {below}".strip()] = sub
    return found


def blocks(text: str, language: str) -> list[str]:
    """The code blocks of a language; of none, those that show output."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [body for of, body in found if of == language]


def calls(text: str) -> list[list[str]]:
    """The calls of tandem in the shell blocks, without the environment before them."""
    shell = "\n".join(blocks(text, "sh")).replace("\\\n", " ")
    return [
        list(takewhile(lambda word: word != ">", shlex.split(line.split("tandem ", 1)[1])))
        for line in shell.splitlines()
        if re.search(r"(^|\s|/)tandem ", line)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    text = path.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text):
        target, _, anchor = next(filter(None, link)).partition("#")
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        file = path.parent / target if target else path
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}


FORBIDDEN = (
    r"\b[Ss]essions?\b",
    r"(?<![\w&/])#\d+\b",
    r"\.\./shared",
    r"(?<![\w.])/(work|tmp|home|root|usr)/",
)


@pytest.mark.parametrize("name", NAMES)
def test_the_documents_speak_of_tandem_alone(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert [found for pattern in FORBIDDEN for found in re.findall(pattern, text)] == []


def test_every_setting_with_its_default() -> None:
    told = {coded(row[0]): coded(row[1]) for row in rows(SETTINGS)}
    fields = Settings.model_fields.items()
    assert told == {
        f"TANDEM_{name.upper()}": "" if field.default is None else str(field.default)
        for name, field in fields
    }


def test_the_readme_repeats_what_the_page_of_settings_says() -> None:
    assert {tuple(row[:2]) for row in rows(README, "## Settings")} <= {
        tuple(row[:2]) for row in rows(SETTINGS)
    }


def test_settings_named_anywhere_exist() -> None:
    known = {f"TANDEM_{name.upper()}" for name in Settings.model_fields}
    for path in DOCUMENTS:
        named = set(re.findall(r"TANDEM_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8")))
        assert named <= known, path.name


def test_every_command() -> None:
    assert {coded(row[0]).removeprefix("tandem ") for row in rows(COMMAND_PAGE)} == set(commands())


def test_the_readme_names_commands_that_exist() -> None:
    assert {row[0] for row in rows(README, "## Commands")} <= {row[0] for row in rows(COMMAND_PAGE)}


@pytest.mark.parametrize("name", NAMES)
def test_the_calls_in_the_documents_parse(name: str) -> None:
    for call in calls((ROOT / name).read_text(encoding="utf-8")):
        words = " ".join(call[:2]) if " ".join(call[:2]) in commands() else call[0]
        arguments = call[len(words.split()) :]
        assert commands()[words].make_context(words, arguments).params is not None


def test_northwind_in_three_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    section = README[README.index("## A real order book") : README.index("## Your own data")]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    assert [run(call) for call in calls(section)] == [0, 0, 0]
    said = capsys.readouterr().out.splitlines()
    [shown] = blocks(section, "")
    assert [line for line in shown.splitlines() if line and line not in said] == []


def test_an_afternoon_in_its_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page from a spreadsheet to wins: its calls, its answers to the questions, and what it shows."""
    text = (ROOT / "docs" / "connect.md").read_text(encoding="utf-8")
    [answers] = blocks(text, "toml")
    guess, *others = calls(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TANDEM_DATABASE_URL", "sqlite:///chandler.db")
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    assert run(guess) == 0
    mapping = tmp_path / "chandler.toml"
    for answer in answers.splitlines():
        key = re.escape(answer.partition(" = ")[0])
        asked = rf'^({key} = "\? .*|# {key} = .*)$'
        assert re.search(asked, mapping.read_text(encoding="utf-8"), re.MULTILINE), key
        told = re.sub(
            asked, lambda _, said=answer: said, mapping.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        mapping.write_text(told, encoding="utf-8")
    assert [run(call) for call in others] == [0] * len(others)
    said = capsys.readouterr().out.splitlines()
    assert [line for block in blocks(text, "") for line in block.splitlines() if line not in said] == []


def test_a_story_in_its_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page about people's own stories: its calls, in their order, and what it shows."""
    text = (ROOT / "docs" / "stories.md").read_text(encoding="utf-8")
    [draft] = blocks(text, "markdown")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TANDEM_DATABASE_URL", "sqlite:///stories.db")
    northwind = str(ROOT / "tests" / "data" / "northwind")
    assert run(["import", northwind, "--format", "northwind", "--as-of", "1998-05-07T00:00:00Z"]) == 0
    [roles] = re.findall(r"^export (\w+)='(.*)'$", text, re.MULTILINE)
    monkeypatch.setenv(*roles)
    for call in calls(text):
        assert run(call) == 0, call
        if call[:2] == ["draft", "new"]:
            begun = capsys.readouterr().out
            assert "10687" in begun
            Path("draft.md").write_text(draft, encoding="utf-8")
    said = capsys.readouterr().out.splitlines()
    assert [line for block in blocks(text, "") for line in block.splitlines() if line not in said] == []


@pytest.fixture(scope="module")
def year() -> Simulation:
    return simulate(2025, 2025)


def test_the_demo_says_what_the_readme_shows(year: Simulation) -> None:
    events, truth = f"{len(year.events):,} events", year.truth
    planted = {(win["pattern"], f"order/{win['order_id']}") for win in truth["wins"]}
    planted |= {(e["pattern"], e["subject"]) for e in truth["episodes"] if e["expected"] == "joint"}
    wins, traps = len(planted), len(truth["traps"])
    assert f"A year of {events}: " in README
    assert f"Of {wins} planted wins {wins} were found; of {traps} traps 0 were taken for a win." in README


def test_the_explained_win_is_explained_so(
    year: Simulation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [call] = [call for call in calls(README) if "--explain" in call]
    order_id = call[call.index("--explain") + 1].partition(":")[2]
    customer_id = next(e["data"]["customer_id"] for e in year.events if e["data"].get("order_id") == order_id)
    told = [event for event in year.events if event["data"].get("customer_id") == customer_id]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TANDEM_ZONE", "Europe/Berlin")
    Path("events.jsonl").write_bytes(b"\n".join(map(orjson.dumps, told)))
    assert run(["import", "events.jsonl", *call[-2:]]) == 0
    assert run(call) == 0
    said = capsys.readouterr().out.splitlines()
    [shown] = [block for block in blocks(README, "") if "jointness" in block]
    assert [line for line in shown.splitlines() if line.strip(" …") and line not in said] == []


def test_every_pattern_has_a_row_or_a_section() -> None:
    assert set(re.findall(r"^(?:### |\| )`(\w+)`", PATTERNS, re.MULTILINE)) == set(names())


@pytest.mark.parametrize("name", thresholds())
def test_every_threshold_of_a_pattern_is_told(name: str) -> None:
    """By its whole name, or by the end of it: in its pattern's own section, where it has one."""
    pattern, _, what = name.partition(".")
    section = (
        PATTERNS
        if pattern not in names()
        else PATTERNS.partition(f"### `{pattern}`")[2].partition("\n## ")[0].partition("\n### ")[0]
    )
    assert f"`{name}`" in PATTERNS or f"`{what}`" in section


def test_the_reference_of_the_kpis_is_in_step() -> None:
    text = (ROOT / "docs" / "kpis.md").read_text(encoding="utf-8")
    assert {coded(row[0]) for row in rows(text)} == set(kpis())
    assert text == with_reference(text), "make docs"


@pytest.mark.parametrize("name", kpis())
def test_a_kpi_says_its_name_its_formula_and_its_source(name: str) -> None:
    definition = kpis()[name]
    called, _, rest = definition.page.partition(": ")
    assert called
    assert rest
    assert definition.formula
    assert "\n\nSource: " in definition.page


def test_every_edition() -> None:
    [row] = [row for row in rows(COMMAND_PAGE) if row[0] == "`tandem compose`"]
    assert set(re.findall(r"`(\w+)`", row[1])) == set(EDITIONS)


def test_every_edition_with_its_audience_and_periods() -> None:
    table = rows((ROOT / "docs" / "editions.md").read_text(encoding="utf-8"), "## What there is")
    told = {coded(row[0]): (row[1], tuple(row[2].split(", "))) for row in table}
    assert told == {name: (kind.audience, kind.units) for name, kind in EDITIONS.items()}


def test_what_each_audience_may_see() -> None:
    table = rows((ROOT / "docs" / "editions.md").read_text(encoding="utf-8"), "## Who may see what")
    words = {"yes": True, "no": False}
    assert {coded(row[0]): (words[row[1]], words[row[2]], row[3]) for row in table} == AUDIENCES


def fields_told(cell: str) -> dict[str, bool]:
    """The fields of a row, and whether a star marks them as required."""
    return {name: bool(star) for name, star in re.findall(r"`(\w+)(\*?)`", cell)}


def fields_of(part: type[Part]) -> dict[str, bool]:
    return {field.alias or name: field.is_required() for name, field in part.model_fields.items()}


EVENTS = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
READ, _, PUBLISHED = EVENTS.partition("## What Tandem publishes\n")


def test_every_event_type_with_its_fields() -> None:
    told = {coded(row[0]): fields_told(row[2]) for row in rows(READ) if row[0].startswith("`tandem.")}
    common = fields_of(Payload).items()
    own = {name: dict(fields_of(payload).items() - common) for name, payload in PAYLOADS.items()}
    assert told == own


def test_every_part_of_an_event() -> None:
    parts = {part.__name__: part for part in every(Part) if part.__name__.endswith(("Line", "ShipTo"))}
    lines = [line.split("|") for line in READ[READ.index("### Parts") :].splitlines() if "`" in line]
    told = {line[1].strip(): fields_told(line[3]) for line in lines if len(line) > 3}
    assert told == {name: fields_of(part) for name, part in parts.items()}


def every(part: type[Any]) -> Iterator[type[Any]]:
    for below in part.__subclasses__():
        if below.__module__.startswith("shared.events"):
            yield below
        yield from every(below)


def test_every_published_type_with_its_topic_and_fields() -> None:
    told = {coded(row[0]): row for row in rows(PUBLISHED) if row[0].startswith("`tandem.")}
    assert {name: coded(row[1]) for name, row in told.items()} == {
        name: news.TOPIC for name, news in EMITTED.items()
    }
    win = PUBLISHED[PUBLISHED.index("The data of a win:") :].partition("\n\n")[0]
    edition = told["tandem.edition.composed.v1"][3]
    story = told["tandem.story.submitted.v1"][3]
    thanks = told["tandem.thanks.given.v1"][3]
    of_topic = {"wins": win, "editions": edition, "stories": story, "thanks": thanks}
    of_type = {name: of_topic[news.TOPIC] for name, news in EMITTED.items()}
    assert {name: fields_told(text) for name, text in of_type.items()} == {
        name: fields_of(news) for name, news in EMITTED.items()
    }


def test_every_part_of_a_published_event() -> None:
    lines = [line.split("|") for line in PUBLISHED.splitlines() if "`" in line]
    told = {line[1].strip(): fields_told(line[3]) for line in lines if len(line) == 5}
    assert told == {part.__name__: fields_of(part) for part in (ContributionTold, Counts, Giver)}


def test_common_fields_are_named() -> None:
    told = [coded(row[0]) for row in rows(EVENTS, "## What every payload may carry")]
    assert told == list(Payload.model_fields)


def test_the_example_is_an_event() -> None:
    [example] = blocks(EVENTS, "json")
    assert parse(example.encode()).data.order_id == "SO-1"


def test_decisions_are_short_and_of_one_form() -> None:
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(page.name[:4])}. ")
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
        assert text.count("\n") <= 30


def test_the_files_named_in_recipes_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:shared|services|templates|tests|docs)/[\w/.-]+\.\w+)`", text):
        assert (ROOT / name).exists(), name
