// One fetched thing and the honest states around it: loading (shown only after 300 ms),
// an error that names what to do next, or the data with the time it was fetched.
import { onBeforeUnmount, ref, shallowRef, watch, type Ref, type WatchSource } from 'vue'
import { ApiError } from '@/api/client'

export interface Resource<T> {
  data: Ref<T | null>
  error: Ref<ApiError | null>
  loading: Ref<boolean>
  slow: Ref<boolean>
  reload: () => Promise<void>
}

export function useResource<T>(fetch: (signal: AbortSignal) => Promise<T>, sources: WatchSource[] = []): Resource<T> {
  const data = shallowRef<T | null>(null) as Ref<T | null>
  const error = shallowRef<ApiError | null>(null)
  const loading = ref(false)
  const slow = ref(false)
  let running: AbortController | null = null

  async function reload(): Promise<void> {
    running?.abort()
    const mine = new AbortController()
    running = mine
    loading.value = true
    const timer = window.setTimeout(() => (slow.value = true), 300)
    try {
      const result = await fetch(mine.signal)
      if (running !== mine) return
      data.value = result
      error.value = null
    } catch (cause) {
      if (running !== mine || mine.signal.aborted) return
      if (!(cause instanceof ApiError)) throw cause
      error.value = cause
    } finally {
      window.clearTimeout(timer)
      if (running === mine) {
        loading.value = false
        slow.value = false
      }
    }
  }

  function restart(): void {
    data.value = null
    void reload()
  }

  if (sources.length > 0) watch(sources, restart)
  void reload()
  onBeforeUnmount(() => running?.abort())
  return { data, error, loading, slow, reload }
}

/**
 * Calls `look` again and again while the screen stands, each time only after the last has ended: a request that is cut
 * short by the next one would never be answered by a slow server, and never told as failed.
 */
export function useAskAgain(look: () => Promise<void>, everyMs: number): void {
  let timer = window.setTimeout(again, everyMs)
  let gone = false
  async function again(): Promise<void> {
    await look()
    if (!gone) timer = window.setTimeout(again, everyMs)
  }
  onBeforeUnmount(() => {
    gone = true
    window.clearTimeout(timer)
  })
}
