// The phone's bindings, and which of the meters is looked at.
import { reactive } from 'vue'
import { ApiError, connection, get, post, remove } from '@/api/client'
import { clock, clockStart } from '@/state/clock'
import { store, stored } from '@/state/storage'
import type { Session } from './types'

export const session = reactive({ here: null as Session | null, asked: false, accountId: Number(stored('account') ?? 0) })

export async function sessionRead(): Promise<void> {
  try {
    const found = await get<Session>('/resident/session')
    connection.csrfToken = found.csrf_token
    session.here = found
    await clockStart()
    clock.zoneS = found.zone_offset_s
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'signed_out') throw error
    session.here = null
  } finally {
    session.asked = true
  }
}

export async function bind(body: { login: string; password: string; new_password?: string; phone_name?: string }): Promise<void> {
  await post('/resident/bind', body)
  await sessionRead()
}

export async function demoEnter(): Promise<void> {
  await post('/resident/demo-session')
  await sessionRead()
}

export async function forget(): Promise<void> {
  await remove('/resident/session')
  session.here = null
}

export function accountChoose(accountId: number): void {
  session.accountId = accountId
  store('account', String(accountId))
}
