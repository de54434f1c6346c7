import { describe, expect, it } from 'vitest'
import { bankHeadings, bankText } from '../src/components/bankFile'
import { methodText } from '../src/components/payMethod'
import { differenceText } from '../src/components/shiftText'

const t = (key: string, values?: Record<string, unknown>): string => (values ? `${key} ${Object.values(values).join(' ')}` : key)

describe('a count', () => {
  it('says over, short, equal, or nothing before it', () => {
    expect(differenceText(150, t)).toBe('shift.over ¥1.50')
    expect(differenceText(-150, t)).toBe('shift.short ¥1.50')
    expect(differenceText(0, t)).toBe('shift.agrees')
    expect(differenceText(null, t)).toBe('—')
  })
})

describe('a way of paying', () => {
  it('has a word, or the name of its channel', () => {
    const te = (key: string): boolean => key === 'payment.methods.cash'
    expect(methodText('cash', t, te)).toBe('payment.methods.cash')
    expect(methodText('unionpay-2', t, te)).toBe('unionpay-2')
  })
})

describe('a statement', () => {
  it('is shown in the bytes of either encoding', () => {
    const gb = new Uint8Array([0xbd, 0xf0, 0xb6, 0xee]) // 金额
    expect(bankText(gb.buffer)).toBe('金额')
    expect(bankText(new TextEncoder().encode('金额').buffer as ArrayBuffer)).toBe('金额')
  })

  it('offers the headings of its fullest line, not its figures', () => {
    expect(bankHeadings('\uFEFF账号,7559\r\n"交易时间",收入,附言,收入\r\n2026-11-20,1.00,abc,\r\n')).toEqual(['交易时间', '收入', '附言'])
  })
})
