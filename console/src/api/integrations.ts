// Partners, endpoints and the open interfaces: the shapes of their JSON, and one call of an open interface.
import { BASE_PATH } from '@/state/base'

export interface Partner {
  partner_id: number
  name: string
  area_id: number
  area_name: string
  interfaces: number[]
  networks: string
  per_minute: number
  closings_per_day: number
  is_signed: boolean
  reveal: boolean
  disabled: boolean
  device_ids: number[]
  tokens_good: number
  used_s: number | null
}

export interface PartnerToken {
  token_id: number
  hint: string
  created_s: number
  expires_s: number
  revoked_s: number | null
  used_s: number | null
  used_from: string
  good: boolean
}

export interface NewToken {
  token_id: number
  token: string
  secret: string
  expires_s: number
}

export interface Endpoint {
  endpoint_id: number
  name: string
  url: string
  area_id: number
  area_name: string
  kinds: string[]
  disabled: boolean
  failures: number
  reached_s: number | null
  failed_s: number | null
  paused_until_s: number | null
  waiting: number
}

export interface NewSecret {
  endpoint_id: number
  secret: string
}

export interface Delivery {
  delivery_id: number
  endpoint_id: number
  endpoint_name: string
  event_id: string
  kind: string
  account_id: number | null
  state: 'waiting' | 'sending' | 'delivered' | 'dead' | 'kept'
  attempts: number
  reason: string
  created_s: number
  due_s: number
  ended_s: number | null
  body: unknown
  history: { serial: number; at_s: number; outcome: string; reason: string }[]
}

/** The eleven interfaces: number, path, an example of what is sent besides the token, and whether it changes something. */
export const OPEN_INTERFACES: { number: number; path: string; example: object; acts?: boolean }[] = [
  { number: 1, path: '/device/balance', example: { device_id: 1 } },
  { number: 2, path: '/devices/balance', example: { limit: 20 } },
  { number: 3, path: '/top-up', example: { device_id: 1, amount_fen: 100, trade_number: 'TRY-000001' }, acts: true },
  { number: 4, path: '/top-up/result', example: { device_id: 1, trade_number: 'TRY-000001' } },
  { number: 5, path: '/customer', example: { device_id: 1 } },
  { number: 6, path: '/customers/low', example: { below_fen: 2000, limit: 20 } },
  { number: 7, path: '/usage/monthly', example: { device_ids: [1], from_month: '2026-01', to_month: '2026-12' } },
  { number: 8, path: '/usage/daily', example: { device_ids: [1], month: '2026-11' } },
  { number: 9, path: '/top-ups', example: { device_ids: [1], from_day: '2026-01-01' } },
  { number: 10, path: '/devices/abnormal', example: { limit: 20 } },
  { number: 11, path: '/device/mode', example: { device_id: 1, mode: 'open', request_number: 'TRY-000001', reason: '' }, acts: true },
]

export const EVENT_KINDS = ['bill.issued', 'payment.received', 'payment.reversed', 'refund.paid', 'balance.low', 'cut_off.planned', 'cut_off.executed', 'supply.restored', 'command.finished']

export interface OpenAnswer {
  status: number
  ms: number
  text: string
}

/** Calls one as a partner would: with the token alone, without this person's session. */
export async function openCall(path: string, token: string, body: string, language: string): Promise<OpenAnswer> {
  const began = performance.now()
  const response = await fetch(`${BASE_PATH}/open/v1${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Accept-Language': language, Authorization: `Bearer ${token.trim()}` },
    body,
    credentials: 'omit',
  })
  const text = await response.text()
  return { status: response.status, ms: Math.round(performance.now() - began), text }
}
