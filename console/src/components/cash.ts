// What a payment will do, worked out before Enter from the same figures the server uses:
// the balance, the arrears and the restore level of the account.
import type { Account } from '@/api/types'

export interface CashEffect {
  beforeFen: number
  afterFen: number
  /** open: the valve will open; stays: still below the level; none: supply is on. */
  valve: 'open' | 'stays' | 'none'
  missingFen: number
  toMeter: boolean
}

const UNUSUAL_TIMES = 5

/** Why this amount is asked about once: above the tenant's limit, or far above what this account usually pays. */
export function cashDoubt(account: Account, amountFen: number, aboveFen: number): 'large' | 'unusual' | null {
  if (amountFen > aboveFen) return 'large'
  return account.usual_fen && amountFen > account.usual_fen * UNUSUAL_TIMES ? 'unusual' : null
}

export function isCut(account: Account): boolean {
  return account.stage === 'cut' || account.valve_state === 1
}

export function cashEffect(account: Account, amountFen: number): CashEffect {
  const toMeter = account.payment_mode === 'prepaid_meter' && !account.holds_units
  const beforeFen = toMeter ? (account.meter_balance_fen ?? 0) : account.balance_fen
  const afterFen = beforeFen + amountFen
  const missingFen = Math.max(0, account.restore_fen - afterFen)
  if (!isCut(account)) return { beforeFen, afterFen, valve: 'none', missingFen, toMeter }
  return { beforeFen, afterFen, valve: missingFen === 0 ? 'open' : 'stays', missingFen, toMeter }
}
