import { describe, expect, it } from 'vitest'
import type { Account } from '../src/api/types'
import { cashDoubt, cashEffect, isCut } from '../src/components/cash'

function account(part: Partial<Account>): Account {
  return { payment_mode: 'prepaid_platform', balance_fen: -1240, owed_fen: 0, restore_fen: 2000, meter_balance_fen: null, stage: 'cut', valve_state: 1, ...part } as Account
}

describe('what a payment will do', () => {
  it('opens the valve exactly at the restore level', () => {
    expect(cashEffect(account({}), 3240)).toMatchObject({ beforeFen: -1240, afterFen: 2000, valve: 'open', missingFen: 0 })
  })
  it('says how much is missing below it', () => {
    expect(cashEffect(account({}), 3239)).toMatchObject({ valve: 'stays', missingFen: 1 })
  })
  it('promises nothing about a valve that is open', () => {
    expect(cashEffect(account({ stage: 'good', valve_state: 0 }), 100).valve).toBe('none')
  })
  it('counts the money in the meter when the meter holds it', () => {
    expect(cashEffect(account({ payment_mode: 'prepaid_meter', meter_balance_fen: 500 }), 1000)).toMatchObject({ beforeFen: 500, afterFen: 1500, toMeter: true })
  })
  it('takes a closed valve for cut off whatever the stage says', () => {
    expect(isCut(account({ stage: 'good', valve_state: 1 }))).toBe(true)
    expect(isCut(account({ stage: 'good', valve_state: 0 }))).toBe(false)
  })
})

describe('an amount that asks once', () => {
  it('is large for anybody above the limit', () => {
    expect(cashDoubt(account({ usual_fen: 100000 }), 200000, 200000)).toBe(null)
    expect(cashDoubt(account({ usual_fen: 100000 }), 200001, 200000)).toBe('large')
  })
  it('is unusual above five times what the account usually pays', () => {
    expect(cashDoubt(account({ usual_fen: 5000 }), 25000, 200000)).toBe(null)
    expect(cashDoubt(account({ usual_fen: 5000 }), 25001, 200000)).toBe('unusual')
  })
  it('is not doubted where nothing was paid before', () => {
    expect(cashDoubt(account({ usual_fen: null }), 200000, 200000)).toBe(null)
    expect(cashDoubt(account({}), 200000, 200000)).toBe(null)
  })
})
