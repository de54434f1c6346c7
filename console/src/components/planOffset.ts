// When within its unit a plan runs, as people write it: "00:10" of a day, "1 00:10" of a week or month,
// ":15" of an hour. Seconds from the unit's beginning; a week begins on Monday, a month on its 1st.
import type { ReadingPlan } from '@/api/lines'

const DAY_S = 86400

const two = (n: number): string => String(n).padStart(2, '0')

export function offsetText(offsetS: number, unit: ReadingPlan['unit']): string {
  const minute = two(Math.trunc(offsetS / 60) % 60)
  const clock = `${two(Math.trunc(offsetS / 3600) % 24)}:${minute}`
  if (unit === 'minute') return ':00'
  if (unit === 'hour') return `:${minute}`
  return unit === 'day' ? clock : `${Math.trunc(offsetS / DAY_S) + 1} ${clock}`
}

/** null when the text does not name a moment of the unit. */
export function offsetParse(text: string, unit: ReadingPlan['unit']): number | null {
  if (unit === 'minute') return 0
  if (unit === 'hour') {
    const match = /^\s*(?:00)?:?([0-5]?\d)\s*$/.exec(text)
    return match ? Number(match[1]) * 60 : null
  }
  const match = /^\s*(?:(\d{1,2})\s+)?([01]?\d|2[0-3]):([0-5]\d)\s*$/.exec(text)
  if (!match) return null
  const day = match[1] === undefined ? 1 : Number(match[1])
  const last = unit === 'day' ? 1 : unit === 'week' ? 7 : 28
  return day >= 1 && day <= last ? (day - 1) * DAY_S + Number(match[2]) * 3600 + Number(match[3]) * 60 : null
}
