"""Questions of day 1: layers, offers, names, times. Truth and mistakes are facts of the docket's exhibits.

Each wrong answer is what a hurried reader makes of the same papers, computed when the docket was made.
"""

from cointrail.evidence import CASE_SCHEMA
from cointrail.evidence.listings import ACTIONS_OF_TRIAGE, CLASSES
from cointrail.grading.questions import Mistake, Question
from cointrail.grading.quizzes import quiz_question

__all__ = ["QUESTIONS", "WORLD"]

WORLD = "glass_harbour"

LAYERS, TRIAGE = "01_layers_of_the_web", "02_detect_and_triage"
NAMES, COURT = "03_one_vendor_many_names", "04_evidence_that_survives_court"

LAYER_WORDS = {"C": "clearnet", "P": "private web", "D": "darknet", "M": "messenger"}
AUTHORITY_WORDS = {
    "1": "a written note",
    "2": "an observation order",
    "3": "an undercover order",
    "4": "a production order",
    "5": "a search order",
}
CODES = {
    f"{layer}{number}": f"{place}, {order}"
    for layer, place in LAYER_WORDS.items()
    for number, order in AUTHORITY_WORDS.items()
}
SHOWS = {
    "OFFER": "somebody offered something",
    "WORDS": "somebody wrote this under this name",
    "KEY": "the writer had the secret key",
    "RECORD": "what a company noted",
    "PARCEL": "a parcel moved, or came",
    "LEAD": "nothing yet",
}


def fact(subject, *names):
    """A fact of one subject of the docket, by its path."""

    def found(desk):
        value = desk.facts[subject]
        for name in names:
            value = value[name]
        return value

    return found


def as_set(subject, name):
    return lambda desk: set(desk.facts[subject][name])


def case_facts(document):
    """Of a CASE record what decides: exhibit, hash, time, person and order."""
    found = []
    for node in document.get("@graph", []):
        for name, value in node.items():
            if name in _DECISIVE:
                found.append([name.partition(":")[2], value["@value"] if isinstance(value, dict) else value])
            if name == "uco-core:hasFacet":
                found += _hashes(value)
        if node.get("@type") == "uco-identity:Person":
            found.append(["person", node.get("uco-core:name")])
    return found


_DECISIVE = (
    "case-investigation:exhibitNumber",
    "case-investigation:authorizationIdentifier",
    "uco-action:startTime",
)


def _hashes(facets):
    facets = facets if isinstance(facets, list) else [facets]
    hashes = [one for facet in facets for one in facet.get("uco-observable:hash", []) if isinstance(facet, dict)]
    return [["sha256", one["uco-types:hashValue"]["@value"].lower()] for one in hashes if "uco-types:hashValue" in one]


def case_truth(desk):
    form = desk.facts["custody"]["form"]["right"]
    return [
        ["exhibitNumber", form["exhibit"]],
        ["authorizationIdentifier", form["authority"]],
        ["startTime", form["acquired"]],
        ["sha256", form["sha256"]],
        ["person", form["acquirer"]],
    ]


def quiz(number, title, options, right, wrong, why, look):
    """One question of the daily quiz; `wrong` is the answer that most people give, `why` what it misses."""
    return quiz_question(
        f"1.4{'efghijkl'[number - 1]}",
        COURT,
        title=f"Quiz {number}: {title}",
        options=options,
        right=right,
        wrong={wrong: why},
        objective="Answer the day's quiz",
        look=look,
    )


