"""A page as PDF, where WeasyPrint and the libraries below it are installed."""

from __future__ import annotations

from typing import Any

from shared.rendering.writing import RenderError

INSTEAD = "open the .notice.html in a browser and print it: it is made for A4"


def to_pdf(html: str) -> bytes:
    """The page as PDF; RenderError, in one plain line, says how to get one where none can be made."""
    try:
        from weasyprint import HTML  # noqa: PLC0415 - it is optional, and takes a second to load
    except ImportError:
        raise RenderError(f"No PDF was made: uv sync --extra pdf brings WeasyPrint; or {INSTEAD}") from None
    except OSError as error:
        raise RenderError(f"No PDF was made: install Pango, for {error}; or {INSTEAD}") from None
    pdf: bytes = HTML(string=html, url_fetcher=_refuse).write_pdf(pdf_identifier=b"tandem")
    return pdf


def _refuse(url: str, *_: Any, **__: Any) -> Any:
    raise ValueError(f"a page fetches nothing, not even {url}")
