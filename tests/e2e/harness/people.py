"""The ATS's users in every test."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    id: str
    login: str
    name: str
    organization: str = "1"
    is_admin: bool = False
    is_interviewer: bool = False
    is_scheduler: bool = False
    active: bool = True


ADA = Person("1", "ada@ats.example", "Ada Admin", is_admin=True)
IVY = Person("2", "ivy@ats.example", "Ivy Interviewer", is_interviewer=True)
IAN = Person("3", "ian@ats.example", "Ian Interviewer", is_interviewer=True)
NORA = Person("4", "nora@ats.example", "Nora Neither")
SAM = Person("6", "sam@ats.example", "Sam Scheduler", is_scheduler=True)
#: Of another organisation.
FAY = Person("7", "fay@other.example", "Fay Foreign", organization="2", is_interviewer=True, is_admin=True)
OTTO = Person("5", "otto@ats.example", "Otto Off", is_interviewer=True, active=False)
#: httpd knows them, the ATS doesn't.
STRANGER = Person("0", "stranger@ats.example", "")
EVERYONE = (ADA, IVY, IAN, NORA, SAM, FAY, OTTO, STRANGER)


def crowd(size: int) -> list[Person]:
    """Further interviewers, for a load."""
    return [Person(str(number), f"user{number}@ats.example", f"User {number}", is_interviewer=True)
            for number in range(100, 100 + size)]


def add_people(site, people=EVERYONE) -> None:
    for person in people:
        if person is not STRANGER:
            site.execute("INSERT INTO users (id, organization_id, email, name, is_admin, is_interviewer, "
                         "is_scheduler, active) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", person.id,
                         person.organization, person.login, person.name, person.is_admin, person.is_interviewer,
                         person.is_scheduler, person.active)
