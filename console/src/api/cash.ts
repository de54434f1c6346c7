// Shapes of the cash desk: shifts, payments undone, cash at the bank.

/** The caller's open shift, or without one the caller's own day so far. */
export interface DeskShift {
  payments: number
  total_fen: number
  cash_fen: number
  shift_id: number | null
  number: string | null
  opened_s: number | null
  float_fen: number | null
  /** The tenant's own: above it a payment asks once. */
  ask_above_fen: number
}

export interface CashShift {
  shift_id: number
  number: string
  state: 'open' | 'counted' | 'closed'
  cashier_id: number
  cashier_name: string
  opened_s: number
  float_fen: number
  payments: number
  cash_fen: number
  other_fen: number
  expected_fen: number
  undone: number
  counted_fen: number | null
  difference_fen: number | null
  reason: string
  counted_s: number | null
  counted_by_name: string | null
  confirmed_by_name: string | null
  closed_s: number | null
}

export interface CashShiftDetail extends CashShift {
  notes: Record<string, number> | null
  mine: boolean
  methods: { method: string; payments: number; amount_fen: number }[]
}

export interface PaymentUndo {
  undo_id: number
  payment_id: number
  receipt: string
  account_id: number
  customer_name: string
  method: string
  amount_fen: number
  paid_s: number
  cashier_name: string | null
  state: 'asked' | 'released' | 'refused'
  reason: string
  asked_by_name: string
  asked_s: number
  mine: boolean
}

/** Notes and coins in fen, the large ones first. */
export const NOTES_FEN = [10000, 5000, 2000, 1000, 500, 100, 50, 10]

export type BankVerdict = 'matched' | 'ambiguous' | 'unmatched' | 'duplicate' | 'outgoing' | 'bad'

/** Which heading of a bank's statement is what; '' the usual one. */
export interface BankMapping {
  bank: string
  amount: string
  direction: string
  incoming: string
  serial: string
  time: string
  payer: string
  payer_account: string
  remark: string
}

export interface BankStatement {
  statement_id: number
  bank: string
  file_name: string
  state: 'checked' | 'booking' | 'booked' | 'cancelled'
  lines: number
  done: number
  suspense: number
  booked_fen: number
  created_by_name: string
  created_s: number
}

export interface BankStatementDetail extends BankStatement {
  counts: { verdict: BankVerdict; state: string; lines: number; amount_fen: number }[]
}

export interface BankLine {
  line_id: number
  statement_id: number
  bank: string
  row: number
  verdict: BankVerdict
  state: 'checked' | 'booked' | 'suspense' | 'assigned' | 'skipped' | 'returned'
  problem: string
  amount_fen: number
  happened: string
  payer: string
  payer_tail: string
  remark: string
  account_id: number | null
  customer_name: string | null
  customer_number: string | null
  place: string | null
}
