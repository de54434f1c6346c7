import { moneyText } from '@/format/money'

type Translate = (key: string, values?: Record<string, unknown>) => string

/** "over by ¥1.00", "short by ¥1.00", "agrees"; "—" before the count. */
export function differenceText(fen: number | null | undefined, t: Translate): string {
  if (fen === null || fen === undefined) return '—'
  if (fen === 0) return t('shift.agrees')
  return fen > 0 ? t('shift.over', { amount: moneyText(fen) }) : t('shift.short', { amount: moneyText(-fen) })
}
