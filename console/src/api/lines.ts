// Concentrators, lines and what is read through them, by the API's own names.

export type ReadingWhat = 'current' | 'daily' | 'monthly' | 'curve'
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
  address: string | null
  measurement_point?: number | null
  collector: string | null
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
  zone_id: number
  name: string
  area_id: number
  area_name: string
  kind: string
  supplies: { device_id: number; meter_number: string; outward: boolean }[]
}

/** Values in the register's unit; null while a balance cannot be made. */
export interface BalanceDay {
  day: string
  supply_value: number | null
  sold_value: number | null
  loss_value: number | null
  loss_permille: number | null
  estimated_value: number
  estimated_meters: number
  missing_meters: number
  meters: number
}

export interface BalanceReply {
  total: Omit<BalanceDay, 'day'>
  days: BalanceDay[]
}
