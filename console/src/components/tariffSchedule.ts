// Periods of the day as a price names them: weekdays as they are typed, and which period holds when.
import type { TariffScheduleRow } from '@/api/types'

export const DAY_MINUTES = 1440
export const SCHEDULE_LIMIT = 48
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

export interface DaySpan {
  from: number
  to: number
  /** null where no row fits: a gap. */
  period: string | null
}

/** "Mon-Fri, Sun" as 1-5 and 7; every day when it is absent; null when it is none. */
function weekdaysOf(days: string | undefined): number[] | null {
  if (days === undefined) return [1, 2, 3, 4, 5, 6, 7]
  const found: number[] = []
  for (const part of days.split(',').map((one) => one.trim())) {
    const [first, last = first] = part.split('-').map((one) => WEEKDAYS.indexOf(one))
    if (first < 0 || last < 0) return null
    for (let day = first; ; day = (day + 1) % 7) {
      found.push(day + 1)
      if (day === last) break
    }
  }
  return found
}

/** "1-5" or "6,7" as the document has it; '' is every day, null is neither. */
export function weekdaysParse(text: string): string | null {
  const parts = text.split(/[,，、\s]+/).filter((one) => one !== '')
  const named = parts.map((part) => {
    const match = /^([1-7])(?:-([1-7]))?$/.exec(part)
    if (!match) return null
    return match[2] === undefined ? WEEKDAYS[Number(match[1]) - 1] : `${WEEKDAYS[Number(match[1]) - 1]}-${WEEKDAYS[Number(match[2]) - 1]}`
  })
  return named.includes(null) ? null : named.join(',')
}

/** "Mon-Fri,Sun" as "1-5, 7". */
export function weekdaysText(days: string | undefined): string {
  if (days === undefined) return ''
  return days.split(',').map((part) => part.trim().split('-').map((one) => (WEEKDAYS.includes(one) ? String(WEEKDAYS.indexOf(one) + 1) : one)).join('-')).join(', ')
}

/** Minutes after midnight; 24:00 is the end of the day. */
export function clockMinutes(text: string): number | null {
  const match = /^(\d{1,2})[:：](\d{2})$/.exec(text.trim())
  if (!match || Number(match[2]) > 59) return null
  const minutes = Number(match[1]) * 60 + Number(match[2])
  return minutes <= DAY_MINUTES ? minutes : null
}

function fits(row: TariffScheduleRow, month: number, weekday: number, holiday: boolean, minute: number): boolean {
  const from = clockMinutes(row.from)
  const to = clockMinutes(row.to)
  if (from === null || to === null || from === to) return false
  const inside = from < to ? minute >= from && minute < to : minute >= from || minute < to
  return inside && (row.months?.includes(month) ?? true) && (weekdaysOf(row.days)?.includes(weekday) ?? false) && (row.holiday === undefined || row.holiday === holiday)
}

/** One day from midnight to midnight, without a minute left out. */
export function daySpans(rows: TariffScheduleRow[], month: number, weekday: number, holiday: boolean): DaySpan[] {
  const turns = rows.flatMap((row) => [clockMinutes(row.from), clockMinutes(row.to)]).filter((one): one is number => one !== null && one < DAY_MINUTES)
  const starts = [...new Set([0, ...turns])].sort((one, other) => one - other)
  const spans: DaySpan[] = []
  for (const [at, from] of starts.entries()) {
    const period = rows.find((row) => fits(row, month, weekday, holiday, from))?.period ?? null
    const last = spans[spans.length - 1]
    if (last && last.period === period) last.to = starts[at + 1] ?? DAY_MINUTES
    else spans.push({ from, to: starts[at + 1] ?? DAY_MINUTES, period })
  }
  return spans
}
