import { describe, expect, it } from 'vitest'
import { intervalForm, intervalText } from '../src/format/interval'

const QUARTER_S = 900
const THIN = '\u2009'

describe('what flowed in a step', () => {
  it('is litres of water and the mean load of energy', () => {
    expect(intervalText(35000, QUARTER_S, 'ml')).toBe(`35${THIN}L`)
    expect(intervalText(120000, QUARTER_S, 'mWh')).toBe(`0.480${THIN}kW`)
    expect(intervalText(480000, 3600, 'mWh')).toBe(`0.480${THIN}kW`)
    expect(intervalText(9000000, QUARTER_S, 'J')).toBe(`10.00${THIN}kW`)
  })

  it('is no number when it is not known, and large ones are grouped', () => {
    expect(intervalText(null, QUARTER_S, 'ml')).toBe('—')
    expect(intervalText(1234567000, QUARTER_S, 'ml')).toBe(`1,234,567${THIN}L`)
    expect(intervalForm('fen').unit).toBe('fen')
  })
})
