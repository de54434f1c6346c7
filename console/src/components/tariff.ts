// The editable part of a tariff document and the checks a form can make before the server's own.
import type { InjectionKey, Ref } from 'vue'
import type { TariffDocument } from '@/api/types'

export interface DocumentProblem {
  path: string
  message: string
}

/** A mistake the server found, at its path in the document. */
export interface DocumentMistake {
  path: string
  text: string
}

/** What the form's fields look at to show a mistake beside the field that it is about. */
export const MISTAKE: InjectionKey<Ref<DocumentMistake | null>> = Symbol('mistake of the document')

const UNITS: Record<string, string[]> = { water: ['m3'], hot_water: ['m3'], gas: ['m3'], electricity: ['kWh'], heat: ['kWh', 'MWh', 'GJ', 'MJ'] }
/** What the API counts, in one priced unit. */
const UNIT_VALUES: Record<string, number> = { m3: 1e6, kWh: 1e6, MWh: 3.6e9, GJ: 1e9, MJ: 1e6 }

/** The parts of a document that have a place in the form; others are kept and edited as JSON. */
const SHOWN = ['city', 'note', 'utility', 'unit', 'cycle', 'anchor', 'limits', 'season_limits', 'season_months', 'season_rule', 'household', 'items', 'tou_registers', 'fixed', 'min_qty', 'min_charge', 'allowance', 'power_factor', 'round', 'prorate', 'price_change']

export const unitsOf = (utility: string): string[] => UNITS[utility] ?? ['m3']
export const unitText = (unit: string | undefined): string => (unit === undefined || unit === 'm3' ? 'm³' : unit)

export function unitValue(document: TariffDocument): number {
  if (document.utility === 'heat' && (document.unit ?? 'kWh') === 'kWh') return 3.6e6
  return UNIT_VALUES[document.unit ?? 'm3'] ?? 1e6
}

export function documentBlank(utility = 'water'): TariffDocument {
  const unit = unitsOf(utility)[0]
  if (utility === 'water') return { utility, unit, cycle: 'calendar-year', limits: [180, 260], items: [{ name: 'water', prices: ['2.00', '3.00', '6.00'] }] }
  return { utility, unit, cycle: 'month', items: [{ name: utility, price: '1.00' }] }
}

export const unshown = (document: TariffDocument): string[] => [...Object.keys(document).filter((name) => !SHOWN.includes(name)), ...(document.power_factor?.table ? ['power_factor.table'] : [])]

/** Periods of the day that any item prices, in the order of their first mention. */
export function periodsOf(document: TariffDocument): string[] {
  return [...new Set((document.items ?? []).flatMap((item) => Object.keys(item.tou_prices ?? {})))]
}

export const tierCount = (document: TariffDocument): number => 1 + (document.limits ?? Object.values(document.season_limits ?? {})[0] ?? []).length

const PRICE = /^\d{1,6}(\.\d{1,8})?$/

/** The first thing wrong, or null. */
export function documentCheck(document: TariffDocument): DocumentProblem | null {
  const limits = (document.limits ?? []).map(Number)
  for (let i = 0; i < limits.length; i++) {
    if (!(limits[i] > (i === 0 ? 0 : limits[i - 1]))) return { path: `limits[${i}]`, message: 'tariff.limit_rule' }
  }
  for (const [at, item] of (document.items ?? []).entries()) {
    const prices = item.prices ?? (item.price === undefined ? [] : [item.price])
    const wrong = prices.findIndex((price) => !PRICE.test(String(price)))
    if (wrong >= 0) return { path: `items[${at}].prices[${wrong}]`, message: 'tariff.price_rule' }
    if (item.coef !== undefined && !PRICE.test(String(item.coef))) return { path: `items[${at}].coef`, message: 'tariff.price_rule' }
  }
  return null
}

/** "5-10", "11-3", "1,2,12" as months; null when it is none of these. */
export function monthsParse(text: string): number[] | null {
  const months: number[] = []
  for (const part of text.split(/[,，、\s]+/).filter((one) => one !== '')) {
    const match = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(part)
    if (!match) return null
    const from = Number(match[1])
    const to = Number(match[2] ?? match[1])
    if (from < 1 || from > 12 || to < 1 || to > 12) return null
    for (let month = from; ; month = (month % 12) + 1) {
      months.push(month)
      if (month === to) break
    }
  }
  return months
}

/** [5, 6, 7, 11] as "5-7, 11". */
export function monthsText(months: number[]): string {
  const parts: string[] = []
  for (let at = 0; at < months.length; at++) {
    const first = months[at]
    while (at + 1 < months.length && months[at + 1] === (months[at] % 12) + 1) at++
    parts.push(first === months[at] ? String(first) : `${first}-${months[at]}`)
  }
  return parts.join(', ')
}
