// Places within the person's jurisdiction, read as they are looked at, and the scope chosen in the URL. A company has a
// hundred thousand of them: what stands in one place is asked for when it is opened, the others are found by their names.
import { computed, onBeforeUnmount, reactive, ref, shallowReactive, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { get } from '@/api/client'
import type { Area, Listing } from '@/api/types'

const PAGE = 200
/** More places than these in one are looked for by their names. */
const BRANCH_LIMIT = 1000
const FOUND = 50
const PAUSE_MS = 250

export interface AreaNode {
  value: number
  label: string
  /** Something that says "not read yet" has no place behind it. */
  disabled: boolean
  children: AreaNode[]
}

const known = shallowReactive(new Map<number, Area>())
const wanted = new Set<number>()
const opened = new Map<number, AreaNode>()
/** The tree as far as it was opened; its one root is the person's own jurisdiction. */
export const areaTree = ref<AreaNode[]>([])
export const areaRoot = computed(() => areaTree.value[0]?.value ?? 0)

async function areasRead(query: Record<string, string | number | undefined>, signal?: AbortSignal): Promise<Listing<Area>> {
  const page = await get<Listing<Area>>('/areas', query, signal)
  for (const area of page.items) known.set(area.area_id, area)
  return page
}

function nodeMake(area: Area): AreaNode {
  const waiting = { value: -area.area_id, label: '…', disabled: true, children: [] }
  return { value: area.area_id, label: area.name, disabled: false, children: area.has_areas ? [waiting] : [] }
}

async function branchRead(node: AreaNode): Promise<void> {
  const children: AreaNode[] = []
  let cursor: string | undefined
  do {
    const page = await areasRead({ parent: node.value, limit: PAGE, cursor })
    children.push(...page.items.map(nodeMake))
    cursor = page.next ?? undefined
  } while (cursor !== undefined && children.length < BRANCH_LIMIT)
  if (cursor !== undefined) children.push({ value: -node.value, label: '…', disabled: true, children: [] })
  node.children.splice(0, node.children.length, ...children)
}

/** What stands in a place that the tree shows, once. */
export async function areaOpen(node: AreaNode): Promise<void> {
  if (opened.has(node.value) || node.children.length === 0) return
  opened.set(node.value, node)
  try {
    await branchRead(node)
  } catch (cause) {
    opened.delete(node.value)
    throw cause
  }
}

/** The top of the tree; afterwards, when places have been added, all of it that was opened. */
export async function areasLoad(): Promise<void> {
  const [root] = (await areasRead({ limit: 1 })).items
  opened.clear()
  areaTree.value = root ? [nodeMake(root)] : []
  if (areaTree.value[0]) await areaOpen(areaTree.value[0])
}

/** The next person sees other places. */
export function areasForget(): void {
  known.clear()
  wanted.clear()
  opened.clear()
  areaTree.value = []
}

/** Makes a place and all above it known, so that their names can be told. */
export function areaWant(areaId: number | null | undefined): void {
  if (!areaId || known.has(areaId) || wanted.has(areaId)) return
  wanted.add(areaId)
  areasRead({ above: areaId }).catch(() => wanted.delete(areaId))
}

/** A place and all above it, the highest first, as far as they are known. */
export function areasAbove(areaId: number): Area[] {
  const trail: Area[] = []
  let area = known.get(areaId)
  while (area) {
    trail.unshift(area)
    area = area.parent_area_id === null ? undefined : known.get(area.parent_area_id)
  }
  return trail
}

/** Names from the root down to the area: "云榕水务 › 榕荫花园 › 3栋". */
export function areaTrail(areaId: number): string {
  return areasAbove(areaId).map((area) => area.name).join(' › ')
}

/** The name of the chosen place for a tree that has not been opened as far. */
export function areaChosen(areaId: number | null | undefined): { value: number; label: string }[] {
  const area = areaId ? known.get(areaId) : undefined
  return area ? [{ value: area.area_id, label: area.name }] : []
}

/** The tree, or while something is typed the places that it finds; what is no longer looked for is no longer asked. */
export function useAreaSearch() {
  const found = ref<AreaNode[] | null>(null)
  let asking: AbortController | undefined
  let timer: number | undefined

  async function look(text: string): Promise<void> {
    asking = new AbortController()
    const { signal } = asking
    try {
      const page = await areasRead({ query: text, limit: FOUND }, signal)
      found.value = page.items.map((area) => reactive({ value: area.area_id, label: `${area.parent_name} ${area.name}`.trim(), disabled: false, children: [] }))
    } catch (cause) {
      if (!signal.aborted) throw cause
    }
  }

  function type(text: string): void {
    window.clearTimeout(timer)
    asking?.abort()
    if (text.trim() === '') found.value = null
    else timer = window.setTimeout(() => void look(text.trim()), PAUSE_MS)
  }

  onBeforeUnmount(() => type(''))
  return { nodes: computed(() => found.value ?? areaTree.value), type }
}

/** The chosen scope: 0 is the whole jurisdiction. It lives in the URL and follows every link. */
export function useScope() {
  const route = useRoute()
  const router = useRouter()
  const areaId = computed(() => Number(route.query.area ?? 0) || 0)
  watch(areaId, areaWant, { immediate: true })
  function choose(next: number | null | undefined): void {
    const query = { ...route.query }
    delete query.cursor
    if (next) query.area = String(next)
    else delete query.area
    void router.push({ path: route.path, query })
  }
  return { areaId, choose }
}
