"""What the flights project's people wrote before they began: answers to the scoping documents' questions."""

from collections.abc import Mapping

SCOPING: Mapping[str, Mapping[str, str]] = {
    "goals": {
        "problem": "The connections desk of the New York airports hears of late arrivals too late to rebook.",
        "decision": "At scheduled departure the desk sees which flights will arrive more than 15 minutes late, "
        "and rebooks the tightest connections first.",
        "without": "The desk goes by the timetable: it treats every flight alike until it is late.",
        "cost": "A missed late flight strands passengers; a false alarm costs an agent a few minutes. "
        "So a miss is the worse of the two.",
        "stop": "If a model cannot find three in ten late flights before they leave, the desk keeps its list.",
    },
    "canvas": {
        "value": "Rebooking in time instead of overnight stays: the desk counts hotel vouchers before and after.",
        "users": "The duty manager of the connections desk, at the scheduled departure of each flight.",
        "prediction": "Arrival more than 15 minutes late, known when the flight is scheduled to leave.",
        "data": "Timetable, weather at the origin in that hour, the aircraft's age and seats. "
        "Nothing from after the scheduled departure.",
        "labels": "The arrival time, a few hours later. Cancelled and diverted flights (3 %) never get one.",
        "baseline": "Saying that no flight is late finds none of the late ones.",
        "risks": "One airport may be served worse than the others: JFK is watched as a slice of its own.",
    },
    "data_definition": {
        "row": "One scheduled departure from EWR, JFK or LGA in 2013.",
        "target": "late: arrival more than 15 minutes after schedule.",
        "known": "All inputs are known at scheduled departure; the weather is that of the scheduled hour.",
        "block": "Flights of one day share weather and traffic: the day is the unit that is resampled.",
        "quality": "17 % of aircraft ages are missing, mostly of one carrier; so is 11 % of the pressure readings.",
    },
}
