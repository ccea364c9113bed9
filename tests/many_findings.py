"""Two CSV files in which as many checks as possible find something: a column, or an oddity of the file, for each."""

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

ROWS = 1_200
_START = datetime(2025, 1, 1)  # noqa: DTZ001 - as a file has them


def write_many_findings(path: Path) -> Path:
    """Write a wide file of orders, the same one each time."""
    rng = random.Random(7)
    rows = [_row(number, rng) for number in range(ROWS)]
    rows[900]["order_id"] = rows[899]["order_id"]
    header = list(rows[0])
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["amount" if name == "amount 2" else name for name in header])
        for place, row in enumerate(rows):
            cells = list(row.values())
            if place in {300, 700}:
                cells.append("one too many")
            writer.writerow(cells)
    return path


def write_joined(path: Path) -> Path:
    """Write a small file that was joined from two exports in an old encoding: its header stands in the middle too."""
    header, half = "Ort;Menge;Preis", [f"Köln;{n};{n},50" for n in range(30)]
    path.write_text("\n".join(["Export vom 1. Mai", header, *half, header, *half]) + "\n", encoding="latin-1")
    return path


def _row(number: int, rng: random.Random) -> dict[str, object]:
    amount = round(rng.gauss(100, 12), 2)
    rare = number % 40 == 0
    moment = _START + timedelta(hours=number)
    return {
        "Unnamed: 0": number,
        "order_id": f"A-{number:05d}",
        "amount": 9_999_999 if rare else amount,
        "amount 2": 9_999_999 if rare else amount,
        "temperature": -999 if rare else round(rng.gauss(15, 4), 1),
        "load": round(rng.gauss(0, 1) * (400 if rare else 1), 3),
        "ratio": "inf" if rare else round(rng.random(), 4),
        "account": 1.2345678901234567e17 + 64 * number,
        "discount": 0 if number % 9 else round(rng.random(), 2),
        "currency": "EUR",
        "channel": "phone" if number % 50 == 0 else "web",
        "price": f"{rng.randint(1, 9)}.{rng.randint(100, 999)},{rng.randint(10, 99)} €",
        "delivered": "soon" if number % 40 == 0 else (moment + timedelta(days=3)).strftime("%d.%m.%Y"),
        "booked": {0: "2093-05-01 00:00:00", 20: "1900-01-01 00:00:00"}.get(number % 40, moment.isoformat(sep=" ")),
        "size": "large" if number % 15 == 0 else rng.randint(1, 60),
        "city": "MÃ¼nchen" if rare else rng.choice(["Köln", "Bonn", "Ulm"]),
        "plan": rng.choice(["Gold", "gold", "GOLD ", "Silver"]) if number % 8 == 0 else rng.choice(["Gold", "Silver"]),
        "note": " urgent" if number % 20 == 0 else rng.choice(["fine", "late", "broken"]),
        "remark": "???" if number % 30 == 0 else rng.choice(["yes indeed", "not now"]),
        "shop": f"shop {rng.randint(1, 400)}",
        "segment": f"segment {number}" if number % 60 == 0 else rng.choice(["a", "b", "c"]),
        "phone_mail": f"person{number}@example.org",
        "formula": "=1+1" if rare else rng.choice(["plus", "minus"]),
        "income": "" if number % 3 == 0 else rng.randint(20_000, 90_000),
        "answer": "N/A" if number % 12 == 0 else rng.choice(["true enough", "hardly"]),
        "empty": "",
        "visits": 0 if number % 3 else rng.randint(1, 20),
    }
