// Why an account's settlement waits, in the page's language.
import { language } from '@/state/appearance'

export function heldText(row: { held?: string | null; held_zh?: string | null; held_en?: string | null }): string {
  return (language.value === 'zh' ? row.held_zh : row.held_en) ?? row.held ?? '—'
}
