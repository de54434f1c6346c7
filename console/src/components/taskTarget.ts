import type { ReadingTask } from '@/api/lines'

/** Whom a task reads, in words: the area and kind, or how many chosen meters. */
export function taskTarget(task: ReadingTask, t: (key: string, values?: Record<string, string | number>) => string): string {
  const kind = task.kind ? t(`collect.kinds.${task.kind}`) : ''
  if (task.area_name) return [task.area_name, kind].filter((part) => part !== '').join(' · ')
  return t('task.target_meters', { n: task.total })
}
