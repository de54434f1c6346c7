// How much waits for a second person, for the mark in the top bar.
import { reactive } from 'vue'
import { get } from '@/api/client'
import type { Listing } from '@/api/types'
import { may, session } from './session'

export const approvals = reactive({
  waiting: 0,
  /** Asks the server; says nothing when it does not answer, the next look will. */
  async look(): Promise<void> {
    if (!session.person || !may('money.read')) return
    try {
      approvals.waiting = (await get<Listing<unknown>>('/approvals', { state: 'waiting', limit: 1 })).count ?? 0
    } catch {
      approvals.waiting = 0
    }
  },
})
