// What waits for a second person, refunds, contracts that end.

export interface Figure {
  name: string
  value: number
  asked?: number | null
  changed?: boolean
}

export interface Approval {
  approval_id: number
  kind: 'refund' | 'closing' | 'payment_move' | 'payment_undo' | 'cash_difference' | 'bank_return' | 'late_fee' | 'meter_carry' | 'cut_off_batch' | 'settlement_run' | 'tariff'
  object_id: number
  /** What it is about, by its own name; null where the customer is. */
  subject: string | null
  /** Of the page that shows it. */
  subject_id: number
  account_id: number | null
  customer_id: number | null
  customer_name: string | null
  place: string | null
  amount_fen: number
  reason: string
  state: 'waiting' | 'approved' | 'refused' | 'lapsed'
  mine: boolean
  asked_by_name: string | null
  asked_s: number
  expires_s: number | null
  decided_by_name: string | null
  decided_s: number | null
  decision: string
}

export interface ApprovalDetail extends Approval {
  figures: Figure[]
  seen: string
  blocked: string | null
  is_mine: boolean
  may_decide: boolean
  may_approve: boolean
}

export interface RefundPlan {
  parts: { route: 'channel' | 'cash' | 'bank'; amount_fen: number }[]
  invoices: { invoice_id: number; number: string; state: 'asked' | 'sent' | 'issued'; amount_fen: number }[]
  before_fen: number
  balance_fen: number
  needs_approval: boolean
}

export interface Refund {
  refund_id: number
  account_id: number
  customer_name: string
  place: string
  amount_fen: number
  rest: string
  payee: string
  bank: string
  bank_account: string
  reason: string
  progress: string
  asked_by_name: string | null
  asked_s: number
  approval_id: number | null
  parts: {
    part: number
    route: 'channel' | 'cash' | 'bank'
    amount_fen: number
    state: string
    refund_number: string | null
    problem: string | null
    reference: string | null
    settled_by_name: string | null
    settled_s: number | null
  }[]
}

export interface CaseAnswer {
  approval_id?: number
  state?: string
}

export interface ClosingPreview {
  figures: Figure[]
  clears_meter: boolean
  reading: string
  read_s: number
}

/** Money that is nobody's yet. */
export interface Held {
  source: 'closed_account' | 'paid_twice' | 'bank_transfer'
  /** The order, or the line of a bank's statement. */
  object_id: number
  since_s: number
  /** The channel or the bank. */
  way: string
  reference: string
  payer: string
  remark: string
  account_id: number | null
  customer_name: string | null
  amount_fen: number
  open_fen: number
  approval_id: number | null
}
