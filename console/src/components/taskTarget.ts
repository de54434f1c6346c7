import type { ReadingTask } from '@/api/lines'

/** Whom a task reads, in words: the area, the kind and how many; a task of chosen meters names the area that holds them all. */
export function taskTarget(task: ReadingTask, t: (key: string, values?: Record<string, string | number>) => string): string {
  const kind = task.kind ? t(`collect.kinds.${task.kind}`) : ''
  return [task.area_name ?? '', kind, t('task.meters', { n: task.total })].filter((part) => part !== '').join(' · ')
}
