import type { Approval } from '@/api/cases'

type Path = (approval: Approval) => string | null

const ofCustomer: Path = (approval) => (approval.customer_id ? `/customers/${approval.customer_id}` : null)

const PATHS: Record<Approval['kind'], Path> = {
  refund: ofCustomer,
  closing: ofCustomer,
  payment_move: ofCustomer,
  payment_undo: () => '/shifts?tab=undos',
  cash_difference: (approval) => `/shifts/${approval.subject_id}`,
  meter_carry: (approval) => (approval.account_id ? `/accounts/${approval.account_id}` : null),
  late_fee: (approval) => `/bills/${approval.subject_id}`,
  bank_return: (approval) => `/bank/${approval.subject_id}`,
  cut_off_batch: (approval) => `/arrears/batches/${approval.subject_id}`,
  settlement_run: (approval) => `/settlement/${approval.subject_id}`,
  tariff: (approval) => `/tariffs/${approval.subject_id}?draft=${approval.object_id}`,
}

/** The page of what an approval is about; null when there is none. */
export function approvalPath(approval: Approval): string | null {
  return PATHS[approval.kind](approval)
}

/** What it is called there: the object's own name or number, else whose it is. */
export function approvalSubject(approval: Approval): string {
  if (approval.subject) return approval.subject
  if (approval.kind === 'settlement_run') return `S-${approval.object_id}`
  if (approval.kind === 'cut_off_batch') return `C-${approval.object_id}`
  return approval.customer_name ?? `#${approval.object_id}`
}
