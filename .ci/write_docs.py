"""Write the parts of the documents that are made from the code; a test holds them in step."""

from pathlib import Path

from shared.kpis.page import with_reference

page = Path(__file__).parents[1] / "docs" / "kpis.md"
page.write_text(with_reference(page.read_text(encoding="utf-8")), encoding="utf-8")
