// The server's clock, carried forward between its ticks. In the demonstration it is virtual
// and runs at a factor; every "now" on the screens comes from here, never from the browser.
import { reactive } from 'vue'
import { get } from '@/api/client'
import type { ClockState } from '@/api/types'

interface ServerClock {
  known: boolean
  nowS: number
  zoneS: number
  speed: number
}

export const clock = reactive<ServerClock>({ known: false, nowS: Math.floor(Date.now() / 1000), zoneS: 28800, speed: 1 })

let anchorS = clock.nowS
let anchorMs = performance.now()
let timer: number | undefined

export function clockSet(nowS: number, speed?: number): void {
  anchorS = nowS
  anchorMs = performance.now()
  clock.nowS = nowS
  if (speed !== undefined) clock.speed = speed
}

function advance(): void {
  clock.nowS = Math.floor(anchorS + ((performance.now() - anchorMs) / 1000) * clock.speed)
}

export async function clockStart(): Promise<void> {
  if (timer === undefined) timer = window.setInterval(advance, 500)
  const state = await get<ClockState>('/clock')
  clock.zoneS = state.zone_offset_s
  clockSet(state.now_s, state.speed)
  clock.known = true
}

/** The clock before the first page asks what day it is; without an answer the browser's must do, and the next page asks again. */
export async function clockKnow(): Promise<void> {
  if (!clock.known) await clockStart().catch(() => undefined)
}
