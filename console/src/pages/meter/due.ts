import type { DeviceDetail } from '@/api/types'
import type { DueWindow } from '@/charts/points'
import { show } from '@/components/show'

/** What is due from this meter: from the day after it was installed to its last report time. */
export function dueWindow(device: DeviceDetail): DueWindow {
  const today = show.today()
  return {
    today,
    installedDay: show.dayOf(device.installed_s),
    waiting: device.next_report_s === null || show.dayOf(device.next_report_s) === today,
  }
}
