// What a stored setting says to a person, and back: fen as yuan, minutes after midnight as a clock.
import type { Setting } from '@/api/types'
import { moneyParse } from '@/format/money'

export type SettingField = 'choice' | 'weekdays' | 'clock' | 'money' | 'integer' | 'text'

const FIELD_OF_TYPE: Record<string, SettingField> = {
  yes_no: 'choice', choice: 'choice', weekdays: 'weekdays', clock_min: 'clock', integer: 'integer',
}

const MINUTES_OF_HOUR = 60

export function settingField(setting: Setting): SettingField {
  if (setting.type === 'integer' && setting.unit === 'fen') return 'money'
  return FIELD_OF_TYPE[setting.type ?? ''] ?? 'text'
}

function clockOf(minutes: string): string {
  const at = Number(minutes)
  const two = (number: number) => String(number).padStart(2, '0')
  return `${two(Math.trunc(at / MINUTES_OF_HOUR))}:${two(at % MINUTES_OF_HOUR)}`
}

function minutesOf(clock: string): string {
  const match = /^(\d{1,2})[:：](\d{2})$/.exec(clock.trim())
  if (!match || Number(match[2]) >= MINUTES_OF_HOUR) return clock
  return String(Number(match[1]) * MINUTES_OF_HOUR + Number(match[2]))
}

/** The stored text as it stands in its field. */
export function settingShown(setting: Setting, value: string): string {
  const field = settingField(setting)
  if (field === 'clock' && /^\d+$/.test(value)) return clockOf(value)
  if (field === 'money' && /^\d+$/.test(value)) return (Number(value) / 100).toFixed(2)
  return value
}

/** What is stored for the text of the field; what cannot be read goes to the server as it is, which says what it wants. */
export function settingStored(setting: Setting, text: string): string {
  const field = settingField(setting)
  if (field === 'clock') return minutesOf(text)
  if (field === 'money') return String(moneyParse(text) ?? text)
  return text.trim()
}
