"""Stories that people tell, write, illustrate, are asked about and thank for."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from shared.tables.columns import Day, Instant, metadata

stories = Table(
    "stories",
    metadata,
    Column("story_id", String, primary_key=True),
    Column("subject", String, nullable=False, unique=True),
    Column("state", String, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("submitted_by", Text),
    Column("via", String, nullable=False),
    Column("submitted_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("waits_since", Instant, nullable=False),
    Column("edited_by", String),
    Column("merged_into", String),
    Column("sent_hash", String, nullable=False),
)
"""The stories that people tell, as they stand; `about` is JSON: orders, customer, and whom they mention."""

story_log = Table(
    "story_log",
    metadata,
    Column("number", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("story_id", String, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("action", String, nullable=False),
    Column("by", String),
    Column("state", String, nullable=False),
    Column("hash", String, nullable=False),
    Column("title", Text),
    Column("body", Text),
    Column("note", Text),
    sqlite_autoincrement=True,
)
"""Who did what to a story, and its state from then on; its words where they became others. Rows only come."""

manuscripts = Table(
    "manuscripts",
    metadata,
    Column("manuscript_id", String, primary_key=True),
    Column("person_id", String, nullable=False),
    Column("draft_id", String, nullable=False),
    Column("words", Text, nullable=False),
    Column("aside", Text),
    Column("returns", Boolean, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("sent_words", Text),
    Column("began_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("manuscripts_of_person", "person_id", "draft_id", unique=True),
)
"""Stories as their authors write them, seen by nobody else. `words` and `aside` are JSON: the answers, and a
version that was put aside, which `returns` at the next visit. `sent` counts the times it was handed in."""

photos = Table(
    "photos",
    metadata,
    Column("photo_id", String, primary_key=True),
    Column("draft_id", String, nullable=False, index=True),
    Column("person_id", String, nullable=False, index=True),
    Column("alt", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("added_at", Instant, nullable=False),
)
"""Photos of drafts as JPEG, made anew from what was uploaded; with what they show, in words."""

questions = Table(
    "questions",
    metadata,
    Column("question_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("person_id", String, nullable=False),
    Column("state", String, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("due_on", Day, nullable=False),
    Column("settled_at", Instant),
    Column("answer", String),
    Index("questions_once", "subject", "kind", "person_id", unique=True),
    Index("questions_of_person", "person_id", "asked_at"),
)
"""What one person was asked about one story or win, by a link in a mail: once, for ever. `due_on` is the last
day on which it may be answered; what the person wrote is in the journal, not here."""

thanks = Table(
    "thanks",
    metadata,
    Column("thanks_id", String, primary_key=True),
    Column("story_id", String, nullable=False, index=True),
    Column("edition_id", String, nullable=False),
    Column("person_id", String, nullable=False),
    Column("department", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("given_at", Instant, nullable=False, index=True),
    Column("taken_back_at", Instant),
    Column("changed_at", Instant, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Index("thanks_once", "person_id", "story_id", unique=True),
)
"""Who thanked for which story, once each; `department` is the giver's at that time, `shown` whether everyone
may read the note. `digest` is of what others may know of it, so that a change is seen."""

thanked_departments = Table(
    "thanked_departments",
    metadata,
    Column("thanks_id", String, primary_key=True),
    Column("department", String, primary_key=True),
)
"""Where thanks went: the departments of those who had a part in the story, as it was known then."""

thanked_people = Table(
    "thanked_people",
    metadata,
    Column("thanks_id", String, primary_key=True),
    Column("person_id", String, primary_key=True, index=True),
    Column("told_in", String),
)
"""Whom thanks are for, and the edition whose mail told them so."""
