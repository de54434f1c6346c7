// Which district this is and which others there are. People, rights and sessions are each district's own: to go to another
// one is to open another page.
import { computed, reactive } from 'vue'
import { get } from '@/api/client'
import type { District, DistrictState } from '@/api/types'
import { BASE_PATH } from './base'
import { store, stored } from './storage'

export const district = reactive({ known: false, shard: 0, name: '', key: '', list: [] as District[] })

/** As the list has it, which all districts share; else as this one calls itself. */
export const districtName = computed(() => district.list.find((row) => row.key === district.key)?.name ?? district.name)

export function districtBase(key: string): string {
  return `/d/${key}`
}

/** Before the first page. Without an answer the header has no name of a district, and the next page asks again. */
export async function districtKnow(): Promise<void> {
  if (district.known) return
  try {
    const { shard, name, key, districts } = await get<DistrictState>('/district')
    Object.assign(district, { known: true, shard: shard ?? 0, name, key, list: districts })
    if (BASE_PATH !== '') store('district', key)
  } catch {
    district.known = false
  }
}

/** Where somebody who came to the root is to go: to the district that this browser was in last, else to the first. */
export function districtEntrance(): string | null {
  if (BASE_PATH !== '' || district.list.length === 0) return null
  const last = stored('district')
  return districtBase((district.list.find((row) => row.key === last) ?? district.list[0]).key)
}
