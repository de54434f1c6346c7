// A register of any quantity is an integer in a small unit of the API; people read it in the usual one.
import { MINUS, THIN, grouped } from './digits'
import { moneyText } from './money'

interface Shown {
  unit: string
  /** Integers of the API in one shown unit. */
  scale: number
  decimals: number
}

const UNITS: Record<string, Shown> = {
  mWh: { unit: 'kWh', scale: 1e6, decimals: 2 },
  mvarh: { unit: 'kvarh', scale: 1e6, decimals: 2 },
  mVAh: { unit: 'kVAh', scale: 1e6, decimals: 2 },
  mW: { unit: 'kW', scale: 1e6, decimals: 4 },
  mvar: { unit: 'kvar', scale: 1e6, decimals: 4 },
  mVA: { unit: 'kVA', scale: 1e6, decimals: 4 },
  mV: { unit: 'V', scale: 1000, decimals: 1 },
  mA: { unit: 'A', scale: 1000, decimals: 3 },
  mHz: { unit: 'Hz', scale: 1000, decimals: 2 },
  J: { unit: 'kWh', scale: 3.6e6, decimals: 2 },
  ml: { unit: 'm³', scale: 1e6, decimals: 3 },
  'ml/h': { unit: 'm³/h', scale: 1e6, decimals: 3 },
  Pa: { unit: 'kPa', scale: 1000, decimals: 1 },
  s: { unit: 'h', scale: 3600, decimals: 1 },
  mK: { unit: 'K', scale: 1000, decimals: 2 },
  '0.001 C': { unit: '°C', scale: 1000, decimals: 2 },
  '0.001 deg': { unit: '°', scale: 1000, decimals: 1 },
  '0.001': { unit: '', scale: 1000, decimals: 3 },
}

/** The unit people read and how many API integers it holds; a unit we do not know stays as it is. */
export function quantityForm(unit: string): Shown {
  return UNITS[unit] ?? { unit, scale: 1, decimals: 0 }
}

/** "229.4 V", "0.1130 kW", "¥12.30"; "—" when there is no value. */
export function quantityText(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return '—'
  if (unit === 'fen') return moneyText(value)
  const form = quantityForm(unit)
  const steps = String(Math.round((Math.abs(value) / form.scale) * 10 ** form.decimals)).padStart(form.decimals + 1, '0')
  const whole = form.decimals === 0 ? steps : steps.slice(0, -form.decimals)
  const fraction = form.decimals === 0 ? '' : `.${steps.slice(-form.decimals)}`
  return `${value < 0 ? MINUS : ''}${grouped(whole)}${fraction}${form.unit === '' ? '' : THIN + form.unit}`
}
