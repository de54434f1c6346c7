import { describe, expect, it } from 'vitest'
import { documentBlank, documentCheck, monthsParse, monthsText, periodsOf, tierCount, unitValue, unshown } from '../src/components/tariff'

describe('a tariff document', () => {
  it('starts from one that is valid', () => {
    for (const utility of ['water', 'electricity', 'gas', 'heat']) expect(documentCheck(documentBlank(utility))).toBeNull()
  })
  it('names the first limit that does not rise', () => {
    expect(documentCheck({ ...documentBlank(), limits: [180, 180] })).toEqual({ path: 'limits[1]', message: 'tariff.limit_rule' })
    expect(documentCheck({ ...documentBlank(), limits: [0, 10] })?.path).toBe('limits[0]')
    expect(documentCheck({ ...documentBlank(), limits: ['90', '180'] })).toBeNull()
  })
  it('names the first price that is none', () => {
    const document = { ...documentBlank(), items: [{ name: 'water', prices: ['2.00', 'x', '6.00'] }] }
    expect(documentCheck(document)).toEqual({ path: 'items[0].prices[1]', message: 'tariff.price_rule' })
    expect(documentCheck({ ...documentBlank(), items: [{ name: 'water', price: '0.123456789' }] })?.path).toBe('items[0].prices[0]')
  })
  it('knows its periods, tiers and what the form has no place for', () => {
    const document = { ...documentBlank('electricity'), season_limits: { summer: [260, 600], other: [200, 400] }, items: [{ name: 'energy', tou_prices: { peak: '1', valley: '2' } }], tou_schedule: [] }
    expect(periodsOf(document)).toEqual(['peak', 'valley'])
    expect(tierCount({ ...document, limits: undefined })).toBe(3)
    expect(unshown(document)).toEqual(['tou_schedule'])
  })
  it('counts in the unit that is priced', () => {
    expect(unitValue({ ...documentBlank('heat'), unit: 'kWh' })).toBe(3.6e6)
    expect(unitValue({ ...documentBlank('heat'), unit: 'GJ' })).toBe(1e9)
    expect(unitValue(documentBlank('electricity'))).toBe(1e6)
  })
})

describe('months of a season', () => {
  it('are read as ranges, also over the turn of the year', () => {
    expect(monthsParse('5-7, 10')).toEqual([5, 6, 7, 10])
    expect(monthsParse('11-2')).toEqual([11, 12, 1, 2])
    expect(monthsParse('')).toEqual([])
    expect(monthsParse('0-13')).toBeNull()
    expect(monthsParse('May')).toBeNull()
  })
  it('are written as they are read', () => {
    for (const text of ['5-7, 10', '11-2', '3']) expect(monthsText(monthsParse(text) ?? [])).toBe(text)
  })
})
