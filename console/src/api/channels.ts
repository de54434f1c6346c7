// Payments through channels and their daily comparison, as the API tells them.

export interface PaymentChannel {
  name: string
  kind: string
  scenes: string[]
}

export interface PaymentRefund {
  payment_refund_id: number
  refund_number: string
  amount_fen: number
  state: string
  problem: string
  reason: string
  created_s: number
  created_by_name: string | null
}

export interface PaymentOrder {
  payment_order_id: number
  trade_number: string
  account_id: number
  customer_id: number
  customer_name: string
  channel: string
  scene: string
  amount_fen: number
  description: string
  state: string
  problem: string
  reference: string
  in_suspense: boolean
  second_of: number | null
  payment_id: number | null
  receipt: string | null
  created_by_name: string | null
  created_s: number
  expires_s: number
  paid_s: number | null
  refunded_fen: number
  refunds?: PaymentRefund[]
}

export interface Difference {
  payment_difference_id: number
  kind: string
  is_refund: boolean
  number: string
  reference: string
  our_fen: number
  their_fen: number
  resolution: string
  reason: string
  resolved_by_name: string | null
  resolved_s: number | null
}

export interface Reconciliation {
  payment_reconciliation_id: number
  channel: string
  day: string
  state: string
  problem: string
  rows: number
  matched: number
  paid_fen: number
  refunded_fen: number
  open_differences: number
  asked_by_name: string | null
  asked_s: number
  finished_s: number | null
  differences?: Difference[]
}
