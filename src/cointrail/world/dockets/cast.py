"""Who appears in a docket, and when: invented names, reserved numbers, one calendar for all.

Everybody's name is made of two invented syllables lists and screened by eye; phone numbers come from the range that
a regulator keeps free for drama (+44 7700 900000 to 900999), hosts from RFC 2606, machines from RFC 5737.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cointrail.world.dockets.source import Source

__all__ = ["CELL", "CUSTOMS", "FORENSICS", "HOME_STATE", "OFFSET_HOURS", "PROSECUTOR", "STATES", "Cast", "make_cast"]

HOME_STATE = "ARVANIA"
STATES = ("ARVANIA", "SELMORA", "PORT TORRIN")
# Clocks of the three states, hours ahead of UTC; phones and shops show local time.
OFFSET_HOURS = {"ARVANIA": 7, "SELMORA": 8, "PORT TORRIN": 9}

CELL = "Joint Analysis Cell, Tollmere, Arvania"
CUSTOMS = "Customs Service of Arvania, parcel hall Tollmere"
FORENSICS = "Digital Forensics Unit, Tollmere, Arvania"
PROSECUTOR = "Prosecutor's Office, Tollmere, Arvania"

# The calendar of the investigation (UTC days); the ledgers run from 2026-02-17 to 2026-10-18.
SNAPSHOTS = ("2026-03-24", "2026-05-26", "2026-07-28", "2026-09-22")
PARCEL = "2026-09-24"
SEARCH = "2026-10-20"
# Phone and laptop were copied at the search, before they were sealed and went on their way (E20a).
COPIED = f"{SEARCH}T04:30:00Z"
FIRST_REPORT = "2026-10-26"
ANSWERS = "2026-11-03"
CHARGE = "2026-11-16"

GIVEN = "Alenna Borin Cadra Davek Elsin Farro Gessa Halvo Irien Jorra Kelvar Lisko Maveth Norrin Olvia Perrin".split()
GIVEN += "Quenna Rosko Sallin Tervo Ulessa Varrin Wenna Yorrick".split()
FAMILY = "Ardelow Brenwick Castermole Dunquill Elverdyke Farrowmere Grelland Hasterby Iverlock Jessamole".split()
FAMILY += "Kettering-Voss Lorvane Mistrand Nettleforth Orrowby Pelladine Quistmoor Rellowick Sandervane".split()
FAMILY += "Tarrowdale Umberleigh Vesterholt Wrenmarsh Yarrowstead".split()

ROLES = (
    *("suspect", "courier", "earlier_owner", "co_owner", "buyer", "lawyer", "landlord"),
    *("officer", "examiner", "second_officer", "prosecutor", "undercover", "analyst", "clerk", "expert"),
)


@dataclass(frozen=True)
class Person:
    """Somebody of a docket; `phone` and `email` lead nowhere."""

    name: str
    phone: str
    email: str
    born: str


@dataclass(frozen=True)
class Cast:
    """The people of one docket by role (`ROLES`), the suspect's handles, and the marks of devices.

    `handles` are the three names of the vendor, `vendor` the one on the market. `case_number` and `order_number(n)` are
    references that papers quote.
    """

    letter: str
    vendor: str
    handles: tuple[str, ...]
    people: dict[str, Person]
    case_number: str
    phone_imei: str
    laptop_serial: str

    def __getitem__(self, role: str) -> Person:
        return self.people[role]

    def order_number(self, kind: str, number: int) -> str:
        """The id of a court or prosecutor's order, such as ``SE-26-A-03``; nothing may be seized without one."""
        return f"{kind}-26-{self.letter}-{number:02d}"


def make_cast(source: "Source") -> Cast:
    """The cast of a docket: nobody has two roles, and no two dockets share a suspect's name."""
    given = source.stream("cast/given").shuffled(GIVEN)
    # Turned by the docket's number, so that a role has another family name in every docket.
    turn = source.number
    families = FAMILY[turn:] + FAMILY[:turn]
    people = {
        role: _person(given[place], families[5 * place % len(families)], 60 * place + turn)
        for place, role in enumerate(ROLES)
    }
    marks = source.stream("cast/marks")
    return Cast(
        letter=source.letter,
        vendor=source.vendor["vendor"],
        handles=tuple(source.vendor["handles"].split(", ")),
        people=people,
        case_number=f"GH-26-{100 + 7 * turn}",
        # The type code 00-000000 belongs to nobody: a phone with this number cannot exist.
        phone_imei=f"00000000{marks.below(10**7):07d}",
        laptop_serial=f"SYN-{marks.below(10**6):06d}",
    )


def _person(given: str, family: str, number: int) -> Person:
    word = f"{given}.{family}".lower()
    born = f"{1958 + number * 7 % 46}-{1 + number % 12:02d}-{1 + number * 5 % 28:02d}"
    return Person(f"{given} {family}", f"+44 7700 900{number % 1000:03d}", f"{word}@mail.example", born)
