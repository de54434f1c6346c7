// Quarter-hours of a meter: GET /devices/{id}/intervals and /interval-channels, and the load of an area.

export type IntervalQuality = 'good' | 'doubted' | 'conflict' | 'range' | 'spike' | 'backward' | 'midnight' | 'gap'
export type IntervalMark = 'measured' | 'estimated' | 'unknown'

export interface IntervalItem {
  from_s: number
  to_s: number
  register_value: number | null
  quality: IntervalQuality
  usage_value: number | null
  mark: IntervalMark
}

export interface IntervalDay {
  day: string
  /** Whether anything came of this day; only then the figures below are there. */
  known: boolean
  received_s: number | null
  period_min?: number
  expected?: number
  missing?: number
  refused?: number
  sum?: 'open' | 'agrees' | 'differs'
  usage_value?: number | null
  night_minimum_value?: number | null
  never_still?: boolean
  items: IntervalItem[]
}

export interface IntervalReply {
  device_kind: string
  quantity: string
  unit: string
  register_index: number
  items: IntervalDay[]
  next: string | null
}

export interface IntervalChannel {
  quantity: string
  unit: string
  register_index: number
  day: string
  days: number
}

/** What all meters of a place used in one step of a day. */
export interface CurveItem {
  from_s: number
  to_s: number
  usage_value: number | null
  measured_meters: number
  estimated_meters: number
}

/** GET /load-curve: one part of them. */
export interface CurvePart {
  day: string
  unit: string
  meters: number
  reporting_meters: number
  items: CurveItem[]
  next: string | null
  looked: number
  meters_in_all: number
}
