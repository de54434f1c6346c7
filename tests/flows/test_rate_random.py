"""Thousands of seeded bills of every kind: the C engine and rate_reference.py must agree to the fen.

METERWORKS_RATE_CASES and METERWORKS_RATE_SEED choose another number of cases for each kind and another seed."""

import datetime
import json
import os
import pathlib
import random
import subprocess
import unittest

import rate_reference

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("METERWORKS", str(ROOT / "build" / "meterworks"))
COUNT = int(os.environ.get("METERWORKS_RATE_CASES", "150"))
SEED = os.environ.get("METERWORKS_RATE_SEED", "20260522")

MADE_ITEMS = {
    "W-SZ": {"cycle": "month", "limits": [22, 30], "items": [
        {"name": "water", "prices": ["2.67", "4.01", "8.01"]},
        {"name": "sewage", "coef": "0.9", "prices": ["0.90", "1.00", "1.10"]},
        {"name": "garbage", "coef": "0.9", "price": "0.59"}]},
    "W-GZ": {"cycle": "month", "limits": [21, 27], "items": [{"name": "water", "prices": ["2.55", "3.82", "7.65"]}]},
    "W-BJ": {"cycle": "calendar-year", "limits": [180, 260],
             "household": {"kind": "per_person", "base": 5, "add": 30}, "items": [
                 {"name": "water", "prices": ["2.07", "4.07", "6.07"]},
                 {"name": "water_resource", "price": "1.57"}, {"name": "sewage", "price": "1.36"}]},
    "G-BJ": {"cycle": "calendar-year", "limits": [350, 500], "household": {"kind": "flat", "min": 6, "add": [150, 150]},
             "items": [{"name": "gas", "prices": ["2.61", "2.83", "4.23"]}]},
}


def decimal(source, low, high, places):
    """A decimal as text or number, sometimes on a round value."""
    scale = 10 ** source.randint(0, places)
    value = source.randint(low * scale, high * scale)
    text = f"{value // scale}" if scale == 1 else f"{value / scale:.{len(str(scale)) - 1}f}"
    return text


def quantity(source, high=900):
    text = decimal(source, 0, high, 4)
    if source.random() < 0.5:
        return text
    return float(text) if "." in text else int(text)


def price(source, high=9):
    return decimal(source, 0, high, source.choice([2, 2, 4, 8]))


def rising(source, count, high=300):
    ends = sorted(source.sample(range(1, high), count))
    return [end if source.random() < 0.8 else end + source.choice([0.5, 0.25]) for end in ends]


def item(source, name, tiers, periods=()):
    made = {"name": name}
    if source.random() < 0.4:
        made["coef"] = source.choice(["0.9", "0.85", 0.5, "1.1", "0.123"])
    kinds = ["price", "prices"] + (["tou_prices"] if periods else [])
    for kind in source.sample(kinds, source.choice([1, 1, 1, min(2, len(kinds))])):
        if kind == "price":
            made["price"] = price(source)
        elif kind == "prices":
            made["prices"] = [price(source) for _ in range(tiers)]
        else:
            made["tou_prices"] = {name: price(source) for name in periods}
    return made


def household(source, limits):
    kind = source.choice(["per_person", "flat", "replace", "none"])
    add = sorted(source.randint(0, 60) for _ in range(limits))
    if kind == "per_person":
        return {"kind": kind, "base": source.randint(0, 6), "add": source.choice([add, 30])}
    if kind == "flat":
        return {"kind": kind, "min": source.randint(1, 6), "add": source.choice([add, 100])}
    if kind == "replace" and limits:
        return {"kind": kind, "min": source.randint(1, 6), "limits": rising(source, limits)}
    return None


def tariff(source, periods=(), limits=None):
    """Any combination that the text allows."""
    limits = source.randint(0, 4) if limits is None else limits
    made = {"utility": "water", "cycle": source.choice(["month", "calendar-year", "anchor-year", "heating-season"])}
    where = source.choice(["limits", "limits", "season_limits", "monthly_limits"])
    if where == "season_limits":
        made[where] = {name: rising(source, limits) for name in ("summer", "other", "winter")[:source.randint(1, 3)]}
    elif limits:
        made[where] = rising(source, limits)
    if source.random() < 0.6 and limits:
        grown = household(source, limits)
        if grown:
            made["household"] = grown
    if where == "monthly_limits" and source.random() < 0.5 and limits and made.get("household", {}).get("kind") != "replace":
        made["household_monthly"] = {"min": source.randint(1, 6), "limits": rising(source, limits)}
    made["items"] = [item(source, f"item{index}", limits + 1, periods) for index in range(source.randint(1, 4))]
    if source.random() < 0.2:
        made.update(total_from="composite", composite=[price(source, 20) for _ in range(limits + 1)],
                    remainder_item=source.choice(made["items"])["name"])
    if source.random() < 0.4:
        made["round"] = source.choice(["item", "row", "bill"])
    if source.random() < 0.3:
        made["prorate"] = source.choice(["none", "whole_months", "days"])
    return made


