// Shapes of the money pages: settlements, the ledger, cut-off batches, groups and reports.
import type { BillLine } from './types'

export type RunState = 'drafting' | 'ready' | 'issuing' | 'issued' | 'cancelled' | 'reversing' | 'reversed'

export interface SettlementRun {
  run_id: number
  to_day: string
  state: RunState
  accounts: 'all' | 'due'
  estimate: 'hold' | 'usual'
  total: number
  done: number
  drafts: number
  draft_fen: number
  issued: number
  amount_fen: number
  held: number
  estimated: number
  reversed: number
  started_by: number | null
  started_by_name: string | null
  started_s: number
  decided_by_name: string | null
  decided_s: number | null
  finished_s: number | null
  months: number | null
  exceptions: number
  unreviewed: number
  area_name: string | null
}

export interface SettlementDraft {
  account_id: number
  customer_name: string
  place: string
  device_id: number | null
  meter_number: string | null
  device_kind: string | null
  to_day: string
  usage_value: number
  usual_value: number | null
  amount_fen: number
  estimated: boolean
  held: string | null
  exception: 'jump' | 'zero' | null
  review: 'open' | 'accepted' | 'held'
}

export interface SampleBill {
  account_id: number
  from_day: string
  to_day: string
  from_total_value: number
  to_total_value: number
  usage_value: number
  amount_fen: number
  estimated: boolean
  tariff_version_id: number
  charge: { lines: BillLine[]; total_fen: number }
}

export interface LedgerAccount {
  ledger_account_id: number
  kind: string
  name: string
  debits_fen: number
  credits_fen: number
  balance_fen: number
  held_fen: number
}

export interface LedgerTransfer {
  transfer_id: number
  key: string | null
  kind: string
  amount_fen: number
  reference: number
  reverses: number | null
  reversed_by: number | null
  at_s: number
  value_s: number
  late_s: number | null
  debit_account_id: number
  debit_kind: string
  debit_name: string
  debit_owner_id: number | null
  debit_owner: string | null
  credit_account_id: number
  credit_kind: string
  credit_name: string
  credit_owner_id: number | null
  credit_owner: string | null
  bill_id: number | null
  payment_id: number | null
}

export interface LedgerDifference {
  ledger_account_id: number
  kind: string
  name: string
  debits_fen: number
  credits_fen: number
  derived_debits_fen: number
  derived_credits_fen: number
}

export interface CutOffBatch {
  batch_id: number
  day: string
  closings: number
  reason: string
  asked_by: number
  asked_by_name: string | null
  asked_s: number
  released_by_name: string | null
  released_s: number | null
  closed_that_day: number
  candidates: number
  candidates_now: number
  stopped_by_name: string | null
  stopped_s: number | null
  /** A batch that waits lapses then. */
  release_until_s: number | null
  over: boolean
}

export interface AccountGroup {
  account_id: number
  customer_name: string
  customer_number: string
  place: string
  meter_number: string | null
  members: number
  stage: string
  balance_fen: number
}

export interface MoneyRow {
  period: string
  area_id: number | null
  area_name: string | null
  name: string | null
  amount_fen: number
  transfers: number
}

export interface AgeingRow {
  area_id: number | null
  area_name: string | null
  bills: number
  not_due_fen: number
  days_30_fen: number
  days_60_fen: number
  days_90_fen: number
  days_180_fen: number
  days_365_fen: number
  older_fen: number
  owed_fen: number
  late_fee_fen: number
  due_fen: number
}

export interface CollectionRow {
  period: string
  area_id: number | null
  area_name: string | null
  bills: number
  open_bills: number
  billed_fen: number
  paid_fen: number
  rate_e4: number | null
}
