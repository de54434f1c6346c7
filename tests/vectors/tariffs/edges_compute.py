#!/usr/bin/env python3
"""Writes edges.jsonl: every rule at its edges, each amount worked by hand.

A row of an amount is quantity, price and, where there is one, coefficient; the quantities in the tiers, the days and the
limits are written down, not computed. Nothing here knows how limits grow or tiers fill."""

import json
import pathlib
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent


def fen(*rows):
    """The sum of exact products in yuan, rounded once to the fen, half up and away from zero."""
    total = Fraction(0)
    for row in rows:
        product = Fraction(100)
        for factor in row:
            product *= Fraction(str(factor))
        total += product
    rounded = (2 * abs(total).numerator + total.denominator) // (2 * total.denominator)
    return rounded if total >= 0 else -rounded


def bill(items, **more):
    return {**more, "items_fen": items, "total_fen": sum(items.values())}


P3 = ["2.67", "4.01", "8.01"]
MONTH = {"cycle": "month", "limits": [22, 30], "items": [{"name": "water", "prices": P3}]}
YEAR = {"cycle": "calendar-year", "limits": [180, 260], "items": [{"name": "water", "prices": ["5", "7", "9"]}]}
SHENZHEN = {"cycle": "month", "limits": [22, 30], "items": [
    {"name": "water", "prices": P3}, {"name": "sewage", "coef": "0.9", "prices": ["0.90", "1.00", "1.10"]},
    {"name": "garbage", "coef": "0.9", "price": "0.59"}]}
BEIJING = {"cycle": "calendar-year", "limits": [180, 260], "household": {"kind": "per_person", "base": 5, "add": 30}, "items": [
    {"name": "water", "prices": ["2.07", "4.07", "6.07"]}, {"name": "water_resource", "price": "1.57"},
    {"name": "sewage", "price": "1.36"}]}
COMPOSITE = {**BEIJING, "total_from": "composite", "composite": ["5.00", "7.00", "9.00"], "remainder_item": "water"}
GAS = {"cycle": "calendar-year", "limits": [350, 500], "household": {"kind": "flat", "min": 6, "add": [150, 150]},
       "items": [{"name": "gas", "prices": ["2.61", "2.83", "4.23"]}]}
POWER_PRICES = ["0.66286875", "0.71286875", "0.96286875"]
SEASONS = {"cycle": "month", "season_limits": {"summer": [260, 600], "other": [200, 400]},
           "items": [{"name": "energy", "prices": POWER_PRICES}]}
WINTER = {**SEASONS, "season_limits": {"winter": [300, 500], "other": [200, 400]},
          "season_months": {"winter": [11, 12, 1, 2]}}
BY_CLOCK = {"cycle": "calendar-year", "limits": [2760, 4800], "items": [
    {"name": "tou_energy", "tou_prices": {"peak": "0.568", "valley": "0.288"}},
    {"name": "tier_surcharge", "prices": ["0", "0.05", "0.30"]}]}
REPLACED = {"cycle": "month", "monthly_limits": [15, 25], "household_monthly": {"min": 5, "limits": [20, 25]},
            "items": [{"name": "water", "prices": ["1.5", "2", "3"]}]}
OLD, NEW = {"limits": [26, 34], "prices": ["1.98", "2.97", "3.96"]}, {"limits": [21, 27], "prices": ["2.55", "3.82", "7.65"]}
READ = {"prev_read": "2025-05-16", "cur_read": "2025-06-15", "change": "2025-06-01", "old": OLD, "new": NEW}
YEAR_OLD, YEAR_NEW = {"limits": [180, 260], "prices": ["5", "7", "9"]}, {"limits": [180, 260], "prices": ["6", "8", "10"]}
BUSINESS = {"capacity_kva": 315, "capacity_price": "32.00", "tou": {"peak": 5000, "flat": 8000, "valley": "0.5"},
            "tou_prices": {"peak": "1.0000", "flat": "0.6000", "valley": "0.3000"}, "pf_standard": "0.90", "pf_step": "0.01",
            "pf_rate_per_step_below": "0.005", "pf_base": "capacity+energy"}
BUSINESS_ENERGY = fen((5000, 1), (8000, "0.6"), ("0.5", "0.3"))
PF_TABLE = [["0.80", "0.05"], ["0.85", "0.025"], ["0.90", "0"], ["0.92", "-0.003"], ["0.95", "-0.0075"]]
HOT = [[0, 38, "3.00"], [38, 45, "15.00"], [45, 100, "20.00"]]


