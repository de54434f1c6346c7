// Where a batch of cut-offs stands.
import type { CutOffBatch } from '@/api/money'

export function batchState(batch: CutOffBatch): 'waiting' | 'released' | 'stopped' | 'over' {
  if (batch.stopped_s) return 'stopped'
  if (batch.released_s) return 'released'
  return batch.over ? 'over' : 'waiting'
}
