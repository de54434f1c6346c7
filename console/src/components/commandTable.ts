// The tables a meter is given, as people type them and as the API takes them: prices by what was used, tariffs by
// the time of day. What a meter can hold is checked before anything is sent.
import { digitsNormalise } from '@/format/money'

export const STEP_LIMIT = 7
export const DAY_LIMIT = 14
export const TARIFFS = [1, 2, 3, 4] as const

export interface StepDraft {
  /** Used above so much, in kWh or m³; of the first row always 0. */
  from: string
  /** Yuan for one. */
  price: string
}

export interface DayDraft {
  /** "HH:MM"; of the first row always 00:00. */
  time: string
  tariff: number
}

export interface CommandTable {
  number: number
  rows: [from: number, value: number][]
}

export type CellProblem = '' | 'limit' | 'limit_order' | 'price' | 'time' | 'time_order'

const PRICE_DECIMALS = 4
const LIMIT_LARGEST = 99999999
const PRICE_LARGEST = 99999999

/** A decimal with at most so many places as an integer of the last place; null when it is none or too large. */
function fixedParse(text: string, decimals: number, largest: number): number | null {
  const match = /^(\d{1,8})(?:\.(\d*))?$/.exec(digitsNormalise(text))
  if (!match || (match[2] ?? '').length > decimals) return null
  const value = Number(match[1]) * 10 ** decimals + Number((match[2] ?? '').padEnd(decimals, '0') || '0')
  return value > largest ? null : value
}

/** A limit's decimals: of electricity 0.01 kWh, of what is measured in m³ 0.001. */
export function stepDecimals(kind: string): number {
  return kind === 'electricity' ? 2 : 3
}

export function limitParse(text: string, kind: string): number | null {
  return fixedParse(text, stepDecimals(kind), LIMIT_LARGEST)
}

export function stepPriceParse(text: string): number | null {
  return fixedParse(text, PRICE_DECIMALS, PRICE_LARGEST)
}

export function minuteParse(text: string): number | null {
  const match = /^(\d{1,2})[:：](\d{2})$/.exec(text.trim())
  if (!match || Number(match[1]) > 23 || Number(match[2]) > 59) return null
  return Number(match[1]) * 60 + Number(match[2])
}

/** What is wrong with each row, one for the limit and one for the price; '' where nothing is. */
export function stepProblems(rows: StepDraft[], kind: string): { from: CellProblem; price: CellProblem }[] {
  let above = -1
  return rows.map((row, index) => {
    const limit = index === 0 ? 0 : limitParse(row.from, kind)
    const from: CellProblem = limit === null ? 'limit' : limit <= above ? 'limit_order' : ''
    if (limit !== null) above = Math.max(above, limit)
    return { from, price: stepPriceParse(row.price) === null ? 'price' : '' }
  })
}

export function dayProblems(rows: DayDraft[]): CellProblem[] {
  let after = -1
  return rows.map((row, index) => {
    const minute = index === 0 ? 0 : minuteParse(row.time)
    const problem: CellProblem = minute === null ? 'time' : minute <= after ? 'time_order' : ''
    if (minute !== null) after = Math.max(after, minute)
    return problem
  })
}

/** As the API takes it; null while a row is wrong. */
export function stepTable(number: number, rows: StepDraft[], kind: string): CommandTable | null {
  if (rows.length === 0 || rows.length > STEP_LIMIT || stepProblems(rows, kind).some((row) => row.from || row.price)) return null
  return { number, rows: rows.map((row, index) => [index === 0 ? 0 : (limitParse(row.from, kind) as number), stepPriceParse(row.price) as number]) }
}

export function dayTable(number: number, rows: DayDraft[]): CommandTable | null {
  if (rows.length === 0 || rows.length > DAY_LIMIT || dayProblems(rows).some(Boolean)) return null
  return { number, rows: rows.map((row, index) => [index === 0 ? 0 : (minuteParse(row.time) as number), row.tariff]) }
}

/** A command's table as the API keeps it ("1: 0 5000, 18000 6500"), taken apart; null when it is none. */
export function commandTableParse(text: string | null | undefined): CommandTable | null {
  const match = /^(\d+): (.+)$/.exec(text ?? '')
  if (!match) return null
  const rows = match[2].split(', ').map((row) => row.split(' ').map(Number) as [number, number])
  return rows.every((row) => row.length === 2 && row.every(Number.isInteger)) ? { number: Number(match[1]), rows } : null
}

export function minuteText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** "0.5", "180": without zeros that say nothing, but a price keeps two places. */
export function fixedText(value: number, decimals: number, places = 0): string {
  const text = (value / 10 ** decimals).toFixed(decimals)
  const short = text.replace(/0+$/, '')
  const [whole, fraction = ''] = short.split('.')
  return fraction.length < places ? `${whole}.${fraction.padEnd(places, '0')}` : short.replace(/\.$/, '')
}
