import { describe, expect, it } from 'vitest'
import { balanceSum } from '../src/components/balance'

const day = (supply: number, sold: number, unknown = 0) => ({
  supply_value: supply, sold_value: sold, loss_value: supply - sold, loss_permille: null,
  supply_estimated_value: 0, sold_estimated_value: 5, supply_meters: 1, sold_meters: 80, estimated_meters: 2, unknown_meters: unknown,
})

describe('the sum of days that can be told', () => {
  it('adds values and takes the loss of the sums, not the mean of rates', () => {
    const sum = balanceSum([day(1000, 900), day(3000, 2900)])
    expect([sum.supply_value, sum.sold_value, sum.loss_value, sum.loss_permille, sum.sold_estimated_value]).toEqual([4000, 3800, 200, 50, 10])
  })
  it('counts meters once, of the fullest day', () => {
    const sum = balanceSum([day(1000, 900, 3), day(1000, 950)])
    expect([sum.supply_meters, sum.sold_meters, sum.unknown_meters]).toEqual([1, 80, 3])
  })
  it('tells no rate of nothing', () => expect(balanceSum([]).loss_permille).toBeNull())
})
