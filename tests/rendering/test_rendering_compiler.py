"""The compiler's process may really crash, hang or eat memory; the next mail is compiled all the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from shared.rendering.compiler import Compiler, CompilerError

DOCUMENT = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>%s</mj-text></mj-column></mj-section></mj-body></mjml>"
)
DEEP = "<mjml><mj-body>" + "<mj-wrapper>" * 60_000 + "</mj-wrapper>" * 60_000 + "</mj-body></mjml>"
LONG = DOCUMENT % ("<p>long</p>" * 1_000_000)


def test_a_crash_fails_one_mail_and_no_other() -> None:
    with closing(Compiler()) as compiler:
        with pytest.raises(CompilerError, match=r"ended \(signal (?:11|6)\)"):
            compiler.html(DEEP)
        assert ">after<" in compiler.html(DOCUMENT % "after")


def test_a_compiler_that_takes_too_long_is_ended() -> None:
    with closing(Compiler(seconds=0.5)) as compiler:
        assert ">before<" in compiler.html(DOCUMENT % "before")
        with pytest.raises(CompilerError, match=r"more than 0\.5 seconds"):
            compiler.html(LONG)
        assert ">after<" in compiler.html(DOCUMENT % "after")


def test_a_compiler_that_wants_too_much_memory_is_ended() -> None:
    with closing(Compiler(memory=300 << 20)) as compiler:
        with pytest.raises(CompilerError, match="ended"):
            compiler.html(LONG)
        assert ">after<" in compiler.html(DOCUMENT % "after")


def test_a_complaint_leaves_the_process_as_it_was() -> None:
    with closing(Compiler()) as compiler:
        with pytest.raises(CompilerError, match="unexpected"):
            compiler.html("<mjml><mj-body>")
        assert ">after<" in compiler.html(DOCUMENT % "after")


def test_it_starts_again_after_it_was_closed() -> None:
    compiler = Compiler()
    for word in ("one", "two"):
        assert f">{word}<" in compiler.html(DOCUMENT % word)
        compiler.close()
    compiler.close()


def test_threads_take_turns() -> None:
    words = [f"word{number}" for number in range(40)]
    with closing(Compiler()) as compiler, ThreadPoolExecutor(8) as pool:
        for word, html in zip(
            words, pool.map(lambda word: compiler.html(DOCUMENT % word), words), strict=True
        ):
            assert f">{word}<" in html
