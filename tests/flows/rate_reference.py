"""What worked bills cost, straight from the rules in docs/tariffs.md, with exact fractions and no code in common with the
C engine. One function for each kind of case; answer() gives the fields that are compared."""

import datetime
from fractions import Fraction

FEN = 100


def exact(value):
    return Fraction(str(value))


def half_up(value):
    """To a whole number, half away from zero."""
    magnitude = (2 * abs(value).numerator + abs(value).denominator) // (2 * abs(value).denominator)
    return magnitude if value >= 0 else -magnitude


def number(value):
    """As the program prints it: a whole number, or a decimal of four places."""
    shown = Fraction(half_up(Fraction(value) * 10000), 10000)
    return int(shown) if shown.denominator == 1 else float(shown)


def overlap(quantity, low, high):
    top = quantity if high is None else min(quantity, high)
    return max(top - low, Fraction(0))


def tiers(used, quantity, limits):
    """How much of `quantity`, placed on top of `used`, lies in each tier; a limit belongs to the lower one."""
    parts, low = [], Fraction(0)
    for high in [*limits, None]:
        if high is not None:
            high = max(high, low)
        parts.append(overlap(used + quantity, low, high) - overlap(used, low, high))
        low = high
    return parts


def monthly(tariff):
    return tariff.get("cycle", "month") == "month" or "monthly_limits" in tariff


def limits_of(tariff, case):
    """Season, replacement, months, household; then the part of the cycle in use."""
    persons, months = case.get("persons", 0), case.get("months", 0)
    factor = max(months, 1) if monthly(tariff) else 1
    base = tariff.get("monthly_limits", tariff.get("limits", []))
    if case.get("season") in tariff.get("season_limits", {}):
        base = tariff["season_limits"][case["season"]]
    limits = [exact(limit) * factor for limit in base]
    replaced = tariff.get("household_monthly")
    if replaced and persons >= replaced["min"]:
        limits = [exact(limit) * (factor if monthly(tariff) else months or 12) for limit in replaced["limits"]]
    household = tariff.get("household", {})
    if household.get("kind") == "replace" and persons >= household["min"]:
        limits = [exact(limit) * factor for limit in household["limits"]]
    add = household.get("add", 0)
    add = [exact(one) for one in (add if isinstance(add, list) else [add] * len(limits))]
    times = 0
    if household.get("kind") == "per_person":
        times = max(persons - household["base"], 0)
    elif household.get("kind") == "flat":
        times = 1 if persons >= household["min"] else 0
    limits = [limit + one * times * factor for limit, one in zip(limits, add)] if times else limits
    if tariff.get("prorate") == "whole_months" and months and not monthly(tariff):
        limits = [limit * min(months, 12) / 12 for limit in limits]
    if tariff.get("prorate") == "days" and case.get("days") and not monthly(tariff):
        limits = [limit * case["days"] / case.get("cycle_days", 365) for limit in limits]
    return limits


def rows_of(item, parts, periods):
    """Each product of an item, in fen, before rounding."""
    share = exact(item.get("coef", 1)) * FEN
    rows = [share * quantity * exact(item["tou_prices"].get(name, 0)) for name, quantity in periods.items()] \
        if "tou_prices" in item else []
    if "prices" in item:
        rows += [share * part * exact(price) for part, price in zip(parts, item["prices"])]
    if "price" in item:
        rows.append(share * sum(parts) * exact(item["price"]))
    return rows


def shared(total, weights):
    """Largest remainder, the lower index first on a tie."""
    whole = sum(weights)
    if total == 0:
        return [0 for _ in weights]
    sign, total = (1 if total > 0 else -1), abs(total)
    shares = [Fraction(total) * weight / whole for weight in weights]
    parts = [int(share) for share in shares]
    order = sorted(range(len(parts)), key=lambda index: (parts[index] - shares[index], index))
    for index in order[:total - sum(parts)]:
        parts[index] += 1
    return [sign * part for part in parts]


def items_rounded(tariff, rows, composite):
    """rows: item -> products of all price segments; composite: products at the composite price."""
    rounding = {"tier": "row"}.get(tariff.get("round", "item"), tariff.get("round", "item"))
    if rounding == "row":
        items = {name: sum(half_up(row) for row in products) for name, products in rows.items()}
    elif rounding == "bill" and "composite" not in tariff:
        sums = {name: sum(products, Fraction(0)) for name, products in rows.items()}
        total = half_up(sum(sums.values()))
        items = dict(zip(sums, shared(total, [abs(one) for one in sums.values()]))) if any(sums.values()) else \
            {name: 0 for name in sums}
    else:
        items = {name: half_up(sum(products, Fraction(0))) for name, products in rows.items()}
    if "composite" in tariff:
        whole = sum(half_up(row) for row in composite) if rounding == "row" else half_up(sum(composite, Fraction(0)))
        rest = tariff["remainder_item"]
        items[rest] = whole - sum(amount for name, amount in items.items() if name != rest)
    return items


