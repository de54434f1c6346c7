import { describe, expect, it } from 'vitest'
import { pointsDue } from '../src/charts/points'

const gap = (day: string) => ({ day, usage_value: null })
const used = (day: string) => ({ day, usage_value: 1000 })

describe('what a chart may call missing', () => {
  const points = [gap('2026-11-16'), used('2026-11-17'), gap('2026-11-18'), gap('2026-11-20'), gap('2026-11-21')]
  it('keeps a gap in the past and drops what cannot have come', () => {
    expect(pointsDue(points, { today: '2026-11-21', waiting: true }).map((point) => point.day)).toEqual(['2026-11-16', '2026-11-17', '2026-11-18'])
  })
  it('calls yesterday missing once its report was due', () => {
    expect(pointsDue(points, { today: '2026-11-21', waiting: false }).map((point) => point.day)).toContain('2026-11-20')
  })
  it('expects nothing up to the day of installation', () => {
    expect(pointsDue(points, { today: '2026-11-21', waiting: true, installedDay: '2026-11-16' })[0].day).toBe('2026-11-17')
  })
})
