// What this browser remembers; one that forbids storage only forgets. Districts below one address do not see each other's, but for
// how a person likes pages to look and which districts there are.
import { BASE_PATH } from './base'

const OF_ALL = ['language', 'theme', 'large', 'district', 'district_answers']
const keyOf = (key: string): string => (OF_ALL.includes(key) ? key : BASE_PATH + key)

export function stored(key: string): string | null {
  try {
    return window.localStorage.getItem(keyOf(key))
  } catch {
    return null
  }
}

/** null takes it away. */
export function store(key: string, value: string | null): void {
  try {
    if (value === null) window.localStorage.removeItem(keyOf(key))
    else window.localStorage.setItem(keyOf(key), value)
  } catch {
    // Forgotten at the next visit, no more.
  }
}
