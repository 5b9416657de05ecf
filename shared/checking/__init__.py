"""A mapping tried on files, without recording anything: what each row became, and why others did not."""

from shared.checking.report import Report, check

__all__ = ["Report", "check"]
