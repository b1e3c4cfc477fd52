"""The module's addresses, as the contract gives them (section 3)."""

from __future__ import annotations

AUTH = "/calendar/auth"
SETTINGS = "/settings/calendar"
DISCONNECT = f"{SETTINGS}/disconnect"
SWITCH = f"{SETTINGS}/switch"
ORGANIZATION = "/admin/integrations/calendar"
STATIC = "/calendar/static"
API = "/calendar/api/v1"


def start_path(provider: str = "google") -> str:
    """Where a flow begins."""
    return f"{AUTH}/{provider}"


def callback_path(provider: str = "google") -> str:
    """Where it ends."""
    return f"{AUTH}/{provider}/callback"


def switch_path(provider: str = "google") -> str:
    return f"{SWITCH}?to={provider}"
