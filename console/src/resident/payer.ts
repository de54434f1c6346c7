// Who pays in WeChat: its log-in leads back with a code, which the server exchanges for the payer's openid. Asked once a phone.
import { post } from '@/api/client'
import { BASE_PATH } from '@/state/base'
import { store, stored } from '@/state/storage'
import type { Channel } from './types'

const KEY = `${BASE_PATH}payer`

interface Asked {
  state: string
  channel: string
  back: string
}

/** Remembered in this window alone: a code that somebody else planted brings no state that was asked for here. */
function asked(): Asked | null {
  try {
    return JSON.parse(window.sessionStorage.getItem(KEY) ?? 'null') as Asked | null
  } catch {
    return null
  }
}

export const payerKnown = (): boolean => stored('openid') !== null

/** Leads away from the page, once a window; false when it was tried already. */
export function payerAsk(channel: Channel): boolean {
  const state = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const back = window.location.pathname.slice(`${BASE_PATH}/resident`.length) + window.location.search
  if (!channel.payer_page || asked() !== null) return false
  try {
    window.sessionStorage.setItem(KEY, JSON.stringify({ state, channel: channel.name, back } satisfies Asked))
  } catch {
    return false
  }
  const here = encodeURIComponent(`${window.location.origin}${BASE_PATH}/resident/wechat`)
  window.location.assign(`${channel.payer_page}&redirect_uri=${here}&response_type=code&scope=snsapi_base&state=${state}#wechat_redirect`)
  return true
}

/** Back from WeChat: where to go on. */
export async function payerTake(code: string, state: string): Promise<string> {
  const before = asked()
  if (!before || before.state !== state || code === '') return '/'
  try {
    const { payer_id } = await post<{ payer_id: string }>('/resident/payer', { channel: before.channel, code })
    store('openid', payer_id)
  } catch {
    // The page says that WeChat's own payment does not work here, and offers the others.
  }
  return before.back
}
