// A frame's tree of fields as rows of a table, and which row a byte belongs to.
import type { DecodedField, DecodedFrame } from '@/api/types'

export interface FrameRow extends DecodedField {
  id: string
  parent: string | null
  depth: number
  hasChildren: boolean
}

export function frameRows(fields: DecodedField[]): FrameRow[] {
  const out: FrameRow[] = []
  const walk = (list: DecodedField[], depth: number, parent: string | null): void => {
    list.forEach((field, index) => {
      const id = parent === null ? String(index) : `${parent}.${index}`
      const hasChildren = (field.children?.length ?? 0) > 0
      out.push({ ...field, id, parent, depth, hasChildren })
      if (field.children) walk(field.children, depth + 1, id)
    })
  }
  walk(fields, 0, null)
  return out
}

/** Rows of which no ancestor is collapsed. */
export function rowsShown(rows: FrameRow[], collapsed: ReadonlySet<string>): FrameRow[] {
  return rows.filter((row) => {
    const parts = row.id.split('.')
    return !parts.some((_, index) => index > 0 && collapsed.has(parts.slice(0, index).join('.')))
  })
}

/** The smallest field that holds the byte; the deepest and last of equals. */
export function rowOfByte(rows: FrameRow[], byte: number): FrameRow | null {
  let found: FrameRow | null = null
  for (const row of rows) {
    const inside = row.size > 0 && byte >= row.offset && byte < row.offset + row.size
    if (inside && (!found || row.size <= found.size)) found = row
  }
  return found
}

export function bytesOf(hex: string): string[] {
  return hex.replace(/\s+/g, '').match(/../g) ?? []
}

/** Bytes in groups of eight with the offset each begins at. */
export function byteGroups(bytes: string[]): { offset: number; bytes: string[] }[] {
  const groups = []
  for (let offset = 0; offset < bytes.length; offset += 8) groups.push({ offset, bytes: bytes.slice(offset, offset + 8) })
  return groups
}

/** "dlt645-000000004321.json" */
export function frameFileName(frame: DecodedFrame): string {
  const parts = [frame.protocol ?? 'line', frame.address ?? ''].map((part) => part.replace(/[^\w-]+/g, '-').replace(/^-+|-+$/g, ''))
  return `${parts.filter((part) => part !== '').join('-')}.json`
}
