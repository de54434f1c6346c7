// Instants arrive as UTC seconds and are shown in the tenant's zone; days arrive as
// 'YYYY-MM-DD' and are never shifted by the browser's own zone.

export type Language = 'zh' | 'en'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const WEEKDAYS_ZH = ['日', '一', '二', '三', '四', '五', '六']
const WEEKDAYS_EN = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** The wall clock of the tenant as UTC fields of a Date. */
function wall(atS: number, zoneS: number): Date {
  return new Date((atS + zoneS) * 1000)
}

export function dayOf(atS: number, zoneS: number): string {
  return wall(atS, zoneS).toISOString().slice(0, 10)
}

/** The instant of a wall clock's "2026-11-21T14:05" in the tenant's zone. */
export function atOf(local: string, zoneS: number): number {
  return Math.floor(Date.parse(`${local}Z`) / 1000) - zoneS
}

export function dayText(day: string | null | undefined, language: Language): string {
  if (!day) return '—'
  if (language === 'zh') return day
  const [year, month, date] = day.split('-').map(Number)
  return `${date} ${MONTHS[month - 1]} ${year}`
}

/** "11-21 周六" / "Sat 21 Nov" */
export function dayShort(day: string, language: Language): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  const [, month, date] = day.split('-')
  return language === 'zh'
    ? `${month}-${date} 周${WEEKDAYS_ZH[weekday]}`
    : `${WEEKDAYS_EN[weekday]} ${Number(date)} ${MONTHS[Number(month) - 1]}`
}

export function timeText(atS: number | null | undefined, zoneS: number, language: Language): string {
  if (!atS) return '—'
  const w = wall(atS, zoneS)
  const clock = `${two(w.getUTCHours())}:${two(w.getUTCMinutes())}:${two(w.getUTCSeconds())}`
  const day = dayText(w.toISOString().slice(0, 10), language)
  return language === 'zh' ? `${day} ${clock}` : `${day}, ${clock}`
}

/** Without the seconds and, in the current year, without the year: for dense tables. */
export function timeShort(atS: number | null | undefined, zoneS: number, nowS: number): string {
  if (!atS) return '—'
  const w = wall(atS, zoneS)
  const clock = `${two(w.getUTCHours())}:${two(w.getUTCMinutes())}`
  const day = w.toISOString().slice(0, 10)
  return day.slice(0, 4) === dayOf(nowS, zoneS).slice(0, 4) ? `${day.slice(5)} ${clock}` : `${day} ${clock}`
}

export function clockText(atS: number, zoneS: number): string {
  const w = wall(atS, zoneS)
  return `${two(w.getUTCHours())}:${two(w.getUTCMinutes())}:${two(w.getUTCSeconds())}`
}

/** "3 分钟前" / "3 min ago"; the caller puts the absolute time in the tooltip. */
export function agoText(atS: number | null | undefined, nowS: number, language: Language): string {
  if (!atS) return '—'
  const s = Math.max(0, Math.round(nowS - atS))
  const zh = language === 'zh'
  if (s < 60) return zh ? '刚刚' : 'just now'
  if (s < 3600) return zh ? `${Math.trunc(s / 60)} 分钟前` : `${Math.trunc(s / 60)} min ago`
  if (s < 172800) return zh ? `${Math.trunc(s / 3600)} 小时前` : `${Math.trunc(s / 3600)} h ago`
  return zh ? `${Math.trunc(s / 86400)} 天前` : `${Math.trunc(s / 86400)} days ago`
}

/** How long something has lasted: "00:41", "12 min", "2 h", "3 d". */
export function lastingText(sinceS: number, nowS: number, language: Language): string {
  const s = Math.max(0, Math.round(nowS - sinceS))
  const zh = language === 'zh'
  if (s < 60) return zh ? `${s} 秒` : `${s} s`
  if (s < 3600) return zh ? `${Math.trunc(s / 60)} 分钟` : `${Math.trunc(s / 60)} min`
  if (s < 172800) return zh ? `${Math.trunc(s / 3600)} 小时` : `${Math.trunc(s / 3600)} h`
  return zh ? `${Math.trunc(s / 86400)} 天` : `${Math.trunc(s / 86400)} d`
}

/** Accepts 20261121 and 2026-11-21; null when it is no day. */
export function dayParse(text: string): string | null {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text.trim())
  if (!match) return null
  const day = `${match[1]}-${match[2]}-${match[3]}`
  const date = new Date(`${day}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day ? null : day
}

export function dayAdd(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86400000).toISOString().slice(0, 10)
}
