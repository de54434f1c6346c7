import type { BalanceFigures } from '@/api/lines'

/** Figures of several days as one: values add, meters are those of the fullest day, the loss is of the sums. */
export function balanceSum(days: BalanceFigures[]): BalanceFigures {
  const add = (pick: (day: BalanceFigures) => number): number => days.reduce((sum, day) => sum + pick(day), 0)
  const most = (pick: (day: BalanceFigures) => number): number => Math.max(0, ...days.map(pick))
  const supply = add((day) => day.supply_value)
  const loss = add((day) => day.loss_value)
  return {
    supply_value: supply,
    sold_value: add((day) => day.sold_value),
    loss_value: loss,
    loss_permille: supply > 0 ? Math.round((loss * 1000) / supply) : null,
    supply_estimated_value: add((day) => day.supply_estimated_value),
    sold_estimated_value: add((day) => day.sold_estimated_value),
    supply_meters: most((day) => day.supply_meters),
    sold_meters: most((day) => day.sold_meters),
    estimated_meters: most((day) => day.estimated_meters),
    unknown_meters: most((day) => day.unknown_meters),
  }
}
