// The demonstration's controls; absent (404) on a real server.
import { reactive } from 'vue'
import { ApiError, get, post } from '@/api/client'
import type { DemoState } from '@/api/types'
import { clockSet } from '@/state/clock'

export const demo = reactive({ enabled: false, asked: false, speed: 1, before: 60, seed: 0, chapter: '', phoneOpen: false })

function adopt(state: DemoState): void {
  demo.enabled = state.enabled
  demo.speed = state.speed
  demo.seed = state.seed
  demo.chapter = state.chapter ?? ''
  if (state.speed > 0) demo.before = state.speed
  clockSet(state.now_s, state.speed)
}

export async function demoStart(): Promise<void> {
  if (demo.asked) return
  demo.asked = true
  try {
    adopt(await get<DemoState>('/demo'))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    demo.enabled = false
    demo.asked = error.status === 404
  }
}

/** The chapter moves on with the virtual clock; asked again now and then. */
export async function demoRefresh(): Promise<void> {
  if (demo.enabled) adopt(await get<DemoState>('/demo'))
}

export async function demoSpeed(speed: number): Promise<void> {
  adopt(await post<DemoState>('/demo/speed', { speed }))
}
