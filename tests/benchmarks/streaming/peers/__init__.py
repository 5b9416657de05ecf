"""Programs that read the same events as Tandem and keep a trivial state of them.

Each is a script of its own; it finds its work in KAFKA_URL, DATABASE and PROGRESS.
"""
