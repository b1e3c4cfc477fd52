"""The calls of Graph v1.0 that are served here: the metadata has no paths and no query options, so this table of ours
says what each takes, and from which page of Microsoft's reference that is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

READ = ("Calendars.Read", "Calendars.ReadWrite")
WRITE = ("Calendars.ReadWrite",)
#: /me, or an account by its id or name; and a calendar, or the default one.
WHO, PLACE = "/{who:me|users/[^/]+}", "{place:(?:calendars/[^/]+/|calendar/)?}"
PAGED = {"$top": "number", "$skip": "number", "$select": "string", "$orderby": "string"}
#: OData JSON Format 4.01, 4.6: members that any object may have; event-delta.md for the last.
ANNOTATIONS = {name: (lambda value: isinstance(value, str)) for name in (
    "@odata.context", "@odata.etag", "@odata.type", "@odata.id", "@odata.nextLink", "@odata.deltaLink")}
ANNOTATIONS["@removed"] = lambda value: value == {"reason": "deleted"} or value == {"reason": "changed"}
#: Of the Prefer header: concepts/outlook-immutable-id.md, user-list-calendarview.md, event-delta.md, event-get.md.
PREFERENCES = {"IdType": ("ImmutableId",), "outlook.timezone": None, "odata.maxpagesize": None,
               "outlook.body-content-type": ("text", "html"), "odata.track-changes": ("",)}


@dataclass(frozen=True)
class GraphCall:
    verb: str
    path: str
    #: The page below api-reference/v1.0/api/ of microsoft-graph-docs-contrib.
    document: str
    scopes: tuple[str, ...]
    query: dict[str, str] = field(default_factory=dict)
    #: A type of the metadata, or the members of an action's parameters; None where there is no body.
    body: Any = None
    answer: str | None = None
    writes: bool = False


CALLS = {
    "outlook.me": GraphCall("GET", WHO, "user-get.md", ("User.Read",), {"$select": "string"}, None, "user"),
    "outlook.mailbox": GraphCall("GET", f"{WHO}/mailboxSettings{{one:(?:/timeZone)?}}", "user-get-mailboxsettings.md",
                                 ("MailboxSettings.Read", "MailboxSettings.ReadWrite"), {"$select": "string"}, None,
                                 "mailboxSettings"),
    "outlook.calendars": GraphCall("GET", f"{WHO}/calendars", "user-list-calendars.md", READ, PAGED, None,
                                   "calendar[]"),
    "outlook.calendar": GraphCall("GET", f"{WHO}/{{calendar:calendars/[^/]+|calendar}}", "calendar-get.md", READ,
                                  {"$select": "string"}, None, "calendar"),
    "outlook.schedule": GraphCall("POST", f"{WHO}/calendar/getSchedule", "calendar-getschedule.md", READ, {}, {
        "schedules": "string[]", "startTime": "dateTimeTimeZone", "endTime": "dateTimeTimeZone",
        "availabilityViewInterval": "int"}, "scheduleInformation[]"),
    "outlook.delta": GraphCall("GET", f"{WHO}/{PLACE}calendarView/delta", "event-delta.md", READ, {
        "startDateTime": "moment", "endDateTime": "moment", "$deltatoken": "string", "$skiptoken": "string"}, None,
        "event[]"),
    "outlook.view": GraphCall("GET", f"{WHO}/{PLACE}calendarView", "calendar-list-calendarview.md", READ, {
        **PAGED, "startDateTime": "moment", "endDateTime": "moment"}, None, "event[]"),
    "outlook.events": GraphCall("GET", f"{WHO}/{PLACE}events", "calendar-list-events.md", READ, {
        **PAGED, "$filter": "string", "$expand": "string"}, None, "event[]"),
    "outlook.create": GraphCall("POST", f"{WHO}/{PLACE}events", "calendar-post-events.md", WRITE, {}, "event", "event",
                                writes=True),
    "outlook.event": GraphCall("GET", f"{WHO}/{PLACE}events/{{event}}", "event-get.md", READ, {
        "$select": "string", "$expand": "string"}, None, "event"),
    "outlook.patch": GraphCall("PATCH", f"{WHO}/{PLACE}events/{{event}}", "event-update.md", WRITE, {}, "event",
                               "event", writes=True),
    "outlook.delete": GraphCall("DELETE", f"{WHO}/{PLACE}events/{{event}}", "event-delete.md", WRITE, writes=True),
    "outlook.cancel": GraphCall("POST", f"{WHO}/{PLACE}events/{{event}}/cancel", "event-cancel.md", WRITE, {}, {
        "comment": "string", "Comment": "string"}, None, writes=True),
    "outlook.subscribe": GraphCall("POST", "/subscriptions", "subscription-post-subscriptions.md", READ, {},
                                   "subscription", "subscription"),
    "outlook.subscriptions": GraphCall("GET", "/subscriptions", "subscription-list.md", READ, {}, None,
                                       "subscription[]"),
    "outlook.subscription": GraphCall("GET", "/subscriptions/{subscription}", "subscription-get.md", READ, {}, None,
                                      "subscription"),
    "outlook.renew": GraphCall("PATCH", "/subscriptions/{subscription}", "subscription-update.md", READ, {},
                               "subscription", "subscription"),
    "outlook.unsubscribe": GraphCall("DELETE", "/subscriptions/{subscription}", "subscription-delete.md", READ),
    "outlook.reauthorize": GraphCall("POST", "/subscriptions/{subscription}/reauthorize", "subscription-reauthorize.md",
                                     READ),
}
#: Names of the calls that are not of a calendar's events, and need no mailbox.
WITHOUT_MAILBOX = ("outlook.me",)
