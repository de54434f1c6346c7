import { ApiError } from '@/api/client'

/** The sentence for a person; what is no answer of the server is a mistake of ours and goes on. */
export function problemText(cause: unknown, t: (key: string) => string): string {
  if (!(cause instanceof ApiError)) throw cause
  return cause.status === 0 ? t('resident.offline') : cause.message || t('resident.failed')
}
