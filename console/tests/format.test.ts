import { describe, expect, it } from 'vitest'
import { digitsNormalise, moneyParse, moneyText, priceText } from '../src/format/money'
import { smsParts } from '../src/format/sms'
import { dayAdd, dayParse, dayShort, dayText, lastingText, timeShort, timeText } from '../src/format/time'
import { registerDigits, registerParse, registerText } from '../src/format/register'
import { measureText, permilleText, quantityText, volumeDigits, volumeShort, volumeText } from '../src/format/volume'

describe('money', () => {
  it('shows two decimals, thousands and the true minus', () => {
    expect(moneyText(123450)).toBe('¥1,234.50')
    expect(moneyText(-1240)).toBe('−¥12.40')
    expect(moneyText(0)).toBe('¥0.00')
    expect(moneyText(5)).toBe('¥0.05')
  })
  it('never shows a missing amount as zero', () => {
    expect(moneyText(null)).toBe('—')
    expect(moneyText(undefined)).toBe('—')
  })
  it('reads what a cashier types', () => {
    expect(moneyParse('100')).toBe(10000)
    expect(moneyParse('100.5')).toBe(10050)
    expect(moneyParse('￥１００．０５')).toBe(10005)
    expect(moneyParse(' 1,234.50 元')).toBe(123450)
    expect(moneyParse('12.')).toBe(1200)
  })
  it('refuses what is not an amount', () => {
    for (const text of ['', 'abc', '-5', '1.234', '1e3', '..5', '12345678901']) expect(moneyParse(text)).toBeNull()
  })
  it('keeps every digit of a unit price', () => {
    expect(priceText(267000000)).toBe('¥2.67')
    expect(priceText(66286875)).toBe('¥0.66286875')
    expect(priceText(500000000)).toBe('¥5.00')
  })
  it('turns full-width digits into digits', () => expect(digitsNormalise('０３１２ ４４７１')).toBe('03124471'))
})

describe('volume', () => {
  it('shows the register with its own three decimals', () => {
    expect(volumeDigits(7817000)).toBe('7.817')
    expect(volumeText(7817000)).toBe('7.817\u2009m³')
    expect(volumeDigits(99999999000)).toBe('99,999.999')
    expect(volumeDigits(-1500000)).toBe('−1.500')
  })
  it('never shows a gap as zero', () => {
    expect(volumeText(null)).toBe('—')
    expect(volumeText(0)).toBe('0.000\u2009m³')
  })
  it('rounds only large totals', () => {
    expect(volumeShort(999999000)).toBe('999.999\u2009m³')
    expect(volumeShort(12345600000)).toBe('12,346\u2009m³')
  })
  it('shows billed quantities, measures and rates', () => {
    expect(quantityText(220000)).toBe('22.000\u2009m³')
    expect(quantityText(75001)).toBe('7.5001\u2009m³')
    expect(measureText(-97, 'dBm')).toBe('−97\u2009dBm')
    expect(measureText(null, 'V')).toBe('—')
    expect(permilleText(987)).toBe('98.7\u2009%')
    expect(permilleText(null)).toBe('—')
  })
})

describe('register', () => {
  it('shows each kind of meter in the unit on its dial', () => {
    expect(registerText(7817000, 'cold_water')).toBe('7.817\u2009m³')
    expect(registerText(1204360000, 'electricity')).toBe('1,204.36\u2009kWh')
    expect(registerText(3600000, 'heat')).toBe('1.00\u2009kWh')
    expect(registerDigits(-10000, 'electricity')).toBe('−0.01')
    expect(registerText(null, 'gas')).toBe('—')
  })
  it('reads back what it shows', () => {
    expect(registerParse('7.817', 'gas')).toBe(7817000)
    expect(registerParse('1204.36', 'electricity')).toBe(1204360000)
    expect(registerParse('1.5', 'heat')).toBe(5400000)
    for (const text of ['', '1.234', '-1', '1e3']) expect(registerParse(text, 'electricity')).toBeNull()
  })
})

describe('time', () => {
  // 2026-11-20 16:05:07 UTC is the 21st in Shanghai.
  const at = Date.UTC(2026, 10, 20, 16, 5, 7) / 1000
  it('shows the zone of the tenant whatever the browser thinks', () => {
    expect(timeText(at, 28800, 'zh')).toBe('2026-11-21 00:05:07')
    expect(timeText(at, 28800, 'en')).toBe('21 Nov 2026, 00:05:07')
    expect(timeShort(at, 28800, at)).toBe('11-21 00:05')
    expect(timeShort(at, 28800, at + 40000000)).toBe('2026-11-21 00:05')
  })
  it('shows "—" for no time', () => {
    expect(timeText(null, 28800, 'zh')).toBe('—')
    expect(timeText(0, 28800, 'en')).toBe('—')
  })
  it('shows days in both languages', () => {
    expect(dayText('2026-11-21', 'zh')).toBe('2026-11-21')
    expect(dayText('2026-11-21', 'en')).toBe('21 Nov 2026')
    expect(dayShort('2026-11-21', 'zh')).toBe('11-21 周六')
    expect(dayShort('2026-11-21', 'en')).toBe('Sat 21 Nov')
  })
  it('accepts both ways of typing a day and no other', () => {
    expect(dayParse('20261121')).toBe('2026-11-21')
    expect(dayParse('2026-11-21')).toBe('2026-11-21')
    for (const text of ['2026-02-30', '21.11.2026', '', '2026-13-01']) expect(dayParse(text)).toBeNull()
  })
  it('adds days across a month and a leap year', () => {
    expect(dayAdd('2028-02-28', 1)).toBe('2028-02-29')
    expect(dayAdd('2026-11-01', -1)).toBe('2026-10-31')
  })
  it('says how long something lasts', () => {
    expect(lastingText(at - 720, at, 'zh')).toBe('12 分钟')
    expect(lastingText(at - 7200, at, 'en')).toBe('2 h')
  })
})

describe('text messages', () => {
  it('counts parts of 70 and 67', () => {
    expect(smsParts('字'.repeat(70))).toBe(1)
    expect(smsParts('字'.repeat(71))).toBe(2)
    expect(smsParts('字'.repeat(135))).toBe(3)
  })
})
