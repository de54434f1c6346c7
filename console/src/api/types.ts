// What the server's JSON holds, by the API's own names. Units close the names:
// _fen, _value (by the kind of meter: ml, mWh, J), _s (UTC seconds), _day ('YYYY-MM-DD'). null is "not known", never zero.

import type { TariffDraft } from './tariffs'

export interface Listing<T> {
  items: T[]
  /** Where the next page begins; the server writes it as digits. */
  next: string | null
  /** Absent where counting would cost more than the page. */
  count?: number
  count_exact: boolean
  /** Of a list that looks at some rows at a time: how many this page looked at, and how many there are, about. */
  looked?: number
  meters_in_all?: number
}

export interface BothWords {
  zh: string
  en: string
}

export interface ProfileRow {
  profile: string
  name: BothWords
  kind: string
  codec: string
  codec_name: BothWords
  points: number
  commands: number
  file: string
}

export interface ProfileListing extends Listing<ProfileRow> {
  problems: { file: string; line: number; text: string }[]
  problem_count: number
}

export interface ProfilePoint {
  name: string
  words: BothWords
  quantity: string
  identifier: string
  bit: number | null
  alarm: string
  unit: string
  tariff: number
  phase: number
  storage: number
  period: string
  group: string
  register: boolean
}

export interface ProfileCommand {
  command: string
  words: BothWords
  parameters: string[]
  optional: string[]
  confirm: { point: string; value: number; within_s: number } | null
}

export interface ProfileDetail extends ProfileRow {
  note: BothWords
  maker: string
  transformer: string
  settlement_day: number
  line: { baud: number; format: string; answer_timeout_ms: number; byte_timeout_ms: number; retries: number } | null
  limits: { unit: string; integer_digits: number; decimals: number; day_maximum: string } | null
  point_list: ProfilePoint[]
  command_list: ProfileCommand[]
}

export type Role = 'administrator' | 'operator' | 'clerk' | 'viewer'

export interface Person {
  person_id: number
  display_name: string
  login: string
  role: Role
  language: 'zh' | 'en'
  tenant_id: number
  tenant_name: string
  area_id: number
  area_name?: string
  permissions: string[]
}

export interface SessionReply {
  person: Person
  csrf_token: string
  expires_s?: number
}

export interface DemoState {
  enabled: boolean
  speed: number
  now_s: number
  seed: number
  chapter?: string
}

export interface ClockState {
  now_s: number
  zone_offset_s: number
  speed: number
}

export interface Area {
  area_id: number
  parent_area_id: number | null
  kind: 'company' | 'district' | 'estate' | 'building'
  name: string
  /** Of what holds it; empty below the company. */
  parent_name: string
  path: string
  devices: number
  has_areas: boolean
}

export interface StatusCounts {
  normal: number
  cut: number
  fault: number
  alarm: number
  silent: number
  total: number
}

export interface Attention {
  kind: string
  severity: number
  object: { kind: string; id: number; label: string }
  since_s: number
  detail: string
}

/** One of the districts that are served below one address. */
export interface District {
  key: string
  name: string
}

export interface DistrictState {
  /** null while the database cannot be read. */
  shard: number | null
  name: string
  /** '' where this address serves one district only. */
  key: string
  districts: District[]
}

export interface Overview {
  as_of_s: number
  reporting: {
    due: number
    on_time: number
    eventual: number
    eventual_due: number
    on_time_rate_permille: number | null
    eventual_rate_permille: number | null
    target_permille: number
  }
  supply: StatusCounts
  /** The same for each kind of meter there is, the most numerous first. */
  kinds: (StatusCounts & { kind: string })[]
  revenue: {
    today_fen: number
    cash_fen: number
  }
  latest?: { device_id: number; device_kind: string; label: string; register_value: number; at_s: number }[]
  attention: Attention[]
}

export interface BooksBalance {
  debits_fen: number
  credits_fen: number
  balanced: boolean
  checked_s: number
}

export interface TrendDay {
  day: string
  usage_value: number | null
  received: number
  due: number
}

export type BoardCell = [deviceId: number, statusBits: number, room: string, meterNumber: string]

export interface BoardBuilding {
  area_id: number
  name: string
  parent_name: string
  counts: StatusCounts
  cells?: BoardCell[]
}

export interface Board {
  counts: StatusCounts
  tiles: boolean
  buildings: BoardBuilding[]
  as_of_s?: number
}

