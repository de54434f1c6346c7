// The one door to the server. Every failure becomes an ApiError that a screen can show
// in a sentence; nothing is retried behind the user's back.
import { BASE_PATH } from '@/state/base'

/** One complaint about a file the server read. */
export interface FileProblem {
  file: string
  line: number
  text: string
}

export interface ErrorBody {
  code: string
  message: string
  problems?: FileProblem[]
  field?: string
  reference?: string
}

export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly field?: string
  readonly reference?: string
  readonly problems: FileProblem[]

  constructor(status: number, body: ErrorBody) {
    super(body.message)
    this.status = status
    this.code = body.code
    this.field = body.field
    this.reference = body.reference
    this.problems = body.problems ?? []
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>

interface Connection {
  csrfToken: string
  language: string
  onSignedOut: () => void
}

export const connection: Connection = { csrfToken: '', language: 'zh', onSignedOut: () => undefined }

const BASE = `${BASE_PATH}/api/v1`
const TIMEOUT_MS = 20000

export function apiPath(path: string, query?: Query): string {
  const pairs = Object.entries(query ?? {}).filter(([, v]) => v !== '' && v !== null && v !== undefined)
  const text = new URLSearchParams(pairs.map(([k, v]) => [k, String(v)])).toString()
  return BASE + path + (text ? `?${text}` : '')
}

async function errorOf(response: Response): Promise<ApiError> {
  const fallback: ErrorBody = { code: `http_${response.status}`, message: response.statusText || `HTTP ${response.status}` }
  try {
    const body = (await response.json()) as { error?: ErrorBody }
    return new ApiError(response.status, body.error ?? fallback)
  } catch {
    return new ApiError(response.status, fallback)
  }
}

async function request<T>(method: string, path: string, body?: unknown, signal?: AbortSignal, textType?: string, limitMs = TIMEOUT_MS): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': connection.language }
  if (body !== undefined) headers['Content-Type'] = textType ?? 'application/json'
  if (method !== 'GET' && connection.csrfToken) headers['X-CSRF-Token'] = connection.csrfToken
  const timer = new AbortController()
  const stop = window.setTimeout(() => timer.abort(), limitMs)
  signal?.addEventListener('abort', () => timer.abort())
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : textType ? (body as string | ArrayBuffer) : JSON.stringify(body),
      credentials: 'same-origin',
      signal: timer.signal,
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError(0, { code: timer.signal.aborted ? 'timeout' : 'unreachable', message: '' })
  } finally {
    window.clearTimeout(stop)
  }
  if (!response.ok && !(textType !== undefined && response.status === 422)) {
    const error = await errorOf(response)
    if (response.status === 401 && error.code !== 'wrong_password' && !path.endsWith('/session') && path.startsWith(`${BASE}/`)) connection.onSignedOut()
    throw error
  }
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T)
}

export function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return request<T>('GET', apiPath(path, query), undefined, signal)
}

/** The same of another district, with the session that this browser has there, if any; waits so long and no longer. */
export function getOf<T>(districtBase: string, path: string, limitMs: number): Promise<T> {
  return request<T>('GET', `${districtBase}/api/v1${path}`, undefined, undefined, undefined, limitMs)
}

export interface ServerFile {
  blob: Blob
  name: string
  /** Of many documents in parts: how many this one holds, and where the next begins. */
  count: number
  next?: string
}

/** Bytes that the server makes, a PDF for one, and the name it gives them. */
export async function getFile(path: string, query?: Query, signal?: AbortSignal): Promise<ServerFile> {
  const timer = new AbortController()
  signal?.addEventListener('abort', () => timer.abort())
  const stop = window.setTimeout(() => timer.abort(), TIMEOUT_MS)
  let response: Response
  try {
    response = await fetch(apiPath(path, query), { headers: { 'Accept-Language': connection.language }, credentials: 'same-origin', signal: timer.signal })
    if (response.ok) {
      const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? 'document.pdf'
      return { blob: await response.blob(), name, count: Number(response.headers.get('X-Document-Count') ?? 0), next: response.headers.get('X-Next-Cursor') ?? undefined }
    }
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError(0, { code: timer.signal.aborted ? 'timeout' : 'unreachable', message: '' })
  } finally {
    window.clearTimeout(stop)
  }
  if (response.status === 401) connection.onSignedOut()
  throw await errorOf(response)
}

export function post<T>(path: string, body: unknown = {}): Promise<T> {
  return request<T>('POST', apiPath(path), body)
}

/** Sends text of another type, a spreadsheet's for one; what is wrong with it is an answer, not a failure. */
export async function postText<T>(path: string, query: Query, type: string, text: string | ArrayBuffer): Promise<T> {
  return request<T>('POST', apiPath(path, query), text, undefined, type)
}

export function patch<T>(path: string, body: unknown): Promise<T> {
  return request<T>('PATCH', apiPath(path), body)
}

export function put<T>(path: string, body: unknown): Promise<T> {
  return request<T>('PUT', apiPath(path), body)
}

export function remove<T>(path: string): Promise<T> {
  return request<T>('DELETE', apiPath(path))
}

/** A caller-chosen key: the same key twice is one posting, however often Enter is pressed. */
export function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}
