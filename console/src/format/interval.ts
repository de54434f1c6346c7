// What flowed in a step of a day, as people read it: water and gas in litres, energy as the mean load in kW.
import { MINUS, THIN, grouped } from './digits'

const SECONDS_AN_HOUR = 3600

export interface IntervalForm {
  unit: string
  decimals: number
  /** The number shown for what flowed in so many seconds. */
  shown: (value: number, seconds: number) => number
}

const FORMS: Record<string, IntervalForm> = {
  ml: { unit: 'L', decimals: 0, shown: (value) => value / 1000 },
  mWh: { unit: 'kW', decimals: 3, shown: (value, seconds) => (value / 1e6) * (SECONDS_AN_HOUR / seconds) },
  J: { unit: 'kW', decimals: 2, shown: (value, seconds) => value / 1000 / seconds },
}

export function intervalForm(unit: string): IntervalForm {
  return FORMS[unit] ?? { unit, decimals: 0, shown: (value) => value }
}

/** "35 L", "0.480 kW"; "—" when it is not known. */
export function intervalText(value: number | null, seconds: number, unit: string): string {
  if (value === null) return '—'
  const form = intervalForm(unit)
  const [whole, fraction] = Math.abs(form.shown(value, seconds)).toFixed(form.decimals).split('.')
  return `${value < 0 ? MINUS : ''}${grouped(whole)}${fraction === undefined ? '' : `.${fraction}`}${THIN}${form.unit}`
}