def extras(source, made, case):
    """Charges around the use itself."""
    if source.random() < 0.2:
        made["fixed"] = [{"name": "meter", "amount": decimal(source, 0, 20, 2)}]
    if source.random() < 0.1:
        made.setdefault("fixed", []).append({"name": "area", "price": price(source), "per": "area_m2", "every": "bill"})
        case["area_m2"] = decimal(source, 1, 200, 2)
    if source.random() < 0.15:
        made["min_charge"] = decimal(source, 0, 90, 2)
    if source.random() < 0.15 and not any("tou_prices" in one for one in made["items"]):
        made["min_qty"] = source.randint(1, 20)
    plain = made["cycle"] == "month" and "composite" not in made and not any("tou_prices" in one for one in made["items"])
    if plain and source.random() < 0.3:
        made["allowance"] = {"name": "free", "qty": source.randint(1, 15)}
    if source.random() < 0.2:
        made["items"][0]["tax_rate"] = source.choice(["0.03", "0.09", "0.13"])


def use(source, made):
    case = {"persons": source.randint(0, 9)} if source.random() < 0.7 else {}
    if source.random() < 0.5:
        case["months"] = source.randint(1, 14)
    if source.random() < 0.5:
        case["ytd"] = quantity(source, 700)
    if source.random() < 0.3:
        case.update(days=source.randint(1, 365), **({"cycle_days": 366} if source.random() < 0.3 else {}))
    if "season_limits" in made:
        case["season"] = source.choice(list(made["season_limits"]))
    return case


def tiered(source):
    periods = source.choice([(), (), ("peak", "valley"), ("sharp", "peak", "flat", "valley")])
    made = tariff(source, periods)
    case = use(source, made)
    if any("tou_prices" in one for one in made["items"]):
        for one in made["items"]:
            if "tou_prices" in one:
                periods = tuple(one["tou_prices"])
        case["tou"] = {name: quantity(source, 400) for name in periods}
    else:
        case["qty"] = quantity(source)
        if source.random() < 0.05:
            case.update(ytd=500, qty=-source.randint(1, 500))
    extras(source, made, case)
    return {"tariff": made, "input": case}


def price_change(source):
    method = source.choice(["snapshot", "by_day", "by_reading_date"])
    previous = datetime.date(2024, 1, 1) + datetime.timedelta(days=source.randint(0, 700))
    days = source.randint(1, 95)
    case = {"prev_read": previous.isoformat(), "cur_read": (previous + datetime.timedelta(days=days)).isoformat(),
            "change": (previous + datetime.timedelta(days=source.randint(1, days))).isoformat(),
            "qty": decimal(source, 1, 200, 3)}
    if method == "snapshot":
        case["qty_before_change"] = source.choice([0, case["qty"], str(int(float(case["qty"]) / 2))])
    if source.random() < 0.4:
        case["ytd"] = quantity(source, 300)
    if source.random() < 0.3:
        case["cycle"] = source.choice(["month", "calendar-year"])
    if source.random() < 0.4:
        case["household"] = {"kind": "per_person", "base": 4, "add": 5}
        case["persons"] = source.randint(1, 8)
    limits = source.randint(0, 3)
    for name in ("old", "new"):
        side = {"limits": rising(source, limits, 60)}
        if source.random() < 0.5:
            side["prices"] = [price(source) for _ in range(limits + 1)]
        else:
            side["items"] = [item(source, f"item{index}", limits + 1) for index in range(source.randint(1, 3))]
        case[name] = side
    return {"kind": "price_change", "method": method, "input": case}


