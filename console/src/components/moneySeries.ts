// Rows of a report as the parts of a chart: the largest parts by name, the rest together.
import type { MoneyChart } from '@/charts/money'

export interface MoneyPart {
  period: string
  part: string
  fen: number
}

const PARTS = 6

const PERIODS = 400

/** The first days of all days, months or years from one day to another: a time without money is shown, not left out. */
export function periodsBetween(from: string, to: string, every: string): string[] {
  const periods: string[] = []
  const at = new Date(`${every === 'day' ? from : every === 'month' ? `${from.slice(0, 7)}-01` : `${from.slice(0, 4)}-01-01`}T00:00:00Z`)
  while (every !== 'whole' && periods.length < PERIODS && at.toISOString().slice(0, 10) <= to) {
    periods.push(at.toISOString().slice(0, 10))
    if (every === 'day') at.setUTCDate(at.getUTCDate() + 1)
    else if (every === 'month') at.setUTCMonth(at.getUTCMonth() + 1)
    else at.setUTCFullYear(at.getUTCFullYear() + 1)
  }
  return periods
}

/** `known`: periods that are on the axis whether they have rows or not. */
export function moneySeries(rows: MoneyPart[], rest: string, known: string[] = []): MoneyChart {
  const periods = [...new Set([...known, ...rows.map((row) => row.period)])].sort()
  const sums = new Map<string, number>()
  for (const row of rows) sums.set(row.part, (sums.get(row.part) ?? 0) + Math.abs(row.fen))
  const ranked = [...sums.keys()].sort((one, other) => (sums.get(other) ?? 0) - (sums.get(one) ?? 0))
  const named = ranked.length > PARTS ? ranked.slice(0, PARTS - 1) : ranked
  const names = ranked.length > PARTS ? [...named, rest] : named
  const at = new Map(periods.map((period, index) => [period, index]))
  const values = new Map(names.map((name) => [name, periods.map(() => 0)]))
  for (const row of rows) {
    const list = values.get(named.includes(row.part) ? row.part : rest)
    if (list !== undefined) list[at.get(row.period) ?? 0] += row.fen
  }
  return { periods, series: names.map((name) => ({ name, values: values.get(name) ?? [] })) }
}
