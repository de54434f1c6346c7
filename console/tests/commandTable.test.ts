import { describe, expect, it } from 'vitest'
import { commandTableParse, dayProblems, dayTable, fixedText, limitParse, minuteParse, minuteText, stepPriceParse, stepProblems, stepTable } from '../src/components/commandTable'

describe('steps of a meter', () => {
  it('become the API\'s integers: 0.01 kWh and 1e-4 yuan', () => {
    const rows = [{ from: '', price: '0.5' }, { from: '180', price: '0.65' }, { from: '４００．５', price: '0.9469' }]
    expect(stepTable(1, rows, 'electricity')).toEqual({ number: 1, rows: [[0, 5000], [18000, 6500], [40050, 9469]] })
  })
  it('count in litres where the meter counts m³', () => expect(stepTable(2, [{ from: '0', price: '3' }, { from: '0.001', price: '4' }], 'gas')?.rows[1]).toEqual([1, 40000]))
  it('must ascend', () => {
    expect(stepProblems([{ from: '0', price: '1' }, { from: '180', price: '1' }, { from: '180', price: '1' }, { from: '200', price: '1' }], 'electricity').map((row) => row.from)).toEqual(['', '', 'limit_order', ''])
    expect(stepProblems([{ from: '0', price: '1' }, { from: '0', price: '1' }], 'electricity')[1].from).toBe('limit_order')
  })
  it('are refused while anything is missing, finer than the meter holds, or more than seven', () => {
    const row = { from: '', price: '1' }
    expect(stepTable(1, [row, row], 'electricity')).toBeNull()
    expect(limitParse('1.005', 'electricity')).toBeNull()
    expect(stepPriceParse('0.54691')).toBeNull()
    expect(stepPriceParse('-1')).toBeNull()
    expect(stepTable(1, [], 'electricity')).toBeNull()
    expect(stepTable(1, Array.from({ length: 7 }, (_, at) => ({ from: String(at), price: '1' })), 'electricity')).not.toBeNull()
    expect(stepTable(1, Array.from({ length: 8 }, (_, at) => ({ from: String(at), price: '1' })), 'electricity')).toBeNull()
  })
})

describe('a day of a meter', () => {
  it('becomes minutes and tariffs', () => expect(dayTable(3, [{ time: '', tariff: 4 }, { time: '8:00', tariff: 1 }, { time: '23:59', tariff: 2 }])).toEqual({ number: 3, rows: [[0, 4], [480, 1], [1439, 2]] }))
  it('refuses times that are none or do not ascend', () => {
    expect(dayProblems([{ time: '', tariff: 4 }, { time: '24:00', tariff: 1 }, { time: '08:60', tariff: 1 }, { time: '00:00', tariff: 1 }])).toEqual(['', 'time', 'time', 'time_order'])
    expect(minuteParse('8')).toBeNull()
  })
  it('holds fourteen changes and no more', () => {
    const rows = Array.from({ length: 15 }, (_, at) => ({ time: minuteText(at * 60), tariff: 1 }))
    expect(dayTable(1, rows.slice(0, 14))).not.toBeNull()
    expect(dayTable(1, rows)).toBeNull()
  })
})

describe('a table that was sent', () => {
  it('is taken apart as the API keeps it', () => {
    expect(commandTableParse('1: 0 5000, 18000 6500')).toEqual({ number: 1, rows: [[0, 5000], [18000, 6500]] })
    for (const text of ['', null, '1:', '1: a b', '{"a": 1}']) expect(commandTableParse(text)).toBeNull()
  })
  it('shows no zeros that say nothing', () => {
    expect(fixedText(18000, 2)).toBe('180')
    expect(fixedText(5000, 4, 2)).toBe('0.50')
    expect(fixedText(9469, 4, 2)).toBe('0.9469')
    expect(fixedText(0, 2)).toBe('0')
  })
})
