// Which days a chart may speak about. Usage of a day is known once the midnight after it is in,
// so today's is never due, and yesterday's only after the meter's report of today. Before the
// meter hung there nothing was due at all.

interface Point {
  day: string
  usage_value: number | null
}

export interface DueWindow {
  today: string
  /** No usage is due on or before this day: the meter was installed on it. */
  installedDay?: string
  /** The report that brings yesterday's usage is still to come. */
  waiting: boolean
}

/** Drops days that are not due; a day that is due and absent stays, as a gap. */
export function pointsDue<P extends Point>(points: P[], window: DueWindow): P[] {
  const yesterday = new Date(Date.parse(`${window.today}T00:00:00Z`) - 86400000).toISOString().slice(0, 10)
  return points.filter((point) => {
    if (point.usage_value !== null) return true
    if (window.installedDay !== undefined && point.day <= window.installedDay) return false
    return point.day < yesterday || (point.day === yesterday && !window.waiting)
  })
}
