import { permilleText } from '@/format/volume'

/** "99.2 %" of what was due; "—" when nothing was. */
export function rateText(part: { received: number; due: number }): string {
  return permilleText(part.due === 0 ? null : Math.floor((part.received * 1000) / part.due))
}
