// Concentrators, lines and what is read through them, by the API's own names.

export type ReadingWhat = 'current' | 'daily' | 'monthly' | 'curve' | 'interval'
export type TaskState = 'open' | 'done' | 'cancelled'
export type ItemState = 'waiting' | 'asked' | 'done' | 'failed' | 'cancelled'

export interface ReadingTask {
  task_id: number
  area_id: number
  area_name: string | null
  kind: string | null
  what: ReadingWhat
  date: string | null
  freeze: boolean
  priority: 'high' | 'normal' | 'low'
  state: TaskState
  total: number
  done: number
  failed: number
  cancelled: number
  left: number
  rate_per_min: number | null
  expected_s: number | null
  requested_by_name: string | null
  requested_s: number
  started_s: number | null
  finished_s: number | null
  expires_s: number
}

export interface ReadingTaskItem {
  device_id: number
  meter_number: string
  place: string
  kind: string
  state: ItemState
  reason: string | null
  line_id: number | null
  line_number: string | null
  route: 'meter' | 'concentrator' | null
  register_value: number | null
  tries: number
  at_s: number | null
}

export interface TaskPreview {
  total: number
  now: number
  asleep: number
  offline: number
  unreachable: number
}

export interface ReadingPlan {
  plan_id: number
  name: string
  area_id: number | null
  area_name: string | null
  device_count: number
  kind: string | null
  what: ReadingWhat
  every: number
  unit: 'minute' | 'hour' | 'day' | 'week' | 'month'
  offset_s: number
  enabled: boolean
  last_run_s: number | null
  last_run: { asked: number; done: number; failed: number }
}

export type LineKind = 'concentrator' | 'dtu' | 'serial' | 'tcp'

export interface Concentrator {
  device_id: number
  kind: string
  name: string
  line_kind: LineKind
  address: string
  area_id: number
  place: string
  profile: string
  connected: boolean
  since_s: number | null
  last_contact_s: number | null
  last_data_s: number | null
  login_count: number
  clock_error_s: number | null
  clock_at_s: number | null
  rsrp_dbm: number | null
  meters: number
  meter_limit: number
  archive: { state: string; differences: number | null; agreed_s: number | null; finished_s: number | null }
  yesterday: { received: number; due: number }
}

export interface ArchiveSide {
  address: number | null
  measurement_point?: number | null
  collector: number | null
  port: number | null
  protocol_code: number | null
  baud_code: number | null
}

export interface ArchiveRow {
  number: number
  state: string
  device_id: number | null
  meter_number: string | null
  ours: ArchiveSide
  theirs: ArchiveSide
}

export interface TopologyNode {
  device_id: number
  kind: string
  meter_number: string
  address: string
  place: string
  measurement_point: number | null
  connected: boolean | null
  status: number
  register_value: number | null
  complete: boolean | null
  children: number
}

export interface BalanceZone {
  balance_zone_id: number
  name: string
  /** Kind of its meters. */
  utility: string
  area_id: number
  area_name: string
  supply_meters: number
}

export interface BalanceSupply {
  device_id: number
  meter_number: string
  room: string
  multiplier_e3: number
  direction: 'in' | 'out'
}

export interface BalanceZoneDetail extends BalanceZone {
  supply: BalanceSupply[]
}

/** What is known of a day or a span, in the register's unit; unknown meters are in neither sum. */
export interface BalanceFigures {
  supply_value: number
  sold_value: number
  loss_value: number
  loss_permille: number | null
  supply_estimated_value: number
  sold_estimated_value: number
  supply_meters: number
  sold_meters: number
  estimated_meters: number
  unknown_meters: number
}

export interface BalanceDay extends BalanceFigures {
  day: string
}

export interface BalanceReply extends BalanceFigures {
  days: BalanceDay[]
}

export interface ArchiveReply {
  state: string
  write: boolean
  problem: string
  problem_zh: string
  problem_en: string
  written: number
  denied: number
  differences: number
  position: number
  tries: number
  requested_by_name: string | null
  requested_s: number | null
  finished_s: number | null
  agreed_s: number | null
  items: ArchiveRow[]
}

/** One concentrator or line with everything that can be changed. */
export interface ConcentratorDetail extends Concentrator {
  room: string
  maker: string
  status: number
  removed_s: number | null
  baud: number
  parity: string
  stop_bits: number
  heartbeat_interval_s: number
  heartbeat: string
  gap_ms: number
  answer_timeout_ms: number
  code_dlt645: number
  code_dlt645_1997: number
  code_cjt188: number
  installed_s: number
  has_secret: boolean
}

export interface Stranger {
  address: string
  peer: string
  is_concentrator: boolean
  count: number
  first_s: number
  at_s: number
}

export interface ClockRow {
  device_id: number
  kind: string
  name: string
  place: string
  clock_error_s: number
  known_s: number | null
}

export interface RegisterRow {
  quantity: string
  unit: string
  register_index: number
  phase: number
  period: 'instant' | 'day' | 'month'
  time_s: number
  register_value: number
  scaled_value: number
  scale_e3: number
  quality: 'good' | 'doubted' | 'conflict'
  received_s: number
}

export interface UsageReportRow {
  device_id: number
  meter_number: string
  place: string
  device_kind: string
  from_s: number
  to_s: number
  register_value: number | null
  usage_value: number | null
  multiplier_e3: number
  mark: string
}

export interface ImportProblem {
  row: number
  column: string
  value: string
  rule: string
  fix: string
}

export interface ImportReport {
  rows: number
  entered?: number
  problems: ImportProblem[]
}

export interface FoundMeter {
  address: string
  protocol: 'mbus' | 'dlt645' | 'cjt188'
  maker: string
  /** Medium of M-Bus, or meter type of CJ/T 188. */
  type: number
  version: number
  primary_address: number
}

export interface LineSearchReply {
  items: FoundMeter[]
  state: 'none' | 'searching' | 'ended'
  started_s: number
  ended_s: number
  problem: string
}
