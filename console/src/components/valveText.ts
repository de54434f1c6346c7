import type { Device } from '@/api/types'
import { VALVE_NAMES } from './status'

/** Whether supply is on: a valve's words, or a relay's for electricity, where "open" is the opposite. */
export function valveText(device: Pick<Device, 'kind' | 'valve_state'>, t: (key: string) => string): string {
  if (device.valve_state === null) return '—'
  const name = VALVE_NAMES[device.valve_state] ?? 'none'
  return t(device.kind === 'electricity' ? `relay.${name}` : `valve.${name}`)
}