def use_cost(tariff, case, used, quantity, periods=None):
    """Limits, tier quantities, items of one stretch, without fixed charges and minimum."""
    limits = limits_of(tariff, case)
    parts = tiers(used, quantity, limits)
    rows = {item["name"]: rows_of(item, parts, periods or {}) for item in tariff["items"]}
    composite = [part * exact(price) * FEN for part, price in zip(parts, tariff.get("composite", []))]
    items = items_rounded(tariff, rows, composite)
    if "allowance" in tariff:
        free = exact(tariff["allowance"]["qty"]) * max(case.get("months", 0), 1)
        low, high = min(used, free), min(used + quantity, free)
        given = tiers(low, high - low, limits)
        items[tariff["allowance"]["name"]] = -half_up(sum(
            (row for item in tariff["items"] for row in rows_of(item, given, {})), Fraction(0)))
    return limits, parts, items


def items_finished(tariff, case, items, quantity):
    """Fixed charges and what is missing to the smallest bill."""
    months = max(case.get("months", 0), 1)
    for fixed in tariff.get("fixed", []):
        count = exact(case[fixed["per"]]) if fixed.get("per", "account") != "account" else 1
        times = 1 if fixed.get("every") == "bill" else months
        amount = half_up(exact(fixed.get("amount", fixed.get("price"))) * count * times * FEN)
        items[fixed["name"]] = items.get(fixed["name"], 0) + amount
    minimum = half_up(exact(tariff.get("min_charge", 0)) * FEN)
    if sum(items.values()) < minimum and quantity >= 0:
        items["minimum_charge"] = minimum - sum(items.values())
    return items


def bill(tariff, case):
    periods = {name: exact(value) for name, value in case.get("tou", {}).items()}
    quantity = sum(periods.values(), Fraction(0)) if "tou" in case else exact(case["qty"])
    if "min_qty" in tariff:
        quantity = max(quantity, exact(tariff["min_qty"]) * max(case.get("months", 0), 1)) if quantity >= 0 else quantity
    limits, parts, items = use_cost(tariff, case, exact(case.get("ytd", 0)), quantity, periods)
    items = items_finished(tariff, case, items, quantity)
    told = {"limits": [number(limit) for limit in limits], "tier_qty": [number(part) for part in parts],
            "items_fen": items, "total_fen": sum(items.values())}
    if any("tax_rate" in item for item in tariff["items"]):
        rates = {item["name"]: exact(item.get("tax_rate", 0)) for item in tariff["items"]}
        told["tax_fen"] = {name: half_up(Fraction(amount) * rates.get(name, 0) / (1 + rates.get(name, 0)))
                           for name, amount in items.items()}
    return told


def season_of(tariff, date):
    """The season whose months hold the date; the one without months takes the rest."""
    named = {name: months for name, months in tariff["season_months"].items()}
    rest = [name for name in tariff["season_limits"] if name not in named]
    found = [name for name, months in named.items() if date.month in months]
    return found[0] if found else rest[0] if rest else None


def seasons_by_day(tariff, given, previous, current):
    """Each season gets its share of the quantity and, with monthly tiers, of its limits; days after the previous reading."""
    dates = [previous + datetime.timedelta(days=index + 1) for index in range((current - previous).days)]
    rows, placed, low, ends = {}, [], exact(given.get("ytd", 0)), []
    for season in dict.fromkeys(season_of(tariff, date) for date in dates):
        share = Fraction(sum(season_of(tariff, date) == season for date in dates), len(dates))
        ends = [limit * (share if monthly(tariff) else 1) for limit in limits_of(tariff, {**given, "season": season})]
        parts = tiers(low, exact(given["qty"]) * share, ends)
        placed = [sum(pair) for pair in zip(placed, parts)] if placed else parts
        low += 0 if monthly(tariff) else exact(given["qty"]) * share
        for item in tariff["items"]:
            rows.setdefault(item["name"], []).extend(rows_of(item, parts, {}))
    items = items_rounded(tariff, rows, [])
    return {"limits": [number(limit) for limit in ends], "tier_qty": [number(part) for part in placed],
            "items_fen": items, "total_fen": sum(items.values())}


