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
export const MISTAKES: InjectionKey<Ref<DocumentMistake[]>> = Symbol('mistakes of the document')

/** The text of the first mistake at one of these places. */
export const mistakeAt = (mistakes: DocumentMistake[], ...paths: string[]): string => mistakes.find((one) => paths.includes(one.path))?.text ?? ''

const UNITS: Record<string, string[]> = { water: ['m3'], hot_water: ['m3'], gas: ['m3'], electricity: ['kWh'], heat: ['kWh', 'MWh', 'GJ', 'MJ'] }
/** What the API counts, in one priced unit. */
const UNIT_VALUES: Record<string, number> = { m3: 1e6, kWh: 1e6, MWh: 3.6e9, GJ: 1e9, MJ: 1e6 }

/** The parts of a document that have a place in the form; others are kept and edited as JSON. */
const SHOWN = ['city', 'note', 'utility', 'unit', 'cycle', 'anchor', 'limits', 'monthly_limits', 'season_limits', 'season_months', 'season_rule', 'household', 'household_monthly', 'items', 'total_from', 'composite', 'remainder_item', 'tou_schedule', 'tou_registers', 'fixed', 'min_qty', 'min_charge', 'allowance', 'power_factor', 'late_fee', 'round', 'prorate', 'price_change']

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

export const unshown = (document: TariffDocument): string[] => Object.keys(document).filter((name) => !SHOWN.includes(name))

/** Periods of the day that any item prices, in the order of their first mention. */
export function periodsOf(document: TariffDocument): string[] {
  return [...new Set((document.items ?? []).flatMap((item) => Object.keys(item.tou_prices ?? {})))]
}

type Decimals = (number | string)[]

/** Limits of the whole cycle, or of one month in it. */
export const limitsOf = (document: TariffDocument): Decimals => document.limits ?? document.monthly_limits ?? []

export const tierCount = (document: TariffDocument): number => 1 + (document.limits ?? document.monthly_limits ?? Object.values(document.season_limits ?? {})[0] ?? []).length

const fit = <V>(list: V[], count: number, next: (before: V | undefined) => V): V[] =>
  Array.from({ length: count }).reduce<V[]>((made, _, at) => [...made, list[at] ?? next(made[at - 1])], [])
const higher = (before: number | string | undefined): number => Number(before ?? 0) + 100
const same = <V extends number | string>(before: V | undefined): V => before ?? ('0.00' as V)

/** What a document has of each tier, for so many tiers: limits, prices, what households add. */
export function tiersFit(document: TariffDocument, count: number): Partial<TariffDocument> {
  const { household, household_monthly: monthly, season_limits: seasons, composite } = document
  const limits = fit(limitsOf(document), count - 1, higher)
  const name = document.monthly_limits ? 'monthly_limits' : 'limits'
  const made: Partial<TariffDocument> = { items: document.items?.map((item) => (item.prices ? { ...item, prices: fit(item.prices, count, same) } : item)) }
  if (document.limits || document.monthly_limits || !seasons) made[name] = count > 1 ? limits : undefined
  if (seasons) made.season_limits = Object.fromEntries(Object.entries(seasons).map(([one, list]) => [one, fit(list, count - 1, higher)]))
  if (household && count === 1) made.household = undefined
  else if (Array.isArray(household?.add)) made.household = { ...household, add: fit(household.add, count - 1, same) }
  else if (household?.limits) made.household = { ...household, limits: fit(household.limits, count - 1, higher) }
  if (monthly) made.household_monthly = count > 1 ? { ...monthly, limits: fit(monthly.limits, count - 1, higher) } : undefined
  if (composite) made.composite = fit(composite, count, same)
  return made
}

const PRICE = /^\d{1,6}(\.\d{1,8})?$/
const LIMIT = /^\d{1,9}(\.\d{1,4})?$/

function risingCheck(list: Decimals, path: string): DocumentProblem[] {
  const at = list.findIndex((limit, index) => !LIMIT.test(String(limit)) || Number(limit) <= (index === 0 ? 0 : Number(list[index - 1])))
  return at < 0 ? [] : [{ path: `${path}[${at}]`, message: 'tariff.limit_rule' }]
}

/** Every mistake that needs no server to be seen, the topmost first. */
export function documentChecks(document: TariffDocument): DocumentProblem[] {
  const problems = [...risingCheck(document.limits ?? [], 'limits'), ...risingCheck(document.monthly_limits ?? [], 'monthly_limits')]
  for (const [name, list] of Object.entries(document.season_limits ?? {})) problems.push(...risingCheck(list, `season_limits.${name}`))
  const prices: [string, unknown][] = (document.composite ?? []).map((price, at) => [`composite[${at}]`, price])
  for (const [at, item] of (document.items ?? []).entries()) {
    if (item.price !== undefined) prices.push([`items[${at}].price`, item.price])
    prices.push(...(item.prices ?? []).map((price, tier): [string, unknown] => [`items[${at}].prices[${tier}]`, price]))
    prices.push(...Object.entries(item.tou_prices ?? {}).map(([name, price]): [string, unknown] => [`items[${at}].tou_prices.${name}`, price]))
    if (item.coef !== undefined) prices.push([`items[${at}].coef`, item.coef])
  }
  return [...problems, ...prices.filter(([, price]) => !PRICE.test(String(price))).map(([path]) => ({ path, message: 'tariff.price_rule' }))]
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
