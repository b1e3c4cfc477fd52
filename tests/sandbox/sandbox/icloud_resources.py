"""What an iCloud account shows over CalDAV: its principal, its home and what is in it, each as a path with
properties."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from .icloud_accounts import IcloudAccount
from .icloud_calendars import IcloudCalendar
from .icloud_store import Collection, IcloudStore
from .icloud_xml import APPLE, CALDAV, CALENDARSERVER, DAV, Name, href, response
from .shelf import Item

RESOURCE_TYPE, DISPLAY_NAME = Name(DAV, "resourcetype"), Name(DAV, "displayname")
SYNC_TOKEN, PRIVILEGES = Name(DAV, "sync-token"), Name(DAV, "current-user-privilege-set")
ETAG, CONTENT_TYPE = Name(DAV, "getetag"), Name(DAV, "getcontenttype")
REPORTS = Name(DAV, "supported-report-set")
OWNER, PRINCIPAL = Name(DAV, "owner"), Name(DAV, "current-user-principal")
COMPONENTS = Name(CALDAV, "supported-calendar-component-set")
TIME_ZONE, TRANSPARENCY = Name(CALDAV, "calendar-timezone"), Name(CALDAV, "schedule-calendar-transp")
HOME_SET, ADDRESSES = Name(CALDAV, "calendar-home-set"), Name(CALDAV, "calendar-user-address-set")
COLOUR, CTAG = Name(APPLE, "calendar-color"), Name(CALENDARSERVER, "getctag")
#: Left out where a resource hasn't them; every other one that is missing stands in a propstat of its own.
UNSAID = {SYNC_TOKEN, OWNER, COMPONENTS, COLOUR, CTAG, REPORTS}
ALL = ("all", "read", "write", "write-properties", "write-content", "bind", "unbind")
READ = ("read", "read-current-user-privilege-set")
#: What a home has beside calendars.
SPECIAL = (("inbox", Name(CALDAV, "schedule-inbox")), ("outbox", Name(CALDAV, "schedule-outbox")),
           ("notification", Name(CALENDARSERVER, "notification")))


@dataclass
class Resource:
    path: str
    #: In the order in which they are written; each value is a whole element.
    properties: dict[Name, str]
    is_calendar: bool = False
    is_object: bool = False

    def described(self, names: list[Name], hidden: list[Name]) -> str:
        """Its response: the properties asked for that it has, and those that it hasn't or hides."""
        found = [text for name, text in self.properties.items() if name in names]
        missing = [name for name in names if name not in self.properties and name not in UNSAID]
        return response(self.path, found, missing + hidden)


def principal_path(account: IcloudAccount) -> str:
    return f"/{account.dsid}/principal/"


def home_path(account: IcloudAccount) -> str:
    return f"/{account.dsid}/calendars/"


def principal_property(account: IcloudAccount) -> dict[Name, str]:
    return {PRINCIPAL: PRINCIPAL.element(f"<href>{principal_path(account)}</href>")}


def root(account: IcloudAccount) -> Resource:
    return Resource("/", principal_property(account))


def principal(account: IcloudAccount, home: str) -> Resource:
    """`home` is the text of calendar-home-set's href, or "" for none."""
    own = principal_path(account)
    addresses = (href(f"mailto:{account.apple_id}", ' preferred="1"') + href(own)
                 + href(f"urn:uuid:{account.dsid}"))
    properties = {HOME_SET: HOME_SET.element(href(home))} if home else {}
    return Resource(own, {**properties, ADDRESSES: ADDRESSES.element(addresses),
                          DISPLAY_NAME: DISPLAY_NAME.element(escape(account.name)), **principal_property(account)})


def collection_type(kinds: list[Name]) -> str:
    return RESOURCE_TYPE.element("".join(kind.element() for kind in [Name(DAV, "collection"), *kinds]))


def privileges(names: tuple[str, ...]) -> str:
    return PRIVILEGES.element("".join(f"<privilege><{name}/></privilege>" for name in names))


def folder(account: IcloudAccount, path: str, kinds: list[Name], name: str) -> Resource:
    return Resource(path, {RESOURCE_TYPE: collection_type(kinds), DISPLAY_NAME: DISPLAY_NAME.element(escape(name)),
                           PRIVILEGES: privileges(ALL), **principal_property(account)})


def home(account: IcloudAccount) -> Resource:
    return folder(account, home_path(account), [], account.name)


def calendar_path(account: IcloudAccount, one: IcloudCalendar) -> str:
    return one.href or f"{home_path(account)}{quote(one.id)}/"


def reports(names: list[Name]) -> str:
    return REPORTS.element("".join(f"<supported-report><report>{name.element()}</report></supported-report>"
                                   for name in names))


def calendar(account: IcloudAccount, one: IcloudCalendar, collection: Collection, syncs: bool) -> Resource:
    """`syncs`: there are sync tokens."""
    kinds = [Name(CALDAV, "calendar")] + ([Name(CALENDARSERVER, "shared")] if one.shared else [])
    components = "".join(f"<comp name={quoteattr(component)}/>" for component in one.components)
    properties = {
        RESOURCE_TYPE: collection_type(kinds),
        DISPLAY_NAME: DISPLAY_NAME.element(escape(one.name)) if one.name is not None else None,
        SYNC_TOKEN: SYNC_TOKEN.element(collection.token(1, collection.shelf.seq, 0)) if syncs else None,
        PRIVILEGES: privileges(READ if one.read_only else ALL),
        OWNER: OWNER.element(f"<href>{escape(one.owner)}</href>") if one.owner else None,
        COMPONENTS: COMPONENTS.element(components) if components else None,
        TIME_ZONE: TIME_ZONE.element(escape(one.time_zone)) if one.time_zone else None,
        TRANSPARENCY: TRANSPARENCY.element(Name(CALDAV, "transparent").element()) if one.transparent else None,
        COLOUR: COLOUR.element(escape(one.colour), f" symbolic-color={quoteattr(one.symbolic_colour)}")
                if one.colour else None,
        CTAG: CTAG.element(f"FT=-@RU={collection.uuid}@S={account.version + collection.ctag}"),
        **principal_property(account)}
    return Resource(calendar_path(account, one),
                    {name: text for name, text in properties.items() if text is not None}, is_calendar=True)


def with_reports(one: Resource, syncs: bool) -> Resource:
    """As a calendar shows itself when it is asked alone; in the list of a home it says nothing of its reports."""
    names = [Name(CALDAV, "calendar-multiget"), Name(CALDAV, "calendar-query")]
    return replace(one, properties={**one.properties, REPORTS: reports(
        names + ([Name(DAV, "sync-collection")] if syncs else []))})


def object_of(path: str, collection: Collection, item: Item, lags: bool) -> Resource:
    """`lags`: its ETag is the one before."""
    return Resource(path + quote(item.id), {
        RESOURCE_TYPE: RESOURCE_TYPE.element(), ETAG: ETAG.element(escape(collection.etag(item, lags))),
        CONTENT_TYPE: CONTENT_TYPE.element("text/calendar; charset=utf-8; component=vevent")},
        is_object=True)


def members(account: IcloudAccount, store: IcloudStore, syncs: bool) -> list[Resource]:
    """What is in the home, in iCloud's order."""
    special = [folder(account, f"{home_path(account)}{name}/", [kind], "") for name, kind in SPECIAL]
    return [calendar(account, one, store.of(account, one), syncs) for one in account.calendars] + special
