"""A relay, by SMTP: one connection, one recipient for each mail, encrypted unless told otherwise."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPResponseException,
)
from aiosmtplib.protocol import normalize_message_line_endings

from services.publisher.transport import Lost, Refused, Reply, Unreachable

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from shared.settings import Settings

_COMMAND_SECONDS, _DATA_SECONDS = 30.0, 600.0
"""RFC 5321 4.5.3.2 gives a relay ten minutes to answer the end of a mail."""
_GO_ON, _CLOSING = 354, 421
_AWAY = (OSError, SMTPException, EOFError)


class Relay:
    """A connection that opens itself when it is needed."""

    def __init__(self, settings: Settings, data_seconds: float = _DATA_SECONDS) -> None:
        self._settings = settings
        self._data_seconds = data_seconds
        self._smtp: SMTP | None = None

    async def sender(self, address: str) -> Reply:
        """MAIL FROM; raises Unreachable, Refused."""
        smtp = self._smtp or await self._opened()
        return await self._asked(smtp.mail(address))

    async def recipient(self, address: str, mail_id: str) -> Reply:  # noqa: ARG002 - folders need it
        """RCPT TO; raises Unreachable."""
        assert self._smtp is not None, "after its sender"
        return await self._asked(self._smtp.rcpt(address))

    async def hand_over(self, message: bytes) -> Reply:
        """DATA; raises Lost where the answer did not come or cannot be understood."""
        assert self._smtp is not None, "after its recipient"
        try:
            code, text = await self._smtp.execute_command(b"DATA", timeout=self._data_seconds)
            known: tuple[int, ...] = (4, 5)
            if code == _GO_ON:
                assert self._smtp.protocol is not None, "it has just answered"
                self._smtp.protocol.write(on_the_wire(message))
                code, text = await self._smtp.protocol.read_response(self._data_seconds)
                known = (2, 4, 5)
        except SMTPResponseException as error:
            await self.close()
            raise Lost(f"the relay answered {error.code} {error.message}") from None
        except _AWAY as error:
            await self.close()
            raise Lost(f"no answer to the end of the mail ({error})") from None
        if code // 100 not in known:
            await self.close()
            raise Lost(f"the relay answered {code} {text}")
        if code == _CLOSING:
            await self.close()
        return Reply(code, text)

    async def drop(self) -> None:
        """RSET."""
        if self._smtp is not None:
            try:
                await self._smtp.rset()
            except _AWAY:
                await self.close()

    async def close(self) -> None:
        """QUIT, as far as the relay listens."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(*_AWAY):
                await smtp.quit(timeout=2)
            smtp.close()

    async def _asked(self, command: Awaitable[tuple[int, str]]) -> Reply:
        try:
            code, text = await command
        except SMTPResponseException as error:
            if error.code == _CLOSING:
                await self.close()
            return Reply(error.code, error.message)
        except _AWAY as error:
            await self.close()
            raise Unreachable(f"the connection was lost ({error})") from None
        return Reply(code, text)

    async def _opened(self) -> SMTP:
        settings, where = self._settings, f"{self._settings.smtp_host}:{self._settings.smtp_port}"
        smtp = SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            timeout=_COMMAND_SECONDS,
            use_tls=settings.smtp_security == "tls",
            start_tls=settings.smtp_security == "starttls",
            tls_context=None if settings.smtp_security == "none" else _context(settings),
        )
        try:
            await smtp.connect()
            await self._authenticate(smtp)
        except _AWAY as error:
            smtp.close()
            raise _why(error, where) from None
        self._smtp = smtp
        return smtp

    async def _authenticate(self, smtp: SMTP) -> None:
        """By bearer token, read at every connection, or by password; not at all where there is no name."""
        settings = self._settings
        if settings.smtp_username is None:
            return
        if settings.smtp_token_file is not None:
            token = await asyncio.to_thread(Path(settings.smtp_token_file).read_text, encoding="utf-8")
            await smtp.auth_xoauth2(settings.smtp_username, token.strip())
        elif settings.smtp_password is not None:
            await smtp.login(settings.smtp_username, settings.smtp_password.get_secret_value())


def on_the_wire(message: bytes) -> bytes:
    """A mail as DATA takes it: lines that begin with a point get another, and a lone point ends it."""
    if not message.count(b"\r\n") == message.count(b"\n") == message.count(b"\r"):
        message = normalize_message_line_endings(message)
    if message.startswith(b"."):
        message = b"." + message
    end = b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n"
    return message.replace(b"\r\n.", b"\r\n..") + end


def _why(error: BaseException, where: str) -> Refused | Unreachable:
    """Tell a relay that is away from one that will not have us, which someone must look at."""
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        what = f"its certificate is not trusted ({error}); name its authority in TANDEM_SMTP_CA_FILE"
        return Refused(f"{where}: {what}")
    if isinstance(error, SMTPAuthenticationError) and error.code // 100 == 5:  # noqa: PLR2004 - RFC 5321
        what = f"refuses to let us in ({error.code} {error.message}); check TANDEM_SMTP_USERNAME"
        return Refused(f"{where} {what}")
    if type(error) in (SMTPException, SMTPNotSupported):
        what = f"{error} Nothing is sent without what TANDEM_SMTP_SECURITY and TANDEM_SMTP_USERNAME ask for"
        return Refused(f"{where}: {what}")
    return Unreachable(f"{where} cannot be reached ({error})")


def _context(settings: Settings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.smtp_ca_file)
