"""Google's scopes: what there is, how it is named, and what each method accepts."""

from __future__ import annotations

PREFIX = "https://www.googleapis.com/auth/"

#: Sign-in scopes are always granted; the short names come back in their long spelling.
SIGN_IN = {"openid": "openid", "email": f"{PREFIX}userinfo.email",
           "profile": f"{PREFIX}userinfo.profile"}

#: What the page says about each Calendar scope.
CALENDAR = {
    "calendar": "See, edit, share and permanently delete all calendars",
    "calendar.readonly": "See and download any calendar you can access",
    "calendar.app.created": "Make calendars, and change events on the calendars made here",
    "calendar.calendarlist": "See, add and remove the calendars you are subscribed to",
    "calendar.calendarlist.readonly": "See the list of calendars you are subscribed to",
    "calendar.calendars": "See and change the properties of your calendars",
    "calendar.calendars.readonly": "See the properties of your calendars",
    "calendar.events": "See and edit events on all your calendars",
    "calendar.events.readonly": "See events on all your calendars",
    "calendar.events.owned": "See and edit events on the calendars you own",
    "calendar.events.owned.readonly": "See events on the calendars you own",
    "calendar.events.public.readonly": "See events on public calendars",
    "calendar.events.freebusy": "See when you are free or busy on your calendars",
    "calendar.freebusy": "See your availability on all your calendars",
}

_READERS = ("calendar", "calendar.readonly")
#: Method of the Calendar API -> the scopes of which any one is enough.
ACCEPTED = {
    "calendarList.list": (*_READERS, "calendar.calendarlist", "calendar.calendarlist.readonly"),
}


def long_name(scope: str) -> str | None:
    """The spelling in which Google gives this scope back; None for an unknown scope."""
    if scope in SIGN_IN:
        return SIGN_IN[scope]
    short = scope.removeprefix(PREFIX)
    if scope.startswith(PREFIX) and (short in CALENDAR or scope in SIGN_IN.values()):
        return scope
    return None


def is_sign_in(scope: str) -> bool:
    return scope in SIGN_IN.values()


def explained(scope: str) -> str:
    if is_sign_in(scope):
        return {"openid": "Know who you are on the provider"}.get(
            scope, "See your e-mail address" if scope.endswith("email")
            else "See your name and picture")
    return CALENDAR[scope.removeprefix(PREFIX)]


def accepted(method: str) -> list[str]:
    return [PREFIX + short for short in ACCEPTED[method]]