def tiered():
    """Rules 2 to 8, 10, 15 on plain bills: (tariff, input, expect)."""
    sewage = (("22", "0.90", "0.9"), ("8", "1.00", "0.9"))
    return {
        "ZERO": (SHENZHEN, {"qty": 0}, bill({"water": 0, "sewage": 0, "garbage": 0}, limits=[22, 30], tier_qty=[0, 0, 0])),
        "ZERO-LATE": (YEAR, {"qty": 0, "ytd": 300}, bill({"water": 0}, limits=[180, 260], tier_qty=[0, 0, 0])),
        "AT-SECOND-LIMIT": (SHENZHEN, {"qty": 30}, bill(
            {"water": fen((22, "2.67"), (8, "4.01")), "sewage": fen(*sewage), "garbage": fen((30, "0.59", "0.9"))},
            limits=[22, 30], tier_qty=[22, 8, 0])),
        "SMALLEST-BEYOND": (SHENZHEN, {"qty": "30.0001"}, bill(
            {"water": fen((22, "2.67"), (8, "4.01"), ("0.0001", "8.01")),
             "sewage": fen(*sewage, ("0.0001", "1.10", "0.9")), "garbage": fen(("30.0001", "0.59", "0.9"))},
            tier_qty=[22, 8, 0.0001])),
        "USED-AT-LIMIT": (YEAR, {"qty": 1, "ytd": 180}, bill({"water": 700}, tier_qty=[0, 1, 0])),
        "USED-JUST-BELOW": (YEAR, {"qty": 1, "ytd": "179.9999"}, bill(
            {"water": fen(("0.0001", 5), ("0.9999", 7))}, tier_qty=[0.0001, 0.9999, 0])),
        "ONE-BILL-THREE-TIERS": (YEAR, {"qty": 200, "ytd": 100}, bill({"water": fen((80, 5), (80, 7), (40, 9))}, tier_qty=[80, 80, 40])),
        "HALF-FEN-UP": ({"items": [{"name": "w", "price": "0.005"}]}, {"qty": 1}, bill({"w": 1}, limits=[], tier_qty=[1])),
        "HALF-FEN-BELOW": ({"items": [{"name": "w", "price": "0.00499999"}]}, {"qty": 1}, bill({"w": 0})),
        "HALF-FEN-CREDIT": ({"items": [{"name": "w", "price": "0.005"}]}, {"qty": -1, "ytd": 1}, bill({"w": -1})),
        "EIGHT-PLACES": ({"items": [{"name": "w", "price": "0.00000001"}]}, {"qty": 500000}, bill({"w": 1})),
        "ROUND-ROW": ({**MONTH, "limits": [10, 20], "round": "row", "items": [{"name": "w", "prices": ["0.0005", "0.0005", "0.0005"]}]},
                      {"qty": 30}, bill({"w": 3}, tier_qty=[10, 10, 10])),
        "ROUND-ITEM": ({**MONTH, "limits": [10, 20], "items": [{"name": "w", "prices": ["0.0005", "0.0005", "0.0005"]}]},
                       {"qty": 30}, bill({"w": 2}, tier_qty=[10, 10, 10])),
        "PERSONS-AT-BASE": (BEIJING, {"qty": 200, "persons": 5}, bill(
            {"water": fen((180, "2.07"), (20, "4.07")), "water_resource": fen((200, "1.57")), "sewage": fen((200, "1.36"))},
            limits=[180, 260], tier_qty=[180, 20, 0])),
        "PERSONS-ONE-ABOVE": (BEIJING, {"qty": 200, "persons": 6}, bill(
            {"water": fen((200, "2.07")), "water_resource": fen((200, "1.57")), "sewage": fen((200, "1.36"))},
            limits=[210, 290], tier_qty=[200, 0, 0])),
        "PERSONS-TEN": (BEIJING, {"qty": 5, "ytd": 408, "persons": 10}, bill(
            {"water": fen((2, "4.07"), (3, "6.07")), "water_resource": fen((5, "1.57")), "sewage": fen((5, "1.36"))},
            limits=[330, 410], tier_qty=[0, 2, 3])),
        "FLAT-BELOW": (GAS, {"qty": 351, "persons": 5}, bill({"gas": fen((350, "2.61"), (1, "2.83"))}, limits=[350, 500], tier_qty=[350, 1, 0])),
        "FLAT-MANY": (GAS, {"qty": 651, "persons": 12}, bill(
            {"gas": fen((500, "2.61"), (150, "2.83"), (1, "4.23"))}, limits=[500, 650], tier_qty=[500, 150, 1])),
        "REPLACED-BELOW": (REPLACED, {"qty": 26, "persons": 4}, bill({"water": fen((15, "1.5"), (10, 2), (1, 3))}, limits=[15, 25])),
        "REPLACED": (REPLACED, {"qty": 26, "persons": 5}, bill({"water": fen((20, "1.5"), (5, 2), (1, 3))}, limits=[20, 25])),
        "REPLACED-TWO-MONTHS": (REPLACED, {"qty": 52, "persons": 9, "months": 2}, bill(
            {"water": fen((40, "1.5"), (10, 2), (2, 3))}, limits=[40, 50], tier_qty=[40, 10, 2])),
        "MONTHS-TWO-AT-LIMIT": ({**MONTH, "limits": None, "monthly_limits": [22, 30]}, {"qty": 60, "months": 2}, bill(
            {"water": fen((44, "2.67"), (16, "4.01"))}, limits=[44, 60], tier_qty=[44, 16, 0])),
        "MONTHS-OF-A-YEAR": ({"cycle": "calendar-year", "monthly_limits": [15, 22], "items": YEAR["items"]},
                             {"qty": 40, "ytd": 90, "months": 7}, bill(
                                 {"water": fen((15, 5), (25, 7))}, limits=[105, 154], tier_qty=[15, 25, 0])),
        "PART-ONE-MONTH": ({**YEAR, "prorate": "whole_months"}, {"qty": 16, "months": 1}, bill(
            {"water": fen((15, 5), (1, 7))}, limits=[15, 21.6667], tier_qty=[15, 1, 0])),
        "PART-TWELVE-MONTHS": ({**YEAR, "prorate": "whole_months"}, {"qty": 181, "months": 12}, bill(
            {"water": fen((180, 5), (1, 7))}, limits=[180, 260])),
        "SUMMER-AT-LIMIT": (SEASONS, {"qty": 600, "season": "summer"}, bill(
            {"energy": fen((260, POWER_PRICES[0]), (340, POWER_PRICES[1]))}, limits=[260, 600], tier_qty=[260, 340, 0])),
        "OTHER-BEYOND": (SEASONS, {"qty": "400.5", "season": "other"}, bill(
            {"energy": fen((200, POWER_PRICES[0]), (200, POWER_PRICES[1]), ("0.5", POWER_PRICES[2]))}, tier_qty=[200, 200, 0.5])),
        "SUMMER-TWO-MONTHS": (SEASONS, {"qty": 521, "season": "summer", "months": 2}, bill(
            {"energy": fen((520, POWER_PRICES[0]), (1, POWER_PRICES[1]))}, limits=[520, 1200])),
        "WINTER-OVER-NEW-YEAR": (WINTER, {"qty": 310, "prev_read": "2025-12-20", "cur_read": "2026-01-20"}, bill(
            {"energy": fen((300, POWER_PRICES[0]), (10, POWER_PRICES[1]))}, limits=[300, 500])),
        "WINTER-ENDS": (WINTER, {"qty": 310, "prev_read": "2026-02-10", "cur_read": "2026-03-01"}, bill(
            {"energy": fen((200, POWER_PRICES[0]), (110, POWER_PRICES[1]))}, limits=[200, 400])),
        # 30 days, 20 in the winter and 10 after it: 200 kWh at limits 200/333.33, 100 kWh at limits 66.67/133.33
        "WINTER-ENDS-BY-DAY": ({**WINTER, "season_rule": "by_day"}, {"qty": 300, "prev_read": "2026-02-08", "cur_read": "2026-03-10"}, bill(
            {"energy": fen((200, POWER_PRICES[0]), (Fraction(200, 3), POWER_PRICES[0]), (Fraction(100, 3), POWER_PRICES[1]))},
            tier_qty=[266.6667, 33.3333, 0])),
        "CLOCK-ZERO-PERIOD": (BY_CLOCK, {"tou": {"peak": 0, "valley": 300}, "ytd": 2700}, bill(
            {"tou_energy": fen((300, "0.288")), "tier_surcharge": fen((240, "0.05"))}, tier_qty=[60, 240, 0])),
        "CLOCK-AT-LIMIT": (BY_CLOCK, {"tou": {"peak": 40, "valley": 20}, "ytd": 2700}, bill(
            {"tou_energy": fen((40, "0.568"), (20, "0.288")), "tier_surcharge": 0}, tier_qty=[60, 0, 0])),
        "CLOCK-LAST-TIER": (BY_CLOCK, {"tou": {"peak": "0.1", "valley": "0.2"}, "ytd": 4800}, bill(
            {"tou_energy": fen(("0.1", "0.568"), ("0.2", "0.288")), "tier_surcharge": fen(("0.3", "0.30"))}, tier_qty=[0, 0, 0.3])),
        "COMPOSITE-AT-LIMIT": (COMPOSITE, {"qty": "0.5", "ytd": "259.5"}, bill(
            {"water": 350 - 79 - 68, "water_resource": 79, "sewage": 68}, tier_qty=[0, 0.5, 0])),
        "COMPOSITE-ZERO": (COMPOSITE, {"qty": 0, "ytd": 10}, bill({"water": 0, "water_resource": 0, "sewage": 0})),
        "COMPOSITE-PERSONS": (COMPOSITE, {"qty": "1.111", "ytd": 209, "persons": 6}, bill(
            {"water": fen((1, 5), ("0.111", 7)) - fen(("1.111", "1.57")) - fen(("1.111", "1.36")),
             "water_resource": fen(("1.111", "1.57")), "sewage": fen(("1.111", "1.36"))}, limits=[210, 290], tier_qty=[1, 0.111, 0])),
        "ALLOWANCE-ALL": ({**MONTH, "allowance": {"name": "free", "qty": 15}}, {"qty": 15}, bill(
            {"water": fen((15, "2.67")), "free": -fen((15, "2.67"))}, tier_qty=[15, 0, 0])),
        "ALLOWANCE-USED-UP": ({**MONTH, "allowance": {"name": "free", "qty": 15}}, {"qty": 10, "ytd": 15}, bill(
            {"water": fen((7, "2.67"), (3, "4.01")), "free": 0}, tier_qty=[7, 3, 0])),
        "MINIMUM-BILL-REACHED": ({**MONTH, "min_charge": "26.70"}, {"qty": 10}, bill({"water": 2670})),
        "FIXED-WITHOUT-USE": ({**MONTH, "fixed": [{"name": "meter", "amount": "8.00"}]}, {"qty": 0, "months": 3}, bill(
            {"water": 0, "meter": 2400}, limits=[66, 90])),
        **cycles(),
    }


