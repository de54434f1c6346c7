import { describe, expect, it } from 'vitest'
import type { DecodedField } from '../src/api/types'
import { byteGroups, bytesOf, frameFileName, frameRows, rowOfByte, rowsShown } from '../src/components/frameRows'

const field = (offset: number, size: number, name: string, children?: DecodedField[]): DecodedField => ({ offset, size, bytes: '', name, value: '', meaning: '', clause: '', children })
const rows = frameRows([field(0, 0, 'statement'), field(0, 1, 'start'), field(1, 4, 'data', [field(1, 2, 'identifier'), field(3, 2, 'value', [field(3, 1, 'low')])])])

describe('rows of a frame', () => {
  it('come in the order of the tree, each knowing its parent', () => {
    expect(rows.map((row) => [row.id, row.parent, row.depth, row.hasChildren])).toEqual([
      ['0', null, 0, false], ['1', null, 0, false], ['2', null, 0, true], ['2.0', '2', 1, false], ['2.1', '2', 1, true], ['2.1.0', '2.1', 2, false],
    ])
  })
  it('disappear below a collapsed one, however deep', () => {
    expect(rowsShown(rows, new Set(['2'])).map((row) => row.id)).toEqual(['0', '1', '2'])
    expect(rowsShown(rows, new Set(['2.1'])).map((row) => row.id)).toEqual(['0', '1', '2', '2.0', '2.1'])
    expect(rowsShown(rows, new Set())).toHaveLength(6)
  })
  it('give the smallest field of a byte, never a statement', () => {
    expect([0, 1, 3, 4, 5].map((byte) => rowOfByte(rows, byte)?.name ?? null)).toEqual(['start', 'identifier', 'low', 'value', null])
  })
})

describe('bytes of a frame', () => {
  it('stand in groups of eight with their offsets', () => {
    const groups = byteGroups(bytesOf('00 01020304050607 0809'))
    expect(groups.map((group) => [group.offset, group.bytes.length])).toEqual([[0, 8], [8, 2]])
    expect(bytesOf('')).toEqual([])
  })
  it('go to a file whose name says what they are', () => {
    expect(frameFileName({ protocol: 'dlt645', address: '000000004321', valid: true })).toBe('dlt645-000000004321.json')
    expect(frameFileName({ protocol: 'coap', address: 'urn:imei:86', valid: true })).toBe('coap-urn-imei-86.json')
    expect(frameFileName({ protocol: null, valid: false })).toBe('line.json')
  })
})