def tiered(case):
    tariff, given = case["tariff"], case["input"]
    if "cur_read" in given and "season" not in given and "season_months" in tariff:
        if tariff.get("season_rule") == "by_day":
            return seasons_by_day(tariff, given, day(given["prev_read"]), day(given["cur_read"]))
        given = {**given, "season": season_of(tariff, day(given["cur_read"]))}
    if "limits" in tariff and "monthly_limits" in tariff:
        unused = "limits" if "months" in given else "monthly_limits"
        tariff = {name: value for name, value in tariff.items() if name != unused}
    return bill(tariff, given)


def day(text):
    return datetime.date.fromisoformat(text)


def side(case, name):
    """old or new: what it does not say stands in "tariff" or the input."""
    tariff = {**case.get("tariff", {}), **case["input"][name]}
    tariff.setdefault("cycle", case["input"].get("cycle", "calendar-year" if "ytd" in case["input"] else "month"))
    if "household" in case["input"]:
        tariff.setdefault("household", case["input"]["household"])
    if "items" not in case["input"][name]:
        tariff["items"] = [{"name": "usage", **{key: tariff[key] for key in ("prices", "price", "coef")
                                                if key in case["input"][name]}}]
    return tariff


def price_change(case):
    given = case["input"]
    old, new = side(case, "old"), side(case, "new")
    quantity, used = exact(given["qty"]), exact(given.get("ytd", 0))
    if case["method"] == "by_reading_date":
        return {"total_fen": bill(new, given)["total_fen"]}
    days = (day(given["cur_read"]) - day(given["prev_read"])).days
    before = (day(given["change"]) - day(given["prev_read"])).days - 1
    shares = [Fraction(before, days), Fraction(days - before, days)]
    if case["method"] == "by_day":
        parts = [quantity * share for share in shares]
    else:
        parts = [exact(given["qty_before_change"]), quantity - exact(given["qty_before_change"])]
    limits = [[limit * (share if monthly(tariff) else 1) for limit in limits_of(tariff, given)]
              for tariff, share in zip((old, new), shares)]
    below = [used, used if monthly(new) else used + parts[0]]
    rows = {}
    for tariff, part, low, ends in zip((old, new), parts, below, limits):
        placed = tiers(low, part, ends)
        for item in tariff["items"]:
            rows.setdefault(item["name"], []).extend(rows_of(item, placed, {}))
    told = {"total_fen": sum(items_rounded(new, rows, []).values()), "days": [before, days - before],
            "limits_old": [number(limit) for limit in limits[0]], "limits_new": [number(limit) for limit in limits[1]]}
    told["qty"] = [number(part) for part in parts]
    return told


def register_growth(previous, current, digits=None):
    previous, current = exact(previous), exact(current)
    return current - previous + (10 ** digits if current < previous else 0)


def registers(case, table, as_text):
    given = case["input"]
    if "segments" in given:
        quantity = sum(register_growth(*pair, given.get("digits")) for pair in given["segments"])
    else:
        quantity = register_growth(given["prev"], given["cur"], given.get("digits"))
    quantity *= exact(given.get("multiplier", 1)) * exact(given.get("ct", 1)) * exact(given.get("pt", 1))
    carried = {}
    if given.get("fractions") == "carry":
        whole = (quantity + exact(given.get("carry", 0))) // 1
        carried, quantity = {"carry": number(quantity + exact(given.get("carry", 0)) - whole)}, Fraction(whole)
    told = bill(table, {**given, "qty": quantity})
    shown = number(quantity)
    return {"qty": str(float(shown)) if as_text else shown, "items_fen": told["items_fen"],
            "total_fen": told["total_fen"], **carried}


def public_meter(case, table):
    given = case["input"]
    subs = [exact(one) for one in given["subs"]]
    public = exact(given["main"]) - sum(subs)
    cost = bill(table, {**given, "qty": public})["total_fen"]
    weights = [exact(one) for one in given["weights"]] if "weights" in given else subs
    return {"public_qty": number(public), "cost_fen": cost, "parts_fen": shared(cost, weights)}


