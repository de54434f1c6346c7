// Money over time: one stacked bar a period, a part for each item, channel or area.
import { token } from './chart'
import { axes, dayAxis, tip } from './axes'

export interface MoneyChart {
  periods: string[]
  series: { name: string; values: number[] }[]
}

export interface MoneyWords {
  unit: string
  amount: (fen: number) => string
  period: (day: string) => string
}

const PATTERNS = [undefined, { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [4, 3], rotation: -Math.PI / 4 }, { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 5] }, { symbol: 'circle', symbolSize: 0.6, dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0] }]

/** Parts differ by colour and by pattern; after the third colour both begin again together with another pattern. */
export function moneyOption(chart: MoneyChart, words: MoneyWords): Record<string, unknown> {
  const colours = [token('chart-1'), token('chart-3'), token('chart-2')]
  return {
    ...axes(dayAxis(chart.periods, words.period), words.unit),
    tooltip: tip<{ dataIndex: number }>(({ dataIndex }) => [words.period(chart.periods[dataIndex]), ...chart.series.map((part) => `${part.name} ${words.amount(part.values[dataIndex])}`)].join('\n')),
    series: chart.series.map((part, index) => ({
      name: part.name,
      type: 'bar',
      stack: 'money',
      barMaxWidth: 34,
      itemStyle: { color: colours[index % colours.length], decal: PATTERNS[Math.floor(index / colours.length + (index % colours.length)) % PATTERNS.length] },
      data: part.values.map((fen) => fen / 100),
    })),
  }
}