def registers(source):
    kind = source.choice(["meter_replace", "rollover", "ct_multiplier"])
    case = {"tariff": source.choice(list(MADE_ITEMS)), "persons": source.randint(1, 8)}
    if source.random() < 0.4:
        case["ytd"] = quantity(source, 300)
    if source.random() < 0.3:
        case.update(fractions="carry", carry=decimal(source, 0, 1, 3))
    if kind == "meter_replace":
        starts = [source.randint(0, 99999) / 10 for _ in range(source.randint(1, 5))]
        case["segments"] = [[f"{start:.1f}", f"{start + source.randint(0, 500) / 10:.1f}"] for start in starts]
        if source.random() < 0.4:
            case["digits"] = 4
            case["segments"] = [[start, f"{float(end) % 10000:.1f}"] for start, end in case["segments"]]
    elif kind == "rollover":
        digits = source.randint(3, 6)
        case.update(digits=digits, prev=str(source.randrange(10 ** digits)).zfill(digits),
                    cur=str(source.randrange(10 ** digits)).zfill(digits))
    else:
        start = source.randint(0, 999999) / 100
        case.update(prev=f"{start:.2f}", cur=f"{start + source.randint(0, 5000) / 100:.2f}",
                    multiplier=source.choice([1, 15, 60, "1.5", 4000]))
    return {"kind": kind, "input": case}


def public_meter(source):
    subs = [decimal(source, 0, 90, 2) for _ in range(source.randint(1, 20))]
    case = {"tariff": source.choice(list(MADE_ITEMS)), "subs": subs,
            "main": f"{sum(map(float, subs)) + source.randint(0, 4000) / 100:.2f}"}
    if source.random() < 0.5 or not any(map(float, subs)):
        case["weights"] = [1, *(source.choice([0, source.randint(0, 9), decimal(source, 0, 200, 2)]) for _ in subs[1:])]
    return {"kind": "public_meter", "input": case}


def late_fee(source):
    due = datetime.date(2023, 1, 1) + datetime.timedelta(days=source.randint(0, 1200))
    case = {"principal_fen": source.choice([0, source.randint(1, 5000), source.randint(1, 10 ** 9)]), "due": due.isoformat(),
            "paid": (due + datetime.timedelta(days=source.randint(-5, 900))).isoformat()}
    rate = source.choice(["one", "two", "class"])
    if rate == "one":
        case["rate_day"] = source.choice(["0.001", "0.0005", "0.003", "0.005"])
    elif rate == "two":
        case.update(rate_day_same_year=source.choice(["0.002", "0.001"]), rate_day_later_year="0.003")
    else:
        case["class"] = source.choice(["resident", "business"])
    if source.random() < 0.5:
        case["min_fen"] = 100
    if source.random() < 0.4:
        case["cap"] = "principal"
    return {"kind": "late_fee", "input": case}


def heat(source):
    area = decimal(source, 1, 400, 2)
    if source.random() < 0.5:
        case = {"area_m2": area, "price": price(source, 40), "ceiling_m": decimal(source, 2, 20, 2)}
        if source.random() < 0.8:
            case.update(over_m=source.choice([4, "3.5"]), add_per_m=source.choice(["0.125", "0.1", "0.333"]))
            if source.random() < 0.6:
                case["add_cap"] = source.choice(["1", "0.5"])
        return {"kind": "heat_area", "input": case}
    kind = source.choice(["heat_metered", "heat_metered_gj"])
    case = {"area_m2": area, "base_price": price(source, 20), "energy_price": price(source, 60),
            "kwh" if kind == "heat_metered" else "gj": decimal(source, 0, 9000, 4)}
    if source.random() < 0.4:
        case["cap_price"] = price(source, 90)
    if source.random() < 0.4:
        case["prepaid_fen"] = source.randint(0, 10 ** 7)
    return {"kind": kind, "input": case}


def apportion(source):
    weights = [source.choice([0, source.randint(0, 50), decimal(source, 0, 90, 3)]) for _ in range(source.randint(1, 30))]
    if not any(float(weight) for weight in weights):
        weights[0] = 1
    return {"kind": "apportion", "input": {
        "cost_fen": source.randint(-10 ** 6, 10 ** 7), "weights": weights,
        "by": source.choice(["usage", "area", "persons", "fixed"])}}


