// A question that looks at every meter or account, however many there are: the server answers in parts, which are added up here.
// Each part comes at once, so that it is seen how far it is, and it can be stopped between two and gone on with.
import { computed, onBeforeUnmount, ref, shallowRef, watch, type Ref, type WatchSource } from 'vue'
import { ApiError } from '@/api/client'
import { clock } from './clock'

export interface WalkPart {
  /** Where the next part begins; null: this was the last. */
  next: string | null
  /** Meters or accounts of this part; 0 of the last one. */
  looked: number
  /** How many there are to look at, about. */
  meters_in_all: number
}

export interface Walk<S> {
  /** What the parts so far come to. */
  sum: Ref<S | null>
  error: Ref<ApiError | null>
  running: Ref<boolean>
  /** All parts are in the sum. */
  whole: Ref<boolean>
  looked: Ref<number>
  inAll: Ref<number>
  /** When the last part came, s. */
  atS: Ref<number>
  stop: () => void
  goOn: () => void
  restart: () => void
}

/**
 * read  asks for the part after a cursor
 * add   the sum with one part more; a new object, so that it is shown
 */
export function useWalk<P extends WalkPart, S>(read: (cursor: string | undefined, signal: AbortSignal) => Promise<P>, add: (sum: S | null, part: P) => S, sources: WatchSource[] = [], atOnce = true): Walk<S> {
  const sum = shallowRef<S | null>(null) as Ref<S | null>
  const error = shallowRef<ApiError | null>(null)
  const looked = ref(0)
  const inAll = ref(0)
  const atS = ref(0)
  const cursor = ref<string | null | undefined>(undefined)
  const asking = shallowRef<AbortController | null>(null)

  async function goOn(): Promise<void> {
    asking.value?.abort()
    const mine = new AbortController()
    asking.value = mine
    error.value = null
    try {
      while (cursor.value !== null) {
        const part = await read(cursor.value, mine.signal)
        if (asking.value !== mine) return
        sum.value = add(sum.value, part)
        looked.value += part.looked
        inAll.value = part.meters_in_all
        atS.value = clock.nowS
        cursor.value = part.next
      }
    } catch (cause) {
      if (asking.value !== mine || mine.signal.aborted) return
      if (!(cause instanceof ApiError)) throw cause
      error.value = cause
    } finally {
      if (asking.value === mine) asking.value = null
    }
  }

  function stop(): void {
    asking.value?.abort()
    asking.value = null
  }

  function clear(): void {
    stop()
    sum.value = null
    error.value = null
    looked.value = 0
    cursor.value = undefined
  }

  function restart(): void {
    clear()
    void goOn()
  }

  if (sources.length > 0) watch(sources, atOnce ? restart : clear)
  if (atOnce) void goOn()
  onBeforeUnmount(stop)
  return { sum, error, running: computed(() => asking.value !== null), whole: computed(() => cursor.value === null), looked, inAll, atS, stop, goOn: () => void goOn(), restart }
}