def late_fee(case):
    given = case["input"]
    due, paid = day(given["due"]), day(given["paid"])
    late = [due + datetime.timedelta(days=index + 1) for index in range(max((paid - due).days, 0))]
    years = [sum(one.year == year for one in late) for year in range(due.year, max(paid.year, due.year + 1) + 1)]
    days = [years[0], sum(years[1:])]
    other = given.get("class", "resident") != "resident" and "rate_day" not in given
    same = exact(given.get("rate_day_same_year", given.get("rate_day", "0.002" if other else "0.001")))
    later = exact(given.get("rate_day_later_year", "0.003" if other else same))
    fee = half_up(given["principal_fen"] * (days[0] * same + days[1] * later))
    if late and given["principal_fen"]:
        fee = max(fee, given.get("min_fen", 0))
    return {"days": years if other or "rate_day_later_year" in given else sum(days),
            "late_fen": min(fee, given["principal_fen"]) if given.get("cap") == "principal" else fee,
            "uncapped_fen": fee}


def heat_area(case):
    given = case["input"]
    share = Fraction(0)
    if "over_m" in given and exact(given["ceiling_m"]) > exact(given["over_m"]):
        share = (exact(given["ceiling_m"]) - exact(given["over_m"])) * exact(given["add_per_m"])
        share = min(share, exact(given.get("add_cap", 1)))
    return {"total_fen": half_up(exact(given["area_m2"]) * exact(given["price"]) * (1 + share) * FEN)}


def heat_metered(case):
    given = case["input"]
    base = half_up(exact(given["area_m2"]) * exact(given["base_price"]) * FEN)
    energy = half_up(exact(given["gj" if "gj" in given else "kwh"]) * exact(given["energy_price"]) * FEN)
    total = base + energy
    if "cap_price" in given:
        total = min(total, half_up(exact(given["area_m2"]) * exact(given["cap_price"]) * FEN))
    told = {"base_fen": base, "energy_fen": energy, "total_fen": total}
    if "prepaid_fen" in given:
        told["refund_fen"] = max(given["prepaid_fen"] - total, 0)
        told["due_fen"] = max(total - given["prepaid_fen"], 0)
    return told


def minimum_volume(case):
    given = case["input"]
    quantity = max(exact(given["qty"]), exact(given["min_qty"]))
    return {"billed_qty": number(quantity), "total_fen": half_up(quantity * exact(given["price"]) * FEN)}


def minimum_charge(case):
    given = case["input"]
    least = max(half_up(exact(given.get("min_charge", 0)) * FEN), given.get("min_fen", 0))
    charge = given.get("charge_fen")
    if charge is None:
        charge = half_up(exact(given["qty"]) * exact(given["price"]) * FEN)
    return {"total_fen": max(charge, least)}


def apportion(case):
    return {"parts_fen": shared(case["input"]["cost_fen"], [exact(weight) for weight in case["input"]["weights"]])}


def unit_purchase(case, table=None):
    given = case["input"]
    tariff = table or {"items": [{"name": "usage", **{key: given[key] for key in ("price", "prices") if key in given}}],
                       **{key: given[key] for key in ("limits", "cycle") if key in given}}
    used, wallet, units, wallets = exact(given.get("ytd", 0)), given["wallet_fen"], [], []
    limits = limits_of(tariff, given)

    def cost(count):
        parts = tiers(used, Fraction(count), limits)
        return [sum(rows_of(item, parts, {}), Fraction(0)) for item in tariff["items"]]

    for payment in given["payments_fen"]:
        wallet += payment
        low, high = 0, 1
        while sum(cost(high)) <= wallet:
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if sum(cost(middle)) <= wallet else (low, middle)
        while low and sum(half_up(one) for one in cost(low)) > wallet:
            low -= 1
        wallet -= sum(half_up(one) for one in cost(low)) if low else 0
        used += low
        units.append(low)
        wallets.append(wallet)
    return {"units": units, "wallet_after_fen": wallets}


def close_account(case):
    given = case["input"]
    rest = given["meter_money_left_fen"] + given["wallet_fen"] - given["last_bill_fen"]
    return {"refund_fen": max(rest, 0), "due_fen": max(-rest, 0)}


def hot_water(case):
    given = case["input"]
    bands = [(exact(low), exact(high), exact(price)) for low, high, price in given["price_per_t"]]
    temperature = exact(given["temp_c"])
    price = bands[0][2] if temperature < bands[0][0] else bands[-1][2]
    for low, high, band in bands:
        if low <= temperature < high:
            price = band
    dearest = max(band[2] for band in bands)
    return {"preauth_fen": half_up(exact(given["preauth_litres"]) * dearest / 1000 * FEN),
            "total_fen": half_up(exact(given["litres"]) * price / 1000 * FEN)}


