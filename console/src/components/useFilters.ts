// Filters that live in the URL, so that a list can be shared and the back button works.
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export function useFilters<K extends string>(names: readonly K[]) {
  const route = useRoute()
  const router = useRouter()

  const values = computed(() => {
    const out = {} as Record<K, string>
    for (const name of names) out[name] = typeof route.query[name] === 'string' ? (route.query[name] as string) : ''
    return out
  })
  const active = computed(() => names.some((name) => values.value[name] !== ''))

  function set(name: K, value: string | null | undefined): void {
    const query = { ...route.query }
    if (value) query[name] = value
    else delete query[name]
    void router.replace({ path: route.path, query })
  }

  function clear(): void {
    const query = { ...route.query }
    for (const name of names) delete query[name]
    void router.replace({ path: route.path, query })
  }

  return { values, active, set, clear }
}
