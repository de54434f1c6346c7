// Shapes of drafted prices and of their dry runs.
import type { TariffDocument } from './types'

export type DraftState = 'draft' | 'asked' | 'released' | 'withdrawn'

export interface TariffDraft {
  tariff_draft_id: number
  tariff_id: number
  tariff_name: string
  effective_day: string
  state: DraftState
  changed_by: number
  changed_by_name: string | null
  asked_by: number | null
  asked_by_name: string | null
  decided_by_name: string | null
  reason: string
  accounts: number
  run_state: 'none' | 'running' | 'done' | 'cancelled'
  run_total: number
  run_done: number
  run_more: number
  run_less: number
  run_skipped: number
  run_protected_more: number
  run_present_fen: number
  run_draft_fen: number
  run_from_day: string | null
  run_to_day: string | null
  document?: TariffDocument
  run_buckets?: number[]
  run_median_fen?: number | null
  run_largest_fen?: number | null
}

export interface TariffDraftAccount {
  account_id: number
  customer_number: string
  customer_name: string
  place_name: string
  device_kind: string | null
  months: number
  usage_value: number
  present_fen: number
  draft_fen: number
  change_fen: number
  held: string | null
  protected: boolean
}

/** Where the buckets of a dry run end, in yuan a month; the last one has no end. */
export const BUCKET_ENDS = [-50, -20, -10, -5, -1, 0, 0, 1, 5, 10, 20, 50]
