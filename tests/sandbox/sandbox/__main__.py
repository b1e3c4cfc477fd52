"""Starts the sandbox on loopback and prints one JSON line with its addresses when ready."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import ssl
import sys

from aiohttp import web

from .application import Sandbox
from .settings import Client, Settings

HOST = "127.0.0.1"


def client_pair(text: str) -> tuple[str, str]:
    client_id, colon, secret = text.partition(":")
    if not (client_id and colon and secret):
        raise argparse.ArgumentTypeError("write CLIENT_ID:SECRET")
    return client_id, secret


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="HTTP port; 0 takes a free one")
    parser.add_argument("--tls-port", type=int, help="HTTPS port; 0 takes a free one")
    parser.add_argument("--icloud-port", type=int, default=0, metavar="PORT",
                        help="HTTP port of iCloud's entry, its other hosts on those that follow; 0 takes free ones")
    parser.add_argument("--certificate", help="PEM file, needed with --tls-port")
    parser.add_argument("--key", help="PEM file, needed with --tls-port")
    parser.add_argument("--client-id", required=True)
    parser.add_argument("--client-secret", required=True)
    parser.add_argument("--redirect-uri", action="append", default=[], metavar="URI",
                        help="a registered redirect URI; may be given several times")
    parser.add_argument("--project-clients", nargs="*", default=[], type=client_pair,
                        metavar="ID:SECRET", help="further clients of the same project")
    parser.add_argument("--issuer", default=Settings.issuer)
    parser.add_argument("--log", help="file for the request log; holds no secrets")
    chosen = parser.parse_args(arguments)
    if chosen.tls_port is not None and not (chosen.certificate and chosen.key):
        parser.error("--tls-port needs --certificate and --key")
    return chosen


def settings_of(chosen: argparse.Namespace) -> Settings:
    pairs = [(chosen.client_id, chosen.client_secret), *chosen.project_clients]
    uris = tuple(chosen.redirect_uri)
    return Settings(issuer=chosen.issuer,
                    clients=tuple(Client(name, secret, uris) for name, secret in pairs))


async def listen(application: web.Application, runners: list[web.AppRunner], port: int,
                 context: ssl.SSLContext | None, tls_port: int | None) -> dict[str, int]:
    """Serves it, with a context also over TLS; the ports taken, by scheme. Its runner joins `runners`."""
    runner = web.AppRunner(application, access_log=None)
    runners.append(runner)
    await runner.setup()
    wanted = [(port, None)] + ([(tls_port, context)] if context else [])
    for number, ssl_context in wanted:
        await web.TCPSite(runner, HOST, number, ssl_context=ssl_context, shutdown_timeout=2.0, backlog=1024).start()
    return dict(zip(("http", "https"), (address[1] for address in runner.addresses)))


async def serve(chosen: argparse.Namespace) -> None:
    log = open(chosen.log, "a", encoding="utf-8") if chosen.log else None
    sandbox = Sandbox(settings_of(chosen), log)
    runners = []
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        context = None
        if chosen.tls_port is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(chosen.certificate, chosen.key)
            # Called at each ClientHello, also where that names no server.
            context.sni_callback = lambda *_: sandbox.traffic.handshake()
            # Who runs it with a certificate has clients of the same make.
            sandbox.shared.push.context = ssl.create_default_context(cafile=chosen.certificate)
        for number, (host, application) in enumerate(sandbox.hosts.items()):
            port = chosen.icloud_port + number if chosen.icloud_port else 0
            for scheme, taken in (await listen(application, runners, port, context, 0)).items():
                sandbox.icloud.hosts.listens(scheme, host, taken)
        own = await listen(sandbox.application, runners, chosen.port, context, chosen.tls_port)
        ready = {scheme: sandbox.addresses(f"{scheme}://{HOST}:{port}") for scheme, port in own.items()}
        print(json.dumps({"pid": os.getpid(), **ready}), flush=True)
        await stop.wait()
    finally:
        sandbox.close()
        await asyncio.gather(*(runner.cleanup() for runner in runners))
        if log:
            log.close()


def main() -> int:
    try:
        asyncio.run(serve(parse_arguments()))
    except OSError as problem:
        print(f"sandbox: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
