// Orders whose QR code was shown at this desk and whose end was not seen here: a customer may pay while the page loads
// anew, or after the cashier has given up. Kept in this browser; the newest ones only.
import { store, stored } from './storage'

export interface DeskOrder {
  id: number
  /** Cancelled, or its time is over: nobody waits at the desk any more. */
  left: boolean
}

const KEY = 'desk_orders'
const LIMIT = 20

function isOrder(value: unknown): value is DeskOrder {
  const order = value as DeskOrder
  return typeof order === 'object' && order !== null && Number.isSafeInteger(order.id) && typeof order.left === 'boolean'
}

export function deskOrders(): DeskOrder[] {
  try {
    const list: unknown = JSON.parse(stored(KEY) ?? '[]')
    return Array.isArray(list) ? list.filter(isOrder) : []
  } catch {
    return []
  }
}

export function deskOrderPut(id: number, left: boolean): void {
  store(KEY, JSON.stringify([{ id, left }, ...deskOrders().filter((order) => order.id !== id)].slice(0, LIMIT)))
}

export function deskOrderDrop(id: number): void {
  store(KEY, JSON.stringify(deskOrders().filter((order) => order.id !== id)))
}
