import { describe, expect, test } from 'vitest'
import { moneySeries, periodsBetween } from '../src/components/moneySeries'

describe('parts of a money chart', () => {
  test('a time without money stands on the axis as nothing', () => {
    const chart = moneySeries([{ period: '2026-11-03', part: 'water', fen: 200 }], 'rest', periodsBetween('2026-11-01', '2026-11-03', 'day'))
    expect(chart.periods).toEqual(['2026-11-01', '2026-11-02', '2026-11-03'])
    expect(chart.series).toEqual([{ name: 'water', values: [0, 0, 200] }])
  })

  test('months and years begin on their first day, and a long time is bounded', () => {
    expect(periodsBetween('2025-12-15', '2026-02-01', 'month')).toEqual(['2025-12-01', '2026-01-01', '2026-02-01'])
    expect(periodsBetween('2025-12-15', '2026-02-01', 'year')).toEqual(['2025-01-01', '2026-01-01'])
    expect(periodsBetween('2025-12-15', '2026-02-01', 'whole')).toEqual([])
    expect(periodsBetween('1990-01-01', '2026-02-01', 'day')).toHaveLength(400)
  })

  test('beyond six parts the small ones are one, and nothing is lost', () => {
    const rows = Array.from({ length: 9 }, (_, index) => ({ period: 'p', part: `part ${index}`, fen: (index + 1) * 10 }))
    const chart = moneySeries(rows, 'rest')
    expect(chart.series.map((part) => part.name)).toEqual(['part 8', 'part 7', 'part 6', 'part 5', 'part 4', 'rest'])
    expect(chart.series.reduce((sum, part) => sum + part.values[0], 0)).toBe(450)
  })
})
