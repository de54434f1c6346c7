// From "pay" to the channel's own page: which ways there are here, the order, and how the browser is led there.
import { get, idempotencyKey, post } from '@/api/client'
import { BASE_PATH } from '@/state/base'
import { store, stored } from '@/state/storage'
import { payerAsk, payerKnown } from './payer'
import type { Begun, Channel, Invitation, Page } from './types'

export const inWechat = /MicroMessenger/i.test(navigator.userAgent)
const inAlipay = /AlipayClient/i.test(navigator.userAgent)

/** The official account's menu may hand over who the payer is in WeChat (openid). */
const openid = new URLSearchParams(window.location.search).get('openid')
if (openid) store('openid', openid)

export interface Way {
  channel: Channel
  scene: 'mobile' | 'in_app'
}

/** In WeChat only its own payment works, and only when it is known who pays; Alipay's app cannot open WeChat. */
function wayOf(channel: Channel): Way | null {
  if (inWechat && channel.kind === 'wechat') return payerKnown() && channel.scenes.includes('in_app') ? { channel, scene: 'in_app' } : null
  if (inWechat && channel.kind === 'alipay') return null
  if (inAlipay && channel.kind === 'wechat') return null
  return channel.scenes.includes('mobile') ? { channel, scene: 'mobile' } : null
}

export async function waysRead(signal?: AbortSignal): Promise<{ ways: Way[]; configured: boolean }> {
  const { items } = await get<Page<Channel>>('/resident/channels', undefined, signal)
  const wechat = items.find((channel) => channel.kind === 'wechat' && channel.payer_page)
  if (inWechat && wechat && !payerKnown() && payerAsk(wechat)) return new Promise(() => undefined) // the page is being left
  const ways = items.map(wayOf).filter((way): way is Way => way !== null)
  return { ways, configured: items.length > 0 }
}

/** The same key until the order is made: a second tap begins nothing new. */
export async function orderBegin(path: string, way: Way, body: Record<string, unknown>, key: string): Promise<Begun> {
  const payer = way.scene === 'in_app' ? { payer_id: stored('openid') } : {}
  return post<Begun>(path, { ...body, channel: way.channel.name, scene: way.scene, key, ...payer })
}

export const orderKey = (): string => idempotencyKey()

const pause = (ms: number): Promise<void> => new Promise((resolve) => window.setTimeout(resolve, ms))

/** The channel is asked by the server a moment later; until then the order has no invitation. */
export async function invitationAwait(read: () => Promise<Invitation>, limitMs = 20000): Promise<Invitation> {
  const end = performance.now() + limitMs
  for (;;) {
    const order = await read()
    if (order.state !== 'created' || order.invitation_kind !== '' || performance.now() > end) return order
    await pause(300)
  }
}

function formPost(text: string): void {
  const { action, fields } = JSON.parse(text) as { action: string; fields: Record<string, string> }
  const form = document.createElement('form')
  form.method = 'post'
  form.action = action
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement('input')
    input.type = 'hidden'
    input.name = name
    input.value = value
    form.append(input)
  }
  document.body.append(form)
  form.submit()
}

interface WechatBridge {
  invoke: (name: string, parameters: unknown, done: () => void) => void
}

/** Leads the browser to the channel. WeChat's own window stays over the page; all others leave it and come back. */
export function invitationFollow(order: Invitation, kind: string, backPath: string): void {
  if (order.invitation_kind === 'form') return formPost(order.invitation)
  if (order.invitation_kind === 'script') {
    const invoke = (): void => (window as unknown as { WeixinJSBridge?: WechatBridge }).WeixinJSBridge?.invoke('getBrandWCPayRequest', JSON.parse(order.invitation), () => undefined)
    if ('WeixinJSBridge' in window) return invoke()
    return document.addEventListener('WeixinJSBridgeReady', invoke, { once: true })
  }
  const back = encodeURIComponent(window.location.origin + BASE_PATH + backPath)
  window.location.assign(kind === 'wechat' ? `${order.invitation}&redirect_url=${back}` : order.invitation)
}

/** The order on its way, so that whoever comes back from the channel finds it again. */
export const orderUnderWay = {
  put: (path: string): void => store('order', `${Date.now()} ${path}`),
  take: (): string | null => {
    const [at, path] = (stored('order') ?? '').split(' ')
    store('order', null)
    return path && Date.now() - Number(at) < 2 * 3600 * 1000 ? path : null
  },
}
