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
_WRITERS = ("calendar", "calendar.app.created", "calendar.events", "calendar.events.owned")
_LIST = (*_READERS, "calendar.calendarlist", "calendar.calendarlist.readonly")
#: Scopes that open an event's time and nothing else of it.
TIMES_ONLY = "calendar.events.freebusy"
_EVENTS = (*_READERS, "calendar.app.created", "calendar.events", TIMES_ONLY, "calendar.events.owned",
           "calendar.events.owned.readonly", "calendar.events.public.readonly", "calendar.events.readonly")
#: Method of the Calendar API -> the scopes of which any one is enough.
ACCEPTED = {
    "calendarList.list": _LIST, "calendarList.watch": _LIST,
    "events.list": _EVENTS, "events.get": _EVENTS, "events.instances": _EVENTS, "events.watch": _EVENTS,
    "events.insert": _WRITERS, "events.patch": _WRITERS, "events.update": _WRITERS, "events.delete": _WRITERS,
    "events.move": _WRITERS,
    "freebusy.query": (*_READERS, TIMES_ONLY, "calendar.freebusy"),
    "channels.stop": tuple(dict.fromkeys((*_LIST, *_EVENTS))),
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


def opens_only_owned(scopes: list[str], method: str) -> bool:
    """The grant's scopes for this method are those of calendars that the account owns."""
    fitting = {scope.removeprefix(PREFIX) for scope in scopes} & set(ACCEPTED[method])
    return bool(fitting) and fitting <= {"calendar.events.owned", "calendar.events.owned.readonly",
                                         "calendar.app.created"}


def opens_times_only(scopes: list[str], method: str) -> bool:
    return {scope.removeprefix(PREFIX) for scope in scopes} & set(ACCEPTED[method]) == {TIMES_ONLY}
