// Turns a failed call into a sentence: what happened and, where we know, what to do.
import type { ApiError } from '@/api/client'

type Translate = (key: string, values?: Record<string, unknown>) => string

export function apiErrorText(error: ApiError, t: Translate): string {
  if (error.code === 'unreachable') return t('error.offline')
  if (error.code === 'timeout') return t('error.timeout')
  const reference = error.reference ? ` (${t('error.reference', { reference: error.reference })})` : ''
  if (error.message) return error.message + reference
  if (error.status === 404) return t('error.not_found')
  return `${t('error.title')}${reference}`
}
