// The tree of places within the person's jurisdiction, and the scope chosen in the URL.
import { computed, shallowRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { get } from '@/api/client'
import type { Area } from '@/api/types'

export const areas = shallowRef<Area[]>([])

export const areaById = computed(() => new Map(areas.value.map((area) => [area.area_id, area])))

export async function areasLoad(): Promise<void> {
  areas.value = (await get<{ items: Area[] }>('/areas')).items
}

export interface AreaNode {
  value: number
  label: string
  devices: number
  children: AreaNode[]
}

export const areaTree = computed<AreaNode[]>(() => {
  const nodes = new Map<number, AreaNode>()
  for (const area of areas.value) nodes.set(area.area_id, { value: area.area_id, label: area.name, devices: area.devices, children: [] })
  const roots: AreaNode[] = []
  for (const area of areas.value) {
    const node = nodes.get(area.area_id)
    if (!node) continue
    const parent = area.parent_area_id === null ? undefined : nodes.get(area.parent_area_id)
    if (parent) parent.children.push(node)
    else roots.push(node)
  }
  return roots
})

/** A town has thousands of places: then a branch of the tree is drawn when it is opened, and the name of the chosen place is given. */
const DRAWN_AT_ONCE = 500
export const areaBranchesWait = computed(() => areas.value.length > DRAWN_AT_ONCE)
export function areaChosen(areaId: number | null | undefined): { value: number; label: string }[] {
  const area = areaId ? areaById.value.get(areaId) : undefined
  return area ? [{ value: area.area_id, label: area.name }] : []
}

/** Names from the root down to the area: "云榕水务 › 榕荫花园 › 3栋". */
export function areaTrail(areaId: number): string {
  const names: string[] = []
  let area = areaById.value.get(areaId)
  while (area) {
    names.unshift(area.name)
    area = area.parent_area_id === null ? undefined : areaById.value.get(area.parent_area_id)
  }
  return names.join(' › ')
}

/** The chosen scope: 0 is the whole jurisdiction. It lives in the URL and follows every link. */
export function useScope() {
  const route = useRoute()
  const router = useRouter()
  const areaId = computed(() => Number(route.query.area ?? 0) || 0)
  function choose(next: number | null | undefined): void {
    const query = { ...route.query }
    delete query.cursor
    if (next) query.area = String(next)
    else delete query.area
    void router.push({ path: route.path, query })
  }
  return { areaId, choose }
}
