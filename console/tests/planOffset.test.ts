import { describe, expect, it } from 'vitest'
import { clockErrorText } from '../src/components/clockError'
import { meterNumbersSplit } from '../src/components/meterNumbers'
import { offsetParse, offsetText } from '../src/components/planOffset'

describe('when a plan runs', () => {
  it('reads back what it writes, in every unit', () => {
    for (const [unit, text, seconds] of [['hour', ':15', 900], ['day', '00:10', 600], ['week', '3 06:30', 196200], ['month', '1 00:10', 600], ['month', '28 23:59', 2419140]] as const) {
      expect(offsetParse(text, unit)).toBe(seconds)
      expect(offsetText(seconds, unit)).toBe(text)
    }
  })
  it('refuses moments that the unit does not have', () => {
    expect(offsetParse('24:00', 'day')).toBeNull()
    expect(offsetParse('2 00:10', 'day')).toBeNull()
    expect(offsetParse('8 00:10', 'week')).toBeNull()
    expect(offsetParse('29 00:10', 'month')).toBeNull()
    expect(offsetParse(':60', 'hour')).toBeNull()
  })
})

describe('words of the lines', () => {
  it('says how far a clock is off', () => {
    expect(clockErrorText(null)).toBe('—')
    expect(clockErrorText(12)).toBe('+12\u2009s')
    expect(clockErrorText(-185)).toBe('−3\u2009min 05\u2009s')
    expect(clockErrorText(39600)).toBe('+11\u2009h 00\u2009min')
  })
  it('takes numbers between any separators, each once', () => {
    expect(meterNumbersSplit(' 880100000001,880100000002\n８８０１０００００００１；x1')).toEqual(['880100000001', '880100000002', 'x1'])
  })
})
