// One event stream for the whole console. Its state is shown honestly: live, reconnecting,
// or stale since a stated time; it heals by itself without a reload.
import { onBeforeUnmount, reactive } from 'vue'
import { apiPath } from '@/api/client'
import { clock, clockSet } from '@/state/clock'

export type LiveState = 'live' | 'reconnecting' | 'stale' | 'off'
export type LiveKind = 'reading' | 'device' | 'command' | 'event' | 'payment' | 'notice' | 'task' | 'tick' | 'resync'
type Handler = (data: Record<string, unknown>) => void

const KINDS: LiveKind[] = ['reading', 'device', 'command', 'event', 'payment', 'notice', 'task', 'tick', 'resync']
// A screen must say "stale" within five seconds of the stream falling silent.
const SILENT_MS = 3500
const STALE_MS = 4500
const RETRY_MS = 2000

export const live = reactive({ state: 'off' as LiveState, lastS: 0, readings: 0, frames: 0, core: true })

const handlers = new Map<LiveKind, Set<Handler>>()
let source: EventSource | null = null
let heardMs = 0
let openedMs = 0
let timer: number | undefined

function dispatch(kind: LiveKind, text: string): void {
  heardMs = performance.now()
  live.state = 'live'
  live.lastS = clock.nowS
  let data: Record<string, unknown>
  try {
    data = JSON.parse(text) as Record<string, unknown>
  } catch {
    return
  }
  if (kind === 'tick') {
    if (typeof data.now_s === 'number') clockSet(data.now_s, typeof data.speed === 'number' ? data.speed : undefined)
    live.core = data.core !== false // the server reads by itself and cannot reach the core: nothing can be changed
    if (typeof data.frames === 'number') live.frames = data.frames
  }
  if (kind === 'reading') live.readings += 1
  handlers.get(kind)?.forEach((handler) => handler(data))
}

function open(): void {
  source?.close()
  openedMs = performance.now()
  source = new EventSource(apiPath('/live'), { withCredentials: true })
  for (const kind of KINDS) source.addEventListener(kind, (event) => dispatch(kind, (event as MessageEvent<string>).data))
  source.onopen = () => {
    heardMs = performance.now()
    live.state = 'live'
  }
  source.onerror = () => {
    if (live.state === 'live') live.state = 'reconnecting'
  }
}

function watch(): void {
  const now = performance.now()
  const quiet = now - heardMs
  if (quiet > STALE_MS) live.state = 'stale'
  else if (quiet > SILENT_MS && live.state === 'live') live.state = 'reconnecting'
  if (quiet > SILENT_MS && now - openedMs > RETRY_MS) open()
}

export function liveStart(): void {
  if (timer !== undefined) return
  heardMs = performance.now()
  live.state = 'reconnecting'
  live.lastS = clock.nowS
  open()
  timer = window.setInterval(watch, 500)
}

export function liveStop(): void {
  window.clearInterval(timer)
  timer = undefined
  source?.close()
  source = null
  live.state = 'off'
}

/** Calls the handler for each event of the kind while the calling component is mounted. */
export function onLive(kind: LiveKind, handler: Handler): void {
  const set = handlers.get(kind) ?? new Set<Handler>()
  handlers.set(kind, set)
  set.add(handler)
  onBeforeUnmount(() => set.delete(handler))
}

/** Calls the work at most once per interval, and once more after the last call in a burst. */
export function paced(work: () => void, intervalMs: number): () => void {
  let waiting: number | undefined
  let lastMs = -Infinity
  onBeforeUnmount(() => window.clearTimeout(waiting))
  return () => {
    if (waiting !== undefined) return
    const delay = Math.max(0, lastMs + intervalMs - performance.now())
    waiting = window.setTimeout(() => {
      waiting = undefined
      lastMs = performance.now()
      work()
    }, delay)
  }
}
