import { describe, expect, it } from 'vitest'
import type { FoundMeter, TopologyNode } from '../src/api/lines'
import type { ProfileRow } from '../src/api/types'
import { foundKind, foundKnown, foundPreset, foundProfile } from '../src/components/lineFound'

const mbus: FoundMeter = { address: '26110001', protocol: 'mbus', maker: 'MWK', type: 4, version: 1, primary_address: 5 }
const water: FoundMeter = { address: '000012345678', protocol: 'cjt188', maker: '', type: 0x10, version: 0, primary_address: 0 }
const electric: FoundMeter = { address: '000000004321', protocol: 'dlt645', maker: '', type: 30, version: 0, primary_address: 0 }
const node = (part: Partial<TopologyNode>): TopologyNode => ({ address: '', meter_number: '999999', ...part }) as TopologyNode
const profiles = [
  { profile: 'dlt645-1997-meter', kind: 'electricity', codec: 'dlt645-1997' },
  { profile: 'dlt645-2007', kind: 'electricity', codec: 'dlt645-2007' },
  { profile: 'cjt188-heat', kind: 'heat', codec: 'cjt188' },
  { profile: 'mbus-heat', kind: 'heat', codec: 'mbus' },
] as ProfileRow[]

describe('a meter found on a line', () => {
  it('is known by its number, whatever zeros stand in front', () => {
    expect(foundKnown(electric, [node({ meter_number: '4321' })])).not.toBeNull()
    expect(foundKnown(electric, [node({ meter_number: '54321' })])).toBeNull()
    expect(foundKnown(water, [node({ address: '12345678', meter_number: '1' })])).not.toBeNull()
  })
  it('of M-Bus also by its secondary or primary address', () => {
    expect(foundKnown(mbus, [node({ address: '26110001ab340104' })])).not.toBeNull()
    expect(foundKnown(mbus, [node({ address: '5' })])).not.toBeNull()
    expect(foundKnown(mbus, [node({ address: '6' })])).toBeNull()
    expect(foundKnown({ ...mbus, primary_address: 0 }, [node({ address: '0' })])).toBeNull()
  })
  it('is of the kind that its language says, and of a model of both', () => {
    expect([mbus, water, electric].map(foundKind)).toEqual(['heat', 'cold_water', 'electricity'])
    expect(foundKind({ ...mbus, type: 0x0a })).toBe('')
    expect(foundProfile(mbus, profiles)).toBe('mbus-heat')
    expect(foundProfile(electric, profiles)).toBe('dlt645-2007')
    expect(foundProfile(water, profiles)).toBe('')
  })
  it('comes into the archive as it was found', () => expect(foundPreset(mbus, profiles)).toEqual({ kind: 'heat', meter_number: '26110001', profile: 'mbus-heat', maker: 'MWK' }))
})
