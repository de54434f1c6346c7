// Volumes are integer millilitres. A register shows its own three decimals, never more.
import { MINUS, THIN, grouped } from './digits'

/** Cubic metres with three decimals and no unit: 7817000 → "7.817". */
export function volumeDigits(ml: number | null | undefined): string {
  if (ml === null || ml === undefined) return '—'
  const litres = Math.round(Math.abs(ml) / 1000)
  const whole = grouped(String(Math.trunc(litres / 1000)))
  return `${ml < 0 ? MINUS : ''}${whole}.${String(litres % 1000).padStart(3, '0')}`
}

/** "7.817 m³" */
export function volumeText(ml: number | null | undefined): string {
  return ml === null || ml === undefined ? '—' : `${volumeDigits(ml)}${THIN}m³`
}

/** Large totals read better rounded: "12,345 m³" above a thousand, else three decimals. */
export function volumeShort(ml: number | null | undefined): string {
  if (ml === null || ml === undefined) return '—'
  if (Math.abs(ml) < 1e9) return volumeText(ml)
  const whole = Math.round(Math.abs(ml) / 1e6)
  return `${ml < 0 ? MINUS : ''}${grouped(String(whole))}${THIN}m³`
}

/** A billed quantity in 1e-4 of the tariff's unit. */
export function quantityText(e4: number, unit = 'm³'): string {
  const size = Math.abs(e4)
  const fraction = String(size % 10000).padStart(4, '0').replace(/0$/, '')
  return `${e4 < 0 ? MINUS : ''}${grouped(String(Math.trunc(size / 10000)))}.${fraction}${THIN}${unit}`
}

/** "−97 dBm", "3.58 V": a number and its unit, "—" when unknown. */
export function measureText(value: number | null | undefined, unit: string, decimals = 0): string {
  if (value === null || value === undefined) return '—'
  return `${value < 0 ? MINUS : ''}${Math.abs(value).toFixed(decimals)}${THIN}${unit}`
}

/** Permille as a percentage with one decimal: 987 → "98.7 %". */
export function permilleText(permille: number | null | undefined): string {
  if (permille === null || permille === undefined) return '—'
  const size = Math.abs(Math.round(permille))
  return `${permille < 0 && size > 0 ? MINUS : ''}${Math.trunc(size / 10)}.${size % 10}${THIN}%`
}

export function countText(value: number | null | undefined): string {
  return value === null || value === undefined ? '—' : grouped(String(value))
}
