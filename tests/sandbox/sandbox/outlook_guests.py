"""Guests of Outlook's meetings: whose mailboxes show them too, and who gets mail. There is no way to be silent."""

from __future__ import annotations

from .accounts import Account
from .outlook_show import is_mine, person, uid_of
from .outlook_store import Found, OutlookStore

#: A change of these is told to guests as a change of the meeting.
TOLD = ("subject", "body", "location", "start", "end", "recurrence", "isAllDay")
#: What a guest's copy has of the meeting.
COPIED = ("subject", "body", "location", "locations", "start", "end", "recurrence", "isAllDay", "sensitivity",
          "attendees", "hideAttendees", "allowNewTimeProposals")


def addresses(members: dict | None) -> set[str]:
    return {address_of(one) for one in (members or {}).get("attendees") or ()} - {""}


def address_of(attendee: dict) -> str:
    return ((attendee.get("emailAddress") or {}).get("address") or "").casefold()


def mails(before: dict | None, after: dict | None) -> dict[str, str]:
    """Who is written to, and why: invitation, update, cancellation. `after` is None for a meeting that is gone. Where
    only the guests are changed, only those that are new or gone are."""
    old, new = addresses(before), addresses(after)
    changed = before is not None and after is not None and any(before.get(name) != after.get(name) for name in TOLD)
    found = {email: "cancellation" for email in old - new} | {email: "invitation" for email in new - old}
    return dict(sorted((found | ({email: "update" for email in old & new} if changed else {})).items()))


class Guests:
    def __init__(self, store: OutlookStore) -> None:
        self._store = store

    def spread(self, account: Account, found: Found, before: dict | None) -> None:
        """After a write at the organiser's: guests' default calendars show it, as not answered; when it is gone they
        show it as cancelled."""
        members = found.event.members
        if not is_mine(members, account):
            return
        gone = found.item.gone
        now = set() if gone else addresses(members)
        for email in (now | addresses(before)) - {account.email.casefold()}:
            guest = self._store.accounts.find(email)
            calendar = self._store.calendar(guest, None) if guest is not None and guest.mailbox else None
            if calendar is None:
                continue
            copy = self._copy(guest, uid_of(found.item))
            if email in now:
                self._invite(guest, calendar, found, copy, account)
            elif copy is not None:
                title = f"Canceled: {copy.event.members.get('subject', '')}"
                self._store.change(guest, copy, {**copy.event.members, "isCancelled": True, "showAs": "free",
                                                 "subject": title})

    def _copy(self, guest: Account, uid: str) -> Found | None:
        mailbox, calendar = self._store.mailbox(guest), self._store.calendar(guest, None)
        return next((Found(calendar, item) for item in mailbox.shelf(calendar).alive()
                     if item.body.members.get("iCalUId") == uid), None)

    def _invite(self, guest: Account, calendar, found: Found, copy: Found | None, organizer: Account) -> None:
        kept = copy.event.members if copy else {
            "showAs": "tentative", "responseStatus": {"response": "notResponded", "time": "0001-01-01T00:00:00Z"}}
        members = {**kept, **{name: found.event.members[name] for name in COPIED if name in found.event.members},
                   "iCalUId": uid_of(found.item), "organizer": person(organizer.email, organizer.name)}
        if copy is None:
            copy = self._store.put(guest, calendar, self._store.new_name(self._store.mailbox(guest)), members)
        else:
            self._store.change(guest, copy, members)
        copy.event.exceptions = dict(found.event.exceptions)
        copy.event.series = found.event.series

    def answer(self, account: Account, found: Found, email: str, response: str) -> bool:
        """A guest's answer, at the organiser's and in their own mailbox; False where they are none."""
        when = f"{self._store.clock.now():%Y-%m-%dT%H:%M:%SZ}"
        status, wanted = {"response": response, "time": when}, email.casefold()
        if wanted not in addresses(found.event.members):
            return False
        attendees = [{**one, "status": status} if address_of(one) == wanted else one
                     for one in found.event.members["attendees"]]
        self._store.change(account, found, {**found.event.members, "attendees": attendees})
        guest = self._store.accounts.find(email)
        copy = self._copy(guest, uid_of(found.item)) if guest is not None and guest.mailbox else None
        if copy is not None and guest is not account:
            shown = {"accepted": "busy", "declined": "free"}.get(response, "tentative")
            self._store.change(guest, copy, {**copy.event.members, "responseStatus": status, "showAs": shown})
        return True
