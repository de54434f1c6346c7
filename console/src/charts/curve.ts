// One register over time: points where it was read, joined only while the reading was regular.
import { token } from './chart'
import { axes, timeAxis, tip } from './axes'

export interface CurvePoint {
  atS: number
  value: number
}

export interface CurveWords {
  unit: string
  time: (atS: number) => string
  text: (index: number) => string
}

const GAP_STEPS = 2.5

/** The pairs of a line with a null where at least two readings in a row are missing. */
export function curveData(points: CurvePoint[]): (readonly [number, number | null])[] {
  const steps = points.slice(1).map((point, index) => point.atS - points[index].atS).sort((a, b) => a - b)
  const usual = steps[Math.floor(steps.length / 2)] ?? 0
  return points.flatMap((point, index) => {
    const before = points[index - 1]
    const broken = before !== undefined && usual > 0 && point.atS - before.atS > usual * GAP_STEPS
    return broken ? [[before.atS * 1000 + 1, null] as const, [point.atS * 1000, point.value] as const] : [[point.atS * 1000, point.value] as const]
  })
}

export function curveOption(points: CurvePoint[], words: CurveWords): Record<string, unknown> {
  const at = new Map(points.map((point, index) => [point.atS * 1000, index]))
  return {
    ...axes(timeAxis(words.time), words.unit, false),
    tooltip: tip<{ value: [number, number | null] }>((point) => {
      const index = at.get(point.value[0])
      return index === undefined ? '' : `${words.time(points[index].atS)}\n${words.text(index)}`
    }),
    series: [{ type: 'line', data: curveData(points), connectNulls: false, showSymbol: points.length < 200, symbolSize: 4, itemStyle: { color: token('chart-1') }, lineStyle: { color: token('chart-1'), width: 2 } }],
  }
}