def cycles():
    """Rules 3 to 6, 8 and 15: cycles that are no calendar years, households inside a part of one, members left empty."""
    prices = [{"name": "gas", "prices": ["2.61", "2.83", "4.23"]}]
    return {
        "SEASON-OVER-NEW-YEAR": ({"cycle": "heating-season", "anchor": "11-15", "limits": [500, 900], "items": prices},
                                 {"qty": 45, "ytd": 480}, bill({"gas": fen((20, "2.61"), (25, "2.83"))}, tier_qty=[20, 25, 0])),
        "ANCHOR-ON-LEAP-DAY": ({"cycle": "anchor-year", "anchor": "02-29", "limits": [350, 500], "items": prices},
                               {"qty": 200, "ytd": 340}, bill(
                                   {"gas": fen((10, "2.61"), (150, "2.83"), (40, "4.23"))}, tier_qty=[10, 150, 40])),
        "PER-PERSON-TWO-MONTHS": ({**MONTH, "household": {"kind": "per_person", "base": 4, "add": [5, 7]}},
                                  {"qty": 70, "persons": 6, "months": 2}, bill(
                                      {"water": fen((64, "2.67"), (6, "4.01"))}, limits=[64, 88], tier_qty=[64, 6, 0])),
        "FLAT-ONE-NUMBER": ({**GAS, "household": {"kind": "flat", "min": 6, "add": 150}}, {"qty": 510, "persons": 6}, bill(
            {"gas": fen((500, "2.61"), (10, "2.83"))}, limits=[500, 650])),
        "REPLACED-IN-A-YEAR": ({**YEAR, "household": {"kind": "replace", "min": 5, "limits": [252, 260]}}, {"qty": 265, "persons": 5}, bill(
            {"water": fen((252, 5), (8, 7), (5, 9))}, limits=[252, 260], tier_qty=[252, 8, 5])),
        "REPLACED-PART-OF-A-YEAR": ({"cycle": "calendar-year", "monthly_limits": [15, 25], "items": YEAR["items"],
                                     "household_monthly": {"min": 5, "limits": [21, 25]}}, {"qty": 30, "ytd": 90, "persons": 5, "months": 5},
                                    bill({"water": fen((15, 5), (15, 7))}, limits=[105, 125], tier_qty=[15, 15, 0])),
        "PART-DAYS-OF-A-LEAP-YEAR": ({**YEAR, "limits": [183, 366], "prorate": "days"}, {"qty": 60, "days": 100, "cycle_days": 366}, bill(
            {"water": fen((50, 5), (10, 7))}, limits=[50, 100], tier_qty=[50, 10, 0])),
        "ALLOWANCE-UNDER-A-MINIMUM": ({**MONTH, "min_qty": 5, "allowance": {"name": "free", "qty": 3}}, {"qty": 2}, bill(
            {"water": fen((5, "2.67")), "free": -fen((3, "2.67"))}, tier_qty=[5, 0, 0])),
        "CLOCK-ONE-REGISTER": (BY_CLOCK, {"tou": {"valley": 120}, "ytd": 2700}, bill(
            {"tou_energy": fen((120, "0.288")), "tier_surcharge": fen((60, "0.05"))}, tier_qty=[60, 60, 0])),
        "EMPTY-MEMBERS": ({**BEIJING, "note": None}, {"qty": 1, "ytd": None, "persons": None, "season": None, "months": None}, bill(
            {"water": 207, "water_resource": 157, "sewage": 136}, limits=[180, 260])),
    }


