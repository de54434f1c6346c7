import { noteText } from './note'
import { problemText } from './problemText'

type Words = (key: string, values: Record<string, unknown>) => string
type Known = (key: string) => boolean

function reasonText(name: string, t: Words, te: Known): string {
  const key = `set_aside.reasons.${name}`
  return te(key) ? t(key, {}) : name
}

/** "midnights 2031-05-02": what cannot be read, and a day of it. */
function damageText(detail: string, t: Words, te: Known): string {
  const [what, day] = detail.split(' ')
  const key = `event.damaged.${what}`
  return te(key) ? t(key, { day }) : detail
}

const TEXTS: Record<string, (detail: string, t: Words, te: Known) => string> = {
  command_failed: noteText,
  set_aside: reasonText,
  history_damaged: damageText,
  address_conflict: (detail, t, te) => problemText(detail, (key) => t(key, {}), te),
}

/** What an event says besides its kind. The server names most of it by codes; unknown ones are shown as they came. */
export function eventText(kind: string, detail: string, t: Words, te: Known): string {
  return TEXTS[kind]?.(detail, t, te) ?? detail
}
