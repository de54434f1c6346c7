import { describe, expect, it } from 'vitest'
import { taxNumberFits } from '@/format/taxNumber'

describe('tax numbers', () => {
  it('of 18 characters end with their check digit', () => {
    expect(taxNumberFits('91350100M000100Y43')).toBe(true)
    expect(taxNumberFits('91350100M000100Y44')).toBe(false)
    expect(taxNumberFits('91351000M000100Y43')).toBe(false)
    expect(taxNumberFits('91350100M000100IO3')).toBe(false)
  })
  it('of a sole trader are an identity number', () => {
    expect(taxNumberFits('350100199003071231')).toBe(true)
    expect(taxNumberFits('350100199003071232')).toBe(false)
  })
  it('of before 2015 have 15 or 20 digits', () => {
    expect(taxNumberFits('350102719735211')).toBe(true)
    expect(taxNumberFits('35010271973521')).toBe(false)
    expect(taxNumberFits('350102719735211x')).toBe(false)
  })
})
