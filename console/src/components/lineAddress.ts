import type { LineKind } from '@/api/lines'

const FORMS: Record<LineKind, RegExp> = {
  concentrator: /^\d{9}$/,
  dtu: /^.{1,63}$/,
  serial: /^\/dev\/\S+$/,
  tcp: /^\S+:\d{1,5}$/,
}

// A terminal's number is sixteen bits.
const TERMINAL_LAST = 65535

/** Whether a line of this kind cannot have this address; the server judges again. */
export function lineAddressProblem(address: string, kind: LineKind): boolean {
  const text = address.trim()
  return !FORMS[kind].test(text) || (kind === 'concentrator' && Number(text.slice(4)) > TERMINAL_LAST)
}
