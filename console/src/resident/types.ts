// The shapes of the residents' API.

export interface Customer {
  binding_id: number
  customer_id: number
  number: string
  name: string
  phones: string
  login: string | null
}

export interface Phone {
  binding_id: number
  customer_id: number
  name: string
  seen_s: number
  this: boolean
}

export interface Session {
  csrf_token: string
  now_s: number
  organisation: string
  phone: string
  zone_offset_s: number
  /** Whether invoices can be asked for here, and whether there is a hot-water meter. */
  invoices: boolean
  hot_water: boolean
  customers: Customer[]
  phones: Phone[]
}

export interface Account {
  account_id: number
  customer_number: string
  meter_number: string | null
  device_kind: string | null
  place: string
  payment_mode: 'postpaid' | 'prepaid_platform' | 'prepaid_meter'
  balance_fen: number
  owed_fen: number
  meter_balance_fen: number | null
  valve_state: number | null
  valve_pending: number
  stage: string
  restore_fen: number
  will_cut_s: number | null
  days_left: number | null
  last_received_s: number | null
  next_report_s: number | null
  always_on: boolean
  /** Several rooms are paid from this balance. */
  shared: boolean
  month_value: number | null
  last_month_value: number | null
  month_fen: number | null
  order_id: number | null
}

export interface Channel {
  name: string
  kind: string
  scenes: string[]
  /** Where WeChat says who pays; absent: it is not asked. */
  payer_page?: string
}

export interface Begun {
  payment_order_id: number
  trade_number: string
}

export interface Invitation {
  state: 'created' | 'pending' | 'paid' | 'closed' | 'disputed'
  channel: string
  amount_fen: number
  invitation_kind: string
  invitation: string
  receipt: string | null
}

export interface Order extends Invitation {
  account_id: number
  in_suspense: boolean
  paid_s: number | null
  balance_fen: number | null
  command_kind: string | null
  command_state: string | null
  finished_s: number | null
  next_report_s: number | null
  always_on: boolean
  device_kind: string | null
}

export interface UsageRow {
  device_kind: string
  day: string
  usage_value: number | null
  estimated: boolean
}

export interface Charge {
  from_day: string
  day: string
  usage_value: number
  from_total_value: number
  to_total_value: number
  cycle_used_value: number
  amount_fen: number
  device_kind: string | null
}

export interface Bill {
  bill_id: number
  number: string
  device_kind: string | null
  from_day: string
  to_day: string
  from_total_value: number
  to_total_value: number
  usage_value: number
  amount_fen: number
  /** Up to today. */
  late_fee_fen: number
  paid_fen: number
  /** To be paid today, with the late fee. */
  due_fen: number
  state: string
  estimated: boolean
  due_day: string
}

export interface BillLine {
  item: string
  tier: number
  quantity_e4: number
  coefficient_e8: number
  price_e8: number
  amount_fen: number
}

export interface BillWhy extends Bill {
  account_id: number
  place: string
  tariff_name: string | null
  lines: BillLine[]
  readings: { day: string; register_value: number; total_value: number; quality: number }[]
}

export interface Payment {
  payment_id: number
  receipt: string
  method: string
  amount_fen: number
  balance_fen: number
  at_s: number
}

/** A use of a hot-water tap: money kept aside, then charged or given back. */
export interface TapUse {
  hold_id: number
  held_fen: number
  posted_fen: number
  state: 'pending' | 'posted' | 'voided' | 'expired'
  at_s: number
  settled_s: number | null
}

export interface InvoiceBase {
  bill_id: number | null
  payment_id: number | null
  of_number: string
  amount_fen: number
  at_s: number
  from_day: string | null
  to_day: string | null
}

export interface Invoice {
  invoice_id: number
  state: string
  number: string
  reason: string
  of_number: string
  buyer_title: string
  buyer_tax_number: string
  buyer_contact: string
  amount_fen: number
  test: boolean
}

export interface LinkBill {
  number: string
  name: string
  device_kind: string | null
  from_day: string
  to_day: string
  due_day: string
  state: string
  due_fen: number
}

export interface Page<T> {
  items: T[]
  next: string | null
}