def changes():
    """Rule 9: (method, input, expect)."""
    return {
        "SNAPSHOT-INSIDE-A-TIER": ("snapshot", {**READ, "qty": 30, "qty_before_change": 14}, {
            "qty": [14, 16], "limits_old": [13, 17], "limits_new": [10.5, 13.5],
            "total_fen": fen((13, "1.98"), (1, "2.97"), ("10.5", "2.55"), (3, "3.82"), ("2.5", "7.65"))}),
        "SNAPSHOT-ALL-BEFORE": ("snapshot", {**READ, "qty": 30, "qty_before_change": 30}, {
            "qty": [30, 0], "total_fen": fen((13, "1.98"), (4, "2.97"), (13, "3.96"))}),
        "DAY-AFTER-READING": ("by_day", {**READ, "qty": 30, "change": "2025-05-17"}, {
            "days": [0, 30], "qty": [0, 30], "limits_new": [21, 27], "total_fen": 9942}),
        "LAST-DAY": ("by_day", {**READ, "qty": 30, "change": "2025-06-15"}, {
            "days": [29, 1], "qty": [29, 1], "limits_old": [25.1333, 32.8667], "limits_new": [0.7, 0.9], "total_fen": fen(
                (Fraction(754, 30), "1.98"), (Fraction(116, 30), "2.97"), ("0.7", "2.55"), ("0.2", "3.82"), ("0.1", "7.65"))}),
        "AFTER-READING": ("by_day", {**READ, "qty": 30, "change": "2025-06-16"}, {
            "days": [30, 0], "qty": [30, 0], "total_fen": fen((26, "1.98"), (4, "2.97"))}),
        "OVER-NEW-YEAR": ("by_day", {**READ, "qty": 30, "prev_read": "2025-12-16", "cur_read": "2026-01-15", "change": "2026-01-01"}, {
            "days": [15, 15], "total_fen": 8139}),
        "READING-ON-THE-CHANGE": ("by_reading_date", {**READ, "qty": 30, "cur_read": "2025-06-01"}, {"total_fen": 9942}),
        "READING-THE-DAY-BEFORE": ("by_reading_date", {**READ, "qty": 30, "cur_read": "2025-05-31"}, {
            "total_fen": fen((26, "1.98"), (4, "2.97"))}),
        "YEAR-SNAPSHOT": ("snapshot", {**READ, "qty": 31, "ytd": 170, "qty_before_change": 12, "old": YEAR_OLD, "new": YEAR_NEW}, {
            "qty": [12, 19], "limits_old": [180, 260], "limits_new": [180, 260], "total_fen": fen((10, 5), (2, 7), (19, 8))}),
        "YEAR-BY-DAY": ("by_day", {**READ, "qty": 31, "ytd": 170, "old": YEAR_OLD, "new": YEAR_NEW}, {
            "qty": [15.5, 15.5], "total_fen": fen((10, 5), ("5.5", 7), ("15.5", 8))}),
        "YEAR-LIMITS-GROW": ("by_day", {**READ, "qty": 30, "ytd": 170, "old": YEAR_OLD, "new": {"limits": [200, 280], "prices": ["6", "8", "10"]}}, {
            "limits_new": [200, 280], "total_fen": fen((10, 5), (5, 7), (15, 6))}),
        # 29 days, 14 before and 15 after: limits 26 x 14/29 and 21 x 15/29, 27 x 15/29
        "LEAP-DAY": ("by_day", {**READ, "qty": 29, "prev_read": "2024-02-15", "cur_read": "2024-03-15", "change": "2024-03-01"}, {
            "days": [14, 15], "qty": [14, 15], "limits_old": [12.5517, 16.4138], "limits_new": [10.8621, 13.9655], "total_fen": fen(
                (Fraction(364, 29), "1.98"), (Fraction(42, 29), "2.97"), (Fraction(315, 29), "2.55"), (Fraction(90, 29), "3.82"),
                (Fraction(30, 29), "7.65"))}),
        # 61 days, 46 before and 15 after: limits 52 x 46/61 and 42 x 15/61, 54 x 15/61
        "TWO-MONTHS": ("by_day", {**READ, "qty": 61, "prev_read": "2025-04-15", "months": 2}, {
            "days": [46, 15], "qty": [46, 15], "total_fen": fen(
                (Fraction(2392, 61), "1.98"), (Fraction(414, 61), "2.97"), (Fraction(630, 61), "2.55"), (Fraction(180, 61), "3.82"),
                (Fraction(105, 61), "7.65"))}),
        "HOUSEHOLD": ("by_day", {**READ, "qty": 30, "persons": 6, "household": {"kind": "flat", "min": 5, "add": [10, 10]}}, {
            "limits_old": [18, 22], "limits_new": [15.5, 18.5], "total_fen": fen((15, "1.98"), (15, "2.55"))}),
        "COEFFICIENT": ("by_day", {**READ, "qty": 30, "old": {**OLD, "coef": "0.9"}, "new": {**NEW, "coef": "0.9"}}, {
            "total_fen": fen((13, "1.98", "0.9"), (2, "2.97", "0.9"), ("10.5", "2.55", "0.9"), (3, "3.82", "0.9"), ("1.5", "7.65", "0.9"))}),
        "ONE-PRICE": ("by_day", {**READ, "qty": 31, "old": {"price": "2.00"}, "new": {"price": "2.35"}}, {
            "qty": [15.5, 15.5], "total_fen": fen(("15.5", 2), ("15.5", "2.35"))}),
        "SEVERAL-ITEMS": ("by_day", {
            **READ, "qty": 30,
            "old": {"limits": [22, 30], "items": [{"name": "water", "prices": ["2", "3", "4"]}, {"name": "sewage", "coef": "0.9", "price": "0.8"}]},
            "new": {"limits": [22, 30], "items": [{"name": "water", "prices": ["2.5", "3.5", "4.5"]},
                                                  {"name": "sewage", "coef": "0.9", "price": "0.95"}]}}, bill(
            {"water": fen((11, 2), (4, 3), (11, "2.5"), (4, "3.5")), "sewage": fen((15, "0.9", "0.8"), (15, "0.9", "0.95"))})),
    }


