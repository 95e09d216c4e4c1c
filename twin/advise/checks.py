"""The checks of incoming records in plain words: what was looked for, and what was done."""

from dataclasses import dataclass

from twin.advise.words import capitalised

ACTIONS = {"kept": "kept", "corrected": "corrected", "set_aside": "set aside"}


@dataclass(frozen=True)
class CheckWords:
    """A check as a manager reads it: what was found, and what it means for the numbers."""

    label: str
    meaning: str
    counted: str = "lines"


CHECKS = {
    "exact_duplicate": CheckWords(
        "Lines that repeat another exactly", "One of each is kept; the repeats are set aside and count nowhere."
    ),
    "overlapping_period": CheckWords(
        "Of these, days that two parts of the file both hold", "The same days were delivered twice; they count once."
    ),
    "cancellation": CheckWords(
        "Lines that take an order back", "They never count as orders. What is paid back later counts as returns."
    ),
    "price_not_positive": CheckWords(
        "Lines with a price of zero or less", "Gifts, samples and corrections; they do not count as sales."
    ),
    "customer_missing": CheckWords(
        "Lines without a customer", "They count as sales, as a stream of buyers of their own, not as customers."
    ),
    "not_an_item": CheckWords(
        "Lines of codes that are no items", "Postage, fees and bad debt; they count neither as goods nor as revenue."
    ),
    "reversed_order": CheckWords(
        "Lines of orders cancelled in full the same day", "They count neither as orders nor as revenue."
    ),
    "closing_day": CheckWords("Days without any order", "The shop was closed; they are not missing data.", "days"),
    "incomplete_last_day": CheckWords(
        "Lines of the last day, which is not complete", "The day is left out; the twin's today begins with it."
    ),
    "not_all_shipped": CheckWords(
        "Lines of which not all could be delivered", "What was asked for counts as demand; what was delivered as sales."
    ),
    "shipped_more_than_ordered": CheckWords(
        "Lines with more delivered than asked for", "They count as delivered in full, and no more."
    ),
    "site_missing": CheckWords(
        "Lines without an outlet, although others have one", "They count as sales, but at no outlet."
    ),
}


