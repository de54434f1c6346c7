// The two readings that explain the use of a bill.

interface BillReading {
  day: string
  register_value: number
}

interface BilledUse {
  from_total_value: number
  to_total_value: number
  usage_value: number
}

/** First and last; an exchange of the meter puts others between. */
export function billEdges<T extends BillReading>(readings: T[]): T[] {
  return readings.length > 2 ? [readings[0], readings[readings.length - 1]] : readings
}

/** The dial's own figures explain the use where they can; across an exchange or a rollover only the continuous total does. */
export function billEnds(bill: BilledUse, readings: BillReading[]): { from: number; to: number } {
  const [from, to] = billEdges(readings)
  const dial = to !== undefined && to.register_value - from.register_value === bill.usage_value
  return dial ? { from: from.register_value, to: to.register_value } : { from: bill.from_total_value, to: bill.to_total_value }
}
