import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { clockMinutes, daySpans, weekdaysParse, weekdaysText } from '../src/components/tariffSchedule'
import { documentBlank, documentChecks, monthsParse, monthsText, periodsOf, tierCount, tiersFit, unitValue, unshown } from '../src/components/tariff'

describe('a tariff document', () => {
  it('starts from one that is valid', () => {
    for (const utility of ['water', 'electricity', 'gas', 'heat']) expect(documentChecks(documentBlank(utility))).toEqual([])
  })
  it('names the first limit that does not rise', () => {
    expect(documentChecks({ ...documentBlank(), limits: [180, 180] })).toEqual([{ path: 'limits[1]', message: 'tariff.limit_rule' }])
    expect(documentChecks({ ...documentBlank(), limits: [0, 10] })[0].path).toBe('limits[0]')
    expect(documentChecks({ ...documentBlank(), limits: undefined, season_limits: { a: [5, 9], b: [5, 4] } })[0].path).toBe('season_limits.b[1]')
    expect(documentChecks({ ...documentBlank(), limits: ['90', '180'] })).toEqual([])
  })
  it('names the first price that is none', () => {
    const document = { ...documentBlank(), items: [{ name: 'water', prices: ['2.00', 'x', '6.00'] }] }
    expect(documentChecks(document)).toEqual([{ path: 'items[0].prices[1]', message: 'tariff.price_rule' }])
    expect(documentChecks({ ...documentBlank(), items: [{ name: 'water', price: '0.123456789' }] })[0].path).toBe('items[0].price')
    expect(documentChecks({ ...document, items: [{ name: 'water', tou_prices: { peak: 'x' }, coef: '-1' }] }).map((one) => one.path)).toEqual(['items[0].tou_prices.peak', 'items[0].coef'])
  })
  it('knows its periods, tiers and what the form has no place for', () => {
    const document = { ...documentBlank('electricity'), season_limits: { summer: [260, 600], other: [200, 400] }, items: [{ name: 'energy', tou_prices: { peak: '1', valley: '2' } }], gift: [] }
    expect(periodsOf(document)).toEqual(['peak', 'valley'])
    expect(tierCount({ ...document, limits: undefined })).toBe(3)
    expect(unshown(document)).toEqual(['gift'])
  })
  it('keeps one of everything for each tier', () => {
    const document = { ...documentBlank(), total_from: 'composite', composite: ['5', '7', '9'], household: { kind: 'flat', min: 5, add: [30, 30] }, household_monthly: { min: 5, limits: [20, 25] } }
    const more = { ...document, ...tiersFit(document, 4) }
    expect(more).toMatchObject({ limits: [180, 260, 360], composite: ['5', '7', '9', '9'], household: { add: [30, 30, 30] }, household_monthly: { limits: [20, 25, 125] } })
    expect(more.items?.[0].prices).toEqual(['2.00', '3.00', '6.00', '6.00'])
    const one = tiersFit(document, 1)
    expect(one).toMatchObject({ limits: undefined, household: undefined, household_monthly: undefined, composite: ['5'] })
    const monthly = { ...document, limits: undefined, monthly_limits: [15, 25] }
    expect(tierCount(monthly)).toBe(3)
    expect(tiersFit(monthly, 2).monthly_limits).toEqual([15])
  })
  it('counts in the unit that is priced', () => {
    expect(unitValue({ ...documentBlank('heat'), unit: 'kWh' })).toBe(3.6e6)
    expect(unitValue({ ...documentBlank('heat'), unit: 'GJ' })).toBe(1e9)
    expect(unitValue(documentBlank('electricity'))).toBe(1e6)
  })
})

describe('the worked bills of the engine', () => {
  const folder = fileURLToPath(new URL('../../tests/vectors/tariffs/', import.meta.url))
  const cases = readdirSync(folder).filter((name) => name.endsWith('.jsonl')).flatMap((name) => readFileSync(folder + name, 'utf8').trim().split('\n').map((line) => JSON.parse(line)))
  const tariffs = cases.map((one) => one.tariff).filter((tariff) => typeof tariff === 'object')
  it('have no price that the form has no field for, and none it calls wrong', () => {
    expect(tariffs.length).toBeGreaterThan(80)
    for (const tariff of tariffs) expect([unshown(tariff), documentChecks(tariff)], JSON.stringify(tariff)).toEqual([[], []])
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

describe('the times of the periods', () => {
  const rows = [
    { period: 'sharp', from: '11:00', to: '13:00', months: [7, 8], days: 'Mon-Fri', holiday: false },
    { period: 'peak', from: '10:00', to: '15:00' },
    { period: 'valley', from: '23:00', to: '07:00' },
  ]
  it('hold by the first row that fits, over midnight too', () => {
    expect(daySpans(rows, 7, 3, false).map((span) => [span.from / 60, span.period])).toEqual([[0, 'valley'], [7, null], [10, 'peak'], [11, 'sharp'], [13, 'peak'], [15, null], [23, 'valley']])
    for (const [month, weekday, holiday] of [[6, 3, false], [7, 6, false], [7, 3, true]] as const) expect(daySpans(rows, month, weekday, holiday).some((span) => span.period === 'sharp')).toBe(false)
    expect(daySpans([{ period: 'flat', from: '00:00', to: '24:00' }], 1, 1, true)).toEqual([{ from: 0, to: 1440, period: 'flat' }])
  })
  it('read weekdays as they are written', () => {
    expect(weekdaysParse('1-5')).toBe('Mon-Fri')
    expect(weekdaysParse('6, 7')).toBe('Sat,Sun')
    expect(weekdaysParse('')).toBe('')
    expect(weekdaysParse('0-8')).toBeNull()
    expect(weekdaysText('Mon-Fri,Sun')).toBe('1-5, 7')
    expect(clockMinutes('24:00')).toBe(1440)
    expect(clockMinutes('24:01')).toBeNull()
  })
})
