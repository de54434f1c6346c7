import { describe, expect, test } from 'vitest'
import { curveData } from '@/charts/curve'
import { clockErrorText } from '@/components/clockError'
import { lineAddressProblem } from '@/components/lineAddress'
import { meterNumberProblem, ratioProblem } from '@/components/meterRules'
import { meterNumbersSplit } from '@/components/meterNumbers'
import { valveText } from '@/components/valveText'
import { MINUS, THIN } from '@/format/digits'
import { quantityText } from '@/format/quantity'
import { permilleText } from '@/format/volume'

const t = (key: string): string => key

describe('registers', () => {
  test('are shown in the unit people read, with the decimals of the dial', () => {
    expect(quantityText(229_400, 'mV')).toBe(`229.4${THIN}V`)
    expect(quantityText(-113_000, 'mW')).toBe(`${MINUS}0.1130${THIN}kW`)
    expect(quantityText(60_409_200_000, 'mWh')).toBe(`60,409.20${THIN}kWh`)
    expect(quantityText(970, '0.001')).toBe('0.970')
  })

  test('that are missing are no zero, and an unknown unit stays as it came', () => {
    expect(quantityText(null, 'mV')).toBe('—')
    expect(quantityText(0, 'mV')).toBe(`0.0${THIN}V`)
    expect(quantityText(7, 'furlong')).toBe(`7${THIN}furlong`)
  })

  test('are joined while they were read regularly, and not across a gap', () => {
    const points = [0, 3600, 7200, 18000, 21600].map((atS) => ({ atS, value: atS }))
    const nulls = curveData(points).filter(([, value]) => value === null)
    expect(nulls).toEqual([[7200001, null]])
  })
})

describe('what is typed about a line or a meter', () => {
  test('is judged by its kind', () => {
    expect(lineAddressProblem('440310001', 'concentrator')).toBe(false)
    expect(lineAddressProblem('44031001', 'concentrator')).toBe(true)
    expect(lineAddressProblem('440365536', 'concentrator')).toBe(true)
    expect(lineAddressProblem('192.168.1.7:4001', 'tcp')).toBe(false)
    expect(lineAddressProblem('192.168.1.7', 'tcp')).toBe(true)
    expect(lineAddressProblem('/dev/ttyS0', 'serial')).toBe(false)
    expect(lineAddressProblem('ttyS0', 'serial')).toBe(true)
  })

  test('a number has six digits or more on a line, twelve or fourteen by radio', () => {
    expect(meterNumberProblem('880100', true, t)).toBe('')
    expect(meterNumberProblem('880100', false, t)).toBe('archive.number_rule')
    expect(meterNumberProblem('88010', true, t)).toBe('archive.number_line_rule')
    expect(meterNumberProblem('', false, t)).toBe('')
  })

  test('a transformer is two numbers or none', () => {
    expect(ratioProblem('', '', t)).toBe('')
    expect(ratioProblem('600', '5', t)).toBe('')
    expect(ratioProblem('600', '', t)).toBe('archive.ratio_rule')
    expect(ratioProblem('600', '0', t)).toBe('archive.ratio_rule')
  })

  test('pasted numbers come each once, whatever stands between them', () => {
    expect(meterNumbersSplit('880100000001, 880100000002；880100000001\n')).toEqual(['880100000001', '880100000002'])
  })
})

describe('words for figures', () => {
  test('a gain keeps its sign, a clock too', () => {
    expect(permilleText(-73)).toBe(`${MINUS}7.3${THIN}%`)
    expect(permilleText(0)).toBe(`0.0${THIN}%`)
    expect(clockErrorText(-185)).toBe(`${MINUS}3${THIN}min 05${THIN}s`)
    expect(clockErrorText(null)).toBe('—')
  })

  test('supply that is on is an open valve, but a closed relay', () => {
    expect(valveText({ kind: 'gas', valve_state: 0 }, t)).toBe('valve.open')
    expect(valveText({ kind: 'electricity', valve_state: 0 }, t)).toBe('relay.open')
    expect(valveText({ kind: 'electricity', valve_state: null }, t)).toBe('—')
  })
})
