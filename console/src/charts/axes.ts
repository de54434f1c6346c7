// What every chart of this console has around its data: quiet axes, one unit above the value axis, one tooltip.
import { token } from './chart'

type Part = Record<string, unknown>

/** Days along the foot, as MM-DD unless another text is given. */
export function dayAxis(days: string[], text: (day: string) => string = (day) => day.slice(5)): Part {
  return { type: 'category', data: days, axisTick: { show: false }, axisLabel: { formatter: text } }
}

/** Instants along the foot, in milliseconds. */
export function timeAxis(text: (atS: number) => string): Part {
  return { type: 'time', axisLabel: { formatter: (ms: number) => text(Math.round(ms / 1000)) } }
}

/** `fromZero` false: the value axis begins near the lowest value, as a dial's must. */
export function axes(foot: Part, unit: string, fromZero = true): Part {
  const color = token('text-2')
  return {
    animation: false,
    textStyle: { fontFamily: token('font') },
    grid: { left: 8, right: 16, top: 34, bottom: 8, containLabel: true },
    xAxis: { ...foot, axisLine: { lineStyle: { color: token('line-strong') } }, axisLabel: { color, hideOverlap: true, ...(foot.axisLabel as Part) } },
    yAxis: { type: 'value', name: unit, scale: !fromZero, nameTextStyle: { color, align: 'left' }, axisLabel: { color }, splitLine: { lineStyle: { color: token('chart-grid') } } },
    aria: { enabled: true, label: { enabled: false }, decal: { show: false } },
  }
}

/** The tooltip of the point under the pointer; plain text, because the server allows no inline styles. */
export function tip<Point>(format: (point: Point) => string): Part {
  return {
    trigger: 'axis',
    renderMode: 'richText',
    confine: true,
    backgroundColor: token('surface'),
    borderColor: token('line-strong'),
    textStyle: { color: token('text'), fontSize: 13 },
    formatter: (points: Point[]) => (points.length > 0 ? format(points[0]) : ''),
  }
}
