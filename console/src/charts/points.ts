// Which days a chart may speak about. Usage of a day is known once the midnight after it is in,
// so today's is never due, and yesterday's only after the meter's report of today.

interface Point {
  day: string
  usage_ml: number | null
}

/** Drops days at the end that are not due yet; a day that is due and absent stays, as a gap. */
export function pointsDue<P extends Point>(points: P[], today: string, nextReportS: number | null, dayOf: (atS: number) => string): P[] {
  const waiting = nextReportS === null || dayOf(nextReportS) === today
  const yesterday = new Date(Date.parse(`${today}T00:00:00Z`) - 86400000).toISOString().slice(0, 10)
  return points.filter((point) => point.usage_ml !== null || point.day < yesterday || (point.day === yesterday && !waiting))
}