export interface Device {
  device_id: number
  /** What it measures; the unit of its values follows from it. */
  kind: string
  meter_number: string
  /** Of its own radio module; a meter on a line has none. */
  imei: string | null
  room: string
  area_id: number
  area_name: string
  place: string
  maker: string
  profile: string
  size_dn_mm: number
  status: number
  last_received_s: number | null
  last_report_s: number | null
  register_value: number | null
  total_value: number | null
  balance_fen: number | null
  valve_state: number | null
  alarm_bits: number
  battery_mv: number | null
  rsrp_dbm: number | null
  snr_db: number | null
  coverage_level: number | null
  customer_id: number | null
  customer_name: string | null
  account_id: number | null
  removed_s: number | null
}

export interface DeviceDetail extends Device {
  security: string
  register_modulus_value: number
  flow_limit_value_per_h: number
  start_register_value: number
  start_total_value: number
  /** Thousandths: current times voltage transformer ratio. */
  multiplier_e3: number
  installed_s: number
  report_time_s: number
  /** What it hangs on; 0 for a meter with a radio of its own. */
  parent_device_id: number
  parent_name: string | null
  line_device_id: number
  line_connected: boolean | null
  /** When the register was what it is. */
  register_s: number | null
  address: string
  port: number
  measurement_point: number
  ct_primary_a: number
  ct_secondary_a: number
  pt_primary_v: number
  pt_secondary_v: number
  has_password: boolean
  /** Of purchases that go into the meter itself. */
  has_key: boolean
  replaces_device_id: number | null
  physical_cell: number | null
  cell_id: number | null
  earfcn: number | null
  clock_error_s: number | null
  recharge_serial: number | null
  firmware_version: string | null
  newest_day: string | null
  next_report_s: number | null
  account: Account | null
  last_commands?: Command[]
  completeness?: { days: number; received: number; on_time: number; due: number }
}

export interface Reading {
  day: string
  register_value: number
  total_value: number
  quality: number
  received_s: number
}

export interface UsagePoint {
  day: string
  usage_value: number | null
  estimated: boolean
  register_value: number | null
  quality: number | null
  mark: string | null
}

export interface UsageReply {
  step: 'day' | 'month'
  items: UsagePoint[]
  total_value: number
}

export interface CompletenessDay {
  day: string
  state: string
}

export interface CompletenessReply {
  from_day: string
  to_day: string
  days: CompletenessDay[]
  due: number
  received: number
  on_time: number
}

export interface DeviceEvent {
  event_id: number
  device_id: number
  meter_number: string
  place: string
  kind: string
  severity: number
  raised_s: number
  received_s: number
  cleared_s: number | null
  acknowledged_s: number | null
  acknowledged_by_name: string | null
  detail: string
}

export interface CommandStep {
  step: number
  state: string
  at_s: number
  detail: string
}

export interface Command {
  command_id: number
  device_id: number
  meter_number: string
  place: string
  kind: string
  parameter: string
  value: number
  amount_fen: number
  serial: number
  state: string
  reason: string
  outcome: string
  requested_by: number | null
  requested_by_name: string | null
  requested_s: number
  expires_s: number
  priority: number
  tries: number
  finished_s: number | null
  expected_s?: number | null
  steps?: CommandStep[]
}

export interface Frame {
  frame_id: number
  at_s: number
  direction: number
  hex: string
  size: number
}

export interface DecodedField {
  offset: number
  size: number
  bytes: string
  key?: string
  name: string
  value: string
  meaning: string
  clause: string
  children?: DecodedField[]
}

export interface DecodedItem {
  quantity: string
  name: string
  value: string | null
  unit: string
  quality: 'good' | 'missing' | 'invalid' | 'doubted'
  meaning?: string
  time?: string
  identifier?: string
}

/** A frame, or (protocol null) a line that is none. */
export interface DecodedFrame {
  protocol: string | null
  protocol_name?: string
  line?: number
  stream_offset?: number
  size?: number
  bytes?: string
  fields?: DecodedField[]
  address?: string
  items?: DecodedItem[]
  valid: boolean
  error?: string
  error_offset?: number
}

export interface DecodedList {
  frames: DecodedFrame[]
  rest: { stream_offset: number; size: number; bytes: string }[]
  truncated: boolean
}

export interface DecodeProtocol {
  name: string
  name_en: string
  name_zh: string
  stream: boolean
}

