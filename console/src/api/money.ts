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
