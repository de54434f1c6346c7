// Quarter-hours or hours of one day as bars: a gap stays a gap, an estimate is hatched, what was refused is marked.
import { token } from './chart'
import { axes, tip } from './axes'

export interface IntervalBar {
  /** "06:15" */
  time: string
  value: number | null
  estimated: boolean
  refused: boolean
  text: string
}

export function intervalOption(bars: IntervalBar[], unit: string): Record<string, unknown> {
  const color = token('chart-1')
  const times = bars.map((bar) => bar.time)
  const hatch = { color: 'transparent', borderColor: color, borderWidth: 1, decal: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: -Math.PI / 4, color } }
  const every = bars.length > 24 ? 12 : 3
  const axis = { type: 'category', data: times, axisLabel: { color: token('text-2'), interval: (index: number) => index % every === 0 }, axisTick: { show: false }, axisLine: { lineStyle: { color: token('line-strong') } } }
  return {
    ...axes(axis, unit),
    tooltip: tip<{ dataIndex: number }>((point) => bars[point.dataIndex].text),
    series: [
      {
        type: 'bar',
        barCategoryGap: '12%',
        data: bars.map((bar) => ({ value: bar.value, itemStyle: bar.estimated ? hatch : { color } })),
        markPoint: {
          silent: true,
          data: bars.flatMap((bar) => (bar.refused ? [{ coord: [bar.time, bar.value ?? 0], symbol: 'triangle', symbolSize: 8, symbolRotate: 180, symbolOffset: [0, -8], itemStyle: { color: token('text') }, label: { show: false } }] : [])),
        },
      },
    ],
  }
}
