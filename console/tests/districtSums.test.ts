import { describe, expect, it } from 'vitest'
import { completePermille, figuresSum, missingNames, type DistrictRow } from '../src/components/districtSums'
import type { Overview } from '../src/api/types'

const overview = (total: number, due: number, onTime: number, eventualDue: number, eventual: number, fen: number): Overview => ({
  as_of_s: 1, reporting: { due, on_time: onTime, eventual, eventual_due: eventualDue, on_time_rate_permille: null, eventual_rate_permille: null, target_permille: 980 },
  supply: { normal: total - 3, cut: 0, fault: 1, alarm: 2, silent: 0, total }, kinds: [], revenue: { today_fen: fen, cash_fen: 0 }, attention: [],
})
const row = (name: string, answer: DistrictRow['answer']): DistrictRow => ({ district: { key: name, name }, answer, lastS: null })

describe('sums over districts', () => {
  it('add counts and take the rate of the sums', () => {
    const sum = figuresSum([row('a', { state: 'answered', overview: overview(10, 8, 4, 100, 50, 700) }), row('b', { state: 'answered', overview: overview(1000, 900, 899, 900, 900, 1) })])
    expect(sum).toEqual({ meters: 1010, due: 908, onTime: 903, eventualDue: 1000, eventual: 950, trouble: 6, receivedFen: 701 })
    expect(sum && completePermille(sum)).toBe(950)
  })
  it('leave out who did not answer, and name them', () => {
    const rows = [row('a', { state: 'away' }), row('b', { state: 'answered', overview: overview(5, 0, 0, 0, 0, 9) }), row('c', { state: 'signed_out' }), row('d', { state: 'asking' })]
    expect(figuresSum(rows)?.meters).toBe(5)
    expect(missingNames(rows)).toEqual(['a', 'c', 'd'])
  })
  it('are no zero when nobody answered', () => expect(figuresSum([row('a', { state: 'away' })])).toBeNull())
  it('have no rate of nothing', () => expect(completePermille({ meters: 5, due: 0, onTime: 0, eventualDue: 0, eventual: 0, trouble: 0, receivedFen: 0 })).toBeNull())
})