def unit_purchase(source):
    case = {"wallet_fen": source.randint(0, 500), "payments_fen": [source.randint(0, 30000) for _ in range(source.randint(1, 6))]}
    if source.random() < 0.4:
        case["price"] = f"{source.randint(1, 3)}.{source.randint(0, 9999):04d}"
        return {"kind": "unit_purchase", "input": case}
    case["ytd"] = quantity(source, 300)
    if source.random() < 0.5:
        limits = rising(source, 2)
        prices = [f"{source.randint(1, 9)}.{source.randint(0, 999):03d}" for _ in range(3)]
        case.update(limits=limits, prices=prices)
        return {"kind": "unit_purchase", "input": case}
    return {"kind": "unit_purchase", "tariff": source.choice(list(MADE_ITEMS)), "input": {**case, "persons": 3}}


def small_kinds(source):
    chosen = source.choice(["minimum_volume", "close_account", "hot_water_session", "tax_split"])
    if chosen == "minimum_volume":
        case = {"qty": quantity(source, 20), "min_qty": source.randint(0, 12), "price": price(source)}
    elif chosen == "close_account":
        case = {name: source.randint(0, 5000) for name in ("meter_money_left_fen", "wallet_fen", "last_bill_fen")}
    elif chosen == "hot_water_session":
        ends = [source.choice([0, 20]), *sorted(source.sample(range(35, 60), source.randint(0, 3))), 100]
        case = {"litres": decimal(source, 0, 300, 3), "temp_c": source.choice([source.randint(20, 70), *ends[:-1]]),
                "preauth_litres": source.choice([1, 2, "0.5"]),
                "price_per_t": [[low, high, price(source, 40)] for low, high in zip(ends, ends[1:])]}
    else:
        case = {"rate": source.choice(["0.03", "0.09", "0.13", "0.06"]),
                "amounts_fen": [source.randint(0, 90000) for _ in range(source.randint(1, 12))]}
    return {"kind": chosen, "input": case}


def two_part(source):
    names = source.sample(["sharp", "peak", "flat", "valley", "deep"], source.randint(1, 5))
    case = {"tou": {name: quantity(source, 9000) for name in names}, "tou_prices": {name: price(source, 2) for name in names},
            "power_factor": f"{source.randint(60, 100) / 100:.2f}" if source.random() < 0.7 else f"0.{source.randint(600, 999)}",
            "pf_standard": source.choice(["0.90", "0.85", "0.80"]), "pf_step": "0.01", "pf_rate_per_step_below": "0.005"}
    if source.random() < 0.5:
        case.update(capacity_kva=source.choice([100, 315, 630]), capacity_price=price(source, 40),
                    pf_base=source.choice(["capacity+energy", "energy", "capacity"]))
    else:
        case.update(demand_kw=decimal(source, 1, 900, 2), demand_price=price(source, 50), pf_base="demand+energy")
        if source.random() < 0.6:
            case["contract_kw"] = source.randint(1, 900)
    if source.random() < 0.4:
        case.update(pf_rate_per_step_above="0.0015", pf_reward_cap="0.0075")
    if source.random() < 0.3:
        case["pf_table"] = [["0.70", "0.10"], ["0.80", "0.05"], ["0.89", "0.005"], ["0.90", "0"], ["0.91", "-0.0015"],
                            ["0.95", "-0.0075"]]
    return {"kind": "two_part_business", "input": case}


def series(source):
    made = tariff(source, limits=source.randint(0, 3))
    case = use(source, made)
    case.pop("ytd", None)
    if source.random() < 0.5:
        case["estimated"] = [quantity(source, 60) for _ in range(source.randint(1, 4))]
        case["actual"] = quantity(source, 200)
        return {"kind": "rerate", "tariff": made, "input": case}
    case["days_qty"] = [quantity(source, 20) for _ in range(source.randint(1, 40))]
    return {"kind": "prepaid_days", "tariff": made, "input": case}


def clock(source, low, high):
    return f"{source.randint(low, high):02d}:{source.choice([0, 15, 30, 45]):02d}"