def power_factor_rate(given):
    step = exact(given.get("pf_step", "0.01"))
    factor = half_up(exact(given["power_factor"]) / step) * step
    if "pf_table" in given:
        rate = exact(given["pf_table"][0][1])
        for low, share in given["pf_table"]:
            rate = exact(share) if exact(low) <= factor else rate
        return rate
    steps = (exact(given["pf_standard"]) - factor) / step
    return steps * exact(given["pf_rate_per_step_below"]) if steps > 0 else \
        -min(-steps * exact(given.get("pf_rate_per_step_above", 0)), exact(given.get("pf_reward_cap", 1)))


def power_factor(case):
    adjust = half_up(case["input"]["base_fen"] * power_factor_rate(case["input"]))
    return {"pf_adjust_fen": adjust, "total_fen": case["input"]["base_fen"] + adjust}


def two_part(case):
    given = case["input"]
    if "demand_kw" in given:
        standing = half_up(max(exact(given["demand_kw"]), exact(given.get("contract_kw", 0))) *
                           exact(given["demand_price"]) * FEN)
    else:
        standing = half_up(exact(given.get("capacity_kva", 0)) * exact(given.get("capacity_price", 0)) * FEN)
    energy = half_up(sum(exact(quantity) * exact(given["tou_prices"][name])
                         for name, quantity in given.get("tou", {}).items()) * FEN)
    if "power_factor" not in given:
        return {"demand_fen" if "demand_kw" in given else "capacity_fen": standing, "energy_fen": energy,
                "pf_adjust_fen": 0, "total_fen": standing + energy}
    base = (standing if "capacity" in given["pf_base"] or "demand" in given["pf_base"] else 0) + \
        (energy if "energy" in given["pf_base"] else 0)
    adjust = half_up(base * power_factor_rate(given))
    return {"demand_fen" if "demand_kw" in given else "capacity_fen": standing, "energy_fen": energy,
            "pf_adjust_fen": adjust, "total_fen": standing + energy + adjust}


def tax_split(case):
    given = case["input"]
    rate = exact(given["rate"])
    total = sum(given["amounts_fen"])
    tax = half_up(total * rate / (1 + rate))
    taxes = shared(tax, [abs(amount) for amount in given["amounts_fen"]])
    return {"taxes_fen": taxes, "nets_fen": [amount - one for amount, one in zip(given["amounts_fen"], taxes)],
            "tax_fen": tax, "net_fen": total - tax, "total_fen": total}


def rerate(case):
    given, tariff = case["input"], case["tariff"]
    used, billed = exact(given.get("ytd", 0)), []
    for estimate in given["estimated"]:
        billed.append(bill(tariff, {**given, "qty": estimate, "ytd": used})["total_fen"])
        used += exact(estimate)
    again = bill(tariff, {**given, "qty": given["actual"]})["total_fen"]
    return {"billed_fen": billed, "rerated_fen": again, "difference_fen": again - sum(billed)}


def prepaid_days(case):
    given, tariff = case["input"], case["tariff"]
    used, charges = exact(given.get("ytd", 0)), []
    for quantity in given["days_qty"]:
        reached = used + exact(quantity)
        costs = [sum(use_cost(tariff, given, Fraction(0), end)[2].values()) for end in (used, reached)]
        charges.append(costs[1] - costs[0])
        used = reached
    return {"charges_fen": charges, "total_fen": sum(charges)}


def minutes_of(text):
    return int(text[:2]) * 60 + int(text[3:])


def period_at(schedule, at, holidays):
    """The first row whose month, weekday, kind of day and hours fit."""
    minute = at.hour * 60 + at.minute
    for row in schedule:
        low, high = minutes_of(row["from"]), minutes_of(row["to"])
        inside = low <= minute < high if low < high else minute >= low or minute < high
        if inside and at.month in row.get("months", range(1, 13)) and \
                at.weekday() in weekdays(row.get("days", "Mon-Sun")) and \
                row.get("holiday", at.date().isoformat() in holidays) == (at.date().isoformat() in holidays):
            return row["period"]
    return None


def intervals(case):
    given = case["input"]
    used = {name: Fraction(0) for item in case["tariff"]["items"] for name in item.get("tou_prices", {})}
    for at, quantity in given["intervals"]:
        used[period_at(case["tariff"]["tou_schedule"], datetime.datetime.fromisoformat(at), given.get("holidays", []))] += \
            exact(quantity)
    told = bill(case["tariff"], {**given, "tou": {name: str(float(value)) for name, value in used.items()}})
    return {"tou": {name: number(value) for name, value in used.items()}, **told}


WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def weekdays(text):
    days = set()
    for part in text.split(","):
        first, last = (part.split("-") + [part])[:2]
        index = WEEKDAYS.index(first)
        days.add(index)
        while WEEKDAYS[index] != last:
            index = (index + 1) % 7
            days.add(index)
    return days


class Timeline:
    """Rule 18 walked by the moments at which anything can happen."""

    def __init__(self, case):
        self.config, self.given = case["config"], case["input"]
        self.balance, self.events, self.balances = self.given["balance_fen"], [], []
        self.level, self.final, self.cut = 0, None, False

    def minutes(self, text):
        return int(text[:2]) * 60 + int(text[3:])

    def inside(self, at, hours):
        return self.minutes(hours[0]) <= at.hour * 60 + at.minute < self.minutes(hours[1])

    def may_cut_at(self, at):
        window = self.config["cut_window"]
        return at.weekday() in weekdays(window["days"]) and self.inside(at, (window["from"], window["to"])) and \
            at.date().isoformat() not in self.config["holidays"]

    def wanted(self):
        """0 good, 1 owes, 2 owes more than is allowed."""
        beyond = self.balance < -self.config["overdraft_fen"] and not self.config.get("exempt")
        return 2 if beyond else 1 if self.balance < 0 else 0

    def log(self, at, name):
        self.events.append([at.isoformat(timespec="minutes"), name])

    def look(self, at):
        if self.cut:
            if self.balance >= self.config["reopen_at_fen"]:
                self.cut, self.level = False, self.wanted()
                self.log(at, "restore")
                self.look(at)
            return
        if self.final is not None:
            if at >= self.final + datetime.timedelta(hours=self.config["grace_h"]) and self.may_cut_at(at):
                self.final, self.cut = None, self.wanted() == 2
                self.level = self.wanted()
                self.log(at, "cut" if self.cut else "cut_cancelled")
                self.look(at)
            return
        self.level = min(self.level, self.wanted())
        if self.wanted() > self.level and self.inside(at, self.config["notice_hours"]):
            self.level = self.wanted()
            self.log(at, "final_notice" if self.level == 2 else "overdraft_notice")
            if self.level == 2:
                self.final = at
            self.look(at)

    def walk(self):
        at = datetime.datetime.fromisoformat(self.given["from"])
        end = datetime.datetime.fromisoformat(self.given["to"]) + datetime.timedelta(days=1)
        paid = {}
        for one in self.given.get("recharge", []):
            paid.setdefault(one["at"], []).append(one["fen"])
        while at < end:
            self.balance += sum(paid.get(at.isoformat(timespec="minutes"), []))
            if at.strftime("%H:%M") == self.config["settle"]:
                self.balance -= self.given["daily_charge_fen"]
                self.balances.append(self.balance)
            self.look(at)
            at += datetime.timedelta(minutes=1)
        return {"balance_after_settle_fen": self.balances, "events": self.events, "final_balance_fen": self.balance}


def answer(case, tables=None):
    """tables: documents of the price tables that the case names."""
    named = case.get("tariff", case["input"].get("tariff"))
    table = tables[named] if isinstance(named, str) else named
    if isinstance(case.get("tariff"), str):
        case = {**case, "tariff": table}
    kinds = {
        "": tiered, "tiered": tiered, "time_of_use": tiered, "minimum_charge": minimum_charge, "capacity": two_part,
        "demand": two_part, "power_factor": power_factor, "price_change": price_change, "late_fee": late_fee, "heat_area": heat_area,
        "heat_metered": heat_metered, "heat_metered_gj": heat_metered, "minimum_volume": minimum_volume,
        "apportion": apportion, "close_account": close_account, "hot_water_session": hot_water,
        "two_part_business": two_part, "tou_intervals": intervals, "tax_split": tax_split, "rerate": rerate, "prepaid_days": prepaid_days,
        "unit_purchase": lambda one: unit_purchase(one, table),
        "public_meter": lambda one: public_meter(one, table),
        "meter_replace": lambda one: registers(one, table, True),
        "rollover": lambda one: registers(one, table, False),
        "ct_multiplier": lambda one: registers(one, table, True),
        "prepaid_timeline": lambda one: Timeline(one).walk(),
    }
    return kinds[case.get("kind", "")](case)
