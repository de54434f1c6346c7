// A timeline entry's title may be a word of ours (a notice kind, a stage, a command kind)
// or a text of the server's, such as a bill number.
import type { TimelineEntry } from '@/api/types'

type Translate = (key: string) => string
type Exists = (key: string) => boolean

const PLACES: Record<string, string> = { notice: 'notice.kinds', stage: 'account.stages', command: 'command.kinds', payment: 'payment.methods', charge: 'transfers', closing: 'closing', account_opened: 'account.modes' }

export function titleOf(entry: TimelineEntry, t: Translate, te: Exists): string {
  const key = `${PLACES[entry.kind] ?? 'none'}.${entry.title}`
  const title = te(key) ? t(key) : entry.title
  if (entry.kind !== 'command' || !entry.state) return title
  return `${title} · ${t(`command.states.${entry.state}`)}`
}
