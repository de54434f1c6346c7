// The editable part of a tariff document and the checks a form can make before the server's own.
import type { TariffDocument } from '@/api/types'

export interface DocumentProblem {
  path: string
  message: string
}

export function documentBlank(): TariffDocument {
  return { utility: 'water', unit: 'm3', cycle: 'calendar-year', limits: [180, 260], items: [{ name: 'water', prices: ['2.00', '3.00', '6.00'] }] }
}

const PRICE = /^\d{1,6}(\.\d{1,8})?$/

/** The first thing wrong, or null. */
export function documentCheck(document: TariffDocument): DocumentProblem | null {
  const limits = document.limits ?? []
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
