"""The settings, read once at the edge: environment variables that start with TANDEM_, and `.env`."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.asking.model import ASKING, Asking
from shared.editions.brand import Brand
from shared.editions.choice import CHOICE, Choice
from shared.intake import INTAKE, Intake
from shared.kpis.registry import kpis
from shared.kpis.targets import Target, read_targets
from shared.languages import ENGLISH
from shared.mailing.bouncing import BOUNCES, Bearing
from shared.mailing.post import Headers, Post
from shared.meetings import MEETING, Meeting
from shared.roles import Actor, Role
from shared.rules import DEFAULTS, Rules
from shared.settings_values import (
    Address,
    Allowed,
    Database,
    Host,
    Language,
    PlainAddress,
    Schedules,
    Site,
    Thresholds,
    Zone,
)  # fmt: skip
from shared.stories.review import PATIENCE, Patience

_LOOK = Brand()


class SettingsError(Exception):
    """A setting is wrong; the message is one line that says what to change."""


class Settings(BaseSettings):
    """What a company decides; the numbers of the rules are explained in `shared/rules.py`."""

    model_config = SettingsConfigDict(
        env_prefix="TANDEM_", env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: Database = "sqlite:///tandem.db"
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
    zone: Zone = "UTC"
    language: Language = ENGLISH
    sender: Address = "Tandem <tandem@localhost>"
    recipient: Address = "Everyone <everyone@localhost>"
    chromium: str | None = None

    reply_to: Address | None = None
    bounce_address: PlainAddress | None = None
    bounce_maildir: str | None = None
    bounce_imap_host: str | None = None
    bounce_imap_port: int = Field(default=993, ge=1, le=65_535)
    bounce_imap_security: Literal["tls", "starttls", "none"] = "tls"
    bounce_imap_username: str | None = None
    bounce_imap_password: SecretStr | None = None
    bounce_imap_folder: str = "INBOX"
    bounce_soft_most: int = Field(default=BOUNCES.soft_most, ge=1, le=100)
    bounce_soft_days: int = Field(default=BOUNCES.soft_days, ge=1, le=365)
    bounce_storm: int = Field(default=20, ge=1, le=100_000)
    """Bounces within an hour, or forged ones on a day, that somebody should look at."""
    public_url: Host | None = None
    mail_folder: str = "mail"
    mail_mark: str | None = None
    mail_allowed: Allowed = ()
    mail_most_recipients: int = Field(default=10_000, ge=1, le=10_000_000)
    mail_most_late_hours: int = Field(default=48, ge=1, le=720)
    mail_slow_down_after: int | None = Field(default=None, ge=3, le=36)
    """Off unless a company wants it: who reads a mail and does no more cannot be told from who does not."""
    mail_archive_days: int = Field(default=30, ge=1, le=3650)
    """Bounces and doubts are settled by then, and no address is kept for longer than it is needed."""
    mail_stop_percent: int = Field(default=20, ge=1, le=100)
    mail_per_minute: int | None = Field(default=None, ge=1, le=1_000_000)
    smtp_host: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_token_file: str | None = None
    smtp_ca_file: str | None = None
    smtp_connections: int = Field(default=5, ge=1, le=50)

    newsroom_proxies: str = ""
    """Addresses of proxies, with commas, whose word on a visitor's address is taken."""
    openid_issuer: Site | None = None
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
    meeting_working_day: int = Field(default=MEETING.working_day, ge=1, le=20)
    meeting_time: time = MEETING.at
    meeting_minutes: int = Field(default=MEETING.minutes, ge=5, le=480)

    story_least_score: Decimal = Field(default=CHOICE.least_score, ge=0, le=100)
    story_cooldown_days: int = Field(default=CHOICE.cooldown_days, ge=0, le=730)
    story_unseen_points: Decimal = Field(default=CHOICE.unseen_points, ge=0, le=100)
    story_most_person_percent: int = Field(default=CHOICE.most_person_percent, ge=1, le=100)
    story_objection_days: int = Field(default=CHOICE.objection_days, ge=0, le=60)
    story_wait_days: int = Field(default=PATIENCE.wait_days, ge=1, le=60)

    ask_most_a_month: int = Field(default=ASKING.most_a_month, ge=0, le=100)
    ask_working_days: int = Field(default=ASKING.working_days, ge=1, le=60)
    ask_within_days: int = Field(default=ASKING.within_days, ge=1, le=60)

    roles: dict[str, tuple[Role, ...]] = {}
    deputies: tuple[str, ...] = ()

    source_silence_hours: int = Field(default=72, ge=1, le=8784)
    """Hours after which a source that says nothing is shown as silent; 72 pass over a weekend."""
    target_near_percent: Decimal = Field(default=Decimal(2), ge=0, le=100)
    """How far from a target, in percent of it, still is near; before `targets`, which are read with it."""
    targets: dict[str, tuple[Target, ...]] = {}
    thresholds: Thresholds = {}
    holidays: tuple[date, ...] = ()
    schedules: Schedules = {}
    schedule_patience_hours: int = Field(default=24, ge=0, le=720)

    brand_name: str = _LOOK.name
    brand_tagline: str = _LOOK.tagline
    brand_colour: str = _LOOK.colour
    brand_accent: str = _LOOK.accent
    brand_logo_url: str | None = None
    brand_site_url: str | None = None
    brand_draft_email: str | None = None
    brand_link_hosts: tuple[str, ...] = ()

    @field_validator("targets", mode="before")
    @classmethod
    def _known_kpis(cls, value: Any, info: ValidationInfo) -> dict[str, tuple[Target, ...]]:
        found = read_targets(value, info.data.get("target_near_percent", Decimal(0)))
        if unknown := sorted(set(found) - set(kpis())):
            raise ValueError(f"{unknown[0]!r} is no KPI; write one of {', '.join(kpis())}")
        return found

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
    def meeting(self) -> Meeting:
        """When the joint meeting is held."""
        return Meeting(self.meeting_working_day, self.meeting_time, self.meeting_minutes)

    @property
    def asking(self) -> Asking:
        """How much people are asked by mail."""
        return Asking(**{name: getattr(self, f"ask_{name}") for name in Asking.__dataclass_fields__})

    @property
    def patience(self) -> Patience:
        """How long stories may wait for an editor."""
        return Patience(wait_days=self.story_wait_days)

    def actor(self, person_id: str) -> Actor:
        """Who someone is to Tandem: everybody a reporter, and what the settings say besides."""
        roles: frozenset[Role] = frozenset({"reporter", *self.roles.get(person_id, ())})
        return Actor(person_id, roles, deputy=person_id in self.deputies)

    @property
    def dead_topics(self) -> bool:
        """Whether dead letters of Kafka go back to it: where it is there, and may be written to."""
        return self.kafka_publish and bool(self.kafka_url)

    @property
    def intake(self) -> Intake:
        """How much is taken in and kept."""
        return Intake(**{name: getattr(self, name) for name in Intake.__dataclass_fields__})

    @property
    def post(self) -> Post:
        """Who mail comes from and goes to."""
        headers = {name: getattr(self, name) for name in Headers.__dataclass_fields__}
        return Post(
            headers=Headers(**headers),
            allowed=self.mail_allowed,
            most_recipients=self.mail_most_recipients,
            most_late=timedelta(hours=self.mail_most_late_hours),
            stop_percent=self.mail_stop_percent,
            slow_down_after=self.mail_slow_down_after,
            meeting=self.meeting,
            rules=self.rules,
        )

    @property
    def bounces(self) -> Bearing:
        """How often an address may be away."""
        return Bearing(soft_most=self.bounce_soft_most, soft_days=self.bounce_soft_days)

    @property
    def newsroom_url(self) -> str:
        """Where people open the newsroom."""
        return (self.public_url or "http://localhost:8080").rstrip("/")

    @property
    def brand(self) -> Brand:
        """The company's look; raises SettingsError."""
        names = ("name", "tagline", "colour", "accent", "logo_url", "site_url", "draft_email", "link_hosts")
        try:
            told = {name: getattr(self, f"brand_{name}") for name in names}
            return Brand(**told, tell_url=f"{self.newsroom_url}/tell" if self.public_url else None)
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
    "mail_allowed": '["example.com"]',
    "schedules": '{"newsletter": {"edition": "newsletter", "workday": 5, "at": "08:00"}}',
    "roles": '{"p-ruiz": ["editor", "publisher"]}',
    "deputies": '["p-weber"]',
    "brand_link_hosts": '["wiki.example.com"]',
}
"""Settings that are JSON, with an example."""
