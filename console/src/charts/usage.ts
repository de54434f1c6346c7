// Options of the usage charts. Consumption is bars, the dial is a step line; a gap stays a gap
// (null, never 0, never joined) and carries its own word; an estimate is hatched.
import type { TrendDay, UsagePoint } from '@/api/types'
import { token } from './chart'
import { axes, dayAxis, tip } from './axes'

export interface ChartWords {
  axis: string
  missing: string
  gap: string
  estimated: string
  measured: string
  volume: (value: number | null) => string
  /** The value in the unit of the axis. */
  shown: (value: number | null) => number | null
  day: (day: string) => string
  marks: Record<string, string>
}

const MARK_GLYPH: Record<string, string> = { exchange: '▼', install: '●', rollover: '↻', correction: '✎' }

const dayTip = (format: (index: number) => string): Record<string, unknown> => tip<{ dataIndex: number }>((point) => format(point.dataIndex))

/** Where data is missing, a short word stands on the zero line. */
function gapMarks(points: { usage_value: number | null }[], days: string[], word: string): Record<string, unknown>[] {
  const few = points.filter((point) => point.usage_value === null).length <= 12
  return points.flatMap((point, index) =>
    point.usage_value === null ? [{ coord: [days[index], 0], symbol: 'circle', symbolSize: 3, itemStyle: { color: token('line-strong') }, label: { show: true, formatter: few ? word : '·', position: 'top', color: token('text-2'), fontSize: 12 } }] : [],
  )
}

export function usageOption(points: UsagePoint[], words: ChartWords, monthly: boolean): Record<string, unknown> {
  const days = points.map((point) => point.day)
  const color = token('chart-1')
  const marks = points.flatMap((point, index) =>
    point.mark && point.usage_value !== null ? [{ coord: [days[index], words.shown(point.usage_value)], symbol: 'circle', symbolSize: 1, label: { show: true, position: 'top', formatter: MARK_GLYPH[point.mark] ?? '', color: token('text') } }] : [],
  )
  return {
    ...axes(dayAxis(days, monthly ? (day) => day.slice(0, 7) : undefined), words.axis),
    tooltip: dayTip((index) => {
      const point = points[index]
      const kind = point.usage_value === null ? words.missing : `${words.volume(point.usage_value)} · ${point.estimated ? words.estimated : words.measured}`
      return `${words.day(point.day)}\n${kind}${point.mark ? `\n${words.marks[point.mark] ?? ''}` : ''}`
    }),
    series: [
      {
        type: 'bar',
        barMaxWidth: 26,
        data: points.map((point) => ({
          value: words.shown(point.usage_value),
          itemStyle: point.estimated
            ? { color: 'transparent', borderColor: color, borderWidth: 1, decal: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: -Math.PI / 4, color } }
            : { color },
        })),
        markPoint: { silent: true, data: [...gapMarks(points, days, words.gap), ...marks] },
      },
    ],
  }
}

export function registerOption(points: UsagePoint[], words: ChartWords): Record<string, unknown> {
  const days = points.map((point) => point.day)
  return {
    ...axes(dayAxis(days), words.axis, false),
    tooltip: dayTip((index) => {
      const point = points[index]
      return `${words.day(point.day)}\n${point.register_value === null ? words.missing : words.volume(point.register_value)}${point.mark ? `\n${words.marks[point.mark] ?? ''}` : ''}`
    }),
    series: [
      {
        type: 'line',
        step: 'end',
        connectNulls: false,
        symbol: 'circle',
        symbolSize: 4,
        lineStyle: { width: 2, color: token('chart-1') },
        itemStyle: { color: token('chart-1') },
        data: points.map((point) => words.shown(point.register_value)),
        markPoint: {
          silent: true,
          data: points.flatMap((point, index) =>
            point.mark && point.register_value !== null ? [{ coord: [days[index], words.shown(point.register_value)], symbol: 'circle', symbolSize: 1, label: { show: true, position: 'top', formatter: MARK_GLYPH[point.mark] ?? '', color: token('text') } }] : [],
          ),
        },
      },
    ],
  }
}

export function trendOption(days: TrendDay[], words: ChartWords & { rate: (day: TrendDay) => string }): Record<string, unknown> {
  const names = days.map((day) => day.day)
  return {
    ...axes(dayAxis(names), words.axis),
    tooltip: dayTip((index) => {
      const day = days[index]
      return `${words.day(day.day)}\n${day.usage_value === null ? words.missing : words.volume(day.usage_value)}\n${words.rate(day)}`
    }),
    series: [{ type: 'bar', barMaxWidth: 22, itemStyle: { color: token('chart-1') }, data: days.map((day) => words.shown(day.usage_value)), markPoint: { silent: true, data: gapMarks(days, names, words.gap) } }],
  }
}
