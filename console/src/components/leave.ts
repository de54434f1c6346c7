import { router } from '@/router'
import { signOut } from '@/state/session'

/** Ends the session and returns to the sign-in page, whatever the server answers. */
export async function signOutAndLeave(): Promise<void> {
  try {
    await signOut()
  } finally {
    await router.push('/sign-in')
  }
}
