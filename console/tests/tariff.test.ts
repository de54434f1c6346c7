import { describe, expect, it } from 'vitest'
import { documentBlank, documentCheck } from '../src/components/tariff'

describe('a tariff being edited', () => {
  it('starts from one that is valid', () => expect(documentCheck(documentBlank())).toBeNull())
  it('names the limit that does not rise', () => {
    expect(documentCheck({ ...documentBlank(), limits: [180, 180] })).toEqual({ path: 'limits[1]', message: 'tariff.limit_rule' })
    expect(documentCheck({ ...documentBlank(), limits: [0, 10] })?.path).toBe('limits[0]')
  })
  it('names the price that is no price', () => {
    const document = { ...documentBlank(), items: [{ name: 'water', prices: ['2.00', 'x', '6.00'] }] }
    expect(documentCheck(document)).toEqual({ path: 'items[0].prices[1]', message: 'tariff.price_rule' })
    expect(documentCheck({ ...documentBlank(), items: [{ name: 'water', price: '0.123456789' }] })?.path).toBe('items[0].prices[0]')
  })
})