# What reads otherwise in a business that people come to; {visits} stands for what its trade calls them.
OF_VISITS = {
    "exact_duplicate": CheckWords(
        "Rows that repeat another exactly", "One of each is kept; the repeats are set aside and count nowhere.", "rows"
    ),
    "older_version": CheckWords(
        "Rows of which something newer is known", "The same thing was told twice; what was told last counts.", "rows"
    ),
    "ended_before_it_began": CheckWords(
        "Rows that end before they begin", "They are not used until a file tells them right.", "rows"
    ),
    "negative_count": CheckWords(
        "Counts of the stock below zero", "They are not used until a file tells them right.", "rows"
    ),
    "on_the_way": CheckWords(
        "Deliveries that are still on their way", "Each tells that its lead time is longer than so far.", "deliveries"
    ),
    "received_more_than_ordered": CheckWords(
        "Deliveries that brought more than was asked for", "What came in counts.", "deliveries"
    ),
    "received_less_than_ordered": CheckWords(
        "Deliveries that brought less than was asked for", "What came in counts.", "deliveries"
    ),
    "received_without_day": CheckWords(
        "Deliveries with pieces received but no day", "They count as still on their way.", "deliveries"
    ),
    "item_unknown": CheckWords(
        "Rows about items of which nothing else is known", "They count; their name and price are missing.", "rows"
    ),
    "state_again": CheckWords(
        "Rows that name the state in which a machine was already", "They change nothing.", "rows"
    ),
    "repair_without_failure": CheckWords(
        "Repairs of machines that had not failed", "Each counts as a failure, with a repair that began at once.", "rows"
    ),
    "machine_of_two_groups": CheckWords(
        "Rows of machines that are named in more than one group", "Each row counts for the group that it names.", "rows"
    ),
    "negative_amount": CheckWords(
        "Rows with an amount that cannot be", "They are not used until a file tells them right.", "rows"
    ),
    "borrower_missing": CheckWords(
        "Loans without a borrower", "They count as loans; no call can be told to be about them.", "loans"
    ),
    "rate_above_one": CheckWords(
        "Loans at more than 100 % a year", "They count as told. Rates are shares: 8.5 % is 0.085.", "loans"
    ),
    "loan_without_months": CheckWords(
        "Loans of which no month was told", "They count as granted; nothing else is known of them.", "loans"
    ),
    "month_without_loan": CheckWords(
        "Months of loans that no file has told of", "They are not used until a file tells of the loan.", "months"
    ),
    "due_before_granted": CheckWords(
        "Months that were due before the loan was granted", "They are not used; one of the two days is wrong.", "months"
    ),
    "month_missing": CheckWords(
        "Months of loans that follow on a gap", "What became of the loan in the gap is not counted.", "months"
    ),
    "two_in_a_month": CheckWords("Loans that were due twice in a month", "The last row of the month counts.", "rows"),
    "state_cannot_follow": CheckWords(
        "Months whose state cannot follow on the one before", "What happened between them is not counted.", "months"
    ),
    "recovery_without_default": CheckWords(
        "Recoveries of loans that are not in default", "They are not used.", "recoveries"
    ),
    "recovered_more_than_owed": CheckWords(
        "Recoveries of loans of which more came back than was owed", "What came in counts.", "recoveries"
    ),
    "units_missing": CheckWords("{Visits} without a number of pieces", "They count as work that came in."),
    "scrapped_more_than_units": CheckWords(
        "{Visits} with more scrap than pieces", "They count as work, and tell nothing about scrap."
    ),
    "open_visit": CheckWords(
        "{Visits} that are still open", "They count as work that is waiting; how long it takes is not known yet."
    ),
    "ended_but_open": CheckWords("{Visits} called open although they have an end", "They are taken as done."),
    "end_missing": CheckWords(
        "{Visits} that are over, but nobody wrote when", "They count as work that came in and tell no durations."
    ),
    "customer_missing": CheckWords(
        "{Visits} without a {person}", "They count as work that came in, but say nothing about any {person}."
    ),
    "customer_unknown": CheckWords(
        "{Visits} of {people} without a contract", "They count as work that came in; no contract tells who they are."
    ),
    "step_without_visit": CheckWords(
        "Steps of {visits} that no file has told of", "They are not used until a file tells of them.", "steps"
    ),
    "no_show": CheckWords(
        "Appointments to which nobody came", "They tell which share of the appointments is not kept.", "appointments"
    ),
    "appointment_without_visit": CheckWords(
        "Appointments that were kept, but no file has told by whom",
        "They count as kept; when somebody came is not known.",
        "appointments",
    ),
    "appointments_of_one_visit": CheckWords(
        "Appointments that share one arrival", "Each counts as kept; one of them is probably wrong.", "appointments"
    ),
    "appointment_another_day": CheckWords(
        "Appointments that were kept on another day",
        "They count as kept, and tell nothing of punctuality.",
        "appointments",
    ),
    "appointment_another_kind": CheckWords(
        "Appointments that were kept as another kind of work",
        "They count as kept, and tell nothing of punctuality.",
        "appointments",
    ),
    "visit_without_appointment": CheckWords(
        "{Visits} of a kind that is agreed, without an appointment", "They count as work that came in."
    ),
    "closing_day": CheckWords("Days without any {visits}", "It was closed; they are not missing data.", "days"),
    "incomplete_last_day": CheckWords(
        "{Visits} of the last day, which is not complete", "The day is left out; the twin's today begins with it."
    ),
}

PARTS = {  # columns of records that name a part of the business, and what that is
    "segment": "group of customers",
    "kind": "kind of work",
    "station": "station",
    "team": "team",
    "shift": "shift",
    "machines": "group of machines",
    "book": "book of loans",
    "node": "site",
    "lane": "lane",
    "site": "outlet",
}
CHECKS |= {
    f"unknown_{column}": CheckWords(
        f"Rows with {'an' if part[0] in 'aeiou' else 'a'} {part} that this twin does not have", "", "rows"
    )
    for column, part in PARTS.items()
}


def check_words(
    name: str, came: str = "orders", driven: str = "", people: tuple[str, str] = ("customer", "customers")
) -> CheckWords:
    """A check in words; its name made readable where it has none yet.

    came : what comes in, in the words of the trade
    driven : 'orders', which come as lines, or 'visits', whatever these are called; left out, it is told from `came`
    people : what somebody who brings it is called, one and several

    >>> check_words("open_visit", "tickets").label, check_words("customer_missing").label
    ('Tickets that are still open', 'Lines without a customer')
    """
    of_lines = (driven or came) == "orders"
    first, other = (CHECKS, OF_VISITS) if of_lines else (OF_VISITS, CHECKS)
    told = first.get(name) or other.get(name)
    if told is None:
        return CheckWords(name.replace("_", " ").capitalize(), "", "lines" if of_lines else "rows")
    trade = {"visits": came, "Visits": capitalised(came), "person": people[0], "people": people[1]}
    return CheckWords(
        told.label.format(**trade), told.meaning.format(**trade), came if "{Visits}" in told.label else told.counted
    )
