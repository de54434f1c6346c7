// Accounts by how much more or less they would pay a month: bars, less on the left, more on the right.
import { axes, tip } from './axes'
import { token } from './chart'

export function bucketsOption(counts: number[], names: string[], axisName: string): Record<string, unknown> {
  return {
    ...axes({ type: 'category', data: names, axisTick: { show: false }, axisLine: { lineStyle: { color: token('line-strong') } }, axisLabel: { color: token('text-2'), fontSize: 11, interval: 0, rotate: 35 } }, axisName),
    tooltip: tip<{ dataIndex: number }>((point) => `${names[point.dataIndex]}\n${counts[point.dataIndex]}`),
    series: [{ type: 'bar', barMaxWidth: 34, data: counts, itemStyle: { color: token('chart-1') }, label: { show: true, position: 'top', color: token('text'), formatter: (point: { value: number }) => (point.value > 0 ? String(point.value) : '') } }],
  }
}