export interface Account {
  account_id: number
  customer_id: number
  customer_number: string
  customer_name: string
  device_id: number | null
  meter_number: string | null
  device_kind: string | null
  area_id: number
  area_name: string
  place: string
  tariff_id: number
  tariff_name: string
  payment_mode: 'postpaid' | 'prepaid_platform' | 'prepaid_meter'
  persons: number
  /** Of one account alone. */
  persons_before?: number
  persons_from?: string | null
  persons_until?: string | null
  balance_fen: number
  owed_fen: number
  meter_balance_fen: number | null
  /** Of prepaid_meter: its meter holds units, of which it shows so many (mWh, ml). */
  holds_units?: boolean
  meter_units_value?: number | null
  /** Whose wallet pays, and with whom it is cut off; null: it stands alone, or pays for others. */
  main_account_id: number | null
  /** How many it pays for; only of one account. */
  group_members?: number
  /** Why its settlement waits: a code, and the words. */
  held?: string | null
  held_zh?: string | null
  held_en?: string | null
  /** What it costs is shared over others. */
  is_public?: boolean
  share_basis?: string
  stage: string
  stage_since_s: number
  final_notice_s: number | null
  low_balance_fen: number
  overdraft_fen: number
  restore_fen: number
  grace_h: number
  settlement_day: number
  settled_day: string | null
  billed_day: string | null
  cycle_used_value: number
  valve_state: number | null
  status: number
  protected_until_s: number
  protected_reason?: string
  phones?: string
  opened_s: number
  closed_s: number | null
  notices?: { kind: string; created_s: number }[]
  will_cut_s?: number | null
  blocked_reason?: string | null
  /** Only where the cash desk finds it: what usually is paid; null when nothing was paid yet. */
  usual_fen?: number | null
}

export interface Customer {
  customer_id: number
  number: string
  name: string
  phones: string
  accounts_count: number
  balance_fen: number
  owed_fen: number
  protected_until_s: number
  protected_reason: string
}

export interface TimelineEntry {
  at_s: number
  kind: string
  title: string
  amount_fen: number | null
  reference: number | null
  state: string | null
}

export interface CustomerDetail extends Customer {
  name_initials?: string
  created_s: number
  accounts: Account[]
  timeline: TimelineEntry[]
}

export interface StatementLine {
  transfer_id: number
  at_s: number
  kind: string
  debit_fen: number | null
  credit_fen: number | null
  balance_fen: number
  reference: number
}

export interface DailyCharge {
  day: string
  usage_value: number
  from_total_value: number
  to_total_value: number
  cycle_used_value: number
  amount_fen: number
  tariff_version_id: number
}

export interface Notice {
  notice_id: number
  account_id: number
  customer_name: string
  place: string
  kind: string
  channel: string
  recipient: string
  text_zh: string
  text_en: string
  created_s: number
}

export interface PaymentReply {
  payment_id: number
  receipt: string
  amount_fen: number
  before_fen: number
  balance_fen: number
  will_restore: boolean
  command_id: number | null
  at_s: number
  duplicate?: boolean
}

export interface Payment {
  payment_id: number
  receipt: string
  account_id: number
  customer_name: string
  customer_number: string
  place: string
  meter_number: string | null
  method: string
  amount_fen: number
  cashier_name: string | null
  at_s: number
  shift_id: number | null
  undone_s: number | null
  undo_state: 'asked' | 'released' | null
  before_fen: number
  balance_fen: number
  command_id: number | null
  command_state: string | null
}

export interface TariffVersion {
  tariff_version_id: number
  effective_day: string
  created_s: number
  created_by_name: string | null
  document?: TariffDocument
}

export interface Tariff {
  tariff_id: number
  name: string
  utility: string
  accounts: number
  versions: TariffVersion[]
  drafts?: TariffDraft[]
}

export interface TariffItem {
  name: string
  prices?: string[]
  price?: string
  tou_prices?: Record<string, string>
  coef?: string
  tax_rate?: string
}

export interface TariffFixed {
  name: string
  amount?: string
  price?: string
  per?: string
  every?: string
}

