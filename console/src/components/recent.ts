// The last five things opened from the search, kept for this browser session only.
import { BASE_PATH } from '@/state/base'

export interface Found {
  kind: string
  label: string
  detail: string
  path: string
}

const KEY = `${BASE_PATH}recent`

export function recentList(): Found[] {
  try {
    return JSON.parse(window.sessionStorage.getItem(KEY) ?? '[]') as Found[]
  } catch {
    return []
  }
}

export function recentPush(item: Found): void {
  const list = [item, ...recentList().filter((other) => other.path !== item.path)].slice(0, 5)
  try {
    window.sessionStorage.setItem(KEY, JSON.stringify(list))
  } catch {
    // Without storage there is simply no list of recent things.
  }
}
