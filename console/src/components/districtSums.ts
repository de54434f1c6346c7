// Sums over districts: of those that answered, and only of them.
import type { District, Overview } from '@/api/types'

export type DistrictAnswer =
  | { state: 'asking' | 'signed_out' | 'forbidden' | 'away' }
  | { state: 'answered'; overview: Overview }

export interface DistrictRow {
  district: District
  answer: DistrictAnswer
  /** When it answered last, by its own clock; null: never. */
  lastS: number | null
}

export interface Figures {
  meters: number
  due: number
  onTime: number
  eventualDue: number
  eventual: number
  trouble: number
  receivedFen: number
}

export function figuresOf(overview: Overview): Figures {
  const { reporting, supply, revenue } = overview
  return {
    meters: supply.total, due: reporting.due, onTime: reporting.on_time, eventualDue: reporting.eventual_due ?? 0, eventual: reporting.eventual ?? 0,
    trouble: supply.alarm + supply.fault, receivedFen: revenue.today_fen,
  }
}

/** Of counts, never the mean of rates; null when nobody has answered: that is no zero. */
export function figuresSum(rows: DistrictRow[]): Figures | null {
  const list = rows.flatMap(({ answer }) => (answer.state === 'answered' ? [figuresOf(answer.overview)] : []))
  if (list.length === 0) return null
  return list.reduce((sum, one) => Object.fromEntries(Object.entries(sum).map(([key, value]) => [key, value + one[key as keyof Figures]])) as unknown as Figures)
}

export function completePermille(figures: Figures): number | null {
  return figures.eventualDue > 0 ? Math.floor((figures.eventual * 1000) / figures.eventualDue) : null
}

export function missingNames(rows: DistrictRow[]): string[] {
  return rows.filter((row) => row.answer.state !== 'answered').map((row) => row.district.name)
}
