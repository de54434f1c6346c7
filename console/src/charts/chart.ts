// The parts of ECharts this console uses, and nothing else. Loaded only by pages with a chart.
import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, MarkPointComponent, TooltipComponent } from 'echarts/components'
import * as core from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

core.use([BarChart, LineChart, AriaComponent, GridComponent, MarkPointComponent, TooltipComponent, CanvasRenderer])

export type Chart = ReturnType<typeof core.init>

export function chartOpen(element: HTMLElement): Chart {
  return core.init(element, undefined, { renderer: 'canvas' })
}

/** A token of the present theme, as ECharts cannot read CSS variables. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}