export interface TariffDocument {
  utility?: string
  unit?: string
  cycle?: string
  anchor?: string
  limits?: (number | string)[]
  monthly_limits?: (number | string)[]
  season_limits?: Record<string, (number | string)[]>
  season_months?: Record<string, number[]>
  season_rule?: string
  household?: { kind: string; base?: number; min?: number; add?: number | string | (number | string)[]; limits?: (number | string)[] }
  household_monthly?: { min: number | string; limits: (number | string)[] }
  /** Absent where only fixed charges are made. */
  items?: TariffItem[]
  total_from?: string
  composite?: (number | string)[]
  remainder_item?: string
  tou_schedule?: TariffScheduleRow[]
  tou_registers?: Record<string, number>
  fixed?: TariffFixed[]
  min_qty?: number | string
  min_charge?: number | string
  allowance?: { name: string; qty: number | string }
  power_factor?: { standard?: string; rate_below?: string; rate_above?: string; reward_cap?: string; step?: string; base?: string; table?: [number | string, number | string][] }
  late_fee?: { rate_day?: number | string; rate_day_later_year?: number | string; minimum?: number | string; cap?: number | string; grace_days?: number | string }
  round?: string
  prorate?: string
  price_change?: string
  [other: string]: unknown
}

/** From when to when a period of the day holds; the first row that fits. */
export interface TariffScheduleRow {
  period: string
  from: string
  to: string
  /** Absent: all of them. */
  months?: number[]
  /** "Mon-Fri"; absent: all days. */
  days?: string
  /** Absent: holidays and other days. */
  holiday?: boolean
}

export interface BillLine {
  line?: number
  item: string
  tier: number
  /** Of the day; '' or absent when the price does not depend on it. */
  period?: string
  quantity_e4: number
  coefficient_e8: number
  price_e8: number
  amount_fen: number
}

export interface TrialReply {
  lines: BillLine[]
  items?: { item: string; amount_fen: number; tax_fen: number }[]
  total_fen: number
}

export interface Bill {
  bill_id: number
  device_kind: string | null
  number: string
  account_id: number
  customer_id: number
  customer_name: string
  place: string
  meter_number: string | null
  from_day: string
  to_day: string
  from_total_value: number
  to_total_value: number
  usage_value: number
  amount_fen: number
  /** Up to today. */
  late_fee_fen: number
  late_waived_fen: number
  paid_fen: number
  /** To be paid today, with the late fee. */
  due_fen: number
  state: string
  estimated: boolean | number
  due_day: string
  issued_s: number
  tariff_version_id: number
}

export interface BillDetail extends Bill {
  lines: BillLine[]
  readings: Reading[]
  waiver_approval_id: number | null
  tariff_id?: number
  tariff_name: string
  effective_day: string
  device_id?: number
}

export interface SettlementException {
  device_kind: string | null
  account_id: number
  customer_name: string
  place: string
  device_id: number | null
  kind: string
  usage_value: number | null
  usual_value: number | null
  amount_fen: number | null
  detail: string
}

export interface SettlementPreview {
  to_day: string
  ready: number
  estimated: number
  held: number
  amount_fen: number | null
  exceptions: SettlementException[]
  next: string | null
  looked: number
  meters_in_all: number
}

export interface LedgerRow {
  kind: string
  name: string
  debits_fen: number
  credits_fen: number
  balance_fen: number
}

export interface TrialBalance {
  items: LedgerRow[]
  debits_fen: number
  credits_fen: number
  balanced: boolean
  checked_s: number
}

export interface PersonRow {
  person_id: number
  login: string
  display_name: string
  role: Role
  area_id: number
  area_name: string
  language: 'zh' | 'en'
  disabled: boolean | number
  locked_until_s: number
  created_s: number
}

export interface Setting {
  key: string
  section: string
  value: string
  choices?: string
  type?: string
  unit?: string
  default?: string
  minimum?: number | null
  maximum?: number | null
  help_zh?: string
  help_en?: string
}

/** What a shorter retention would remove; records and bytes are null where they are not counted. */
export interface RetentionLoss {
  setting: string
  days: number
  before_day: string
  records: number | null
  bytes: number | null
  is_more: boolean
}

export interface Folding {
  kind: string
  before_day: string
  running: boolean
  done_percent: number
}

export interface AuditRow {
  audit_id: number
  at_s: number
  person_id: number | null
  person_name: string | null
  action: string
  object_kind: string
  object_id: number | null
  detail: string
}

export interface SetAside {
  set_aside_id: number
  device_id: number
  device_kind: string
  meter_number: string
  place: string
  day: string
  register_value: number
  expected_value: number
  reason: string
  received_s: number
  decided_s: number | null
  decision: string | null
}

export interface SearchReply {
  groups: { kind: string; items: { id: number; label: string; detail: string; path: string }[] }[]
}

export interface Health {
  status: string
  version?: string
  uptime_s?: number
  shard?: number
  shard_name?: string
  lease?: { owner: string; epoch: number }
  counters?: { name: string; value: number; description?: string }[]
  [other: string]: unknown
}
