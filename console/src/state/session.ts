// Who is signed in and what they may do. The server enforces every right; this copy only
// decides what is offered, so that nobody is shown a door that will not open.
import { computed, reactive } from 'vue'
import { connection, get, post, remove, ApiError } from '@/api/client'
import type { Person, Role, SessionReply } from '@/api/types'

interface Session {
  person: Person | null
  known: boolean
}

export const session = reactive<Session>({ person: null, known: false })

export const role = computed<Role | null>(() => session.person?.role ?? null)

function adopt(reply: SessionReply): Person {
  session.person = reply.person
  session.known = true
  connection.csrfToken = reply.csrf_token
  return reply.person
}

export async function sessionRestore(): Promise<Person | null> {
  try {
    return adopt(await get<SessionReply>('/session'))
  } catch (error) {
    if (error instanceof ApiError && error.status !== 401) throw error
    session.known = true
    session.person = null
    return null
  }
}

export async function signIn(login: string, password: string): Promise<Person> {
  return adopt(await post<SessionReply>('/session', { login, password }))
}

export async function signInAsRole(demoRole: string): Promise<Person> {
  return adopt(await post<SessionReply>('/demo/session', { role: demoRole }))
}

export async function signOut(): Promise<void> {
  try {
    await remove('/session')
  } finally {
    sessionForget()
  }
}

export function sessionForget(): void {
  session.person = null
  connection.csrfToken = ''
}

/** True when the signed-in person holds the right. */
export function may(permission: string): boolean {
  return session.person?.permissions.includes(permission) ?? false
}

const LANDING: Record<Role, string> = {
  administrator: '/overview',
  operator: '/board',
  clerk: '/cash-desk',
  viewer: '/overview',
}

export function landingPath(): string {
  return session.person ? LANDING[session.person.role] : '/sign-in'
}
