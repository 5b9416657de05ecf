"""The settings, read once at the edge: environment variables that start with TANDEM_, and `.env`."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.editions.brand import Brand
from shared.editions.choice import CHOICE, Choice
from shared.intake import INTAKE, Intake
from shared.kpis.registry import kpis
from shared.patterns.registry import thresholds
from shared.rules import DEFAULTS, Rules
from shared.sending import address

_LOOK = Brand()
_SITE = re.compile(
    r"(?:https://[A-Za-z0-9.-]+|http://(?:localhost|127\.0\.0\.1|\[::1\]))(?::\d{1,5})?(?:/[!-~]*)?"
)


class SettingsError(Exception):
    """A setting is wrong; the message is one line that says what to change."""


class Settings(BaseSettings):
    """What a company decides; the numbers of the rules are explained in `shared/rules.py`."""

    model_config = SettingsConfigDict(
        env_prefix="TANDEM_", env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: str = "sqlite:///tandem.db"
    kafka_url: str | None = None
    kafka_group: str = "tandem"
    http_most_bytes: int = Field(default=8_388_608, ge=1_000, le=1_000_000_000)
    http_most_events: int = Field(default=10_000, ge=1, le=100_000)
    kafka_max_records: int = Field(default=2000, ge=1, le=50_000)
    kafka_patience_seconds: int = Field(default=60, ge=5, le=3600)
    kafka_publish: bool = True
    kafka_idempotence: bool = True
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_ca_file: str | None = None
    kafka_certificate_file: str | None = None
    kafka_key_file: str | None = None
    kafka_key_password: SecretStr | None = None
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] | None = None
    kafka_username: str | None = None
    kafka_password: SecretStr | None = None
    kafka_token_file: str | None = None
    metrics_port: int | None = Field(default=None, ge=1, le=65_535)
    zone: str = "UTC"
    sender: str = "Tandem <tandem@localhost>"
    recipient: str = "Everyone <everyone@localhost>"
    mail_folder: str = "mail"

    newsroom_url: str = "http://localhost:8080"
    newsroom_proxies: str = ""
    """Addresses of proxies, with commas, whose word on a visitor's address is taken."""
    openid_issuer: str | None = None
    openid_client_id: str | None = None
    openid_client_secret: SecretStr | None = None

    event_most_bytes: int = Field(default=INTAKE.event_most_bytes, ge=1_000, le=100_000_000)

    dead_letter_days: int = Field(default=INTAKE.dead_letter_days, ge=1, le=3650)

    late_tolerance_days: int = Field(default=DEFAULTS.late_tolerance_days, ge=0, le=365)
    late_event_grace_days: int = Field(default=DEFAULTS.late_event_grace_days, ge=0, le=365)
    return_window_days: int = Field(default=DEFAULTS.return_window_days, ge=0, le=730)
    feedback_window_days: int = Field(default=DEFAULTS.feedback_window_days, ge=0, le=730)
    new_customer_lookback_months: int = Field(default=DEFAULTS.new_customer_lookback_months, ge=1, le=240)
    first_won_within_days: int = Field(default=DEFAULTS.first_won_within_days, ge=0, le=730)
    roadblock_notice_hours: int = Field(default=DEFAULTS.roadblock_notice_hours, ge=0, le=720)
    roadblock_least_minutes: int = Field(default=DEFAULTS.roadblock_least_minutes, ge=0, le=10_000)
    joint_floor: Decimal = Field(default=DEFAULTS.joint_floor, ge=0, le=1)
    contribution_cap: Decimal = Field(default=DEFAULTS.contribution_cap, gt=0, le=100)
    min_order_value: Decimal = Field(default=DEFAULTS.min_order_value, ge=0)
    full_delay_days: int = Field(default=DEFAULTS.full_delay_days, ge=1, le=365)
    full_order_value: Decimal = Field(default=DEFAULTS.full_order_value, gt=0)
    documents_complete: bool = DEFAULTS.documents_complete
    story_max_age_days: int = Field(default=DEFAULTS.story_max_age_days, ge=1, le=730)
    forecast_lag_days: int = Field(default=DEFAULTS.forecast_lag_days, ge=0, le=730)

    story_most_per_pattern: int = Field(default=CHOICE.most_per_pattern, ge=1, le=100)
    story_cooldown_days: int = Field(default=CHOICE.cooldown_days, ge=0, le=730)

    source_silence_hours: int = Field(default=72, ge=1, le=8784)
    """Hours after which a source that says nothing is shown as silent; 72 pass over a weekend."""
    targets: dict[str, Decimal] = {}
    thresholds: dict[str, Decimal] = {}
    holidays: tuple[date, ...] = ()

    brand_name: str = _LOOK.name
    brand_tagline: str = _LOOK.tagline
    brand_colour: str = _LOOK.colour
    brand_accent: str = _LOOK.accent
    brand_logo_url: str | None = None
    brand_site_url: str | None = None
    brand_draft_email: str | None = None

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (OSError, ValueError, KeyError):
            raise ValueError("write an IANA time zone such as Europe/Berlin") from None
        return value

    @field_validator("sender", "recipient")
    @classmethod
    def _an_address(cls, value: str) -> str:
        address(value)
        return value

    @field_validator("newsroom_url", "openid_issuer")
    @classmethod
    def _a_site(cls, value: str | None) -> str | None:
        if value is not None and not _SITE.fullmatch(value):
            raise ValueError("write a full https:// address; http:// is for localhost only")
        return value.rstrip("/") if value else value

    @field_validator("targets")
    @classmethod
    def _known_kpis(cls, value: dict[str, Decimal]) -> dict[str, Decimal]:
        if unknown := sorted(set(value) - set(kpis())):
            raise ValueError(f"{unknown[0]!r} is no KPI; write one of {', '.join(kpis())}")
        return value

    @field_validator("thresholds")
    @classmethod
    def _known_thresholds(cls, value: dict[str, Decimal]) -> dict[str, Decimal]:
        known = thresholds()
        if unknown := sorted(set(value) - set(known)):
            raise ValueError(f"{unknown[0]!r} is no threshold; docs/patterns.md lists them")
        return value

    @property
    def rules(self) -> Rules:
        """The numbers that the rules leave to the company."""
        names = set(Rules.__dataclass_fields__) - {"zone", "thresholds"}
        told = {name: getattr(self, name) for name in names - {"holidays"}}
        told["thresholds"] = tuple(sorted(self.thresholds.items()))
        told["holidays"] = tuple(sorted(self.holidays))
        return Rules(zone=ZoneInfo(self.zone), **told)

    @property
    def choice(self) -> Choice:
        """How editions choose among the wins; `shared/editions/choice.py` has the reasons."""
        return Choice(**{name: getattr(self, f"story_{name}") for name in Choice.__dataclass_fields__})

    @property
    def dead_topics(self) -> bool:
        """Whether dead letters of Kafka go back to it: where it is there, and may be written to."""
        return self.kafka_publish and bool(self.kafka_url)

    @property
    def intake(self) -> Intake:
        """How much is taken in and kept."""
        return Intake(**{name: getattr(self, name) for name in Intake.__dataclass_fields__})

    @property
    def brand(self) -> Brand:
        """The company's look; raises SettingsError."""
        names = ("name", "tagline", "colour", "accent", "logo_url", "site_url", "draft_email")
        try:
            return Brand(**{name: getattr(self, f"brand_{name}") for name in names})
        except ValueError as error:
            raise SettingsError(f"TANDEM_BRAND_…: {error}") from None


def load() -> Settings:
    """Read the settings; raises SettingsError, which names the variable and what to write."""
    try:
        settings = Settings()
        _ = settings.brand
        return settings  # noqa: TRY300 - whole, with a brand that can be shown
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(["TANDEM", *(str(part).upper() for part in first["loc"][:1])])
        raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None
    except ValueError as error:
        name = next((name for name in _JSON if f'"{name}"' in str(error)), "targets")
        raise SettingsError(f"TANDEM_{name.upper()}: write JSON such as {_JSON[name]}") from None


_JSON = {
    "targets": '{"otif": 95}',
    "thresholds": '{"perfect_order_streak.luck": 0.05}',
    "holidays": '["2026-12-25"]',
}
"""Settings that are JSON, with an example."""
