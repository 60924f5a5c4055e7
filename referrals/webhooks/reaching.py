"""Reaching an address outside: https alone, no redirects, and never into our own network.

The name is looked up once and the connection goes to the address that was checked, so that a name which means
something else a moment later leads nowhere.
"""

import contextlib
import http.client
import socket
import ssl
import threading
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

TIMEOUT = 5
ALTOGETHER = 15  # a side that answers byte by byte keeps no worker
READ = 1024
PORT = 443


class Unreachable(Exception):
    """The message did not arrive; `str()` is a short word for why, without anything of the other side's answer."""


class Refused(Unreachable):
    """The address leads where no message goes."""


def check_url(url):
    """Raise ValidationError with the sentence for an address that is not written as one we would go to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValidationError(_("This is no address.")) from None
    if parts.scheme != "https" or not parts.hostname:
        raise ValidationError(_("An address begins with https://."))
    if parts.username or parts.password or parts.fragment:
        raise ValidationError(_("An address holds no user name, password or fragment."))
    if not _is_name_allowed(parts.hostname):
        raise ValidationError(_("This address leads into a private network. Messages are sent to public ones."))
    return port


def _is_name_allowed(host):
    """An address in figures is judged at once; a name when it is looked up."""
    try:
        return allowed(ip_address(host))
    except ValueError:
        return host != "localhost" or any(ip_address("127.0.0.1") in net for net in networks())


def networks():
    """Return the private networks that this installation lets messages go to (setting, normally none)."""
    return [ip_network(text) for text in settings.WEBHOOK_NETWORKS]


def allowed(address):
    """Tell whether messages go to an IP address: a public one, or one of the networks named in the settings."""
    address = getattr(address, "ipv4_mapped", None) or address
    if any(address.version == net.version and address in net for net in networks()):
        return True
    return address.is_global and not address.is_multicast and not _wraps_private(address)


def _wraps_private(address):
    """6to4, Teredo and NAT64 carry an IPv4 address that may be anybody's: none of them is gone to."""
    if address.version == 4:
        return False
    return bool(address.sixtofour or address.teredo or address in ip_network("64:ff9b::/96"))


def looked_up(host, port):
    """Return an IP address (str) of `host` that messages may go to. Raises Unreachable, Refused."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise Unreachable("name not found") from None
    addresses = [str(info[4][0]) for info in found]
    if not addresses or not all(allowed(ip_address(address.partition("%")[0])) for address in addresses):
        raise Refused("private network")
    return addresses[0]


class _Pinned(http.client.HTTPSConnection):
    """A connection to one IP address that proves itself under the name."""

    def __init__(self, host, port, address):
        context = ssl.create_default_context(cafile=settings.WEBHOOK_CA or None)
        super().__init__(host, port, timeout=TIMEOUT, context=context)
        self.address, self.tls = address, context

    def connect(self):
        """Connect to the checked address; TLS asks for the name."""
        plain = socket.create_connection((self.address, self.port), self.timeout)
        self.sock = self.tls.wrap_socket(plain, server_hostname=self.host)

    def give_up(self):
        """End the connection under whoever waits at it."""
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def post(url, body, headers):
    """Send `body` to `url`; raises Unreachable unless the other side answers 2xx in time."""
    try:
        check_url(url)
    except ValidationError:
        raise Refused("address not allowed") from None
    parts = urlsplit(url)
    port = parts.port or PORT
    connection = _Pinned(parts.hostname, port, looked_up(parts.hostname, port))
    patience = threading.Timer(ALTOGETHER, connection.give_up)
    patience.start()
    try:
        path = parts.path or "/"
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
        answer = connection.getresponse()
        answer.read(READ)
        if not 200 <= answer.status < 300:
            raise Unreachable(f"answered {answer.status}")
    except TimeoutError:
        raise Unreachable("no answer in time") from None
    except ssl.SSLError:
        raise Unreachable("certificate not accepted") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise Unreachable("no connection") from None
    finally:
        patience.cancel()
        connection.close()