def kinds():
    """Rules 11 to 14, 17, 20, 21 and heat: (kind, input, expect)."""
    late = {"principal_fen": 1000000, "rate_day_same_year": "0.002", "rate_day_later_year": "0.003", "min_fen": 100}
    gj_fen = fen(("18.7245", "44.45"))
    return {
        "LATE-NOT": ("late_fee", {**late, "due": "2026-01-31", "paid": "2026-01-31"}, {"days": [0, 0], "late_fen": 0}),
        "LATE-LEAP-DAY": ("late_fee", {"principal_fen": 32329, "due": "2024-02-28", "paid": "2024-03-01", "rate_day": "0.001"}, {
            "days": 2, "late_fen": 65}),
        "LATE-DUE-31-DECEMBER": ("late_fee", {**late, "due": "2025-12-31", "paid": "2026-01-01"}, {"days": [0, 1], "late_fen": 3000}),
        "LATE-PAID-31-DECEMBER": ("late_fee", {**late, "due": "2025-12-01", "paid": "2025-12-31"}, {"days": [30, 0], "late_fen": 60000}),
        "LATE-TWO-YEAR-ENDS": ("late_fee", {**late, "due": "2024-12-11", "paid": "2026-01-20"}, {
            "days": [20, 365, 20], "late_fen": 20 * 2000 + 385 * 3000}),
        "LATE-THREE-YEAR-ENDS": ("late_fee", {**late, "due": "2022-12-30", "paid": "2025-01-01"}, {
            "days": [1, 365, 366, 1], "late_fen": 2000 + 732 * 3000}),
        "LATE-ONE-RATE-TWO-YEARS": ("late_fee", {"principal_fen": 20000, "due": "2025-12-11", "paid": "2026-01-20", "rate_day": "0.001"}, {
            "days": 40, "late_fen": 800}),
        "LATE-BUSINESS": ("late_fee", {"principal_fen": 1000000, "due": "2025-12-11", "paid": "2026-01-20", "class": "business"}, {
            "days": [20, 20], "late_fen": 100000}),
        "LATE-FLOOR-OVER-PRINCIPAL": ("late_fee", {"principal_fen": 60, "due": "2026-03-01", "paid": "2026-03-02", "rate_day": "0.001",
                                                   "min_fen": 100, "cap": "principal"}, {"days": 1, "uncapped_fen": 100, "late_fen": 60}),
        "LATE-FLOOR-EXACT": ("late_fee", {"principal_fen": 100000, "due": "2026-03-01", "paid": "2026-03-02", "rate_day": "0.001",
                                          "min_fen": 100}, {"days": 1, "late_fen": 100}),
        "LATE-HALF-FEN": ("late_fee", {"principal_fen": 500, "due": "2026-03-01", "paid": "2026-03-02", "rate_day": "0.001"}, {
            "late_fen": 1}),
        "HEAT-AT-CEILING": ("heat_area", {"area_m2": "88.88", "price": "24", "ceiling_m": 4, "over_m": 4, "add_per_m": "0.125",
                                          "add_cap": "1"}, {"total_fen": 213312}),
        "HEAT-DOUBLED": ("heat_area", {"area_m2": "88.88", "price": "24", "ceiling_m": "12.5", "over_m": 4, "add_per_m": "0.125",
                                       "add_cap": "1"}, {"total_fen": 426624}),
        "HEAT-NO-USE": ("heat_metered", {"area_m2": 90, "base_price": "12", "kwh": 0, "energy_price": "0.16"}, {
            "base_fen": 108000, "energy_fen": 0, "total_fen": 108000}),
        "HEAT-GJ": ("heat_metered_gj", {"area_m2": "90.5", "base_price": "12", "gj": "18.7245", "energy_price": "44.45"}, {
            "base_fen": 108600, "energy_fen": gj_fen, "total_fen": 108600 + gj_fen}),
        "MINIMUM-EXACT": ("minimum_volume", {"qty": 5, "min_qty": 5, "price": "2.55"}, {"billed_qty": 5, "total_fen": 1275}),
        "MINIMUM-ABOVE": ("minimum_volume", {"qty": "5.1", "min_qty": 5, "price": "2.55"}, {"billed_qty": 5.1, "total_fen": fen(("5.1", "2.55"))}),
        "MINIMUM-ZERO": ("minimum_volume", {"qty": 0, "min_qty": 5, "price": "2.55"}, {"billed_qty": 5, "total_fen": 1275}),
        "MINIMUM-FEN": ("minimum_charge", {"qty": 1, "price": "2.55", "min_charge_fen": 1000}, {"total_fen": 1000}),
        "EXCHANGE-THREE": ("meter_replace", {"segments": [["10", "15.5"], ["0", "0"], ["3.3", "19.8"]], "tariff": "W-SZ"}, {
            "qty": "22.0", "items_fen": {"water": fen((22, "2.67")), "sewage": fen((22, "0.9", "0.90")),
                                         "garbage": fen((22, "0.9", "0.59"))}}),
        "EXCHANGE-WRAPS": ("meter_replace", {"segments": [["99990", "00005"], ["0", "10"]], "digits": 5, "tariff": "W-GZ"}, {
            "qty": "25.0", "total_fen": fen((21, "2.55"), (4, "3.82"))}),
        "EXCHANGE-USED": ("meter_replace", {"segments": [["100", "105"], ["0", "7.5"]], "ytd": 250, "tariff": "W-BJ"}, {
            "qty": "12.5", "items_fen": {"water": fen((10, "4.07"), ("2.5", "6.07")), "water_resource": fen(("12.5", "1.57")),
                                         "sewage": fen(("12.5", "1.36"))}}),
        "WRAP-TENTHS": ("rollover", {"prev": "9998.7", "cur": "0003.2", "digits": 4, "tariff": "W-GZ"}, {
            "qty": 4.5, "total_fen": fen(("4.5", "2.55"))}),
        "WRAP-TO-ZERO": ("rollover", {"prev": "99999", "cur": "00000", "digits": 5, "tariff": "W-GZ"}, {"qty": 1, "total_fen": 255}),
        "NO-WRAP": ("rollover", {"prev": "00010", "cur": "00010", "digits": 5, "tariff": "W-GZ"}, {"qty": 0, "total_fen": 0}),
        "RATIO-FRACTION": ("ct_multiplier", {"prev": "1520.11", "cur": "1532.45", "multiplier": "1.5", "tariff": "E-SZ other"}, {
            "qty": "18.51", "total_fen": fen(("18.51", POWER_PRICES[0]))}),
        "RATIO-INTO-THIRD-TIER": ("ct_multiplier", {"prev": "9.99", "cur": "15.01", "multiplier": 120, "tariff": "E-SZ summer"}, {
            "qty": "602.4", "total_fen": fen((260, POWER_PRICES[0]), (340, POWER_PRICES[1]), ("2.4", POWER_PRICES[2]))}),
        "SHARE-TIE": ("apportion", {"cost_fen": 101, "weights": [1, 1], "by": "equal"}, {"parts_fen": [51, 50]}),
        "SHARE-TIE-LOWER-FIRST": ("apportion", {"cost_fen": 10, "weights": [1, 1, 1, 1], "by": "equal"}, {"parts_fen": [3, 3, 2, 2]}),
        "SHARE-ZERO-WEIGHT": ("apportion", {"cost_fen": 100, "weights": [0, 1, 2], "by": "persons"}, {"parts_fen": [0, 33, 67]}),
        "SHARE-LESS-THAN-PARTS": ("apportion", {"cost_fen": 2, "weights": [1, 1, 1], "by": "equal"}, {"parts_fen": [1, 1, 0]}),
        "SHARE-CREDIT": ("apportion", {"cost_fen": -100, "weights": [1, 1, 1], "by": "area"}, {"parts_fen": [-34, -33, -33]}),
        "SHARE-DECIMALS": ("apportion", {"cost_fen": 1000, "weights": ["88.5", "120.25", "91.25"], "by": "area"}, {"parts_fen": [295, 401, 304]}),
        "UNITS-EXACT-MONEY": ("unit_purchase", {"price": "0.61", "wallet_fen": 0, "payments_fen": [6100]}, {"units": [100], "wallet_after_fen": [0]}),
        "UNITS-TOO-LITTLE": ("unit_purchase", {"price": "0.61", "wallet_fen": 0, "payments_fen": [60, 1]}, {"units": [0, 1], "wallet_after_fen": [60, 0]}),
        # 2 at 0.50, 10 at 0.60, then 3 at 0.90: 9.70 of 10.10
        "UNITS-OVER-TIERS": ("unit_purchase", {"limits": [10, 20], "prices": ["0.5", "0.6", "0.9"], "ytd": 8, "wallet_fen": 10,
                                               "payments_fen": [1000]}, {"units": [15], "wallet_after_fen": [40]}),
        # 60 at 0.538, 30 at 0.588: 49.92 of 50.00; then 85 at 0.588: 49.98 of 50.08
        "UNITS-TWICE-OVER-A-LIMIT": ("unit_purchase", {"tariff": "E-ZJ", "ytd": 2700, "wallet_fen": 0, "payments_fen": [5000, 5000]}, {
            "units": [90, 85], "wallet_after_fen": [8, 10]}),
        # half a unit at 2.61 and half at 2.83, then 2 at 2.83: 8.38 of 10.00
        "UNITS-INSIDE-A-LIMIT": ("unit_purchase", {"tariff": "G-BJ", "ytd": "349.5", "wallet_fen": 0, "payments_fen": [1000]}, {
            "units": [3], "wallet_after_fen": [162]}),
        "WRAP-WITH-RATIO": ("meter_replace", {"segments": [["99990.5", "3.5"], ["0", "7"]], "digits": 5, "multiplier": 10, "tariff": "E-SZ other"}, {
            "qty": "200.0", "total_fen": fen((200, POWER_PRICES[0]))}),
        "SHARE-NOTHING": ("apportion", {"cost_fen": 0, "weights": [0, 0], "by": "usage"}, {"parts_fen": [0, 0]}),
        "SHARE-LARGEST-FIRST": ("apportion", {"cost_fen": 100, "weights": [3, 3, 1], "by": "persons"}, {"parts_fen": [43, 43, 14]}),
        "LATE-PAID-BEFORE": ("late_fee", {"principal_fen": 5000, "due": "2024-02-28", "paid": "2024-02-01", "rate_day": "0.001",
                                          "min_fen": 100}, {"days": 0, "late_fen": 0}),
        # 200 kW at 48, 13,440.00 of energy, three steps of 0.0015 above the standard
        "DEMAND-REWARDED": ("two_part_business", {
            "demand_kw": 180, "contract_demand_kw": 200, "demand_price": "48", "tou": {"sharp": 1200, "peak": 5400, "flat": 8000, "valley": 6000},
            "tou_prices": {"sharp": "1.2", "peak": 1, "flat": "0.6", "valley": "0.3"}, "power_factor": "0.93", "pf_standard": "0.90",
            "pf_step": "0.01", "pf_rate_per_step_below": "0.005", "pf_rate_per_step_above": "0.0015", "pf_base": "demand+energy"}, {
                "demand_fen": 960000, "energy_fen": 1344000, "pf_adjust_fen": -10368, "total_fen": 2293632}),
        "CLOSE-IN-DEBT": ("close_account", {"meter_money_left_fen": 100, "wallet_fen": 46, "last_bill_fen": 520}, {"refund_fen": 0}),
        "CLOSE-EVEN": ("close_account", {"meter_money_left_fen": 474, "wallet_fen": 46, "last_bill_fen": 520}, {"refund_fen": 0}),
        "HOT-AT-BAND": ("hot_water_session", {"litres": "12.5", "temp_c": 45, "price_per_t": HOT, "preauth_litres": 1}, {
            "preauth_fen": 2, "total_fen": 25}),
        "HOT-BELOW-BAND": ("hot_water_session", {"litres": 100, "temp_c": "44.9", "price_per_t": HOT, "preauth_litres": 1}, {
            "preauth_fen": 2, "total_fen": 150}),
        "HOT-COLD": ("hot_water_session", {"litres": 100, "temp_c": 20, "price_per_t": HOT, "preauth_litres": 2}, {
            "preauth_fen": 4, "total_fen": 30}),
        "HOT-NOTHING-DRAWN": ("hot_water_session", {"litres": 0, "temp_c": 40, "price_per_t": HOT, "preauth_litres": 1}, {
            "preauth_fen": 2, "total_fen": 0}),
        "FACTOR-AT-STANDARD": ("two_part_business", {**BUSINESS, "power_factor": "0.90"}, {
            "capacity_fen": 1008000, "energy_fen": BUSINESS_ENERGY, "pf_adjust_fen": 0, "total_fen": 1008000 + BUSINESS_ENERGY}),
        "FACTOR-ONE-STEP": ("two_part_business", {**BUSINESS, "power_factor": "0.89", "pf_base": "energy"}, {
            "pf_adjust_fen": (BUSINESS_ENERGY * 5 + 500) // 1000}),
        "FACTOR-ABOVE-UNREWARDED": ("two_part_business", {**BUSINESS, "power_factor": "0.97"}, {"pf_adjust_fen": 0}),
        "FACTOR-TABLE-ABOVE": ("power_factor", {"base_fen": 2000000, "power_factor": "0.95", "pf_table": PF_TABLE}, {
            "pf_adjust_fen": -15000, "total_fen": 1985000}),
        "FACTOR-TABLE-BETWEEN": ("power_factor", {"base_fen": 2000000, "power_factor": "0.91", "pf_table": PF_TABLE}, {"pf_adjust_fen": 0}),
        "FACTOR-TABLE-BELOW": ("power_factor", {"base_fen": 2000000, "power_factor": "0.60", "pf_table": PF_TABLE}, {"pf_adjust_fen": 100000}),
        "DEMAND-AGREED-IS-LEAST": ("demand", {"demand_kw": 180, "contract_kw": 200, "demand_price": "38"}, {"demand_fen": 760000}),
        "DEMAND-ABOVE-AGREED": ("demand", {"demand_kw": "200.5", "contract_kw": 200, "demand_price": "38"}, {"demand_fen": 761900}),
    }


def series():
    """Rules 13 and 16: (kind, tariff, input, expect)."""
    return {
        "ESTIMATE-TOO-HIGH": ("rerate", YEAR, {"ytd": 170, "estimated": [30], "actual": 10}, {
            "billed_fen": [fen((10, 5), (20, 7))], "rerated_fen": 5000, "difference_fen": -14000}),
        "ESTIMATE-TOO-LOW": ("rerate", YEAR, {"ytd": 170, "estimated": [5, 5], "actual": 100}, {
            "billed_fen": [2500, 2500], "rerated_fen": fen((10, 5), (80, 7), (10, 9)), "difference_fen": 65000}),
        "ESTIMATE-RIGHT": ("rerate", YEAR, {"ytd": 170, "estimated": [10, 20], "actual": 30}, {
            "billed_fen": [5000, 14000], "rerated_fen": 19000, "difference_fen": 0}),
        "ESTIMATE-NOTHING-USED": ("rerate", YEAR, {"estimated": [12], "actual": 0}, {
            "billed_fen": [6000], "rerated_fen": 0, "difference_fen": -6000}),
        "DAYS-OVER-A-LIMIT": ("prepaid_days", YEAR, {"ytd": "179.5", "days_qty": ["0.4", "0.2", "0.1"]}, {
            "charges_fen": [200, fen(("0.1", 5), ("0.1", 7)), 70], "total_fen": 390}),
    }


def cases():
    for name, (tariff, given, expect) in tiered().items():
        tariff = {key: value for key, value in tariff.items() if value is not None}
        yield {"id": f"EDGE-{name}", "tariff": tariff, "input": given, "expect": expect}
    for name, (method, given, expect) in changes().items():
        yield {"id": f"EDGE-{name}", "kind": "price_change", "method": method, "input": given, "expect": expect}
    for name, (kind, given, expect) in kinds().items():
        yield {"id": f"EDGE-{name}", "kind": kind, "input": given, "expect": expect}
    for name, (kind, tariff, given, expect) in series().items():
        yield {"id": f"EDGE-{name}", "kind": kind, "tariff": tariff, "input": given, "expect": expect}


if __name__ == "__main__":
    LINES = [json.dumps(case) for case in cases()]
    (HERE / "edges.jsonl").write_text("\n".join(LINES) + "\n", encoding="utf-8")
    print(len(LINES))
