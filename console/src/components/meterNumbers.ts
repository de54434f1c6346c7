// Meters named by people: numbers on lines or between commas, looked up one by one.
import { get } from '@/api/client'
import type { Device, Listing } from '@/api/types'
import { digitsNormalise } from '@/format/money'

/** The numbers in a text, each once, in their order. */
export function meterNumbersSplit(text: string): string[] {
  const words = text.split(/[\s,;，；、]+/).map(digitsNormalise).filter((word) => word !== '')
  return [...new Set(words)]
}

/** Their devices; an Error that names the numbers nobody has. */
export async function meterNumbersFind(text: string, t: (key: string, values: Record<string, string>) => string): Promise<number[]> {
  const numbers = meterNumbersSplit(text)
  const found = await Promise.all(
    numbers.map(async (number) => (await get<Listing<Device>>('/devices', { query: number, limit: 20 })).items.find((device) => device.meter_number === number)),
  )
  const unknown = numbers.filter((_, index) => found[index] === undefined)
  if (unknown.length > 0) throw new Error(t('task.meters_unknown', { list: unknown.slice(0, 10).join(', ') }))
  return found.map((device) => (device as Device).device_id)
}
