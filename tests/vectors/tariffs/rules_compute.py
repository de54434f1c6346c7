#!/usr/bin/env python3
"""Writes rules.jsonl: one case for each rule that no published table shows, computed by tests/flows/rate_reference.py."""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "flows"))
import rate_reference  # noqa: E402

YEAR = {"cycle": "calendar-year", "limits": [180, 260], "items": [{"name": "water", "prices": ["5", "7", "9"]}]}
MONTH = {"cycle": "month", "limits": [22, 30], "items": [{"name": "water", "prices": ["2.67", "4.01", "8.01"]}]}
SEASONS = {"cycle": "month", "season_limits": {"summer": [260, 600], "other": [200, 400]},
           "season_months": {"summer": [5, 6, 7, 8, 9, 10]},
           "items": [{"name": "energy", "prices": ["0.66286875", "0.71286875", "0.96286875"]}]}
OLD, NEW = {"limits": [180, 260], "prices": ["5", "7", "9"]}, {"limits": [180, 260], "prices": ["5.5", "7.7", "9.9"]}

CASES = {
    "R-REPLACE": {"tariff": {**YEAR, "household": {"kind": "replace", "min": 5, "limits": [240, 260]}},
                  "input": {"qty": 270, "persons": 5}},
    "R-REPLACE-MONTHLY": {"tariff": {**YEAR, "household_monthly": {"min": 5, "limits": ["20.5", 30]}},
                          "input": {"qty": 270, "persons": 5, "months": 12}},
    "R-SEASON-REST": {"tariff": {**MONTH, "season_limits": {"summer": [30, 40]}}, "input": {"qty": 35, "season": "winter"}},
    "R-SURCHARGE": {"tariff": {**YEAR, "items": [{"name": "energy", "coef": "0.95", "tou_prices": {"peak": "0.568", "valley": "0.288"},
                                                  "prices": ["0", "0.05", "0.30"]}]},
                    "input": {"tou": {"peak": "100.5", "valley": 90}, "ytd": 170}},
    "R-FIXED": {"tariff": {**MONTH, "fixed": [{"name": "meter", "amount": "3.50"}, {"name": "basic", "price": "12", "per": "area_m2",
                                                                               "every": "bill"}]},
                "input": {"qty": 50, "months": 2, "area_m2": "88.5"}},
    "R-ALLOWANCE": {"tariff": {**MONTH, "allowance": {"name": "welfare", "qty": 10}}, "input": {"qty": 25, "ytd": 4}},
    "R-TAX": {"tariff": {**MONTH, "items": [{"name": "water", "prices": ["2.67", "4.01", "8.01"], "tax_rate": "0.03"}]},
              "input": {"qty": 35}},
    "R-CREDIT": {"tariff": YEAR, "input": {"qty": -30, "ytd": 200}},
    "R-PART-DAYS": {"tariff": {**YEAR, "prorate": "days"}, "input": {"qty": 150, "days": 200}},
    "R-CHANGE-YEAR": {"kind": "price_change", "method": "by_day", "input": {
        "prev_read": "2025-05-21", "cur_read": "2025-06-21", "qty": 100, "ytd": 150, "change": "2025-06-01", "old": OLD, "new": NEW}},
    "R-UNITS": {"kind": "unit_purchase", "input": {"price": "0.614", "wallet_fen": 0, "payments_fen": [61, 1, 5000]}},
    "R-DEMAND": {"kind": "two_part_business", "input": {
        "demand_kw": "180.5", "contract_kw": 200, "demand_price": "38", "tou": {"flat": 1000}, "tou_prices": {"flat": "0.6"},
        "power_factor": "0.96", "pf_standard": "0.90", "pf_rate_per_step_below": "0.005", "pf_rate_per_step_above": "0.0015",
        "pf_reward_cap": "0.0075", "pf_base": "demand+energy"}},
    "R-TABLE": {"kind": "two_part_business", "input": {
        "capacity_kva": 100, "capacity_price": "32", "tou": {"flat": 1000}, "tou_prices": {"flat": "0.6"}, "power_factor": "0.863",
        "pf_table": [["0.85", "0.025"], ["0.86", "0.02"], ["0.90", "0"], ["0.95", "-0.0075"]], "pf_base": "capacity+energy"}},
    "R-HEAT-SETTLED": {"kind": "heat_metered", "input": {"area_m2": 90, "base_price": "12", "kwh": 9000, "energy_price": "0.16",
                                                         "cap_price": "24", "prepaid_fen": 250000}},
    "R-TAX-SPLIT": {"kind": "tax_split", "input": {"rate": "0.09", "amounts_fen": [1000, 333, 1]}},
    "R-RERATE": {"kind": "rerate", "tariff": MONTH, "input": {"estimated": [20, 25], "actual": "31.4"}},
    "R-SEASON-DATE": {"tariff": SEASONS, "input": {"qty": 450, "prev_read": "2026-04-20", "cur_read": "2026-05-20"}},
    "R-SEASON-BY-DAY": {"tariff": {**SEASONS, "season_rule": "by_day"},
                        "input": {"qty": 450, "prev_read": "2026-04-20", "cur_read": "2026-05-20"}},
    "R-SEASON-BY-DAY-YEAR": {"tariff": {**SEASONS, "cycle": "calendar-year", "season_rule": "by_day"},
                             "input": {"qty": "210.5", "ytd": 180, "prev_read": "2026-10-20", "cur_read": "2026-11-19"}},
    "R-MONTHS-USED": {"tariff": {**YEAR, "monthly_limits": [15, 20]}, "input": {"qty": 60, "months": 2}},
    "R-MIN-CHARGE": {"kind": "minimum_charge", "input": {"qty": 3, "price": "2", "min_charge": "10.00"}},
    "R-MIN-CHARGE-KNOWN": {"kind": "minimum_charge", "input": {"charge_fen": 320, "min_fen": 1000}},
    "R-CAPACITY": {"kind": "capacity", "input": {"capacity_kva": 315, "capacity_price": "32"}},
    "R-DEMAND-ALONE": {"kind": "demand", "input": {"demand_kw": "120.55", "contract_kw": 100, "demand_price": "40.1"}},
    "R-POWER-FACTOR": {"kind": "power_factor", "input": {"base_fen": 100001, "power_factor": "0.865", "pf_standard": "0.90",
                                                         "pf_rate_per_step_below": "0.005"}},
    "R-TRANSFORMERS": {"kind": "ct_multiplier", "input": {"prev": "1520.11", "cur": "1532.45", "ct": 20, "pt": 3, "tariff": SEASONS,
                                                          "season": "other"}},
    "R-DAYS": {"kind": "prepaid_days", "tariff": YEAR, "input": {"days_qty": ["1.111", 0, 200, "0.333"], "ytd": 100}},
}


def main():
    lines = [json.dumps({"id": name, **case, "expect": rate_reference.answer(case)}) for name, case in CASES.items()]
    (HERE / "rules.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(len(lines))


if __name__ == "__main__":
    main()
