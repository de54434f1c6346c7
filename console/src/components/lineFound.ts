// What a search of a line found, against what stands in the archive: which of the meters are known, and what an entry
// for the others would say.
import type { FoundMeter, TopologyNode } from '@/api/lines'
import type { ProfileRow } from '@/api/types'

/** Media of M-Bus (EN 13757-3) and meter types of CJ/T 188, as kinds of ours; others are left to the person. */
const KINDS: Record<string, Record<number, string>> = {
  mbus: { 0x02: 'electricity', 0x03: 'gas', 0x04: 'heat', 0x06: 'hot_water', 0x07: 'cold_water', 0x0c: 'heat', 0x15: 'hot_water', 0x16: 'cold_water' },
  cjt188: { 0x10: 'cold_water', 0x11: 'hot_water', 0x12: 'cold_water', 0x13: 'cold_water', 0x20: 'heat', 0x30: 'gas', 0x40: 'electricity' },
}

export function foundKind(found: FoundMeter): string {
  return found.protocol === 'dlt645' ? 'electricity' : (KINDS[found.protocol]?.[found.type] ?? '')
}

/** A model of its language and kind; '' when there is none. */
export function foundProfile(found: FoundMeter, profiles: ProfileRow[]): string {
  const kind = foundKind(found)
  const fitting = profiles.filter((row) => row.kind === kind && row.codec.startsWith(found.protocol))
  // The newer DL/T 645 before the older: a wild card of the newer found it.
  return (fitting.find((row) => row.codec === 'dlt645-2007') ?? fitting[0])?.profile ?? ''
}

const SECONDARY = 16
const PRIMARY = 3
const bare = (text: string): string => text.replace(/^0+(?=\d)/, '')

/** The meter of the archive that this is: by its number, its secondary or its primary address. */
export function foundKnown(found: FoundMeter, nodes: TopologyNode[]): TopologyNode | null {
  const isMbus = found.protocol === 'mbus'
  return (
    nodes.find((node) => {
      const address = node.address || node.meter_number
      if (isMbus && address.length === SECONDARY) return address.startsWith(found.address)
      if (isMbus && address.length <= PRIMARY) return found.primary_address > 0 && Number(address) === found.primary_address
      return bare(address) === bare(found.address)
    }) ?? null
  )
}

export interface MeterPreset {
  kind: string
  meter_number: string
  profile: string
  maker: string
}

export function foundPreset(found: FoundMeter, profiles: ProfileRow[]): MeterPreset {
  return { kind: foundKind(found) || 'cold_water', meter_number: found.address, profile: foundProfile(found, profiles), maker: found.maker }
}
