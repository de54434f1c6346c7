// One's meters, and the one that is looked at.
import { computed, type ComputedRef, type WritableComputedRef } from 'vue'
import { get } from '@/api/client'
import { useResource, type Resource } from '@/state/resource'
import { accountChoose, session } from './session'
import type { Account, Page } from './types'

interface Accounts extends Resource<Page<Account>> {
  items: ComputedRef<Account[]>
  chosenId: WritableComputedRef<number>
  chosen: ComputedRef<Account | undefined>
}

/** which: only these of them. */
export function useAccounts(which: (account: Account) => boolean = () => true): Accounts {
  const resource = useResource((signal) => get<Page<Account>>('/resident/accounts', undefined, signal))
  const items = computed(() => (resource.data.value?.items ?? []).filter(which))
  const chosen = computed(() => items.value.find((item) => item.account_id === session.accountId) ?? items.value[0])
  const chosenId = computed({ get: () => chosen.value?.account_id ?? 0, set: accountChoose })
  return { ...resource, items, chosen, chosenId }
}
