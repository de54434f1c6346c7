// Formatting bound to the tenant's zone, the chosen language and the server's clock.
import { agoText, atOf, clockText, dayOf, dayShort, dayText, lastingText, timeShort, timeText } from '@/format/time'
import { language } from '@/state/appearance'
import { clock } from '@/state/clock'

export const show = {
  time: (atS: number | null | undefined) => timeText(atS, clock.zoneS, language.value),
  timeShort: (atS: number | null | undefined) => timeShort(atS, clock.zoneS, clock.nowS),
  clock: (atS: number) => clockText(atS, clock.zoneS),
  day: (day: string | null | undefined) => dayText(day, language.value),
  dayShort: (day: string) => dayShort(day, language.value),
  atOf: (local: string) => atOf(local, clock.zoneS),
  dayOf: (atS: number) => dayOf(atS, clock.zoneS),
  ago: (atS: number | null | undefined) => agoText(atS, clock.nowS, language.value),
  lasting: (sinceS: number) => lastingText(sinceS, clock.nowS, language.value),
  today: () => dayOf(clock.nowS, clock.zoneS),
}
