// Bars of what was sold and what was lost, standing on each other: together they are the supply.
import type { BalanceDay, BalanceFigures } from '@/api/lines'
import { token } from './chart'
import { axes, dayAxis, tip } from './axes'

export interface LossWords {
  sold: string
  loss: string
  unit: string
  value: (value: number | null) => string
  day: (day: string) => string
  supply: string
}

function bars(name: string, color: string, data: (number | null)[], hatched: boolean): Record<string, unknown> {
  return {
    name,
    type: 'bar',
    stack: 'supply',
    barMaxWidth: 26,
    itemStyle: hatched ? { color, decal: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [3, 3], rotation: -Math.PI / 4 } } : { color },
    data,
  }
}

/** A day without a balance stays a gap. No colour of a state: red is a fault, and a loss as such is none. */
export function lossOption(days: BalanceDay[], known: (figures: BalanceFigures) => boolean, words: LossWords, shown: (value: number | null) => number | null): Record<string, unknown> {
  return {
    ...axes(dayAxis(days.map((day) => day.day)), words.unit),
    tooltip: tip<{ dataIndex: number }>(({ dataIndex }) => {
      const day = days[dataIndex]
      const value = (part: number): string => words.value(known(day) ? part : null)
      return [words.day(day.day), `${words.supply} ${value(day.supply_value)}`, `${words.sold} ${value(day.sold_value)}`, `${words.loss} ${value(day.loss_value)}`].join('\n')
    }),
    series: [
      bars(words.sold, token('chart-1'), days.map((day) => shown(known(day) ? day.sold_value : null)), false),
      bars(words.loss, token('chart-2'), days.map((day) => shown(known(day) ? Math.max(0, day.loss_value) : null)), true),
    ],
  }
}