QUESTIONS = [
    Question(
        id="1.1a",
        notebook=LAYERS,
        title="Layer and authority of twelve finds",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options=CODES,
        points=4,
        objective="Name the layer of a find and the authority that the act needs",
        look="1.1, section 'Learn: which order for which act'",
        truth=fact("layers", "codes"),
        mistakes=[
            Mistake(
                "the layer it talks about",
                fact("layers", "word_onion"),
                "A page that mentions an onion address, or copies a page from there, was not captured there. Rule 1 "
                "asks "
                "where you captured it.",
            ),
            Mistake(
                "an account taken for the darknet",
                fact("layers", "account_is_darknet"),
                "A page behind an account is private, but it lies on the ordinary web. Look at the column reached_by.",
            ),
            Mistake(
                "reading taken for free",
                fact("layers", "reading_is_free"),
                "Where an account or an invitation is needed, reading needs an order, too. See rule 2.",
            ),
            Mistake(
                "one order for everything",
                fact("layers", "one_order"),
                "To ask, to write, to order or to pay is more than to observe. See rule 2.",
            ),
        ],
        hints=[
            "Take one column at a time: first reached_by for the number, then where it was captured for the letter.",
            "Letters: ordinary browser without an account is C, with an account P, overlay network D, app M. A "
            "company's "
            "letter and a searched device have a number of their own in rule 2.",
            "For each find read rule 1 and rule 2 of E26 once more: what was captured where, and what did the "
            "officer do?",
        ],
    ),
    Question(
        id="1.1b",
        notebook=LAYERS,
        title="What each find can show, at most",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options=SHOWS,
        points=4,
        objective="State what a find can show at most",
        look="1.1, section 'Guided: what can it show, at most?'",
        truth=fact("layers", "shows"),
        mistakes=[
            Mistake(
                "M46",
                fact("layers", "offer_is_goods"),
                "An offer shows that something was offered. Whether anything was ever sent, it does not show.",
            ),
            Mistake(
                "an unnamed source believed",
                fact("layers", "lead_is_words"),
                "Where nobody says who made a copy or who said it, the find is a lead: look for a better source.",
            ),
            Mistake(
                "a key taken for a name",
                fact("layers", "key_is_person"),
                "A valid signature shows who held the key. No company noted anything, and no person is named.",
            ),
        ],
        hints=[
            "Read the column content, and ask: what would still be true if everything else were a lie?",
            "A page with goods and prices is an offer; a post or a chat is words; a letter of a company is a record.",
            "Where the content says that nobody names the source, no word but LEAD fits.",
        ],
    ),
    Question(
        id="1.1c",
        notebook=LAYERS,
        title="What the 68 per cent count",
        type="choice",
        options={letter: f"sentence {letter} of E29" for letter in "ABCD"},
        points=2,
        objective="Say what a published number counts, and what it does not",
        look="1.1, section 'Learn: a number that is often quoted'",
        truth=fact("layers", "sentence", "right"),
        mistakes=[
            Mistake(
                "M47",
                fact("layers", "sentence", "sales"),
                "The source counted things on sale. How often each was sold, nobody counted.",
            ),
            Mistake(
                "M47: a part taken for the whole",
                fact("layers", "sentence", "opioids"),
                "The source counted drugs of all kinds, cannabis and mushrooms too, not opioids and synthetics alone.",
            ),
            Mistake(
                "four markets taken for all",
                fact("layers", "sentence", "everywhere"),
                "The source looked at four markets in one month. It says nothing about everything else, or about "
                "today.",
            ),
        ],
        hints=[
            "Ask four things of a number: what was counted, where, when, and what was not counted?",
            "The source counted items. Is an item a sale? Is every drug an opioid? Are four markets the darknet?",
            "Cross out each sentence that says more than the two lines of the source above them in E29.",
        ],
    ),
    Question(
        id="1.2a",
        notebook=TRIAGE,
        title="The class of twenty offers",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options={name: name.lower() for name in CLASSES},
        points=4,
        objective="Classify an offer by a schedule",
        look="1.2, section 'Learn: a schedule has names, other names and a share'",
        truth=fact("listings", "classes"),
        mistakes=[
            Mistake(
                "the other name missed",
                fact("listings", "main_names_only"),
                "Some substances are offered under their other name. The schedule lists both: see rule 4 of E26.",
            ),
            Mistake(
                "the share ignored",
                fact("listings", "share_ignored"),
                "A mixture below the share in the column from_percent is not scheduled. Look at percent, and at the "
                "labels.",
            ),
            Mistake(
                "M46",
                fact("listings", "all_chemicals"),
                "A chemical is not an offence. What the schedule does not list is unscheduled, and lawful to sell.",
            ),
            Mistake(
                "a guess where nothing is named",
                fact("listings", "guessed"),
                "One offer names nothing at all. Then nothing can be said about its class: None.",
            ),
        ],
        hints=[
            "Two choices decide the offers that fill in their substance: do other names count, and does the share "
            "count?",
            "Six offers leave the field empty. Read their words: a name of the schedule, a label with a percentage, "
            "goods that are no chemical, or nothing at all.",
            "For a drum compare the percentage on its label with from_percent in E25. For the offer that names "
            "nothing, "
            "write None.",
        ],
    ),
    Question(
        id="1.2b",
        notebook=TRIAGE,
        title="What to do with twenty classified offers",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options={name: name.lower() for name in ACTIONS_OF_TRIAGE},
        points=4,
        objective="Decide what to pursue, what to preserve and what to leave",
        look="1.2, section 'Guided: four offers, three actions'",
        truth=fact("listings", "actions"),
        mistakes=[
            Mistake(
                "only what comes in",
                fact("listings", "only_to"),
                "Offers that are shipped from Arvania to another state were left out. Rule 4 says: from or to.",
            ),
            Mistake(
                "only what goes out",
                fact("listings", "only_from"),
                "Offers that are shipped to Arvania from another state were left out. Rule 4 says: from or to.",
            ),
            Mistake(
                "pursuing what is gone",
                fact("listings", "gone_pursued"),
                "An offer that was taken down cannot be observed any more. Keep what was captured, and write it down.",
            ),
            Mistake(
                "M46",
                fact("listings", "dual_use_pursued"),
                "Sellers of lawful chemicals are pursued here. Which rule asks for it? Read the line on dual-use "
                "again.",
            ),
            Mistake(
                "the seller not looked at",
                fact("listings", "dual_use_left"),
                "A lawful chemical matters where the same seller also offers something scheduled. Then it is "
                "preserved.",
            ),
        ],
        hints=[
            "Rule 4 of E26 has five entries. Three of the choices of triage_listings stand in it word for word.",
            "link: which of from, to, either does the first line name? taken_down: what does the second line say?",
            "dual_use: the fourth line speaks of the same seller. So the choice is made by seller.",
        ],
    ),
    Question(
        id="1.2c",
        notebook=TRIAGE,
        title="Six sellers by minimum revenue",
        type="list",
        items="text",
        points=3,
        objective="Rank sellers by the least that their feedback shows",
        look="1.2, section 'Learn: feedback is not sales'",
        truth=fact("market", "ranking"),
        mistakes=[
            Mistake(
                "M13",
                fact("market", "duplicates_counted"),
                "Some feedback was counted more than once: two captures show it, or two offers of one seller do.",
            ),
            Mistake(
                "M13: a holding price counted",
                fact("market", "holding_counted"),
                "A price was counted that nobody ever paid: it is many times the price before, and says 'back soon'.",
            ),
            Mistake(
                "M13: both at once",
                fact("market", "both_counted"),
                "Two slips at once: feedback counted more than once, and a holding price counted.",
            ),
        ],
        hints=[
            "Rule 5 of E26 has two conditions. minimum_revenue has one choice for each.",
            "Look at one seller with two captures: is the same feedback in both? Look at the highest price of all.",
            "Leave out both, and write the names from the column seller, from top to bottom.",
        ],
    ),
    Question(
        id="1.2d",
        notebook=TRIAGE,
        title="Stretch: the minimum in ARV",
        type="decimal",
        places=2,
        unit="ARV",
        points=0,
        objective="Turn a minimum into local money by a written rule",
        look="1.2, section 'Learn: feedback is not sales'",
        truth=fact("market", "total_arv"),
        mistakes=[
            Mistake(
                "M09",
                fact("market", "total_arv_last_rate"),
                "All was turned into ARV at the last day's rate. Rule 5 names the day of each capture.",
            ),
        ],
        hints=[
            "Each feedback has a price and a day of capture. Which table has the rate of that day?",
            "Take seen_first(feedback) of your vendor, merge it with listings on captured and listing, leave out the "
            "holding price, and take the rate of captured[:10].",
        ],
    ),
    Question(
        id="1.3a",
        notebook=NAMES,
        title="Names as a lead",
        type="partition",
        items="text",
        points=4,
        objective="Group names as a lead from at least two independent signs",
        look="1.3, section 'Learn: which sign counts?'",
        truth=fact("handles", "lead"),
        samples=lambda desk: [{"given": "the training table of 1.3", "answer": [["t1", "t2"], ["t3"], ["t4"]]}],
        mistakes=[
            Mistake(
                "one sign is enough",
                fact("handles", "one_sign_enough"),
                "One shared sign joins strangers: thousands write at the same hours. Ask for two.",
            ),
            Mistake(
                "M14",
                fact("handles", "copied_counted"),
                "A name and a public key were counted as signs. Both can be copied in a minute by anybody.",
            ),
            Mistake(
                "M18",
                fact("handles", "hearsay_counted"),
                "A press report and a post that quotes it were counted as two. Read E23: how many sources are there?",
            ),
            Mistake(
                "a shared machine",
                fact("handles", "machine_counted"),
                "A hosting machine was counted. Read E02b: how many customers use the same machine?",
            ),
        ],
        hints=[
            "Go through the columns one by one: who could have the same value without being the same person?",
            "Name, shown key, hosting machine and hearsay are no signs. A valid signature, an account's e-mail, a "
            "camera, "
            "a customer number, hours and style are, if two of them agree.",
            "Use shared_signs with those six columns, then group_handles with at_least=2.",
        ],
    ),
    Question(
        id="1.3b",
        notebook=NAMES,
        title="Names before a court",
        type="partition",
        items="text",
        points=4,
        weight=2,
        objective="Group names for a court by valid signatures only",
        look="1.3, section 'Guided: three notices'",
        truth=fact("handles", "court"),
        mistakes=[
            Mistake(
                "a lead taken to court",
                fact("handles", "lead"),
                "These are the groups of the lead. Before a court a merge stands only on two valid signatures by one "
                "key.",
            ),
            Mistake(
                "M14",
                fact("handles", "key_shown_is_proof"),
                "Names were joined because their profiles show the same public key. Anybody can show anybody's key.",
            ),
        ],
        hints=[
            "Which names have a notice whose signature is valid? Look at the column signature of verify_notices.",
            "Two names belong together here if both signed, and signed_by is the same.",
            "Use shared_signs with the one column signed_by, then group_handles. All other names stand alone.",
        ],
    ),
    Question(
        id="1.3c",
        notebook=NAMES,
        title="The impersonator",
        type="text",
        points=2,
        objective="Tell an impersonator from an owner of a key",
        look="1.3, section 'Guided: three notices'",
        truth=fact("handles", "impersonator"),
        mistakes=[
            Mistake(
                "unsigned taken for false",
                fact("handles", "third"),
                "This name has no signature at all. That is no lie. Look for one that shows a signature which is not "
                "valid.",
            ),
            Mistake(
                "M18",
                fact("handles", "rumoured"),
                "This is the name of the rumour. It pretends to be nobody; others say so.",
            ),
        ],
        hints=[
            "An impersonator wants to look like the owner of a key. What can be copied, and what not?",
            "Look in verify_notices for a notice that has a signature which is NOT valid.",
        ],
    ),
    Question(
        id="1.3d",
        notebook=NAMES,
        title="Stretch: a label for each link",
        type="mapping",
        items={"key": "text", "value": "choice"},
        options={"SIGNED": "two valid signatures by one key", "SIGNS": "at least two other signs"},
        points=0,
        weight=2,
        objective="Label each link by what it rests on",
        look="1.3, section 'Learn: which sign counts?'",
        truth=fact("handles", "labels"),
        hints=[
            "Take the pairs with at least two good signs. Does the column signs of the pair name signed_by?",
            "The key is both names in the order of the alphabet with a plus between them, such as 'amber+bryn'.",
        ],
    ),
    Question(
        id="1.4a",
        notebook=COURT,
        title="The gaps of the custody log",
        type="set",
        items="int",
        points=3,
        objective="Find the gaps in a custody log",
        look="1.4, section 'Learn: who held it?'",
        truth=as_set("custody", "gaps"),
        mistakes=[
            Mistake(
                "the time on the way forgotten",
                as_set("custody", "no_limit"),
                "One gap is missing: an exhibit was on its way longer than rule 7 allows. Give the limit.",
            ),
            Mistake(
                "a limit that no rule names",
                as_set("custody", "too_strict"),
                "An entry is called a gap although it keeps to the limit. Read the number of hours in rule 7 again.",
            ),
        ],
        hints=[
            "Two things make a gap: somebody acts who does not hold the exhibit, or it was on its way too long.",
            "Which limit does rule 7 of E26 name? Give it as longest_transit=timedelta(hours=...).",
            "custody_gaps(log, longest_transit=timedelta(hours=...)) names the entries; write their numbers as {3, 8}.",
        ],
    ),
    Question(
        id="1.4b",
        notebook=COURT,
        title="Seven times in UTC",
        type="mapping",
        items={"key": "text", "value": "time"},
        points=4,
        objective="Write times from different clocks in UTC",
        look="1.4, section 'Learn: whose clock?'",
        truth=fact("talk", "utc"),
        mistakes=[
            Mistake(
                "M10",
                fact("talk", "local_as_utc"),
                "The times were written as they stand. Each of them comes from a clock with a zone of its own.",
            ),
            Mistake(
                "added instead of subtracted",
                fact("talk", "wrong_way"),
                "The hours were added. Where the clock shows UTC+7, it is ahead: UTC is seven hours earlier.",
            ),
            Mistake(
                "one zone for all",
                fact("talk", "home_for_all"),
                "Every time was taken for Arvania's. The server, and the halls of other states, have their own clocks.",
            ),
            Mistake(
                "the clock was set",
                fact("talk", "clock_change_missed"),
                "Message M5 is a line of the phone about its own clock. What follows it shows another zone.",
            ),
            Mistake(
                "the server's zone for parcels",
                fact("talk", "server_for_parcels"),
                "The scans were read with the forum's clock. The register says whose local time they show.",
            ),
        ],
        hints=[
            "For each item ask whose clock it is. The register's column source says so; for the phone see message M5.",
            "to_utc('2026-08-03T14:05:00+07:00') does the subtraction. You give the zone at the end.",
            "M2 and M3 come before the clock was set, M7 and M8 after it. K2 and K4 were scanned in different states.",
        ],
    ),
    Question(
        id="1.4c",
        notebook=COURT,
        title="The acquisition form",
        type="mapping",
        items={"key": "text", "value": "text"},
        points=3,
        objective="Fill in an acquisition form that a third party can check",
        look="1.4, section 'Guided: one form, one record'",
        truth=fact("custody", "form", "right"),
        mistakes=[
            Mistake(
                "M10",
                fact("custody", "form", "local_time"),
                "The time is the office's, not UTC. The note says whose clock it is.",
            ),
            Mistake(
                "the other order",
                fact("custody", "form", "other_order"),
                "The note names two orders. Which of them covers this page, and which one came later?",
            ),
            Mistake(
                "the witness",
                fact("custody", "form", "witness"),
                "This person watched. Who saved the page?",
            ),
            Mistake(
                "the hash that the page shows",
                fact("custody", "form", "hash_on_the_page"),
                "This hash stands on the page and speaks of other data. Compute the hash of the file that you hold.",
            ),
        ],
        hints=[
            "Everything but the hash stands in the note E20b. Read it line by line: who, when, under which order?",
            "to_utc(...) turns the office's time into UTC. The cell above the question computes the hash of the file.",
            "Five fields: exhibit, sha256, acquired, acquirer, authority. Each is a text in quotation marks.",
        ],
    ),
    Question(
        id="1.4d",
        notebook=COURT,
        title="Stretch: the CASE record by hand",
        type="artefact",
        points=0,
        schema=CASE_SCHEMA,
        facts=case_facts,
        objective="Write a CASE/UCO record of an acquisition",
        look="1.4, section 'Guided: one form, one record'",
        truth=case_truth,
        hints=[
            "Begin with acquisition_case(...) of your own form, and look at what it wrote.",
            "A record needs a person, an authorization, a file with its hash, a provenance record and an action.",
        ],
    ),
    Question(
        id="1.4",
        notebook=COURT,
        title="What may we say to a judge today?",
        type="written",
        points=4,
        rubric="day1",
        objective="Say what the finds of the day show, and what they do not",
        look="1.4, section 'What this shows, and what it does not'",
        hints=[
            "Choose one thing that the papers show for certain, and name its exhibit.",
            "Choose one thing that you only suspect. Say which two signs you have.",
            "End with one thing that nobody can say today, and what it would take.",
        ],
    ),
    quiz(
        1,
        "A forum page needs an account. Which layer is it?",
        {"A": "clearnet", "B": "private web", "C": "darknet"},
        "B",
        "C",
        "It is reached with an ordinary browser on the ordinary web. An account does not make it the darknet.",
        "1.1, section 'Learn: four layers'",
    ),
    quiz(
        2,
        "An offer says 'ardoline, lot 7'. What does it show?",
        {"A": "that somebody offered it", "B": "that somebody has ardoline", "C": "that somebody sold ardoline"},
        "A",
        "B",
        "An offer is words and a price. What is in the parcel, only a laboratory can say.",
        "1.1, section 'Guided: what can it show, at most?'",
    ),
    quiz(
        3,
        "A page has 200 feedbacks at a price of 100. Total sales are ...",
        {"A": "20,000", "B": "not known from this", "C": "at most 20,000"},
        "B",
        "A",
        "Some buyers leave nothing, some feedback is shown twice, and prices change. Not even a limit follows.",
        "1.2, section 'Learn: feedback is not sales'",
    ),
    quiz(
        4,
        "Two profiles show the same public key. This is ...",
        {"A": "proof of one person", "B": "a sign", "C": "something that anybody can copy"},
        "C",
        "A",
        "A public key is public. Only a valid signature needs the secret key.",
        "1.3, section 'Learn: a key, a signature'",
    ),
    quiz(
        5,
        "A signature is valid. Which sentence is safe?",
        {"A": "the suspect wrote it", "B": "whoever wrote it held the key then", "C": "the text is true"},
        "B",
        "A",
        "A key is not a person: it can be shared, sold or stolen. And a signed text can be a lie.",
        "1.3, section 'Learn: a key, a signature'",
    ),
    quiz(
        6,
        "A newspaper and a forum post say the same. The post quotes the newspaper. How many sources?",
        {"A": "one", "B": "two", "C": "none that is named"},
        "C",
        "B",
        "The post adds nothing, and the newspaper names nobody. Repetition is not confirmation.",
        "1.3, section 'Learn: which sign counts?'",
    ),
    quiz(
        7,
        "A phone shows 09:30, its zone is UTC+7. In UTC it is ...",
        {"A": "16:30", "B": "02:30", "C": "09:30"},
        "B",
        "A",
        "UTC+7 is ahead of UTC, so UTC is seven hours earlier.",
        "1.4, section 'Learn: whose clock?'",
    ),
    quiz(
        8,
        "The SHA-256 of a file is the same as in the log. This shows that ...",
        {"A": "the file is genuine", "B": "the file is unchanged since then", "C": "the file was taken lawfully"},
        "B",
        "A",
        "A hash compares bytes. What the file was before it was hashed, and how it was taken, it cannot say.",
        "1.4, section 'Learn: a hash is a fingerprint of a file'",
    ),
]
