// A meter's register is an integer in the unit of its kind: millilitres, milliwatt-hours or joules.
// It is shown in the unit on its dial, with the dial's own decimals, never more.
import { MINUS, THIN, grouped } from './digits'

export type MeterKind = 'cold_water' | 'hot_water' | 'gas' | 'electricity' | 'heat'

interface RegisterForm {
  unit: string
  /** Values of the API in one shown unit. */
  scale: number
  decimals: number
}

const VOLUME: RegisterForm = { unit: 'm³', scale: 1e6, decimals: 3 }
const FORMS: Record<MeterKind, RegisterForm> = {
  cold_water: VOLUME,
  hot_water: VOLUME,
  gas: VOLUME,
  electricity: { unit: 'kWh', scale: 1e6, decimals: 2 },
  heat: { unit: 'kWh', scale: 3.6e6, decimals: 2 },
}

/** What is no meter (a concentrator) or not said is shown as water is: the API's first kind. */
export function registerForm(kind: string | null | undefined): RegisterForm {
  return FORMS[kind as MeterKind] ?? VOLUME
}

/** "7.817", "1,204.36": the digits without the unit, "—" when there is no value. */
export function registerDigits(value: number | null | undefined, kind?: string | null): string {
  if (value === null || value === undefined) return '—'
  const { scale, decimals } = registerForm(kind)
  const steps = String(Math.round((Math.abs(value) / scale) * 10 ** decimals)).padStart(decimals + 1, '0')
  return `${value < 0 ? MINUS : ''}${grouped(steps.slice(0, -decimals))}.${steps.slice(-decimals)}`
}

/** "7.817 m³", "1,204.36 kWh" */
export function registerText(value: number | null | undefined, kind?: string | null): string {
  return value === null || value === undefined ? '—' : `${registerDigits(value, kind)}${THIN}${registerForm(kind).unit}`
}

/** What a person typed in the shown unit, as the API's integer; null when it is not such a number. */
export function registerParse(text: string, kind?: string | null): number | null {
  const { scale, decimals } = registerForm(kind)
  const match = new RegExp(`^(\\d{1,9})(?:\\.(\\d{1,${decimals}}))?$`).exec(text)
  if (!match) return null
  const steps = Number(match[1]) * 10 ** decimals + Number((match[2] ?? '').padEnd(decimals, '0'))
  return Math.round(steps * (scale / 10 ** decimals))
}
