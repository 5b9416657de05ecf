"""A real server of names on loopback, by UDP and TCP, which holds a zone and fails at some names."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any

from dns.resolver import Resolver
from dnslib import QTYPE, RCODE, RR, DNSRecord
from dnslib.server import BaseResolver, DNSHandler, DNSLogger, DNSServer

from services.publisher.names import look_up

if TYPE_CHECKING:
    from collections.abc import Iterator

_UDP_MOST = 1232
"""Bytes of an answer by UDP, as servers commonly have it; what is longer is asked for again by TCP."""

_GLANCE = 0.01


class _Handler(DNSHandler):
    def get_reply(self, data: bytes) -> bytes:
        whole = super().get_reply(data)
        if self.protocol == "tcp" or len(whole) <= _UDP_MOST:
            return whole
        short = DNSRecord.parse(data).reply()  # dnslib's own forgets the question, which nobody takes
        short.header.tc = 1
        return short.pack()


class _Zone(BaseResolver):
    def __init__(self, text: str, broken: tuple[str, ...]) -> None:
        self._records = RR.fromZone(text)
        self._broken = broken

    def resolve(self, request: Any, _handler: Any) -> Any:
        reply, name = request.reply(), request.q.qname
        if str(name) in self._broken:
            reply.header.rcode = RCODE.SERVFAIL
            return reply
        known = [each for each in self._records if each.rname == name]
        while alias := next((each for each in known if each.rtype == QTYPE.CNAME), None):
            reply.add_answer(alias)
            known = [each for each in self._records if each.rname == alias.rdata.label]
        reply.add_answer(*(each for each in known if each.rtype == request.q.qtype))
        if not known:
            reply.header.rcode = RCODE.NXDOMAIN
        return reply


def _servers(zone: _Zone) -> tuple[Any, Any]:
    """By TCP and UDP on one free port: one that is free for the one may be taken for the other."""
    told = {"address": "127.0.0.1", "handler": _Handler, "logger": DNSLogger("-request,-reply,-error")}
    while True:
        tcp = DNSServer(zone, port=0, tcp=True, **told).server
        try:
            return tcp, DNSServer(zone, port=tcp.server_address[1], **told).server
        except OSError:
            tcp.server_close()


@contextmanager
def serving(zone: str, *broken: str) -> Iterator[Any]:
    """A way to look names up in a zone."""
    servers = _servers(_Zone(zone, broken))
    resolver = Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], servers[0].server_address[1]
    threads = [Thread(target=each.serve_forever, args=(_GLANCE,)) for each in servers]
    for thread in threads:
        thread.start()
    try:
        yield partial(look_up, resolver=resolver)
    finally:
        for each, thread in zip(servers, threads, strict=True):
            each.shutdown()
            each.server_close()
            thread.join(10)