def timeline(source):
    start = datetime.date(2026, 1, 1) + datetime.timedelta(days=source.randint(0, 300))
    days = source.randint(1, 16)
    dates = [(start + datetime.timedelta(days=index)).isoformat() for index in range(days)]
    config = {"overdraft_fen": source.choice([0, 500, 1000]), "settle": clock(source, 0, 23),
              "notice_hours": [clock(source, 6, 10), clock(source, 17, 22)],
              "grace_h": source.choice([0, 4, 24, 48]),
              "cut_window": {"days": source.choice(["Mon-Fri", "Mon-Sun", "Mon,Wed,Fri", "Sat-Mon", "Tue"]),
                             "from": clock(source, 7, 10), "to": clock(source, 11, 18)},
              "holidays": sorted(source.sample(dates, min(days, source.randint(0, 3)))),
              "reopen_at_fen": source.choice([0, 0, 500])}
    recharge = sorted(({"at": f"{source.choice(dates)}T{clock(source, 0, 23)}", "fen": source.randint(0, 3000)}
                       for _ in range(source.randint(0, 4))), key=lambda one: one["at"])
    case = {"balance_fen": source.randint(-500, 1500), "daily_charge_fen": source.choice([100, 300, 400]),
            "from": dates[0], "to": dates[-1]}
    if recharge:
        case["recharge"] = recharge
    return {"kind": "prepaid_timeline", "config": config, "input": case}


def intervals(source):
    """A day shared out without gap, with rows in front that override it in some months, on some days."""
    names = ["valley", "flat", "peak", "sharp"][:source.randint(2, 4)]
    hours = sorted(source.sample(range(24), source.randint(2, 6)))
    rows = [{"period": source.choice(names), "from": f"{low:02d}:30", "to": f"{high:02d}:30"}
            for low, high in zip(hours, hours[1:] + hours[:1])]
    for _ in range(source.randint(0, 3)):
        low = source.randint(0, 22)
        row = {"period": source.choice(names), "from": f"{low:02d}:00", "to": f"{source.randint(low + 1, 24):02d}:00"}
        if source.random() < 0.5:
            row["months"] = sorted(source.sample(range(1, 13), source.randint(1, 6)))
        if source.random() < 0.5:
            row["days"] = source.choice(["Mon-Fri", "Sat-Sun", "Wed", "Fri-Mon"])
        if source.random() < 0.3:
            row["holiday"] = source.random() < 0.5
        rows.insert(0, row)
    made = tariff(source, limits=2)
    made.pop("season_limits", None)
    made["limits"] = rising(source, 2)
    made.pop("monthly_limits", None)
    made.pop("household_monthly", None)
    made["items"][0].pop("price", None)
    made["items"][0]["tou_prices"] = {name: price(source) for name in names}
    made["tou_schedule"] = rows
    start = datetime.datetime(2026, source.randint(1, 12), source.randint(1, 28))
    case = {"intervals": [[(start + datetime.timedelta(minutes=30 * index)).isoformat(timespec="minutes"), decimal(source, 0, 9, 2)]
                          for index in range(source.randint(1, 150))]}
    if source.random() < 0.5:
        case["holidays"] = [start.date().isoformat()]
    return {"kind": "tou_intervals", "tariff": made, "input": case}


class RateRandomTest(unittest.TestCase):
    def compare(self, make, count=COUNT):
        source = random.Random(f"{SEED} {make.__name__}")
        cases = [{"id": f"{make.__name__}-{index}", **make(source)} for index in range(count)]
        text = "\n".join(json.dumps(case) for case in cases)
        told = subprocess.run([PROGRAM, "rate"], input=text, capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 0, told.stderr[:3000])
        answers = [json.loads(line) for line in told.stdout.splitlines()]
        self.assertEqual(len(answers), count)
        for case, answer in zip(cases, answers):
            wanted = rate_reference.answer(case, MADE_ITEMS)
            self.assertEqual({name: answer.get(name) for name in wanted}, wanted, json.dumps(case))

    def test_tiered_bills(self):
        self.compare(tiered, COUNT * 8)

    def test_price_changes(self):
        self.compare(price_change, COUNT * 4)

    def test_registers(self):
        self.compare(registers, COUNT * 2)

    def test_public_meters(self):
        self.compare(public_meter)

    def test_late_fees(self):
        self.compare(late_fee, COUNT * 2)

    def test_heat(self):
        self.compare(heat, COUNT * 2)

    def test_shares(self):
        self.compare(apportion, COUNT * 2)

    def test_units_sold(self):
        self.compare(unit_purchase)

    def test_minimum_closing_hot_water_tax(self):
        self.compare(small_kinds, COUNT * 4)

    def test_business_electricity(self):
        self.compare(two_part, COUNT * 2)

    def test_prepaid_days_and_estimates(self):
        self.compare(series, COUNT * 2)

    def test_use_by_the_clock(self):
        self.compare(intervals)

    def test_time_lines(self):
        self.compare(timeline, max(COUNT // 4, 1))


if __name__ == "__main__":
    unittest.main()
